//! Steps on their own tasks and threads.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::cell::RefCell;
use std::panic::resume_unwind;

use pin_project_lite::pin_project;
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::{sleep, timeout_at};

use crate::attempt::around::Around;
use crate::attempt::attempts::cut_off;
use crate::attempt::{Attempts, HasPolicy, Limits, TimedOut};
use crate::run::{Along, PlaceOfTask, current_delay};

/// A body that runs elsewhere. Dropping it stops a task where it waits, and a function that has not
/// begun; a function that has begun cannot be stopped.
#[derive(Debug)]
pub struct Task<T>(JoinHandle<T>);

/// What belongs to the step or its caller, and moves along with the body.
struct Caller {
    place: Option<PlaceOfTask>,
    along: Along,
    around: Around,
}

impl Caller {
    fn current() -> Self {
        let place = PlaceOfTask::current();
        let along = Along::taken(place.as_ref().and_then(PlaceOfTask::span));
        Self { place, along, around: Around::taken() }
    }

    /// Runs `body` as part of the step.
    fn run<R>(&mut self, body: impl FnOnce() -> R) -> R {
        let _along = self.along.enter();
        let _entered = self.place.as_ref().map(PlaceOfTask::enter);
        self.around.run(body)
    }
}

pin_project! {
    /// A body on its own task, which is still the body of its step.
    struct OfStep<F> {
        #[pin]
        body: Option<F>,
        caller: Caller,
    }

    impl<F> PinnedDrop for OfStep<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.body.is_some() {
                this.caller.run(|| this.body.set(None));
            }
        }
    }
}

impl<F: Future> Future for OfStep<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        this.caller.run(|| {
            let body = this.body.as_mut().as_pin_mut().expect("a task returns once");
            let polled = body.poll(cx);
            if polled.is_ready() {
                this.body.set(None);
            }
            polled
        })
    }
}

/// Runs `body` as a task.
#[inline]
pub fn spawn<F>(body: F) -> Task<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    Task(tokio::task::spawn(OfStep { body: Some(body), caller: Caller::current() }))
}

/// Runs `body` where it may block.
#[inline]
pub fn blocking<F, T>(body: F) -> Task<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let mut caller = Caller::current();
    Task(tokio::task::spawn_blocking(move || caller.run(body)))
}

impl<T> Future for Task<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        match ready!(Pin::new(&mut self.0).poll(cx)) {
            Ok(output) => Poll::Ready(output),
            Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
            Err(error) => panic!("the runtime was shut down while it ran a step: {error}"),
        }
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
        LATE.with(|late| {
            if let Some(tasks) = late.borrow_mut().as_mut() {
                tasks.push(self.0.abort_handle());
            }
        });
    }
}

thread_local! {
    /// The tasks that are dropped, while there is code that wants to know about them.
    static LATE: RefCell<Option<Vec<AbortHandle>>> = const { RefCell::new(None) };
}

/// The tasks that `end` drops, which may not have stopped when this returns.
pub(super) fn late_tasks(end: impl FnOnce()) -> Vec<AbortHandle> {
    struct Around(Option<Vec<AbortHandle>>);
    impl Drop for Around {
        // Also if `end` panics: otherwise the thread would keep all tasks that it drops later.
        fn drop(&mut self) {
            LATE.replace(self.0.take());
        }
    }
    let _around = Around(LATE.replace(Some(Vec::new())));
    end();
    LATE.take().unwrap_or_default()
}

/// The attempts of a step whose body runs elsewhere: never two at once.
#[derive(Debug)]
pub struct Tasks<T> {
    /// The attempt that has not stopped yet although its time was up.
    late: Option<Task<T>>,
}

/// Called when a step starts.
pub fn tasks<T>() -> Tasks<T> {
    Tasks { late: None }
}

impl<T> Tasks<T> {
    /// Waits for an attempt, for as long as it may take.
    pub async fn within<P: HasPolicy>(
        &mut self,
        attempts: &Attempts<P, Limits>,
        mut attempt: Task<T>,
    ) -> Result<T, TimedOut> {
        let Some(limit) = attempts.limit() else { return Ok(attempt.await) };
        if limit.is_over() {
            return Err(limit.timed_out());
        }
        let delayed = async {
            let output = (&mut attempt).await;
            if let Some(delay) = current_delay() {
                sleep(delay).await;
            }
            output
        };
        match timeout_at(limit.at, delayed).await {
            Ok(output) => Ok(output),
            Err(_) => {
                attempt.0.abort();
                self.late = Some(attempt);
                Err(limit.timed_out())
            }
        }
    }

    /// Waits until the previous attempt has stopped, for as long as the step's deadline allows.
    pub async fn stopped<P: HasPolicy>(
        &mut self,
        attempts: &Attempts<P, Limits>,
    ) -> Result<(), TimedOut> {
        let Some(task) = &mut self.late else { return Ok(()) };
        let outcome = match attempts.deadline() {
            Some(deadline) => match timeout_at(deadline.at, &mut task.0).await {
                Ok(outcome) => outcome,
                Err(_) => return Err(cut_off(deadline)),
            },
            None => (&mut task.0).await,
        };
        self.late = None;
        match outcome.map_err(tokio::task::JoinError::try_into_panic) {
            Err(Ok(panic)) => resume_unwind(panic),
            // It was too late, or it was aborted.
            Ok(_) | Err(Err(_)) => Ok(()),
        }
    }
}
