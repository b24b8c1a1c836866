//! A run: what is attached to a call, and what it is told.

mod clock;
mod current;
mod delay;
mod event;
mod execute;
#[cfg(feature = "durable")]
mod in_flight;
mod inside;
#[cfg(feature = "metrics")]
mod metrics;
mod observer;
mod path;
mod running;
mod scope;
mod shared;
mod subject;
mod trace;

pub use current::chose;
pub(crate) use current::{
    Entered, PlaceOfTask, begun_before, current_attempt, current_delay, current_step,
    enter_fan_out, forward_is_over, leaves_out, may_report, poll_attached, poll_step,
};
#[cfg(feature = "durable")]
pub(crate) use current::{current_in_flight, note, undoing};
pub use event::{Event, EventKind};
pub use execute::{CanTimeOut, Deadline, Execute, ExecuteWithin, NoDeadline, Run};
#[cfg(feature = "durable")]
pub(crate) use in_flight::{InFlight, Writing};
pub use inside::{attempt, run_id, step_path};
#[cfg(feature = "metrics")]
pub use metrics::Metrics;
pub use observer::Observer;
pub(crate) use path::without_positions;
pub(crate) use running::{Compensation, Running};
#[cfg(feature = "durable")]
pub(crate) use scope::{Begin, Outgoing};
pub(crate) use scope::{ItemScopes, Place, Scope};
pub(crate) use shared::look_closer;
pub(crate) use trace::{Along, Direct};
