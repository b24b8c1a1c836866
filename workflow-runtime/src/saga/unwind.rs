//! Running the compensations.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::order::Order;
use super::queues::{UndoLists, UndoQueues};
use crate::budget::watch;
use crate::graph::Graph;
#[cfg(feature = "durable")]
use crate::run::undoing;
use crate::schedule::{OwnWaker, Woken};

/// Runs all compensations: dependents before what they depended on, the rest concurrently. One that
/// fails does not prevent any other from running.
pub async fn unwind<L: UndoLists>(graph: &Graph, lists: L) {
    #[cfg(feature = "durable")]
    if let Some(written) = undoing() {
        let _ = written.await;
    }
    let mut entries = Vec::new();
    let mut queues = lists.into_queues(&mut entries);
    let mut order = Order::new(graph, &entries);
    let mut left = entries.len();
    let woken = Arc::<Woken>::default();
    let wakers: Vec<OwnWaker> = (0..left).map(|entry| woken.waker(entry)).collect();
    let mut due = order.first();
    poll_fn(|cx| {
        woken.poll_by(cx.waker());
        while left > 0 {
            due.extend(std::iter::from_fn(|| woken.next()));
            // In the order of the declarations, whatever was woken first.
            due.sort_unstable();
            let mut over = Vec::new();
            for entry in due.drain(..) {
                let own = &wakers[entry];
                own.answered();
                if queues.poll(entry, &mut Context::from_waker(&own.waker)).is_ready() {
                    over.push(entry);
                }
            }
            if over.is_empty() {
                // Whatever has woken itself meanwhile has woken the task as well.
                watch();
                return Poll::Pending;
            }
            left -= over.len();
            due.extend(over.into_iter().flat_map(|entry| order.over(entry)));
        }
        Poll::Ready(())
    })
    .await;
}
