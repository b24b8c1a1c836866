//! Running the compensations.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::order::Order;
use super::queues::{UndoLists, UndoQueues};
use crate::budget::watch;
use crate::graph::Graph;
#[cfg(feature = "durable")]
use crate::run::undoing;
use crate::schedule::{OwnWaker, Turns, Woken};

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
    let (mut left, mut running) = (entries.len(), 0);
    let woken = Arc::<Woken>::default();
    let mut wakers: Vec<OwnWaker> = (0..left).map(|entry| woken.waker(entry)).collect();
    let mut starting: VecDeque<usize> = order.first().into();
    poll_fn(|cx| {
        woken.poll_by(cx.waker());
        let mut turns = Turns::of(running.max(1));
        while left > 0 {
            let (entry, starts) = match starting.pop_front() {
                Some(entry) => (entry, true),
                None => match woken.next() {
                    Some(entry) => (entry, false),
                    None => {
                        watch();
                        return Poll::Pending;
                    }
                },
            };
            running += usize::from(starts);
            let own = &mut wakers[entry];
            own.answered();
            if queues.poll(entry, &mut Context::from_waker(&own.waker)).is_ready() {
                left -= 1;
                running -= 1;
                starting.extend(order.over(entry));
            } else if !starts && turns.are_over(own) {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
        Poll::Ready(())
    })
    .await;
}
