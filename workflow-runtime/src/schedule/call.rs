//! A step called on its own, in sequence with what is around it.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::run::may_report;
use crate::step::{Step, poll_attached};

/// Which node of the graph a call is. It is a type, so that in a chain of small steps not even a
/// number has to be stored.
#[derive(Debug)]
pub struct At<const NODE: usize>;

/// See [`At`].
pub trait Position {
    /// The node: a position in the graph's nodes.
    const NODE: usize;
}

impl<const NODE: usize> Position for At<NODE> {
    const NODE: usize = NODE;
}

pin_project! {
    /// The future of [`step`].
    pub struct InStep<S, N> {
        #[pin]
        call: S,
        may_report: bool,
        node: PhantomData<fn() -> N>,
    }
}

/// Runs `call` as the node `NODE` of its workflow.
#[inline]
pub fn step<const NODE: usize, S: Step>(call: S) -> InStep<S, At<NODE>> {
    InStep { call, may_report: may_report(), node: PhantomData }
}

impl<S: Step, N: Position> Future for InStep<S, N> {
    type Output = S::Output;

    #[expect(
        clippy::inline_always,
        reason = "a call would cost as much as all the scheduling of a step"
    )]
    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        let this = self.project();
        if *this.may_report {
            poll_attached(N::NODE, this.call, cx)
        } else {
            this.call.poll_part(cx)
        }
    }
}
