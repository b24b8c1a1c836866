//! What the type of a step says of it.

/// Whether a call undoes its own steps: the type that `#[step]` and `workflow!` write into the
/// signature, so that a caller of which the macro knows nothing does not miss it.
pub trait UndoKind {
    /// It does.
    const CERTAINLY: bool;
    /// It may.
    const PERHAPS: bool;
}

/// It does not.
pub struct NoUndo;

/// It does.
pub struct OwnUndo;

/// It is behind a pointer, which only tells when it is asked.
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

/// What the attributes above a call have to know of a step.
pub trait StepKind {
    /// It may run its body more than once, by an option of its own.
    const REPEATS: bool = false;
    /// It is, or may be, a workflow.
    const WORKFLOW: bool = false;
    /// It waits for somebody outside.
    const SIGNAL: bool = false;
}

/// A step that runs its body once.
pub struct PlainStep;

/// A workflow.
pub struct WholeWorkflow;

/// It waits for somebody outside.
#[cfg(feature = "durable")]
pub struct SignalStep;

/// It is behind a pointer.
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
