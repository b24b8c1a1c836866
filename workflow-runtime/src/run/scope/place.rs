//! Where in a run a step is polled.

use std::sync::{Arc, Mutex};

use super::Scope;
use super::progress::{State, lock};
use crate::graph::Graph;
use crate::run::shared::Shared;

/// Where a step is polled: at the root of a run, or as a node of a scope.
#[derive(Clone, Copy)]
pub struct Place<'a>(pub(super) At<'a>);

#[derive(Clone, Copy)]
pub(super) enum At<'a> {
    Root(&'a Root),
    Node(&'a Scope, usize),
}

/// The place of what a run executes, or of the compensation of one of its steps.
pub(crate) struct Root {
    run: Arc<Shared>,
    path: Arc<str>,
    workflow: Mutex<Option<Arc<Scope>>>,
}

impl Root {
    pub(crate) fn new(run: Arc<Shared>) -> Self {
        Self::at(run, Arc::from(""))
    }

    /// The place of the compensation of the step with this path.
    pub(crate) fn at(run: Arc<Shared>, path: Arc<str>) -> Self {
        Self { run, path, workflow: Mutex::new(None) }
    }

    pub(crate) fn run(&self) -> &Arc<Shared> {
        &self.run
    }

    pub(crate) fn place(&self) -> Place<'_> {
        Place(At::Root(self))
    }
}

impl Place<'_> {
    /// The scope of the workflow with this graph that runs here; it starts with the first
    /// call of this. It is kept at the workflow's place and not in the workflow, so that a
    /// workflow that runs on its own needs no space for it.
    pub(crate) fn workflow(self, graph: &'static Graph) -> Arc<Scope> {
        let known = match self.0 {
            At::Root(root) => lock(&root.workflow).clone(),
            At::Node(scope, node) => match &scope.progress().nodes[node - scope.first] {
                State::Running { workflow, .. } => workflow.clone(),
                State::Waiting | State::Over => None,
            },
        };
        known.unwrap_or_else(|| self.start_workflow(graph))
    }

    /// The step here is tried again; if it is a workflow, as another call of it.
    pub(crate) fn begins_again(self) {
        let At::Node(scope, node) = self.0 else { return };
        let over = match &mut scope.progress().nodes[node - scope.first] {
            State::Running { workflow, .. } => workflow.take(),
            State::Waiting | State::Over => None,
        };
        // It reports how it ends, which must not happen under the lock.
        drop(over);
    }

    fn start_workflow(self, graph: &'static Graph) -> Arc<Scope> {
        match self.0 {
            At::Root(root) => {
                let path = Arc::clone(&root.path);
                let scope = Scope::workflow(&root.run, path, graph, None, None);
                *lock(&root.workflow) = Some(Arc::clone(&scope));
                scope
            }
            At::Node(parent, node) => {
                let caller = parent.step(node);
                let caller = caller.as_ref().map(|step| step.span());
                let path = parent.path(node);
                let scope = Scope::workflow(&parent.run, path, graph, caller, Some(parent));
                let mut progress = parent.progress();
                if let State::Running { workflow, .. } = &mut progress.nodes[node - parent.first] {
                    *workflow = Some(Arc::clone(&scope));
                }
                scope
            }
        }
    }
}
