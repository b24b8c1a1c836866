//! Branches side by side.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::budget::watch;
use crate::flow::Flow;
use crate::schedule::branch::Branch;

pin_project! {
    /// The future of [`join`], and of [`inner_join`]: `D` says which.
    pub struct Joined<R, J, D> {
        #[pin]
        branches: J,
        kind: PhantomData<fn() -> (R, D)>,
    }
}

/// Whether a join is inside another one; a type, so that it takes no space.
pub trait Depth {
    /// Whether it checks what its branches use up.
    const WATCHES: bool;
}

/// It is not inside another one.
pub struct Outer;

/// It is inside another join, a region or a fan-out, which checks all of it.
pub struct Inner;

impl Depth for Outer {
    const WATCHES: bool = true;
}

impl Depth for Inner {
    const WATCHES: bool = false;
}

/// Runs the branches of a join until all are done, or until one fails.
#[inline]
pub fn join<R: Flow, J: Branch<R>>(branches: J) -> Joined<R, J, Outer> {
    Joined { branches, kind: PhantomData }
}

/// The same, as a part of a branch of another join, a region or a fan-out.
#[inline]
pub fn inner_join<R: Flow, J: Branch<R>>(branches: J) -> Joined<R, J, Inner> {
    Joined { branches, kind: PhantomData }
}

impl<R: Flow, J: Branch<R>, D: Depth> Future for Joined<R, J, D> {
    type Output = Result<J::Value, R::Failure>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = self.project().branches.poll_branch(cx);
        if D::WATCHES && polled.is_pending() {
            watch();
        }
        polled
    }
}

pin_project! {
    /// A branch, then its value in the same place.
    #[project = MaybeDoneProjection]
    #[project_replace = MaybeDoneReplaced]
    pub(super) enum MaybeDone<B, V> {
        Running { #[pin] branch: B },
        Done { value: V },
        Taken,
    }
}

impl<B, V> MaybeDone<B, V> {
    /// Polls the branch unless it is done. `Ok(true)` says that it is.
    #[inline]
    pub(super) fn poll<R>(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Result<bool, R::Failure>
    where
        R: Flow,
        B: Branch<R, Value = V>,
    {
        let MaybeDoneProjection::Running { branch } = self.as_mut().project() else {
            return Ok(true);
        };
        match branch.poll_branch(cx) {
            Poll::Pending => Ok(false),
            Poll::Ready(Ok(value)) => {
                self.set(Self::Done { value });
                Ok(true)
            }
            Poll::Ready(Err(failure)) => Err(failure),
        }
    }

    #[inline]
    pub(super) fn take(self: Pin<&mut Self>) -> V {
        match self.project_replace(Self::Taken) {
            MaybeDoneReplaced::Done { value } => value,
            _ => unreachable!("every branch is done"),
        }
    }
}

macro_rules! joins {
    ($($Join:ident $join:ident ($($Branch:ident $branch:ident)+);)+) => {$(
        pin_project! {
            /// Branches side by side, polled in order.
            pub struct $Join<R, $($Branch),+>
            where
                R: Flow,
                $($Branch: Branch<R>,)+
            {
                flow: PhantomData<fn() -> R>,
                $(#[pin] $branch: MaybeDone<$Branch, $Branch::Value>,)+
            }
        }

        /// Branches side by side, polled in order.
        #[inline]
        pub fn $join<R, $($Branch),+>($($branch: $Branch),+) -> $Join<R, $($Branch),+>
        where
            R: Flow,
            $($Branch: Branch<R>,)+
        {
            $Join { flow: PhantomData, $($branch: MaybeDone::Running { branch: $branch },)+ }
        }

        impl<R, $($Branch),+> Branch<R> for $Join<R, $($Branch),+>
        where
            R: Flow,
            $($Branch: Branch<R>,)+
        {
            type Value = ($($Branch::Value,)+);

            #[inline]
            fn poll_branch(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
            ) -> Poll<Result<Self::Value, R::Failure>> {
                let mut this = self.project();
                let mut done = true;
                $(match this.$branch.as_mut().poll::<R>(cx) {
                    Ok(branch_done) => done &= branch_done,
                    Err(failure) => return Poll::Ready(Err(failure)),
                })+
                if !done {
                    return Poll::Pending;
                }
                Poll::Ready(Ok(($(this.$branch.take(),)+)))
            }
        }
    )+};
}

joins! {
    Join2 join2 (A a B b);
    Join3 join3 (A a B b C c);
    Join4 join4 (A a B b C c D d);
    Join5 join5 (A a B b C c D d E e);
    Join6 join6 (A a B b C c D d E e F f);
    Join7 join7 (A a B b C c D d E e F f G g);
    Join8 join8 (A a B b C c D d E e F f G g H h);
}
