//! Where in a run a piece of a workflow stands, and what of it has happened.
//!
//! A [`Scope`] is one call of a workflow, or one item of a fan-out. While the body of one
//! is polled, it is the thread's current scope, and the steps that the body polls report
//! to it. A thread-local and not a reference in every step: with no run attached, a step
//! then costs one load and one comparison a poll, and takes no space.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::SystemTime;

use tokio::time::Instant;

use crate::graph::{Graph, Node, NodeKind};
use crate::run::{Event, EventKind, Observer};
use crate::step::Step;

/// What all parts of one run share.
pub(crate) struct Shared {
    observers: Vec<Arc<dyn Observer>>,
}

impl Shared {
    pub(crate) fn new(observers: Vec<Arc<dyn Observer>>) -> Arc<Self> {
        RUNS.fetch_add(1, Ordering::Relaxed);
        Arc::new(Self { observers })
    }

    fn emit(&self, workflow: &'static str, path: &Arc<str>, kind: EventKind) {
        let event = Event {
            workflow,
            path: Arc::clone(path),
            kind,
            at: Instant::now(),
            wall: SystemTime::now(),
        };
        for observer in &self.observers {
            // What an observer does is its own affair: the run goes on.
            let _ = catch_unwind(AssertUnwindSafe(|| observer.on_event(&event)));
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        RUNS.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A step that runs without a workflow around it; its path is its function's name.
pub(crate) struct SingleStep {
    run: Arc<Shared>,
    name: &'static str,
    path: Arc<str>,
    since: Instant,
    done: bool,
}

impl SingleStep {
    pub(crate) fn start(run: &Arc<Shared>, name: &'static str) -> Self {
        let path = Arc::from(name);
        run.emit(name, &path, EventKind::Started);
        Self { run: Arc::clone(run), name, path, since: Instant::now(), done: false }
    }

    pub(crate) fn finish(&mut self, failure: Option<String>) {
        self.done = true;
        self.run.emit(self.name, &self.path, ended(self.since, failure));
    }
}

impl Drop for SingleStep {
    fn drop(&mut self) {
        if !self.done {
            self.run.emit(self.name, &self.path, EventKind::Cancelled);
        }
    }
}

/// How a step ended.
fn ended(since: Instant, failure: Option<String>) -> EventKind {
    let duration = since.elapsed();
    match failure {
        Some(error) => EventKind::Failed { duration, attempts: 1, error },
        None => EventKind::Completed { duration, attempts: 1 },
    }
}

/// Where a step is polled: at the root of a run, or as a node of a scope.
#[derive(Clone, Copy)]
pub struct Place<'a>(At<'a>);

#[derive(Clone, Copy)]
enum At<'a> {
    Root(&'a Arc<Shared>),
    Node(&'a Inner, usize),
}

impl<'a> Place<'a> {
    pub(crate) fn root(run: &'a Arc<Shared>) -> Self {
        Self(At::Root(run))
    }
}

/// One call of a workflow, or one item of a fan-out, in a run; or nothing, where no run
/// is attached.
#[derive(Clone, Default)]
pub(crate) struct Scope(Option<Arc<Inner>>);

thread_local! {
    /// Whether there is a current scope. On its own, since a flag needs no destructor and
    /// so is read at once.
    static ATTACHED: Cell<bool> = const { Cell::new(false) };
    static CURRENT: RefCell<Option<Arc<Inner>>> = const { RefCell::new(None) };
}

/// How many runs there are in the process. While there are none, no thread-local has to be
/// looked at, which would make a chain of small steps a tenth dearer.
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// Whether there is any run. Whoever polls one has been handed it after it was counted.
#[inline]
fn may_be_attached() -> bool {
    RUNS.load(Ordering::Relaxed) != 0
}

/// The current scope.
#[cold]
fn current() -> Option<Arc<Inner>> {
    if ATTACHED.get() { CURRENT.with_borrow(Option::clone) } else { None }
}

/// Makes a scope the current one until it is dropped.
pub(crate) struct Entered {
    previous: Option<Arc<Inner>>,
}

impl Entered {
    fn new(scope: Option<Arc<Inner>>) -> Self {
        ATTACHED.set(scope.is_some());
        Self { previous: CURRENT.replace(scope) }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let previous = self.previous.take();
        ATTACHED.set(previous.is_some());
        drop(CURRENT.replace(previous));
    }
}

/// Polls the step `node` of the current scope.
#[expect(
    clippy::inline_always,
    reason = "a call would cost as much as all the scheduling of a step"
)]
#[inline(always)]
pub(crate) fn poll_step<S: Step>(
    node: usize,
    step: Pin<&mut S>,
    cx: &mut Context<'_>,
) -> Poll<S::Output> {
    if may_be_attached() { poll_attached(node, step, cx) } else { step.poll(cx) }
}

#[cold]
#[inline(never)]
fn poll_attached<S: Step>(node: usize, step: Pin<&mut S>, cx: &mut Context<'_>) -> Poll<S::Output> {
    match current() {
        Some(scope) if scope.may_run(node) => scope.poll_step(node, step, cx),
        _ => step.poll(cx),
    }
}

/// The branch `node` of the current scope has chosen `arm`: the steps of its other arms
/// are skipped.
#[inline]
pub fn chose(node: usize, arm: usize) {
    if may_be_attached()
        && let Some(scope) = current()
    {
        scope.skip_other_arms(node, arm);
    }
}

/// The fan-out `node` of the current scope starts. Its steps are reported by the scopes of
/// its items.
#[inline]
pub(crate) fn enter_fan_out(node: usize) -> Scope {
    let scope = if may_be_attached() { current() } else { None };
    if let Some(scope) = &scope {
        scope.progress().nodes[node - scope.first] = State::Over;
    }
    Scope(scope)
}

struct Inner {
    run: Arc<Shared>,
    graph: &'static Graph,
    /// What stands before the paths of this scope's steps.
    prefix: String,
    /// How much of a node's path in the graph the prefix stands for.
    strip: usize,
    /// The first node of this scope.
    first: usize,
    /// The path of the workflow's own events; `None` for an item.
    workflow: Option<Arc<str>>,
    since: Instant,
    progress: Mutex<Progress>,
}

struct Progress {
    finished: bool,
    nodes: Vec<State>,
}

#[derive(Clone)]
enum State {
    Waiting,
    Running {
        path: Arc<str>,
        since: Instant,
    },
    /// Completed, failed or skipped; for a fan-out: its items have scopes of their own.
    Over,
}

impl Scope {
    /// A call of the workflow with this graph.
    pub(crate) fn workflow(place: Place<'_>, graph: &'static Graph) -> Self {
        let (run, path) = match place.0 {
            At::Root(run) => (run, String::new()),
            At::Node(scope, node) => (&scope.run, scope.path(node)),
        };
        let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
        let path = Arc::from(path);
        run.emit(graph.name(), &path, EventKind::WorkflowStarted);
        Self(Some(Arc::new(Inner {
            run: Arc::clone(run),
            graph,
            prefix,
            strip: 0,
            first: 0,
            workflow: Some(path),
            since: Instant::now(),
            progress: Progress::of(graph.nodes().len()),
        })))
    }

    /// The scope of one item of the fan-out `node`.
    #[inline]
    pub(crate) fn item(&self, node: usize, index: usize) -> Self {
        Self(self.0.as_ref().map(|scope| {
            let first = node + 1;
            Arc::new(Inner {
                run: Arc::clone(&scope.run),
                graph: scope.graph,
                prefix: format!("{}[{index}].", scope.path(node)),
                strip: scope.graph.nodes()[node].path().len() + 1,
                first,
                workflow: None,
                since: Instant::now(),
                progress: Progress::of(end_of(scope.graph, node) - first),
            })
        }))
    }

    /// Makes this the current scope, if there is a run.
    #[inline]
    pub(crate) fn enter(&self) -> Option<Entered> {
        self.0.as_ref().map(|scope| Entered::new(Some(Arc::clone(scope))))
    }

    /// Whether it stands for anything yet.
    pub(crate) fn is_detached(&self) -> bool {
        self.0.is_none()
    }

    /// The workflow has returned: whatever still runs is cancelled, whatever did not
    /// start is skipped.
    #[inline]
    pub(crate) fn finish_workflow(&self, failure: impl FnOnce() -> Option<String>) {
        if let Some(scope) = &self.0 {
            scope.finish();
            if let Some(path) = &scope.workflow {
                let duration = scope.since.elapsed();
                let error = failure();
                let finished = EventKind::WorkflowFinished { duration, error };
                scope.run.emit(scope.graph.name(), path, finished);
            }
        }
    }

    /// An item's body has returned.
    #[inline]
    pub(crate) fn finish_item(&self) {
        if let Some(scope) = &self.0 {
            scope.finish();
        }
    }
}

/// The end of the nodes that stand in `node`: they follow it directly.
fn end_of(graph: &Graph, node: usize) -> usize {
    let stands_in = |other: &Node| other.parent().is_some_and(|parent| parent.node >= node);
    let nodes = &graph.nodes()[node + 1..];
    node + 1 + nodes.iter().take_while(|other| stands_in(other)).count()
}

fn is_step(node: &Node) -> bool {
    matches!(node.kind(), NodeKind::Step | NodeKind::Workflow)
}

impl Progress {
    fn of(nodes: usize) -> Mutex<Self> {
        Mutex::new(Self { finished: false, nodes: vec![State::Waiting; nodes] })
    }
}

impl Inner {
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, node: usize) -> String {
        format!("{}{}", self.prefix, &self.graph.nodes()[node].path()[self.strip..])
    }

    fn emit(&self, path: &Arc<str>, kind: EventKind) {
        self.run.emit(self.graph.name(), path, kind);
    }

    fn poll_step<S: Step>(
        &self,
        node: usize,
        mut step: Pin<&mut S>,
        cx: &mut Context<'_>,
    ) -> Poll<S::Output> {
        self.start(node);
        let output = {
            // What the step's own code polls is no part of the workflow.
            let _detached = Entered::new(None);
            std::task::ready!(step.as_mut().poll_in(cx, Place(At::Node(self, node))))
        };
        let state = std::mem::replace(&mut self.progress().nodes[node - self.first], State::Over);
        if let State::Running { path, since } = state {
            self.emit(&path, ended(since, step.failure(&output)));
        }
        Poll::Ready(output)
    }

    /// Whether `node` can be a step of this scope that is not over. It is not where the
    /// body's own code, between two steps, runs another workflow to its end.
    fn may_run(&self, node: usize) -> bool {
        let state = node.checked_sub(self.first).map(|at| self.progress().nodes.get(at).cloned());
        matches!(state.flatten(), Some(State::Waiting | State::Running { .. }))
    }

    fn start(&self, node: usize) {
        let mut progress = self.progress();
        let state = &mut progress.nodes[node - self.first];
        if matches!(state, State::Waiting) {
            let path: Arc<str> = self.path(node).into();
            *state = State::Running { path: Arc::clone(&path), since: Instant::now() };
            drop(progress);
            self.emit(&path, EventKind::Started);
        }
    }

    fn skip_other_arms(&self, branch: usize, chosen: usize) {
        let nodes = self.graph.nodes();
        let arm_of = |mut node: usize| {
            while let Some(parent) = nodes[node].parent() {
                if parent.node == branch {
                    return parent.arm;
                }
                node = parent.node;
            }
            unreachable!("the node stands in the branch")
        };
        let inside = branch + 1..end_of(self.graph, branch);
        // Arms may hold steps of the same path; one that runs is not skipped.
        let runs = |path: &str| {
            inside.clone().any(|node| arm_of(node) == chosen && nodes[node].path() == path)
        };
        let mut progress = self.progress();
        let mut skipped = Vec::new();
        for node in inside.clone().filter(|&node| arm_of(node) != chosen) {
            progress.nodes[node - self.first] = State::Over;
            if is_step(&nodes[node]) && !runs(nodes[node].path()) {
                skipped.push(node);
            }
        }
        drop(progress);
        self.report_skipped(&skipped);
    }

    fn report_skipped(&self, nodes: &[usize]) {
        for &node in nodes {
            self.emit(&self.path(node).into(), EventKind::Skipped);
        }
    }

    /// Reports what was cut off and what will not run any more.
    fn finish(&self) {
        let nodes = self.graph.nodes();
        let mut progress = self.progress();
        progress.finished = true;
        let mut cancelled = Vec::new();
        let mut skipped = Vec::new();
        let mut offset = 0;
        while offset < progress.nodes.len() {
            let node = self.first + offset;
            let fan_out = matches!(nodes[node].kind(), NodeKind::FanOut { .. });
            match std::mem::replace(&mut progress.nodes[offset], State::Over) {
                State::Running { path, .. } => cancelled.push(path),
                State::Waiting if is_step(&nodes[node]) => skipped.push(node),
                // What stands in it has been reported item by item.
                State::Over if fan_out => offset = end_of(self.graph, node) - self.first - 1,
                State::Waiting | State::Over => {}
            }
            offset += 1;
        }
        drop(progress);
        for path in cancelled {
            self.emit(&path, EventKind::Cancelled);
        }
        self.report_skipped(&skipped);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let progress = std::mem::replace(
            self.progress.get_mut().unwrap_or_else(PoisonError::into_inner),
            Progress { finished: true, nodes: Vec::new() },
        );
        if progress.finished {
            return;
        }
        for state in progress.nodes {
            if let State::Running { path, .. } = state {
                self.emit(&path, EventKind::Cancelled);
            }
        }
        if let Some(path) = &self.workflow {
            self.emit(path, EventKind::WorkflowCancelled);
        }
    }
}
