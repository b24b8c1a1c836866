//! Waiting for a time, across restarts.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use workflow_journal::StoreFuture;

use self::sealed::Sealed;
use crate::duration;
use crate::run::Place;
use crate::step::{Failure, Info, Nothing, PlainStep, Step};

/// A time to wait: a text such as `"90s"` or `"1h"`, in the units of all
/// [durations](macro@crate::step#durations), or a [`Duration`]. It cannot be implemented elsewhere.
pub trait IntoDuration: Sealed {
    /// The duration.
    ///
    /// # Panics
    ///
    /// If the text is no duration.
    fn into_duration(self) -> Duration;
}

mod sealed {
    /// Cannot be named outside of this crate.
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

/// A step that waits for so long.
///
/// In a durable run the wait ends at the time that was set when it began, whatever restarts
/// come between; if that is over when the run goes on, at once.
///
/// The duration is a text such as `"90s"`, from `"0s"` to `"36500d"`, in the units of all
/// [durations](macro@crate::step#durations), or a [`Duration`]. In a `workflow!` a text that is not a
/// duration is a compile error.
///
/// Needs tokio.
///
/// # Panics
///
/// If a text is no duration.
pub fn sleep(duration: impl IntoDuration) -> Sleep {
    Sleep { timer: Timer::new(duration.into_duration()) }
}

/// The future of [`sleep`].
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
    type Undoes = Nothing;
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

/// A wait whose end is recorded when it begins.
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
                    place.stop(error);
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
