//! What a run has to know about a step.

use crate::graph::Graph;

/// What a run has to know about a step. A step that wraps another one passes it on.
#[derive(Debug, Clone, Copy)]
pub struct Info {
    /// The function's name.
    pub name: &'static str,
    /// The graph, if it is a workflow.
    pub graph: Option<&'static Graph>,
    /// Whether its own code applies the delay that a run adds to its attempts.
    pub delays_itself: bool,
    /// Whether it is a workflow that undoes its own steps.
    pub undoes: bool,
    /// What bounds its attempts.
    #[cfg(feature = "durable")]
    pub bounds: Bounds,
    /// The types in its record.
    #[cfg(feature = "durable")]
    pub recorded: RecordedTypes,
}

impl Info {
    /// A step that runs its body once.
    #[must_use]
    pub const fn step(name: &'static str) -> Self {
        Self {
            name,
            graph: None,
            delays_itself: false,
            undoes: false,
            #[cfg(feature = "durable")]
            bounds: Bounds { max_attempts: 1, deadline: false },
            #[cfg(feature = "durable")]
            recorded: RecordedTypes { output: "", function: "" },
        }
    }

    /// A workflow.
    #[must_use]
    pub const fn workflow(graph: &'static Graph) -> Self {
        Self { graph: Some(graph), ..Self::step(graph.name()) }
    }
}

/// What bounds the attempts of a step, which a durable run counts across crashes.
#[derive(Debug, Clone, Copy)]
#[cfg(feature = "durable")]
pub struct Bounds {
    /// The maximum number of attempts.
    pub max_attempts: u32,
    /// Whether there is a time limit for all of them together.
    pub deadline: bool,
}

/// The names of the types in a step's record; both are empty if nothing is recorded.
#[derive(Debug, Clone, Copy, Default)]
#[cfg(feature = "durable")]
pub struct RecordedTypes {
    /// The type of what is recorded of its output.
    pub output: &'static str,
    /// The type of its future, which names its function.
    pub function: &'static str,
}

/// What a run reports about an error.
#[derive(Debug)]
pub struct Failure {
    /// The error as text.
    pub error: String,
    /// Whether another attempt might succeed.
    pub retryable: bool,
}
