//! That a step has been undone, written down where somebody keeps a record of the run.

#[cfg(feature = "durable")]
pub(super) use self::on::Written;

#[cfg(not(feature = "durable"))]
pub(super) use self::off::Written;

#[cfg(feature = "durable")]
mod on {
    use std::task::{Context, Poll, ready};

    use workflow_journal::StoreFuture;

    use crate::run::{Compensation, Running};
    use crate::step::Failure;

    /// What is being written.
    pub(in crate::saga) enum Written {
        Nothing,
        Writes(Option<StoreFuture<'static, ()>>),
    }

    impl Written {
        pub(in crate::saga) fn nothing() -> Self {
            Self::Nothing
        }

        pub(in crate::saga) fn has_begun(&self) -> bool {
            matches!(self, Self::Writes(_))
        }

        /// The compensation has returned.
        pub(in crate::saga) fn begin(&mut self, of: &Running, failure: Option<&Failure>) {
            *self = Self::Writes(of.record_undone(failure));
        }

        pub(in crate::saga) fn poll(
            &mut self,
            of: &Compensation,
            cx: &mut Context<'_>,
        ) -> Poll<()> {
            let Self::Writes(Some(write)) = self else { return Poll::Ready(()) };
            match ready!(write.as_mut().poll(cx)) {
                Ok(()) => Poll::Ready(()),
                Err(error) => {
                    of.stop(error);
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

        pub(in crate::saga) fn begin(&mut self, _: &Running, _: Option<&Failure>) {}

        pub(in crate::saga) fn poll(&mut self, _: &Compensation, _: &mut Context<'_>) -> Poll<()> {
            Poll::Ready(())
        }
    }
}
