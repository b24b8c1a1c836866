//! A run: what is attached to a call, and what it is told.

mod event;
mod execute;
mod observer;
mod recorder;
mod scope;

pub use event::{Event, EventKind};
pub use execute::{Execute, Run};
pub use observer::Observer;
pub use recorder::Recorder;
pub use scope::chose;
pub(crate) use scope::{Place, Scope, enter_fan_out, poll_step};
