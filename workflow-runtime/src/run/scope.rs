//! Where in a run a piece of a workflow is, and what has happened in it.

// Only generated code names these types.
#![allow(missing_debug_implementations)]

mod items;
mod place;
mod progress;
#[cfg(feature = "durable")]
mod recorded;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::time::Instant;

use crate::graph::{Graph, NodeKind};
use crate::run::EventKind;
use crate::run::delay::{check_step, check_workflow};
#[cfg(feature = "durable")]
use crate::run::in_flight::InFlight;
use crate::run::info::{Failure, Info};
use crate::run::known_graph::KnownGraph;
use crate::run::path::within;
use crate::run::running::{Compensation, Running};
use crate::run::shared::Shared;
use crate::run::subject::Subject;
use crate::run::trace::{Guard, Span};

use place::At;
use progress::{Nodes, Progress, State, lock};

pub(crate) use items::ItemScopes;
pub(crate) use place::{Place, Root};
#[cfg(feature = "durable")]
pub(crate) use recorded::{BeforeStart, Begin, Outgoing, Recorded};

/// One call of a workflow, or one item of a fan-out, in a run.
pub(crate) struct Scope {
    run: Arc<Shared>,
    graph: &'static Graph,
    known: &'static KnownGraph,
    /// The path of the workflow or of the item, with which the paths of its steps begin.
    path: Arc<str>,
    /// How much of a node's path in the graph is replaced by `path`.
    strip: usize,
    /// The first node of this scope.
    first: usize,
    is_item: bool,
    /// The records of its steps that are being written, if the run is recorded.
    #[cfg(feature = "durable")]
    in_flight: Option<Arc<InFlight>>,
    since: Instant,
    /// Its body has not been polled in the run yet.
    fresh: AtomicBool,
    progress: Mutex<Progress>,
}

impl Scope {
    /// A workflow starts. `caller` is the span of the step that calls it, which is in `outside`.
    pub(crate) fn workflow(
        run: &Arc<Shared>,
        path: Arc<str>,
        graph: &'static Graph,
        caller: Option<&Span>,
        outside: Option<&Self>,
    ) -> Arc<Self> {
        #[cfg(not(feature = "durable"))]
        let _ = outside;
        check_workflow(run.delays(), graph, &path);
        let since = Instant::now();
        let subject = Subject::workflow(graph, Arc::clone(&path));
        let span = Span::workflow(run.id(), &subject, caller);
        run.emit_at(since, &subject, EventKind::WorkflowStarted);
        Arc::new(Self {
            run: Arc::clone(run),
            graph,
            known: KnownGraph::of(graph),
            path,
            strip: 0,
            first: 0,
            is_item: false,
            #[cfg(feature = "durable")]
            in_flight: Self::in_flight_of(run, outside),
            since,
            fresh: AtomicBool::new(true),
            progress: Progress::of(graph.nodes().len(), span),
        })
    }

    /// The body of the workflow has been polled, with this result.
    ///
    /// # Panics
    ///
    /// If it had been polled before without the run, which would then know nothing about what it
    /// did.
    pub(crate) fn polled<T>(&self, polled: &Poll<T>, failed: impl FnOnce(&T) -> bool) {
        if !self.fresh.load(Ordering::Relaxed) {
            return;
        }
        self.fresh.store(false, Ordering::Relaxed);
        if self.is_replayed() {
            return;
        }
        // After a failure, some steps may not have started.
        let failed = matches!(polled, Poll::Ready(output) if failed(output));
        let known = self.progress().unheard_of;
        let unheard_of = known.or_else(|| self.unheard_of());
        if !failed && let Some(step) = unheard_of {
            panic!(
                "a run was given workflow `{}` after it had been polled: step `{step}` has \
                 started without it. Execute the call before anything else polls it",
                self.graph.name()
            );
        }
    }

    /// The body leaves out some of what could start, so it means nothing if a step is unknown.
    pub(crate) fn leaves_out(&self) {
        self.fresh.store(false, Ordering::Relaxed);
        self.progress().unheard_of = None;
    }

    /// A step that needs nothing and about which nothing is known.
    fn unheard_of(&self) -> Option<&'static str> {
        let progress = self.progress();
        let mut first = self.known.first_steps().iter();
        let waiting = first.find(|&&node| matches!(progress.nodes[node], State::Waiting))?;
        Some(self.graph.nodes()[*waiting].path())
    }

    /// Whether what has run before is known from a record.
    #[cfg_attr(not(feature = "durable"), allow(clippy::unused_self))]
    fn is_replayed(&self) -> bool {
        #[cfg(feature = "durable")]
        return self.run.recording().is_some();
        #[cfg(not(feature = "durable"))]
        false
    }

    pub(crate) fn run(&self) -> &Arc<Shared> {
        &self.run
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        lock(&self.progress)
    }

    fn path(&self, node: usize) -> Arc<str> {
        if self.path.is_empty() {
            return self.known.path(node);
        }
        within(&self.path, &self.graph.nodes()[node].path()[self.strip..])
    }

    /// The workflow or the item.
    fn own_subject(&self) -> Subject {
        let path = Arc::clone(&self.path);
        if self.is_item {
            Subject::node(self.graph, self.first - 1, path)
        } else {
            Subject::workflow(self.graph, path)
        }
    }

    /// The step or the fan-out `node`.
    fn subject(&self, node: usize) -> Subject {
        Subject::node(self.graph, node, self.path(node))
    }

    /// Where the step `node` is polled.
    pub(crate) fn place(&self, node: usize) -> Place<'_> {
        Place(At::Node(self, node))
    }

    /// Waits as long as the run delays the step `node`.
    pub(crate) fn poll_delay(&self, node: usize, cx: &mut Context<'_>) -> Poll<()> {
        if self.run.delays().is_empty() {
            return Poll::Ready(());
        }
        match &self.progress().nodes[node - self.first] {
            State::Running { step, .. } => step.poll_delay(cx),
            State::Waiting | State::Over => Poll::Ready(()),
        }
    }

    /// The step `node` has returned.
    pub(crate) fn over(&self, node: usize) {
        self.progress().nodes[node - self.first] = State::Over;
    }

    /// What reports that the step `node` is undone.
    pub(crate) fn compensation(&self, node: usize) -> Compensation {
        Compensation::new(&self.run, self.subject(node))
    }

    /// Whether `node` can be a node of this scope that is not over. It cannot if the body's own
    /// code, between two steps, runs another workflow to its end.
    pub(crate) fn may_run(&self, node: usize) -> bool {
        let progress = self.progress();
        let state = node.checked_sub(self.first).and_then(|at| progress.nodes.get(at));
        matches!(state, Some(State::Waiting | State::Running { .. }))
    }

    pub(crate) fn enter_span(&self) -> Guard {
        // An item is polled by its workflow's body, whose span has already been entered.
        if self.is_item || !cfg!(feature = "tracing") {
            return Guard::nothing();
        }
        self.span().enter()
    }

    pub(crate) fn panicked(&self) {
        if !self.is_item {
            self.progress().span.panicked();
        }
    }

    fn span(&self) -> Span {
        if cfg!(feature = "tracing") { self.progress().span.clone() } else { Span::none() }
    }

    /// The step `node`, if it is running.
    fn step(&self, node: usize) -> Option<Arc<Running>> {
        match &self.progress().nodes[node - self.first] {
            State::Running { step, .. } => Some(Arc::clone(step)),
            State::Waiting | State::Over => None,
        }
    }

    /// The step `node`, which starts if it has not started yet; `None` if it [may not
    /// run](Self::may_run).
    pub(crate) fn running(&self, node: usize, info: &Info) -> Option<Arc<Running>> {
        let span = {
            let progress = self.progress();
            match progress.nodes.get(node.checked_sub(self.first)?)? {
                State::Running { step, .. } => return Some(Arc::clone(step)),
                State::Waiting => progress.span.clone(),
                State::Over => return None,
            }
        };
        // An observer may look at anything, so it is told while nothing is locked.
        let subject = self.subject(node);
        if info.graph.is_none() {
            check_step(self.run.delays(), &subject.path);
        }
        let step = Running::start(&self.run, subject, info.delays_itself, Some(&span));
        self.progress().nodes[node - self.first] =
            State::Running { step: Arc::clone(&step), workflow: None };
        Some(step)
    }

    pub(crate) fn skip_other_arms(&self, branch: usize, chosen: usize) {
        #[cfg(feature = "durable")]
        self.note_choice(branch, chosen);
        let nodes = self.graph.nodes();
        let arm_of = |node: usize| {
            let around = self.graph.around(node).find(|parent| parent.node == branch);
            around.expect("the node stands in the branch").arm
        };
        let inside = self.graph.inside(branch);
        // Arms may contain steps with the same path; one that runs is not skipped.
        let runs = |path: &str| {
            let mut steps = inside.clone().filter(|&node| nodes[node].is_step());
            steps.any(|node| arm_of(node) == chosen && nodes[node].path() == path)
        };
        let mut progress = self.progress();
        let mut skipped = Vec::new();
        for node in inside.clone().filter(|&node| arm_of(node) != chosen) {
            progress.nodes[node - self.first] = State::Over;
            if nodes[node].is_step() && !runs(nodes[node].path()) {
                skipped.push(node);
            }
        }
        drop(progress);
        self.report_skipped(&skipped);
    }

    fn report_skipped(&self, nodes: &[usize]) {
        if nodes.is_empty() {
            return;
        }
        let span = self.span();
        for &node in nodes {
            let subject = self.subject(node);
            span.tell(self.run.id(), &subject, &EventKind::Skipped);
            self.run.emit(&subject, EventKind::Skipped);
        }
    }

    /// The fan-out `node` starts.
    pub(crate) fn enter_fan_out(&self, node: usize, items: Option<usize>) {
        let subject = self.subject(node);
        self.run.emit(&subject, EventKind::FanOutStarted { items });
        if let Some(state) = self.progress().nodes.get_mut(node - self.first) {
            *state = State::Over;
        }
    }

    /// The workflow has returned.
    pub(crate) fn finish_workflow(&self, failure: impl FnOnce() -> Option<Failure>) {
        let span = self.close(true);
        let now = Instant::now();
        let error = failure().map(|failure| failure.error);
        let kind = EventKind::WorkflowFinished { duration: now - self.since, error };
        let subject = self.own_subject();
        span.tell(self.run.id(), &subject, &kind);
        self.run.emit_at(now, &subject, kind);
    }

    /// The body of the item has returned.
    pub(crate) fn finish_item(&self) {
        self.close(true);
        let now = Instant::now();
        let kind = EventKind::ItemFinished { duration: now - self.since };
        self.run.emit_at(now, &self.own_subject(), kind);
    }

    /// Whatever is still running is cancelled, and whatever did not start is skipped.
    pub(crate) fn finish_steps(&self) {
        if self.fresh.load(Ordering::Relaxed) {
            let unheard_of = self.unheard_of();
            self.progress().unheard_of = unheard_of;
        }
        self.close(false);
    }

    /// Like [`finish_steps`](Self::finish_steps); if `all`, the scope itself is over, too. Then
    /// this returns its span, which closes now and not with the scope, because a workflow may be
    /// kept to be undone.
    fn close(&self, all: bool) -> Span {
        let nodes = self.graph.nodes();
        let mut progress = self.progress();
        let mut cancelled = Vec::new();
        let mut skipped = Vec::new();
        let mut offset = 0;
        while offset < progress.nodes.len() {
            let node = self.first + offset;
            let fan_out = matches!(nodes[node].kind(), NodeKind::FanOut { .. });
            match std::mem::replace(&mut progress.nodes[offset], State::Over) {
                State::Running { step, workflow } => cancelled.push((step, workflow)),
                State::Waiting if nodes[node].is_step() => skipped.push(node),
                // What is in it has been reported item by item.
                State::Over if fan_out => offset = self.graph.inside(node).end - self.first - 1,
                State::Waiting | State::Over => {}
            }
            offset += 1;
        }
        if cancelled.is_empty() && skipped.is_empty() {
            return progress.close(all);
        }
        drop(progress);
        for (step, workflow) in cancelled {
            // What was cut off inside is reported first.
            drop(workflow);
            step.cancelled();
        }
        self.report_skipped(&skipped);
        self.progress().close(all)
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        let mut progress = std::mem::replace(
            self.progress.get_mut().unwrap_or_else(PoisonError::into_inner),
            Progress {
                finished: true,
                span: Span::none(),
                nodes: Nodes::One(State::Over),
                unheard_of: None,
            },
        );
        if progress.finished {
            return;
        }
        for state in &mut *progress.nodes {
            if let State::Running { step, workflow } = std::mem::take(state) {
                drop(workflow);
                step.cancelled();
            }
        }
        if !self.is_item {
            let subject = self.own_subject();
            progress.span.tell(self.run.id(), &subject, &EventKind::WorkflowCancelled);
            self.run.emit(&subject, EventKind::WorkflowCancelled);
        }
    }
}
