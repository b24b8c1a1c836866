//! Writes down that a step has been undone, if a record of the run is kept.

#[cfg(feature = "durable")]
pub(super) use self::on::Written;

#[cfg(not(feature = "durable"))]
pub(super) use self::off::Written;

#[cfg(feature = "durable")]
mod on {
    use std::task::{Context, Poll, ready};

    use workflow_journal::StoreFuture;

    use crate::run::{Compensation, Running, Writing};
    use crate::step::Failure;

    /// What is being written.
    pub(in crate::saga) enum Written {
        Nothing,
        Writes(
            StoreFuture<'static, ()>,
            #[expect(dead_code, reason = "it counts while it lives")] Option<Writing>,
        ),
        Done,
        Failed,
    }

    impl Written {
        pub(in crate::saga) fn nothing() -> Self {
            Self::Nothing
        }

        pub(in crate::saga) fn has_begun(&self) -> bool {
            !matches!(self, Self::Nothing)
        }

        /// The compensation has returned.
        pub(in crate::saga) fn begin(
            &mut self,
            of: &Running,
            report: &Compensation,
            failure: Option<&Failure>,
        ) {
            *self = match of.record_undone(failure) {
                Some(write) => Self::Writes(write, report.writing()),
                None => Self::Done,
            };
        }

        /// Whether an earlier turn at the run has already undone the step.
        pub(in crate::saga) fn is_done(of: &Compensation) -> bool {
            of.is_done()
        }

        pub(in crate::saga) fn poll(
            &mut self,
            of: &Compensation,
            cx: &mut Context<'_>,
        ) -> Poll<()> {
            let Self::Writes(write, _) = self else {
                // If the store has failed, the run is stopped.
                return if matches!(self, Self::Done) { Poll::Ready(()) } else { Poll::Pending };
            };
            match ready!(write.as_mut().poll(cx)) {
                Ok(()) => {
                    *self = Self::Done;
                    Poll::Ready(())
                }
                Err(error) => {
                    of.stop(error);
                    *self = Self::Failed;
                    Poll::Pending
                }
            }
        }
    }
}

#[cfg(not(feature = "durable"))]
mod off {
    use std::task::{Context, Poll};

    use crate::run::{Compensation, Running};
    use crate::step::Failure;

    /// Nothing is written, ever.
    pub(in crate::saga) struct Written;

    #[allow(clippy::unused_self, clippy::needless_pass_by_ref_mut)]
    impl Written {
        pub(in crate::saga) fn nothing() -> Self {
            Self
        }

        pub(in crate::saga) fn has_begun(&self) -> bool {
            false
        }

        pub(in crate::saga) fn begin(
            &mut self,
            _: &Running,
            _: &Compensation,
            _: Option<&Failure>,
        ) {
        }

        pub(in crate::saga) fn is_done(_: &Compensation) -> bool {
            false
        }

        pub(in crate::saga) fn poll(&mut self, _: &Compensation, _: &mut Context<'_>) -> Poll<()> {
            Poll::Ready(())
        }
    }
}
