//! Waiting for a point in time by the store's clock.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use workflow_journal::{StoreError, StoreFuture, Timestamp};

/// How often a long wait checks the store's clock: the machine may have been asleep in the
/// meantime.
const LOOK: Duration = Duration::from_secs(30);

/// Waits until this time by the store's clock, after writing that time down.
pub(super) async fn wait_until(
    until: Timestamp,
    write: Option<StoreFuture<'static, ()>>,
    now: impl Fn() -> Timestamp,
) -> Result<(), StoreError> {
    let left = || {
        let left = until.0.saturating_sub(now().0);
        Duration::from_millis(u64::try_from(left).unwrap_or_default())
    };
    // Measured from before the write, which is part of the wait.
    let end = Instant::now().checked_add(left());
    if let Some(write) = write {
        write.await?;
    }
    loop {
        // Tests let tokio's clock run ahead of all other clocks.
        let here = end.map_or(LOOK, |end| end.saturating_duration_since(Instant::now()));
        let wait = here.min(left());
        if wait.is_zero() {
            return Ok(());
        }
        sleep(wait.min(LOOK)).await;
    }
}
