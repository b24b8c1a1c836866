//! Waiting for a signal that a step takes.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::Notify;
use tokio::time::timeout;
use workflow_journal::{StoreError, StoreFuture};

use crate::durable::asked::Asked;
use crate::run::Takes;

/// How soon to look again for signals from other processes, at first and after a long time.
const LOOK_FIRST: Duration = Duration::from_millis(500);
const LOOK_LAST: Duration = Duration::from_secs(4);

/// The value of the first signal of this name that `takes` accepts, as JSON; nothing if there is
/// still none when `limit` is over. `sent` tells of those that are sent through the same journal.
pub(super) async fn taken_signal(
    asked: Asked,
    sent: Arc<Notify>,
    name: String,
    takes: Takes,
    mut limit: StoreFuture<'static, ()>,
) -> Result<Option<String>, StoreError> {
    let (mut over, mut pause, mut seen) = (false, LOOK_FIRST, 0);
    loop {
        // Created before the look, so that nothing sent in the meantime is missed.
        let notified = sent.notified();
        let signals = asked.signals().await?.into_iter();
        // Signals that were refused stay where they are.
        let new = signals.filter(|signal| signal.name == name).skip(seen);
        for signal in new {
            if takes(&signal.value) {
                return Ok(Some(signal.value));
            }
            seen += 1;
        }
        // A run that is resumed after its limit still gets what was sent in the meantime.
        if over {
            return Ok(None);
        }
        // Another process cannot notify this one.
        let again = pin!(timeout(pause, notified));
        pause = (pause * 2).min(LOOK_LAST);
        if let Either::Left((written, _)) = select(&mut limit, again).await {
            written?;
            over = true;
        }
    }
}
