//! Polling a step at its place in the current scope.

use core::pin::Pin;
use core::task::{Context, Poll};

use super::Step;
use crate::budget::settled;
use crate::run::{Turn, may_report};

/// Polls the step `node` of the current scope.
#[inline]
pub(crate) fn poll_step<S: Step>(
    node: usize,
    step: Pin<&mut S>,
    cx: &mut Context<'_>,
) -> Poll<S::Output> {
    if may_report() { poll_attached(node, step, cx) } else { step.poll_part(cx) }
}

/// [`poll_step`] if there may be a run, or a step that takes the turn of others.
///
/// There is one instance of it for each step of a program, so everything that can be is in
/// [`Turn`], of which there is only one.
#[cold]
#[inline(never)]
pub(crate) fn poll_attached<S: Step>(
    node: usize,
    mut step: Pin<&mut S>,
    cx: &mut Context<'_>,
) -> Poll<S::Output> {
    let turn = Turn::of(node, &|| step.info(), cx);
    #[cfg(feature = "durable")]
    let turn = match turn {
        Turn::Replays(scope, recorded) => match step.as_mut().replay(&recorded.json) {
            Some(Ok(output)) => {
                scope.replayed(node, &recorded);
                return Poll::Ready(output);
            }
            Some(Err(error)) => {
                scope.stop_at_unreadable(&recorded, &error);
                Turn::Waits
            }
            None => Turn::start(&scope, node, &|| step.info(), cx),
        },
        turn => turn,
    };
    let polled = match turn {
        Turn::Unattached => step.as_mut().poll_part(cx),
        Turn::Runs(mut entered) => match step.as_mut().poll_in(cx, entered.place()) {
            Poll::Ready(output) => {
                entered.leave();
                entered.returned(step.failure(&output));
                return Poll::Ready(output);
            }
            Poll::Pending => {
                entered.leave();
                Poll::Pending
            }
        },
        Turn::Waits => Poll::Pending,
        #[cfg(feature = "durable")]
        Turn::Replays(..) => Poll::Pending,
    };
    settled(polled)
}
