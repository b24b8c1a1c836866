//! An attempt that is slowed down by a run.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use tokio::time::{Sleep, sleep};

use crate::run::current_delay;

pin_project! {
    /// The future of [`delayed`]. Its timer is in a box, since there rarely is one.
    pub(super) struct Delayed<F> {
        delay: Option<Pin<Box<Sleep>>>,
        #[pin]
        attempt: F,
    }
}

/// Called where an attempt of the current step starts.
#[inline]
pub(super) fn delayed<F: Future>(attempt: F) -> Delayed<F> {
    let delay = current_delay().map(|delay| Box::pin(sleep(delay)));
    Delayed { delay, attempt }
}

impl<F: Future> Future for Delayed<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if let Some(delay) = this.delay {
            ready!(delay.as_mut().poll(cx));
            *this.delay = None;
        }
        this.attempt.poll(cx)
    }
}
