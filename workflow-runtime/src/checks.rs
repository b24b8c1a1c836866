//! Checks of what is in a workflow, each with an error of its own.
//!
//! Each check has two implementations to choose from, and if neither applies, the compiler does
//! not know what `Itself` is. So it reports what is missing once, and nothing more about the value
//! and what is derived from it. `W` tells the implementations apart.

use std::time::Duration;

use crate::step::{self, OwnUndo, Step, UndoKind, UnknownUndo};

/// Reported for a generic workflow only where it is instantiated: there the type is known.
const UNKNOWN_CHILD: &str = "this call is, or may be, that of a workflow which compensates its \
                             own steps: write `#[compensate]` above it";

const NO_CHILD: &str = "`#[compensate]` without a call stands above something that does not \
                        compensate its own steps: write the step that undoes it, such as \
                        `#[compensate(refund(&payment))]`";

/// Marks the implementation for what is as it should be.
#[derive(Debug)]
pub struct Always;

/// Marks the implementation for nothing.
#[derive(Debug)]
pub struct Never;

/// Implemented for nothing.
pub trait Nothing {}

/// Every step.
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

/// A call in a workflow. Its type decides which methods are found: the two inherent ones below if
/// the type shows that something is wrong, so that the type checker reports it, and those of
/// [`Calls`] otherwise.
#[derive(Debug)]
pub struct Called<S>(pub S);

/// What a caller has to acknowledge.
pub trait NeedsCompensate {}

#[diagnostic::do_not_recommend]
impl NeedsCompensate for OwnUndo {}
#[diagnostic::do_not_recommend]
impl NeedsCompensate for UnknownUndo {}

/// Not implemented for a workflow that certainly undoes its own steps.
#[diagnostic::on_unimplemented(
    message = "this call is that of a workflow which compensates its own steps",
    label = "undoes its own steps if the caller fails",
    note = "write `#[compensate]` above it: then it undoes them; to undo it by one step in place of \
            them, `#[compensate(…)]`, both have to be in one `workflow!`"
)]
pub trait NotOwnUndo {}

#[diagnostic::do_not_recommend]
impl NotOwnUndo for UnknownUndo {}

/// Not implemented for a step behind a pointer.
#[diagnostic::on_unimplemented(
    message = "this call may be that of a workflow which compensates its own steps",
    label = "behind a `dyn Step`, only the step itself knows",
    note = "write `#[compensate]` above it: then what it has done is undone if it is such a \
            workflow",
    note = "or call it in a `#[step]` function of its own, if nothing has to be undone"
)]
pub trait NotUnknownUndo {}

#[diagnostic::do_not_recommend]
impl NotUnknownUndo for OwnUndo {}

/// Not implemented for a plain step.
#[diagnostic::on_unimplemented(
    message = "nothing undoes this call",
    label = "does not compensate its own steps",
    note = "`#[compensate]` without a call stands above a workflow that compensates its own \
            steps: write the step that undoes this one, such as `#[compensate(refund(&payment))]`"
)]
pub trait UndoesItself {}

#[diagnostic::do_not_recommend]
impl UndoesItself for OwnUndo {}
#[diagnostic::do_not_recommend]
impl UndoesItself for UnknownUndo {}

impl<S: Step> Called<S>
where
    S::Undo: NeedsCompensate,
{
    /// Always rejected.
    pub fn itself(self) -> S
    where
        S::Undo: NotOwnUndo + NotUnknownUndo,
    {
        self.0
    }
}

impl<S: Step<Undo = step::NoUndo>> Called<S> {
    /// Always rejected.
    pub fn child(self) -> S
    where
        S::Undo: UndoesItself,
    {
        self.0
    }
}

/// See [`Called`].
pub trait Calls {
    /// What is called.
    type Call;

    /// The step.
    fn itself(self) -> Self::Call
    where
        Self::Call: Step;

    /// The step, which is a workflow that undoes its own steps.
    fn child(self) -> Self::Call
    where
        Self::Call: Step;
}

impl<S> Calls for Called<S> {
    type Call = S;

    #[inline]
    fn itself(self) -> S
    where
        S: Step,
    {
        const { assert!(!S::Undo::PERHAPS, "{}", UNKNOWN_CHILD) }
        self.0
    }

    #[inline]
    fn child(self) -> S
    where
        S: Step,
    {
        const { assert!(S::Undo::PERHAPS, "{}", NO_CHILD) }
        self.0
    }
}

/// What `#[timeout(…)]` above a call with the name `signal` bounds: a signal.
#[diagnostic::on_unimplemented(
    message = "`timeout` above a call of `signal` says how long a signal is waited for",
    label = "not a signal",
    note = "the step has the name of `workflow_runtime::signal`: call it by another one"
)]
pub trait Bounded<W> {
    /// The signal.
    type Itself;

    /// The signal, which is waited for no longer than this many milliseconds.
    fn at_most(self, millis: u64) -> Self::Itself;

    /// The signal, which is waited for no longer than this.
    fn within(self, limit: Duration) -> Self::Itself;
}

#[diagnostic::do_not_recommend]
impl<S: Nothing> Bounded<Never> for S {
    type Itself = S;

    fn at_most(self, _: u64) -> S {
        self
    }

    fn within(self, _: Duration) -> S {
        self
    }
}

/// The call of a step that may not be allowed where it is. The methods for such steps are
/// inherent, so that they take precedence over those of [`AnyStep`]; each requires something of
/// its argument that the argument does not have.
#[derive(Debug)]
pub struct Probe<S>(pub S);

/// See [`Probe`].
pub trait AnyStep: Sized {
    /// The step.
    type Step;

    /// The step.
    fn step(self) -> Self::Step;

    /// It is in a workflow that is not durable.
    #[inline]
    fn outside_of_durable(self, _: NotDurable) -> Self::Step {
        self.step()
    }

    /// Its argument is a text that is not a duration.
    #[inline]
    fn lasts(self, _: NoDuration) -> Self::Step {
        self.step()
    }

    /// Nothing waits for it.
    #[inline]
    fn passes(self, _: NothingWaits) -> Self::Step {
        self.step()
    }
}

impl<S> AnyStep for Probe<S> {
    type Step = S;

    #[inline]
    fn step(self) -> S {
        self.0
    }
}

/// A plain value that nothing but `#[after(…)]` names. As with [`Called`], its type decides which
/// method is found.
#[derive(Debug)]
pub struct OnlyOrdered<T>(pub T);

/// Implemented for nothing.
#[diagnostic::on_unimplemented(
    message = "this step is never run",
    label = "not awaited",
    note = "write `.await` behind it: a call alone runs nothing that `#[after(…)]` could wait for"
)]
pub trait IsAwaited {}

impl<S: Step> OnlyOrdered<&S> {
    /// Always rejected.
    pub fn end(self)
    where
        S: IsAwaited,
    {
    }
}

/// See [`OnlyOrdered`].
pub trait IsValue: Sized {
    /// It is no step.
    #[inline]
    fn end(self) {}
}

impl<T> IsValue for OnlyOrdered<T> {}

/// A workflow without `#[durable]`.
#[derive(Debug)]
pub struct NotDurable;

/// A text that is not a duration.
#[derive(Debug)]
pub struct NoDuration;

/// The dependents of a step that has none.
#[derive(Debug)]
pub struct NothingWaits;

/// Implemented for nothing.
#[diagnostic::on_unimplemented(
    message = "a signal can only come to a durable workflow",
    label = "this workflow is not durable",
    note = "write `#[durable]` above the workflow, and call it through `Journal::run`"
)]
pub trait IsDurable {}

/// Implemented for nothing.
#[diagnostic::on_unimplemented(
    message = "this is not a duration",
    label = "not a duration",
    note = "write a whole number and `ms`, `s`, `m`, `h` or `d`: `sleep(\"10s\")`"
)]
pub trait IsDuration {}

/// Implemented for nothing.
#[diagnostic::on_unimplemented(
    message = "nothing waits for this pause",
    label = "nothing starts after it",
    note = "write `let pause = sleep(…).await;`, and `#[after(pause)]` on what comes next"
)]
pub trait AreSome {}

#[cfg(feature = "durable")]
impl<T> Probe<crate::Signal<T>> {
    /// A signal that nothing could ever send.
    pub fn outside_of_durable<W: IsDurable>(self, _: W) -> crate::Signal<T> {
        self.0
    }
}

#[cfg(feature = "durable")]
impl Probe<crate::Sleep> {
    /// A pause whose length cannot be read.
    pub fn lasts<L: IsDuration>(self, _: L) -> crate::Sleep {
        self.0
    }

    /// A pause that nothing waits for.
    pub fn passes<D: AreSome>(self, _: D) -> crate::Sleep {
        self.0
    }
}

/// If a step reads as if it came before what is below it, and does not, `workflow!` names this
/// function, because there is no other way to make the compiler warn.
#[deprecated(
    note = "what stands below does not wait for this: write `#[after(…)]` with its name on what \
            has to; or, if nothing has to, this line below all that it runs beside, or `let _ = ` \
            in front of it"
)]
#[inline]
pub const fn runs_beside_what_stands_below() {}

/// Everything that can be iterated over.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an iterator",
    label = "not an iterator",
    note = "a `for` runs its declarations for each item of a `Vec`, a slice, an `Option` or \
            anything else that implements `IntoIterator`"
)]
pub trait Items<W> {
    /// The items.
    type Itself;

    /// The items.
    fn itself(self) -> Self::Itself;
}

#[diagnostic::do_not_recommend]
impl<I: IntoIterator> Items<Always> for I {
    type Itself = I;

    #[inline]
    fn itself(self) -> I {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<I: Nothing> Items<Never> for I {
    type Itself = I;

    fn itself(self) -> I {
        self
    }
}

/// What an `if` without `else` evaluates to.
#[diagnostic::on_unimplemented(
    message = "this `if` needs an `else`",
    label = "without one it comes to `()`, not to a `{Self}`"
)]
pub trait Unit {
    /// The value.
    fn unit() -> Self;
}

#[diagnostic::do_not_recommend]
impl Unit for () {
    #[inline]
    fn unit() {}
}

/// What a function returns. With it, `!` can be named, which is not a type elsewhere.
pub trait Returns {
    /// What it returns.
    type Output;
}

impl<T> Returns for fn() -> T {
    type Output = T;
}

/// The future, whose output is known to be `!`.
pub fn never_returns<F>(future: F) -> F
where
    F: Future<Output = <fn() -> ! as Returns>::Output>,
{
    future
}
