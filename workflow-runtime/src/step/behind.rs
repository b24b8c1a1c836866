//! Steps behind a pointer.

use core::pin::Pin;
use core::task::{Context, Poll};

use super::{Failure, Info, Said, Step, StepKind, UndoKind, UnknownStep, UnknownUndo};
use crate::run::Place;

/// A step behind a pointer.
pub trait Behind {
    /// Whether it undoes its own steps.
    type Undo: UndoKind;
    /// What a caller has to know about it.
    type Kind: StepKind;
}

#[diagnostic::do_not_recommend]
impl<S: Step> Behind for S {
    type Undo = S::Undo;
    type Kind = S::Kind;
}

/// For any of these types, only the step itself knows.
macro_rules! objects {
    ($($object:ty),+ $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl<T> Behind for $object {
            type Undo = UnknownUndo;
            type Kind = UnknownStep;
        }
    )+};
}

objects!(
    dyn Step<Output = T> + '_,
    dyn Step<Output = T> + Send + '_,
    dyn Step<Output = T> + Sync + '_,
    dyn Step<Output = T> + Unpin + '_,
    dyn Step<Output = T> + Send + Sync + '_,
    dyn Step<Output = T> + Send + Unpin + '_,
    dyn Step<Output = T> + Sync + Unpin + '_,
    dyn Step<Output = T> + Send + Sync + Unpin + '_,
);

#[diagnostic::do_not_recommend]
impl<S: Step + Behind + ?Sized> Step for Pin<Box<S>> {
    type Undo = <S as Behind>::Undo;
    type Kind = <S as Behind>::Kind;

    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<Self::Output> {
        self.get_mut().as_mut().poll_in(cx, place)
    }

    fn poll_part(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.get_mut().as_mut().poll_part(cx)
    }

    fn poll_attempt(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        place: Option<Place<'_>>,
        said: Said,
    ) -> Poll<Self::Output> {
        self.get_mut().as_mut().poll_attempt(cx, place, said)
    }

    fn failure(self: Pin<&mut Self>, output: &Self::Output) -> Option<Failure> {
        self.get_mut().as_mut().failure(output)
    }

    fn info(&self) -> Info {
        self.as_ref().get_ref().info()
    }

    fn keep_undo(&self) {
        self.as_ref().get_ref().keep_undo();
    }

    fn poll_undo(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Output>> {
        self.get_mut().as_mut().poll_undo(cx)
    }
}
