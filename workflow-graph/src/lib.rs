//! The graph of a workflow, known at compile time.
//!
//! `workflow!` generates a `GRAPH` constant beside every function. It costs nothing until it is
//! used.
//!
//! This crate is a part of `workflow-runtime`, which re-exports what is public here; depend on that
//! crate instead. The macros use it, too, to draw at compile time.

// docs.rs shows for each item which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[doc(hidden)]
pub mod constant;
#[cfg(feature = "serde")]
mod data;
mod dot;
mod in_order;
mod layout;
#[doc(hidden)]
pub mod limits;
mod mermaid;
#[doc(hidden)]
pub mod near;
mod nested;
#[doc(hidden)]
pub mod owned;
#[doc(hidden)]
pub mod path;
mod scopes;
#[cfg(feature = "read")]
#[doc(hidden)]
pub mod signals;
mod svg;
mod text;
#[doc(hidden)]
pub mod visible;
mod was;

#[doc(hidden)]
pub use was::Was;

#[cfg(feature = "read")]
use serde::Deserialize;

/// The graph of one workflow: its inputs, its nodes and what each of them needs.
///
/// ```
/// # use workflow_runtime::{step, workflow};
/// #[step]
/// async fn double(number: u32) -> u32 { number * 2 }
///
/// workflow! {
///     async fn quadruple(number: u32) -> u32 {
///         let twice = double(number).await;
///         let result = double(twice).await;
///         result
///     }
/// }
///
/// let graph = quadruple::GRAPH;
/// assert_eq!(graph.name(), "quadruple");
/// assert_eq!(graph.node("result").unwrap().function(), Some("double"));
/// println!("{graph}");
/// ```
///
/// # Pictures
///
/// [`to_mermaid`](Self::to_mermaid) and [`to_dot`](Self::to_dot) return text for Mermaid and for
/// Graphviz; `Display` draws for a terminal:
///
/// ```text
/// verify_order(order)
/// ├─ valid    validate_order   ← order
/// ├─ payment  check_payment    ← valid
/// ├─ address  verify_address   ← valid
/// ├─ stock    check_inventory  ← valid
/// └─ receipt  finalize_order   ← payment, address, stock
/// ```
///
/// There a node is below everything that it needs: `←` is followed by the nodes whose values it
/// takes, `after` by those that it only waits for. The contents of a branch, a fan-out or a block
/// are indented. The picture ends without a line break.
///
/// No picture has an edge between a scope and its contents, such as from a `for` to the step that
/// takes its item: the nesting shows it.
///
/// Characters that a reader would not see, or that change how the text around them is seen, such as
/// escape sequences and marks of the writing direction in the pattern of a `match`, are escaped:
/// `\u{202e}`.
///
/// A graph of more than 2,000 nodes, inputs or arms, 20,000 dependencies or 100 levels of nesting
/// is not drawn: each picture then says so, and what there are too many of. The SVG does the same
/// if the graph's arrows would pass too many rows.
///
/// # As data
///
/// With `serde` a graph looks like this, here as JSON. Numbers are positions in `inputs`, `nodes`
/// and `arms`, counted from 0.
///
/// ```json
/// {
///   "name": "process_order",
///   "inputs": ["order"],
///   "nodes": [
///     {"path": "risk", "kind": "step", "function": "assess_risk", "file": "src/main.rs", "line": 9, "parent": null},
///     {"path": "decision", "kind": "branch", "arms": ["Risk::High", "_"], "function": null, "file": "src/main.rs", "line": 10, "parent": null},
///     {"path": "decision.freeze", "kind": "step", "function": "freeze_account", "file": "src/main.rs", "line": 11, "parent": {"node": 1, "arm": 0}}
///   ],
///   "edges": [
///     {"from": {"input": 0}, "to": 0, "kind": "data"},
///     {"from": {"node": 0}, "to": 1, "kind": "data"},
///     {"from": {"input": 0}, "to": 2, "kind": "data"}
///   ]
/// }
/// ```
///
/// The kinds of nodes are `step`, `workflow`, `branch` (with `arms`), `fan-out` (with
/// `concurrency`, text or null), `value` and `block`; the kinds of edges are `data` and `order`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Graph {
    name: &'static str,
    inputs: &'static [&'static str],
    nodes: &'static [Node],
    edges: &'static [Edge],
    former_names: &'static [&'static str],
    signals: Option<&'static [&'static str]>,
}

/// One declaration of a workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    path: &'static str,
    kind: NodeKind,
    function: Option<&'static str>,
    file: &'static str,
    line: u32,
    parent: Option<Parent>,
    was: Was,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NodeKind {
    /// A call of a step.
    Step,
    /// A call of a workflow that the same `workflow!` declares.
    Workflow,
    /// An `if` or `match`; one of its arms runs.
    Branch {
        /// How each arm is chosen, as written: `risk.is_high()`, `else`, `Risk::Low`.
        arms: &'static [&'static str],
    },
    /// A `for`: its body runs once for each item, concurrently.
    FanOut {
        /// At most this many items run at once; `None` if `#[concurrency]` is not given.
        concurrency: Option<&'static str>,
    },
    /// An ordinary expression.
    Value,
    /// A block that contains declarations.
    Block,
}

/// The branch, fan-out or block that contains a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "read", derive(Deserialize))]
#[non_exhaustive]
pub struct Parent {
    /// Its position in [`Graph::nodes`].
    pub node: usize,
    /// The arm, if it is a branch: a position in its `arms`; otherwise 0.
    pub arm: usize,
}

impl Parent {
    /// Called by code that `workflow!` generates.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(node: usize, arm: usize) -> Self {
        Self { node, arm }
    }
}

/// One dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(Deserialize))]
#[non_exhaustive]
pub struct Edge {
    /// What is needed.
    pub from: Source,
    /// The node that needs it: a position in [`Graph::nodes`].
    pub to: usize,
    /// What is needed from it.
    pub kind: EdgeKind,
    /// Only the result of a body in the node needs it.
    #[cfg_attr(feature = "read", serde(skip))]
    in_result: bool,
}

impl Edge {
    /// Called by code that `workflow!` generates.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(from: Source, to: usize, kind: EdgeKind) -> Self {
        Self { from, to, kind, in_result: false }
    }

    /// The same, if only the result of a body in the node needs it: the declarations in the body do
    /// not depend on it.
    #[doc(hidden)]
    #[must_use]
    pub const fn in_result(self) -> Self {
        Self { in_result: true, ..self }
    }

    /// Whether only the result of a body in the node needs it.
    #[doc(hidden)]
    #[must_use]
    pub const fn is_in_result(&self) -> bool {
        self.in_result
    }
}

/// Where a dependency comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(Deserialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Source {
    /// An input of the workflow: a position in [`Graph::inputs`].
    Input(usize),
    /// Another node: a position in [`Graph::nodes`].
    Node(usize),
}

/// What a node needs from what it depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(Deserialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum EdgeKind {
    /// Its value.
    Data,
    /// Only that it is done (`#[after]`).
    Order,
}

impl Graph {
    /// Called by code that `workflow!` generates.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        name: &'static str,
        inputs: &'static [&'static str],
        nodes: &'static [Node],
        edges: &'static [Edge],
    ) -> Self {
        Self { name, inputs, nodes, edges, former_names: &[], signals: None }
    }

    /// The same, with what the `#[was]` above the workflow says.
    #[doc(hidden)]
    #[must_use]
    pub const fn was(self, former_names: &'static [&'static str]) -> Self {
        Self { former_names, ..self }
    }

    /// The workflow's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The names that the workflow had before, by `#[was(buy)]`, or its paths, by
    /// `#[was(crate::shop::buy)]`, each as written. They are for runs that were started under them.
    ///
    /// They are neither in the graph as data nor in its pictures.
    #[must_use]
    pub const fn former_names(&self) -> &'static [&'static str] {
        self.former_names
    }

    /// The same, for a durable workflow that waits for these signals.
    #[doc(hidden)]
    #[must_use]
    pub const fn waits_for(self, signals: &'static [&'static str]) -> Self {
        Self { signals: Some(signals), ..self }
    }

    /// The names of the signals that a durable workflow waits for, including those in workflows of
    /// the same `workflow!` that it calls. `None` for a workflow that is not durable, and if a name
    /// is computed.
    ///
    /// They are neither in the graph as data nor in its pictures.
    #[must_use]
    pub const fn signals(&self) -> Option<&'static [&'static str]> {
        self.signals
    }

    /// The names of the workflow's inputs, in order.
    #[must_use]
    pub const fn inputs(&self) -> &'static [&'static str] {
        self.inputs
    }

    /// The nodes in the order of the source; a nested node follows its parent.
    #[must_use]
    pub const fn nodes(&self) -> &'static [Node] {
        self.nodes
    }

    /// The dependencies, ordered by the node that has them.
    #[must_use]
    pub const fn edges(&self) -> &'static [Edge] {
        self.edges
    }

    /// The first node with this path.
    #[must_use]
    pub fn node(&self, path: &str) -> Option<&'static Node> {
        self.nodes.iter().find(|node| node.path == path)
    }
}

impl Node {
    /// Called by code that `workflow!` generates.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        path: &'static str,
        kind: NodeKind,
        function: Option<&'static str>,
        file: &'static str,
        line: u32,
        parent: Option<Parent>,
    ) -> Self {
        Self { path, kind, function, file, line, parent, was: Was::NOTHING }
    }

    /// The same, with what its `#[was]` says.
    #[doc(hidden)]
    #[must_use]
    pub const fn was(self, was: Was) -> Self {
        Self { was, ..self }
    }

    /// The names that its declaration had before, by `#[was(payment)]`. They are for runs that were
    /// recorded under them. They replace only its own part of the path; the nodes that contain it
    /// have their own former names.
    ///
    /// They are neither in the graph as data nor in its pictures.
    #[must_use]
    pub const fn former_names(&self) -> &'static [&'static str] {
        self.was.names
    }

    /// The functions that it called before, by `#[was(function = charge)]`, each as
    /// [`Node::function`] would have returned it.
    #[must_use]
    pub const fn former_functions(&self) -> &'static [&'static str] {
        self.was.functions
    }

    /// The types that its output had before, by `#[was(output = "Payment")]`, each as written
    /// there.
    #[must_use]
    pub const fn former_outputs(&self) -> &'static [&'static str] {
        self.was.outputs
    }

    /// The path: the names of the nodes that contain it, then its own, joined by dots
    /// (`decision.freeze_account`). Two arms of one branch may each hold a node with the same path.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// The last part of the path.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> NodeKind {
        self.kind
    }

    /// Whether it is a call, of a step or of a workflow.
    #[must_use]
    pub const fn is_step(&self) -> bool {
        matches!(self.kind, NodeKind::Step | NodeKind::Workflow)
    }

    /// The called function as written (`shop::charge`), for steps and workflows.
    #[must_use]
    pub const fn function(&self) -> Option<&'static str> {
        self.function
    }

    /// The source file of the declaration, as returned by `file!()`.
    #[must_use]
    pub const fn file(&self) -> &'static str {
        self.file
    }

    /// The line of the declaration, counted from 1.
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.line
    }

    /// What contains it; `None` for a declaration in the workflow's own body.
    #[must_use]
    pub const fn parent(&self) -> Option<Parent> {
        self.parent
    }
}
