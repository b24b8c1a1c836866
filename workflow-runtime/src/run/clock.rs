//! The wall clock, for events.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// For so long the wall clock is taken to go as the monotonic one does.
const AGREE: Duration = Duration::from_millis(10);

/// Knows the wall clock's time of moments that are now. It reads that clock only now and
/// then: to do so for each event would be a seventh of what an observer costs.
#[derive(Default)]
pub(crate) struct Clock(Mutex<Option<(Instant, SystemTime)>>);

impl Clock {
    pub(crate) fn wall(&self, now: Instant) -> SystemTime {
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, wall)) = *read {
            let passed = now.saturating_duration_since(at);
            if passed <= AGREE {
                return wall + passed;
            }
        }
        let wall = SystemTime::now();
        *read = Some((now, wall));
        wall
    }
}
