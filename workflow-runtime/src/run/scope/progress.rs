//! What has happened in a scope.

use std::ops::Deref;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Scope;
use crate::run::running::Running;

/// The nodes of a scope. Most items have one node, and need no list.
pub(super) enum Nodes {
    One(Node),
    Many(Box<[Node]>),
}

/// What has happened at a node. Its state is no more than a number, because a thread asks for it at
/// every poll of every step; only the thread that polls the scope changes it.
#[derive(Default)]
pub(super) struct Node {
    state: AtomicU8,
    /// When the step started, in the run's nanoseconds; 0 if that does not matter.
    since: AtomicU64,
    known: Mutex<Known>,
}

/// What is known about a step that has started, apart from when that was.
#[derive(Default)]
pub(super) struct Known {
    /// Its path, if it has been built for this step.
    pub(super) path: Option<Arc<str>>,
    /// What has become known about it, if anything has.
    pub(super) step: Option<Arc<Running>>,
    /// Its scope, where the step is a workflow.
    pub(super) workflow: Option<Arc<Scope>>,
}

/// The state of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Waiting,
    /// It is running, and there is no [`Known::step`] or [`Known::workflow`].
    Running,
    /// It is running, and there is.
    Known,
    /// Completed, failed or skipped; for a fan-out: its items have scopes of their own.
    Over,
}

impl State {
    pub(super) fn is_running(self) -> bool {
        matches!(self, Self::Running | Self::Known)
    }

    fn of(number: u8) -> Self {
        match number {
            0 => Self::Waiting,
            1 => Self::Running,
            2 => Self::Known,
            _ => Self::Over,
        }
    }
}

impl Node {
    #[inline]
    pub(super) fn state(&self) -> State {
        State::of(self.state.load(Ordering::Relaxed))
    }

    /// Changes the state. Returns the one before.
    #[inline]
    pub(super) fn set(&self, state: State) -> State {
        let before = self.state();
        self.state.store(state as u8, Ordering::Relaxed);
        before
    }

    pub(super) fn since(&self) -> u64 {
        self.since.load(Ordering::Relaxed)
    }

    pub(super) fn started_at(&self, since: u64) {
        self.since.store(since, Ordering::Relaxed);
    }

    pub(super) fn known(&self) -> MutexGuard<'_, Known> {
        lock(&self.known)
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is kept stays correct if an observer's thread panics in the meantime.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Nodes {
    pub(super) fn new(nodes: usize) -> Self {
        match nodes {
            1 => Self::One(Node::default()),
            _ => Self::Many((0..nodes).map(|_| Node::default()).collect()),
        }
    }
}

impl Deref for Nodes {
    type Target = [Node];

    #[inline]
    fn deref(&self) -> &[Node] {
        match self {
            Self::One(node) => std::slice::from_ref(node),
            Self::Many(nodes) => nodes,
        }
    }
}
