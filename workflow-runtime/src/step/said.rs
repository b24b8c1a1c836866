//! What a caller that has options of its own tells a step.

use tokio::time::Instant;

/// What a caller tells a step.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    /// The caller bounds the attempt; the step's own `timeout` does not count.
    pub(crate) bounds_attempt: bool,
    /// The caller bounds all attempts; the step's own `deadline` does not count.
    pub(crate) bounds_all: bool,
    /// When the first attempt began.
    pub(crate) begun: Instant,
}
