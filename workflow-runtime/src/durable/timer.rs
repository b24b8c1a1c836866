//! Waiting for a period of time, across restarts.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use workflow_journal::StoreFuture;

use self::sealed::Sealed;
use crate::duration;
use crate::run::{Place, Stop};
use crate::step::{Failure, Info, NoUndo, PlainStep, Step};

/// How long to wait: a text such as `"90s"` or `"1h"`, in the units of all
/// [durations](macro@crate::step#durations), or a [`Duration`]. It cannot be implemented elsewhere.
///
/// ```
/// # use std::time::Duration;
/// use workflow_runtime::IntoDuration;
///
/// assert_eq!("90s".into_duration(), Duration::from_secs(90));
/// assert_eq!(Duration::from_millis(5).into_duration(), Duration::from_millis(5));
/// ```
pub trait IntoDuration: Sealed {
    /// The duration.
    ///
    /// # Panics
    ///
    /// If the text is not a duration.
    fn into_duration(self) -> Duration;
}

mod sealed {
    /// Cannot be named outside this crate.
    pub trait Sealed {}

    impl Sealed for std::time::Duration {}

    impl Sealed for &str {}
}

impl IntoDuration for Duration {
    fn into_duration(self) -> Duration {
        self
    }
}

impl IntoDuration for &str {
    fn into_duration(self) -> Duration {
        let millis = duration::parse(self);
        assert!(
            millis.is_some(),
            "`{self}` is not a duration: write it as \"250ms\", \"10s\", \"5m\", \"2h\" or \"3d\""
        );
        Duration::from_millis(millis.unwrap_or_default())
    }
}

/// A step that waits for this long.
///
/// In a durable run, the wait ends at the time that was set when it began, no matter how many
/// restarts come in between. If that time has passed when the run is resumed, the wait ends at
/// once.
///
/// The duration is a text such as `"90s"`, from `"0s"` to `"36500d"`, in the units of all
/// [durations](macro@crate::step#durations), or a [`Duration`]. In a `workflow!`, a text that is
/// not a duration is a compile error.
///
/// Dropping the future ends the wait; a run that is resumed later keeps the recorded end time.
///
/// # Panics
///
/// If a text is not a duration, or if it is polled outside a tokio runtime with its timer enabled.
///
/// # Example
///
/// ```
/// use workflow_runtime::{Journal, TimedOut, sleep, step, workflow};
///
/// #[step]
/// async fn remind(customer: u32) -> u32 { customer }
///
/// workflow! {
///     #[durable]
///     async fn follow_up(customer: u32) -> Result<u32, TimedOut> {
///         let pause = sleep("3d").await;
///         #[after(pause)]
///         let reminded = remind(customer).await;
///         Ok(reminded)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// assert_eq!(Journal::memory().run("customer-7", follow_up(7)).await?, 7);
/// # Ok(())
/// # }
/// ```
pub fn sleep(duration: impl IntoDuration) -> Sleep {
    Sleep { timer: Timer::new(duration.into_duration()) }
}

/// The future of [`sleep`]. Outside a durable run it only waits.
///
/// ```
/// use workflow_runtime::{Sleep, sleep};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let pause: Sleep = sleep("250ms");
/// pause.await;
/// # }
/// ```
#[must_use = "steps do nothing unless awaited"]
#[derive(Debug)]
pub struct Sleep {
    timer: Timer,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.timer.poll(cx, None)
    }
}

#[diagnostic::do_not_recommend]
impl Step for Sleep {
    type Undo = NoUndo;
    type Kind = PlainStep;

    fn poll_in(mut self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<()> {
        self.timer.poll(cx, Some(place))
    }

    fn failure(self: Pin<&mut Self>, (): &()) -> Option<Failure> {
        None
    }

    fn info(&self) -> Info {
        Info::step("sleep")
    }
}

/// A wait whose end time is recorded when it begins.
pub(super) struct Timer {
    duration: Duration,
    state: State,
}

enum State {
    New,
    Waits(StoreFuture<'static, ()>),
    Over,
}

impl Timer {
    pub(super) fn new(duration: Duration) -> Self {
        Self { duration, state: State::New }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>, place: Option<Place<'_>>) -> Poll<()> {
        if matches!(self.state, State::New) {
            let recorded = place.and_then(|place| place.timer(self.duration));
            let sleep = tokio::time::sleep(self.duration);
            self.state = State::Waits(recorded.unwrap_or_else(|| {
                Box::pin(async move {
                    sleep.await;
                    Ok(())
                })
            }));
        }
        let State::Waits(wait) = &mut self.state else { return Poll::Pending };
        let waited = ready!(wait.as_mut().poll(cx));
        self.state = State::Over;
        match waited {
            Ok(()) => Poll::Ready(()),
            Err(error) => {
                if let Some(place) = place {
                    place.stop(Stop::Store(error));
                }
                Poll::Pending
            }
        }
    }
}

impl std::fmt::Debug for Timer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Timer").field("duration", &self.duration).finish_non_exhaustive()
    }
}
