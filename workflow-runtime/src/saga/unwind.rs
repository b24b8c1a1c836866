//! Running the compensations.

use std::future::poll_fn;
use std::task::Poll;

use super::order::Order;
use super::queues::{UndoLists, UndoQueues};
use crate::budget::watch;
use crate::graph::Graph;
#[cfg(feature = "durable")]
use crate::run::undoing;

/// Runs all compensations: dependents before what they depended on, the rest side by side.
/// One that fails keeps no other from running.
pub async fn unwind<L: UndoLists>(graph: &Graph, lists: L) {
    #[cfg(feature = "durable")]
    if let Some(written) = undoing() {
        let _ = written.await;
    }
    let mut entries = Vec::new();
    let mut queues = lists.into_queues(&mut entries);
    let mut left = entries.len();
    let mut order = Order::new(graph, &entries);
    for entry in order.first() {
        queues.start(entry);
    }
    poll_fn(|cx| {
        let mut over = Vec::new();
        while left > 0 {
            queues.poll(cx, &mut over);
            if over.is_empty() {
                watch();
                return Poll::Pending;
            }
            for entry in over.drain(..) {
                left -= 1;
                for next in order.over(entry) {
                    queues.start(next);
                }
            }
        }
        Poll::Ready(())
    })
    .await;
}
