//! Where in a run a piece of a workflow is, and what has happened in it.

// Only generated code names these types.
#![allow(missing_debug_implementations)]

mod items;
mod place;
mod progress;
#[cfg(feature = "durable")]
mod recorded;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll};

use crate::graph::{Graph, NodeKind};
use crate::run::EventKind;
use crate::run::current::outside_of_run;
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

use progress::{Known, Node, Nodes, State, lock};

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
    /// When it started, in the run's nanoseconds.
    since: u64,
    /// Its body has not been polled in the run yet.
    fresh: AtomicBool,
    nodes: Nodes,
    /// It has returned.
    finished: AtomicBool,
    /// The span of the workflow, until it is over; items have none of their own.
    span: Mutex<Span>,
    /// A step that needs nothing and was not known when the forward part ended.
    unheard_of: OnceLock<&'static str>,
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
        let now = run.now();
        let subject = Subject::workflow(graph, Arc::clone(&path));
        let span = Span::workflow(run.id(), &subject, caller);
        run.emit_at(now, subject, EventKind::WorkflowStarted);
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
            since: now.since_start,
            fresh: AtomicBool::new(true),
            nodes: Nodes::new(graph.nodes().len()),
            finished: AtomicBool::new(false),
            span: Mutex::new(span),
            unheard_of: OnceLock::new(),
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
        let unheard_of = self.unheard_of.get().copied().or_else(|| self.unheard_of());
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
    }

    /// A step that needs nothing and about which nothing is known.
    fn unheard_of(&self) -> Option<&'static str> {
        let mut first = self.known.first_steps().iter();
        let waiting = first.find(|&&node| self.nodes[node].state() == State::Waiting)?;
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

    /// The node with this position in the graph, if it belongs to this scope.
    #[inline]
    fn node(&self, node: usize) -> Option<&Node> {
        self.nodes.get(node.checked_sub(self.first)?)
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

    /// Waits as long as the run delays the step `node`.
    #[inline]
    pub(crate) fn poll_delay(&self, node: usize, cx: &mut Context<'_>) -> Poll<()> {
        if self.run.tracks_steps() { self.poll_step_delay(node, cx) } else { Poll::Ready(()) }
    }

    #[cold]
    fn poll_step_delay(&self, node: usize, cx: &mut Context<'_>) -> Poll<()> {
        if self.run.delays().is_empty() {
            return Poll::Ready(());
        }
        self.ask_step(node, |step| step.poll_delay(cx)).unwrap_or(Poll::Ready(()))
    }

    /// The step `node` does not run, because its output is known.
    #[cfg(feature = "durable")]
    pub(crate) fn over(&self, node: usize) {
        self.nodes[node - self.first].set(State::Over);
    }

    /// What reports that the step `node` is undone.
    pub(crate) fn compensation(&self, node: usize) -> Compensation {
        Compensation::new(&self.run, self.subject(node))
    }

    /// Whether `node` can be a node of this scope that is not over. It cannot if the body's own
    /// code, between two steps, runs another workflow to its end.
    pub(crate) fn may_run(&self, node: usize) -> bool {
        self.node(node).is_some_and(|node| node.state() != State::Over)
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
            lock(&self.span).panicked();
        }
    }

    fn span(&self) -> Span {
        if cfg!(feature = "tracing") { lock(&self.span).clone() } else { Span::none() }
    }

    /// What is known about the step `node`, if it is running.
    pub(crate) fn step(&self, node: usize) -> Option<Arc<Running>> {
        let state = self.node(node)?;
        if !state.state().is_running() {
            return None;
        }
        state.set(State::Known);
        Some(self.known_of(node, &mut state.known()))
    }

    fn known_of(&self, node: usize, known: &mut Known) -> Arc<Running> {
        let Known { path, step, .. } = known;
        let step = step.get_or_insert_with(|| {
            let path = path.clone().unwrap_or_else(|| self.path(node));
            let since = self.run.moment(self.nodes[node - self.first].since());
            Running::since(&self.run, Subject::node(self.graph, node, path), since)
        });
        Arc::clone(step)
    }

    /// Asks about the step `node`, if it is running and there is more to know than when it started.
    pub(crate) fn ask_step<T>(
        &self,
        node: usize,
        question: impl FnOnce(&Running) -> T,
    ) -> Option<T> {
        let state = self.node(node)?;
        if state.state() != State::Known {
            return None;
        }
        let step = state.known().step.clone()?;
        Some(question(&step))
    }

    /// Whether the step `node` is running and there is nothing more to know about it.
    #[inline]
    pub(crate) fn is_plainly_running(&self, node: usize) -> bool {
        self.node(node).is_some_and(|node| node.state() == State::Running)
    }

    /// Enters the span of the step `node`, which starts if it has not started yet; `None` if it
    /// [may not run](Self::may_run).
    pub(crate) fn enter_step(&self, node: usize, info: &dyn Fn() -> Info) -> Option<Guard> {
        let state = self.node(node)?;
        match state.state() {
            State::Running => {}
            State::Known => {
                let step = state.known().step.clone();
                return Some(step.map_or_else(Guard::nothing, |step| step.span().enter()));
            }
            State::Waiting if self.run.tracks_steps() || Span::wanted() => {
                return Some(outside_of_run(|| self.start_tracked(node, &info())));
            }
            State::Waiting => {
                state.set(State::Running);
                if self.run.is_observed() {
                    self.start_observed(node, state);
                }
            }
            State::Over => return None,
        }
        Some(Guard::nothing())
    }

    fn start_observed(&self, node: usize, state: &Node) {
        let now = self.run.now();
        let path = self.path(node);
        state.started_at(now.since_start);
        if !self.path.is_empty() {
            state.known().path = Some(Arc::clone(&path));
        }
        let subject = Subject::node(self.graph, node, path);
        outside_of_run(|| self.run.emit_at(now, subject, EventKind::Started));
    }

    #[cold]
    fn start_tracked(&self, node: usize, info: &Info) -> Guard {
        let subject = self.subject(node);
        if info.graph.is_none() {
            check_step(self.run.delays(), &subject.path);
        }
        let step = Running::start(&self.run, subject, info.delays_itself, Some(&self.span()));
        let guard = step.span().enter();
        let state = &self.nodes[node - self.first];
        state.known().step = Some(step);
        state.set(State::Known);
        guard
    }

    /// The step `node` has returned.
    #[inline]
    pub(crate) fn returned(&self, node: usize, failure: Option<Failure>) {
        let state = &self.nodes[node - self.first];
        match state.set(State::Over) {
            State::Running if failure.is_none() => {
                if self.run.is_observed() {
                    let is_kept = !self.path.is_empty();
                    let path = if is_kept { state.known().path.take() } else { None };
                    self.completed(node, state, path);
                }
            }
            State::Running | State::Known => self.returned_known(node, state, failure),
            State::Waiting | State::Over => {}
        }
    }

    fn completed(&self, node: usize, state: &Node, path: Option<Arc<str>>) {
        let now = self.run.now();
        let path = path.unwrap_or_else(|| self.path(node));
        let duration = now.duration_since(state.since());
        let subject = Subject::node(self.graph, node, path);
        self.run.emit_at(now, subject, EventKind::Completed { duration, attempts: 1 });
    }

    #[cold]
    fn returned_known(&self, node: usize, state: &Node, failure: Option<Failure>) {
        let mut known = std::mem::take(&mut *state.known());
        drop(known.workflow.take());
        if known.step.is_none() && failure.is_none() {
            self.completed(node, state, known.path);
        } else {
            self.known_of(node, &mut known).returned(failure);
        }
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
        let mut skipped = Vec::new();
        for node in inside.clone().filter(|&node| arm_of(node) != chosen) {
            self.nodes[node - self.first].set(State::Over);
            if nodes[node].is_step() && !runs(nodes[node].path()) {
                skipped.push(node);
            }
        }
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
        if let Some(state) = self.node(node) {
            state.set(State::Over);
        }
    }

    /// The workflow has returned.
    pub(crate) fn finish_workflow(&self, failure: impl FnOnce() -> Option<Failure>) {
        let span = self.close(true);
        let now = self.run.now();
        let error = failure().map(|failure| failure.error);
        let duration = now.duration_since(self.since);
        let kind = EventKind::WorkflowFinished { duration, error };
        let subject = self.own_subject();
        span.tell(self.run.id(), &subject, &kind);
        self.run.emit_at(now, subject, kind);
    }

    /// The body of the item has returned.
    pub(crate) fn finish_item(&self) {
        self.close(true);
        if self.run.is_observed() {
            let now = self.run.now();
            let kind = EventKind::ItemFinished { duration: now.duration_since(self.since) };
            self.run.emit_at(now, self.own_subject(), kind);
        }
    }

    /// Whatever is still running is cancelled, and whatever did not start is skipped.
    pub(crate) fn finish_steps(&self) {
        if self.fresh.load(Ordering::Relaxed)
            && let Some(step) = self.unheard_of()
        {
            let _ = self.unheard_of.set(step);
        }
        self.close(false);
    }

    /// Like [`finish_steps`](Self::finish_steps); if `all`, the scope itself is over, too. Then
    /// this returns its span, which closes now and not with the scope, because a workflow may be
    /// kept to be undone.
    fn close(&self, all: bool) -> Span {
        let nodes = self.graph.nodes();
        let mut cancelled = Vec::new();
        let mut skipped = Vec::new();
        let mut offset = 0;
        while let Some(state) = self.nodes.get(offset) {
            let node = self.first + offset;
            match state.set(State::Over) {
                State::Running | State::Known => cancelled.push((node, state)),
                State::Waiting if nodes[node].is_step() => skipped.push(node),
                // What is in it has been reported item by item.
                State::Over if matches!(nodes[node].kind(), NodeKind::FanOut { .. }) => {
                    offset = self.graph.inside(node).end - self.first - 1;
                }
                State::Waiting | State::Over => {}
            }
            offset += 1;
        }
        for (node, state) in cancelled {
            self.cancel(node, state);
        }
        self.report_skipped(&skipped);
        if !all {
            return Span::none();
        }
        self.finished.store(true, Ordering::Relaxed);
        if cfg!(feature = "tracing") { std::mem::take(&mut lock(&self.span)) } else { Span::none() }
    }

    /// The step `node` was dropped before it returned.
    #[cold]
    fn cancel(&self, node: usize, state: &Node) {
        let mut known = std::mem::take(&mut *state.known());
        // What was cut off inside is reported first.
        drop(known.workflow.take());
        self.known_of(node, &mut known).cancelled();
    }

    /// The scope was dropped before it returned.
    #[cold]
    fn cut_off(&self) {
        for (offset, state) in self.nodes.iter().enumerate() {
            if state.set(State::Over).is_running() {
                self.cancel(self.first + offset, state);
            }
        }
        if !self.is_item {
            let span = std::mem::take(&mut *lock(&self.span));
            let subject = self.own_subject();
            span.tell(self.run.id(), &subject, &EventKind::WorkflowCancelled);
            self.run.emit(&subject, EventKind::WorkflowCancelled);
        }
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        if !*self.finished.get_mut() {
            self.cut_off();
        }
    }
}
