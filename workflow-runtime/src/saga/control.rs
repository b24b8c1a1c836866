//! How a workflow that can be undone is controlled.

use std::future::{Future, pending, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::run::{forward_is_over, leaves_out};

/// What a workflow and its own body share.
pub struct Control<R>(Arc<Shared<R>>);

struct Shared<R> {
    /// After its success, it waits to see what becomes of its caller.
    is_kept: AtomicBool,
    /// It has to be undone.
    undo: AtomicBool,
    /// It has been undone.
    undone: AtomicBool,
    /// Its output, on the way to the caller.
    output: Mutex<Option<R>>,
}

// A workflow is polled as a whole, by one thread at a time.
const ORDER: Ordering = Ordering::Relaxed;

impl<R> Control<R> {
    pub(super) fn new() -> Self {
        Self(Arc::new(Shared {
            is_kept: AtomicBool::new(false),
            undo: AtomicBool::new(false),
            undone: AtomicBool::new(false),
            output: Mutex::new(None),
        }))
    }

    pub(super) fn share(&self) -> Self {
        Self(Arc::clone(&self.0))
    }

    pub(super) fn keep(&self) {
        self.0.is_kept.store(true, ORDER);
    }

    pub(super) fn undo(&self) {
        self.0.undo.store(true, ORDER);
    }

    pub(super) fn is_undone(&self) -> bool {
        self.0.undone.load(ORDER)
    }

    pub(super) fn take_output(&self) -> Option<R> {
        self.output().take()
    }

    fn output(&self) -> std::sync::MutexGuard<'_, Option<R>> {
        self.0.output.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs the forward part; returns `None` if it has to be undone before it is done.
    pub fn forward<B: Future<Output = R>>(&self, body: B) -> Forward<R, B> {
        Forward { control: self.share(), body: Some(body) }
    }

    /// What follows the forward part: `unwind`, if the forward part failed or has to be undone.
    pub async fn end(
        self,
        output: Option<R>,
        failed: impl FnOnce(&R) -> bool,
        unwind: impl Future<Output = ()>,
    ) -> R {
        match output {
            Some(output) if failed(&output) => {
                leaves_out();
                unwind.await;
                return output;
            }
            Some(output) if !self.0.is_kept.load(ORDER) => return output,
            Some(output) => {
                *self.output() = Some(output);
                let undo = || self.0.undo.load(ORDER);
                poll_fn(|_| if undo() { Poll::Ready(()) } else { Poll::Pending }).await;
                unwind.await;
            }
            None => {
                leaves_out();
                unwind.await;
            }
        }
        self.0.undone.store(true, ORDER);
        pending().await
    }
}

pin_project! {
    /// The future of [`Control::forward`].
    pub struct Forward<R, B> {
        control: Control<R>,
        #[pin]
        body: Option<B>,
    }
}

impl<R, B: Future<Output = R>> Future for Forward<R, B> {
    type Output = Option<R>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<R>> {
        let mut this = self.project();
        let body = this.body.as_mut().as_pin_mut().expect("it is not polled again");
        let output =
            if this.control.0.undo.load(ORDER) { None } else { Some(ready!(body.poll(cx))) };
        // What is still running is dropped before anything is undone.
        this.body.set(None);
        forward_is_over();
        Poll::Ready(output)
    }
}
