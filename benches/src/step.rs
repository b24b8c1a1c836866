//! The steps of every measured graph.
//!
//! A step yields once and mixes its inputs: the least that still goes through
//! the scheduler, so that what is measured is the scheduling.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The error of a step. No step here fails, but each may, as far as its type says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed;

/// Pending once, then ready. Cheaper than `tokio::task::yield_now`, which goes
/// through a thread-local and a list of deferred wakers.
#[derive(Debug, Default)]
pub(crate) struct YieldOnce {
    yielded: bool,
}

impl Future for YieldOnce {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.yielded {
            return Poll::Ready(());
        }
        self.yielded = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Folds one more input into a value.
pub(crate) fn mix(value: u64, input: u64) -> u64 {
    value.rotate_left(7) ^ input.wrapping_add(1)
}

/// Writes the steps out once as they are, and once under each `#[step]`, so that the
/// hand-written code and the workflows run the same bodies.
macro_rules! steps {
    ($(#[$mark:meta])?) => {
        use $crate::step::{Failed, YieldOnce, mix};

        /// A root: its input is the run's.
        $(#[$mark])?
        pub async fn step0(seed: u64) -> Result<u64, Failed> {
            YieldOnce::default().await;
            Ok(mix(0, seed))
        }

        /// A step with one parent.
        $(#[$mark])?
        pub async fn step1(a: &u64) -> Result<u64, Failed> {
            YieldOnce::default().await;
            Ok(mix(1, *a))
        }

        /// A step with two parents.
        $(#[$mark])?
        pub async fn step2(a: &u64, b: &u64) -> Result<u64, Failed> {
            YieldOnce::default().await;
            Ok(mix(mix(2, *a), *b))
        }

        /// A step with three parents.
        $(#[$mark])?
        pub async fn step3(a: &u64, b: &u64, c: &u64) -> Result<u64, Failed> {
            YieldOnce::default().await;
            Ok(mix(mix(mix(3, *a), *b), *c))
        }

        /// A step with any number of parents.
        $(#[$mark])?
        pub async fn join_many<const N: usize>(parents: [&u64; N]) -> Result<u64, Failed> {
            YieldOnce::default().await;
            Ok(parents.iter().fold(4, |value, parent| mix(value, **parent)))
        }

        /// A step run for one item of a fan-out.
        $(#[$mark])?
        pub async fn step_item(source: &u64, item: u64) -> Result<u64, Failed> {
            YieldOnce::default().await;
            Ok(mix(mix(5, *source), item))
        }
    };
}

/// Ordinary `async fn`s, for hand-written code and for the other crates.
pub mod plain {
    steps!();
}

/// The same under `#[step]`.
pub mod marked {
    use workflow_runtime::step;

    steps!(#[step]);
}
