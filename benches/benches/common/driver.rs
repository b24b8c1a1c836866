//! What runs a future to its end.

use std::rc::Rc;

use tokio::runtime::Runtime;
use workflow_benches::drive::drive;

/// A driver that is started before anything is measured.
#[derive(Clone)]
pub(crate) enum Driver {
    /// [`drive`]: nothing but polls.
    Loop,
    /// Tokio's current-thread runtime.
    Tokio(Rc<Runtime>),
}

impl Driver {
    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        match self {
            Self::Loop => drive(|| future),
            Self::Tokio(runtime) => runtime.block_on(future),
        }
    }
}
