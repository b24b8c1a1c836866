//! What the type of a step says about it.

/// Whether a call undoes its own steps: the type that `#[step]` and `workflow!` write into the
/// signature, so that it is not missed by a caller that the macro knows nothing about.
pub trait UndoKind {
    /// It certainly does.
    const CERTAINLY: bool;
    /// It may.
    const PERHAPS: bool;
}

/// The call does not undo its own steps.
pub struct NoUndo;

/// The call undoes its own steps.
pub struct OwnUndo;

/// The call is behind a pointer: only asking it at run time tells.
pub struct UnknownUndo;

impl UndoKind for NoUndo {
    const CERTAINLY: bool = false;
    const PERHAPS: bool = false;
}

impl UndoKind for OwnUndo {
    const CERTAINLY: bool = true;
    const PERHAPS: bool = true;
}

impl UndoKind for UnknownUndo {
    const CERTAINLY: bool = false;
    const PERHAPS: bool = true;
}

/// What the attributes above a call have to know about a step.
pub trait StepKind {
    /// It may run its body more than once, because of an option of its own.
    const REPEATS: bool = false;
    /// It is, or may be, a workflow.
    const WORKFLOW: bool = false;
    /// It waits for a signal from outside.
    const SIGNAL: bool = false;
}

/// A step that runs its body once.
pub struct PlainStep;

/// A workflow.
pub struct WholeWorkflow;

/// A step that waits for a signal from outside.
#[cfg(feature = "durable")]
pub struct SignalStep;

/// A step behind a pointer.
pub struct UnknownStep;

impl StepKind for PlainStep {}

impl StepKind for WholeWorkflow {
    const WORKFLOW: bool = true;
}

#[cfg(feature = "durable")]
impl StepKind for SignalStep {
    const SIGNAL: bool = true;
}

impl StepKind for UnknownStep {
    const REPEATS: bool = true;
    const WORKFLOW: bool = true;
}
