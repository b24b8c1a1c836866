//! Running a step's body more than once, and not for longer than it may.

mod probe;
mod transient;

pub use probe::{ByNothing, ByTransient, Verdict};
pub use transient::Transient;
