//! What has happened in a scope.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Scope;
use crate::run::running::Running;
use crate::run::trace::Span;

/// What has happened in a scope.
pub(super) struct Progress {
    pub(super) finished: bool,
    /// The span of the workflow, until it is over; items have none of their own.
    pub(super) span: Span,
    pub(super) nodes: Nodes,
    /// A step that needs nothing and was not known when the forward part ended.
    pub(super) unheard_of: Option<&'static str>,
}

/// The state of each node. Most items have one node, and need no list.
pub(super) enum Nodes {
    One(State),
    Many(Box<[State]>),
}

#[derive(Clone, Default)]
pub(super) enum State {
    #[default]
    Waiting,
    Running {
        step: Arc<Running>,
        /// Its scope, where the step is a workflow.
        workflow: Option<Arc<Scope>>,
    },
    /// Completed, failed or skipped; for a fan-out: its items have scopes of their own.
    Over,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is kept stays correct if an observer's thread panics in the meantime.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Progress {
    pub(super) fn of(nodes: usize, span: Span) -> Mutex<Self> {
        let nodes = match nodes {
            1 => Nodes::One(State::Waiting),
            _ => Nodes::Many(vec![State::Waiting; nodes].into()),
        };
        Mutex::new(Self { finished: false, span, nodes, unheard_of: None })
    }

    /// Returns the span of the scope, if `all` of it is over.
    pub(super) fn close(&mut self, all: bool) -> Span {
        if !all {
            return Span::none();
        }
        self.finished = true;
        std::mem::take(&mut self.span)
    }
}

impl Deref for Nodes {
    type Target = [State];

    fn deref(&self) -> &[State] {
        match self {
            Self::One(state) => std::slice::from_ref(state),
            Self::Many(states) => states,
        }
    }
}

impl DerefMut for Nodes {
    fn deref_mut(&mut self) -> &mut [State] {
        match self {
            Self::One(state) => std::slice::from_mut(state),
            Self::Many(states) => states,
        }
    }
}
