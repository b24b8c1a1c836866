//! A run: what is attached to a call, and what it reports.

mod clock;
mod current;
mod delay;
mod event;
#[cfg(feature = "durable")]
mod in_flight;
mod info;
mod inside;
mod known_graph;
#[cfg(feature = "metrics")]
mod metrics;
mod observer;
mod path;
mod quietly;
#[cfg(feature = "durable")]
mod recording;
mod running;
mod scope;
mod shared;
mod subject;
mod trace;

pub use current::chose;
pub(crate) use current::{
    Entered, PlaceOfTask, Turn, begun_before, current_attempt, current_delay, current_step,
    enter_fan_out, forward_is_over, leaves_out, may_report, poll_body,
};
#[cfg(feature = "durable")]
pub(crate) use current::{current_in_flight, note, undoing};
pub(crate) use delay::{Delay, check_single, check_workflow};
pub use event::{Event, EventKind};
#[cfg(feature = "durable")]
pub(crate) use in_flight::{InFlight, Writing};
#[cfg(feature = "durable")]
pub(crate) use info::{Bounds, RecordedTypes};
pub(crate) use info::{Failure, Info};
pub use inside::{attempt, run_id, step_path};
#[cfg(feature = "metrics")]
pub use metrics::Metrics;
pub use observer::Observer;
pub(crate) use quietly::quietly;
#[cfg(feature = "durable")]
pub use recording::Identity;
#[cfg(feature = "durable")]
pub(crate) use recording::{
    Before, Items, LookUp, Note, Recording, Site, Stop, Takes, UNDONE, as_json,
};
pub(crate) use running::{Compensation, Running};
#[cfg(feature = "durable")]
pub(crate) use scope::{Begin, Outgoing};
pub(crate) use scope::{ItemScopes, Place, Root, Scope};
#[cfg(feature = "durable")]
pub(crate) use shared::unique;
pub(crate) use shared::{Shared, SingleStep, look_closer};
pub(crate) use trace::{Along, Direct};
