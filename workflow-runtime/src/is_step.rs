//! The check that a call in a workflow is a step.

use crate::step::Step;

/// Every step, as [`is_step`] takes it.
///
/// Where a call is no step, neither of the two implementations holds. Then the compiler
/// does not know what `Itself` is, and after this one error says no more about the call
/// and what comes of it. `W` tells the implementations apart.
#[diagnostic::on_unimplemented(
    message = "this call is not a workflow step",
    label = "not a step",
    note = "add `#[step]` above the function, wrap a future from elsewhere in a `#[step]` \
            function, or drop `.await` if it is an ordinary call"
)]
pub trait WorkflowStep<W> {
    /// The step.
    type Itself;

    /// The step.
    fn itself(self) -> Self::Itself;
}

/// The implementation for steps.
#[derive(Debug)]
pub struct Always;

/// The implementation for nothing.
#[derive(Debug)]
pub struct Never;

/// Implemented for nothing.
pub trait Nothing {}

#[diagnostic::do_not_recommend]
impl<S: Step> WorkflowStep<Always> for S {
    type Itself = S;

    #[inline]
    fn itself(self) -> S {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<S: Nothing> WorkflowStep<Never> for S {
    type Itself = S;

    fn itself(self) -> S {
        self
    }
}

/// Says that a call is a step.
#[inline]
pub fn is_step<S: WorkflowStep<W>, W>(call: S) -> S::Itself {
    call.itself()
}
