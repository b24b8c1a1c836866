//! Where in a run a step is polled.

use std::sync::{Arc, OnceLock};

use super::Scope;
use super::progress::State;
use crate::graph::Graph;
use crate::run::current::scope_around_step;
use crate::run::shared::Shared;

/// Where a step is polled: at the root of a run, or as a node of a scope.
#[derive(Clone, Copy)]
pub struct Place<'a>(pub(super) At<'a>);

#[derive(Clone, Copy)]
pub(super) enum At<'a> {
    Root(&'a Root),
    /// A node of the scope that the thread is polling. The scope is not here, because hardly any
    /// step asks for it.
    Node(usize),
}

/// The place of what a run executes, or of the compensation of one of its steps.
pub(crate) struct Root {
    run: Arc<Shared>,
    path: Arc<str>,
    workflow: OnceLock<Arc<Scope>>,
}

impl Root {
    pub(crate) fn new(run: Arc<Shared>) -> Self {
        Self::at(run, Arc::from(""))
    }

    /// The place of the compensation of the step with this path.
    pub(crate) fn at(run: Arc<Shared>, path: Arc<str>) -> Self {
        Self { run, path, workflow: OnceLock::new() }
    }

    pub(crate) fn run(&self) -> &Arc<Shared> {
        &self.run
    }

    pub(crate) fn place(&self) -> Place<'_> {
        Place(At::Root(self))
    }
}

impl Place<'_> {
    /// The place of this node of the scope that the thread is polling, whose code runs.
    pub(crate) fn node(node: usize) -> Self {
        Self(At::Node(node))
    }

    /// The scope and the node of a step.
    pub(super) fn step(self) -> Option<(Arc<Scope>, usize)> {
        match self.0 {
            At::Root(_) => None,
            At::Node(node) => Some((scope_around_step()?, node)),
        }
    }

    /// The scope of the workflow with this graph that runs here; it starts with the first
    /// call of this. It is kept at the workflow's place and not in the workflow, so that a
    /// workflow that runs on its own needs no space for it.
    pub(crate) fn workflow(self, graph: &'static Graph) -> Arc<Scope> {
        match self.0 {
            At::Root(root) => {
                let start =
                    || Scope::workflow(&root.run, Arc::clone(&root.path), graph, None, None);
                Arc::clone(root.workflow.get_or_init(start))
            }
            At::Node(node) => {
                let parent = scope_around_step().expect("a step is polled in its scope");
                parent.workflow_at(node, graph)
            }
        }
    }

    /// The step here is tried again; if it is a workflow, as another call of it.
    pub(crate) fn begins_again(self) {
        let Some((scope, node)) = self.step() else { return };
        let over = scope.nodes[node - scope.first].known().workflow.take();
        // It reports how it ends, which must not happen under the lock.
        drop(over);
    }
}

impl Scope {
    /// The scope of the workflow that the step `node` calls; it starts if it has not started yet.
    fn workflow_at(&self, node: usize, graph: &'static Graph) -> Arc<Self> {
        let state = &self.nodes[node - self.first];
        let (path, caller) = {
            let known = state.known();
            if let Some(workflow) = &known.workflow {
                return Arc::clone(workflow);
            }
            (known.path.clone(), known.step.clone())
        };
        let path = path.unwrap_or_else(|| self.path(node));
        let caller = caller.as_ref().map(|step| step.span());
        let scope = Self::workflow(&self.run, path, graph, caller, Some(self));
        if state.state().is_running() {
            state.set(State::Known);
            state.known().workflow = Some(Arc::clone(&scope));
        }
        scope
    }
}
