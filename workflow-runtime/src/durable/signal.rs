//! Waiting for a value from outside the run.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use workflow_journal::StoreFuture;

use crate::attempt::TimedOut;
use crate::checks::{Always, Bounded};
use crate::durable::Recordable;
use crate::run::{Place, Stop};
use crate::step::{Failure, Info, NoUndo, SignalStep, Step};

/// A step that waits for a value which is sent to the run with
/// [`Journal::signal`](crate::Journal::signal), from any process. The value may also be sent before
/// the run gets there.
///
/// It returns the first value that was sent under this name and can be read as a `T`. Two waits for
/// the same name get the same value, so each wait should have its own name. A value that cannot be
/// read is reported, by [`SignalRefused`](crate::EventKind::SignalRefused) and in the journal, and
/// the wait continues. The wait has no limit unless the declaration has `#[timeout("3d")]`: a text
/// in the format of all [durations](macro@crate::step#durations), or an expression of type
/// [`Duration`]. After that time it returns [`TimedOut`], which names the signal.
///
/// # Panics
///
/// If it is awaited outside a durable run, where no value could ever be sent to it.
///
/// # Example
///
/// ```
/// use workflow_runtime::{Journal, TimedOut, signal, workflow};
///
/// workflow! {
///     #[durable]
///     async fn approve(draft: u32) -> Result<String, TimedOut> {
///         #[timeout("3d")]
///         let editor = signal::<String>("approval").await?;
///         Ok(format!("{editor} approves {draft}"))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let journal = Journal::memory();
/// journal.signal("draft-7", "approval", "Ada").await?;
/// assert_eq!(journal.run("draft-7", approve(7)).await?, "Ada approves 7");
///
/// // Nobody answers.
/// let late = journal.run("draft-8", approve(8)).await.unwrap_err();
/// assert_eq!(late.to_string(), "signal `approval` timed out after 3d");
/// # Ok(())
/// # }
/// ```
pub fn signal<T: Recordable>(name: impl Into<String>) -> Signal<T> {
    Signal { name: name.into(), limit: None, receiving: None, over: false, value: PhantomData }
}

/// The future of [`signal`]: a step that returns the value, or [`TimedOut`] if the declaration has
/// `#[timeout(…)]`. Without that attribute there is no error. Dropping it ends the wait, and loses
/// no signal.
///
/// ```
/// use workflow_runtime::{Signal, signal};
///
/// /// A name of its own for each item.
/// fn approval_of(item: u32) -> Signal<String> { signal(format!("approval-{item}")) }
/// # let _ = approval_of(7);
/// ```
#[must_use = "steps do nothing unless awaited"]
pub struct Signal<T> {
    name: String,
    limit: Option<Duration>,
    receiving: Option<StoreFuture<'static, Option<String>>>,
    /// The run cannot continue.
    over: bool,
    value: PhantomData<fn() -> T>,
}

#[diagnostic::do_not_recommend]
impl<T> Bounded<Always> for Signal<T> {
    type Itself = Self;

    fn at_most(self, millis: u64) -> Self {
        self.within(Duration::from_millis(millis))
    }

    fn within(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl<T: Recordable> Future for Signal<T> {
    type Output = Result<T, TimedOut>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        panic!(
            "signal `{}` can only come to a durable run: call the workflow through `Journal::run`",
            self.name
        );
    }
}

#[diagnostic::do_not_recommend]
impl<T: Recordable> Step for Signal<T> {
    type Undo = NoUndo;
    type Kind = SignalStep;

    fn poll_in(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        place: Place<'_>,
    ) -> Poll<Self::Output> {
        let this = &mut *self;
        if this.over {
            return Poll::Pending;
        }
        if this.receiving.is_none() {
            let reads = |json: &str| serde_json::from_str::<T>(json).map(drop);
            this.receiving = place.signal(&this.name, reads, this.limit);
        }
        let Some(receiving) = &mut this.receiving else { return self.poll(cx) };
        match ready!(receiving.as_mut().poll(cx)) {
            Ok(Some(json)) => match serde_json::from_str(&json) {
                Ok(value) => return Poll::Ready(Ok(value)),
                Err(error) => place.stop(Stop::Unreadable(error.to_string())),
            },
            Ok(None) => {
                let limit = this.limit.unwrap_or_default();
                let name = std::mem::take(&mut this.name);
                return Poll::Ready(Err(TimedOut::of_signal(name, limit)));
            }
            Err(error) => place.stop(Stop::Store(error)),
        }
        // The code that polls the run ends it.
        this.over = true;
        Poll::Pending
    }

    fn failure(self: Pin<&mut Self>, output: &Self::Output) -> Option<Failure> {
        let error = output.as_ref().err()?.to_string();
        Some(Failure { error, retryable: false })
    }

    fn info(&self) -> Info {
        Info::step("signal")
    }
}

impl<T> std::fmt::Debug for Signal<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signal").field("name", &self.name).finish_non_exhaustive()
    }
}
