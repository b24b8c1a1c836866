//! Turns the events of a run into what its steps did.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::graph::path::StepPath;
use crate::graph::{Graph, NodeKind};
use crate::report::model::{Attempt, Compensation, RunState, StepReport, StepState};
use crate::run::{Event, EventKind};

/// What is known about one run.
pub(crate) struct Collected {
    pub(crate) workflow: &'static str,
    pub(crate) run_id: Option<Arc<str>>,
    pub(crate) state: RunState,
    pub(crate) error: Option<String>,
    pub(crate) started: SystemTime,
    pub(crate) wall: Duration,
    pub(crate) steps: Vec<StepReport>,
    /// What else is known about the step at the same position.
    pub(crate) places: Vec<Place>,
    pub(crate) fan_outs: HashMap<Arc<str>, FanOut>,
    /// The workflows that ran, in the order in which they started: the path and the graph of each.
    pub(crate) calls: Vec<(Arc<str>, &'static Graph)>,
}

/// Where a step is, and when things happened in the order of events.
pub(crate) struct Place {
    pub(crate) graph: Option<&'static Graph>,
    pub(crate) node: Option<usize>,
    pub(crate) started: usize,
    /// `usize::MAX` while it has not ended.
    pub(crate) ended: usize,
    /// The position of the event that says that it was undone, or could not be.
    pub(crate) compensated: Option<usize>,
}

/// One fan-out of a run.
#[derive(Default)]
pub(crate) struct FanOut {
    /// Its items that have returned, in the order in which they did: the event's position, and
    /// the item's.
    pub(crate) finished: Vec<(usize, usize)>,
    /// The position of the first event of a step in each item.
    pub(crate) firsts: HashMap<usize, usize>,
}

/// The events of the last run. Among runs that overlap, only those with ids can be told apart.
pub(crate) fn last_run(events: &[Event]) -> Cow<'_, [Event]> {
    let starts = |event: &Event| match event.kind {
        EventKind::WorkflowStarted => event.path.is_empty(),
        EventKind::Started => event.graph.is_none(),
        _ => false,
    };
    let Some(first) = events.iter().rposition(starts) else { return Cow::Borrowed(events) };
    let events = &events[first..];
    let is_of_run = |event: &&Event| event.run_id == events[0].run_id;
    if events.iter().all(|event| is_of_run(&event)) {
        return Cow::Borrowed(events);
    }
    Cow::Owned(events.iter().filter(is_of_run).cloned().collect())
}

/// What happened in the last run of these events. `None` if there are no events.
pub(crate) fn collect(events: &[Event]) -> Option<Collected> {
    let events = last_run(events);
    let first = events.first()?;
    // There may be a million: moving them each time that a list grows would cost more than
    // counting them.
    let adds = |event: &&Event| matches!(event.kind, EventKind::Started | EventKind::Skipped);
    let steps = events.iter().filter(adds).count();
    let mut collector = Collector {
        began: first.at,
        run: Collected {
            workflow: first.workflow,
            run_id: first.run_id.clone(),
            state: RunState::Running,
            error: None,
            started: first.wall,
            wall: Duration::ZERO,
            steps: Vec::with_capacity(steps),
            places: Vec::with_capacity(steps),
            fan_outs: HashMap::new(),
            calls: Vec::new(),
        },
        known: HashMap::with_capacity(steps),
        ended: None,
        panicked: false,
    };
    for (at, event) in events.iter().enumerate() {
        collector.add(at, event);
    }
    Some(collector.finish())
}

struct Collector {
    began: Instant,
    run: Collected,
    /// The latest step with each path.
    known: HashMap<Arc<str>, usize>,
    ended: Option<Duration>,
    /// A step has panicked.
    panicked: bool,
}

/// The error of a step that has panicked, and of its run.
const PANICKED: &str = "panicked";

impl Collector {
    fn add(&mut self, at: usize, event: &Event) {
        let now = event.at.duration_since(self.began);
        match &event.kind {
            EventKind::WorkflowStarted => self.start_workflow(event),
            EventKind::WorkflowFinished { error, .. } if event.path.is_empty() => {
                let state = if error.is_some() { RunState::Failed } else { RunState::Completed };
                self.end(state, error.clone(), now);
            }
            EventKind::WorkflowCancelled if event.path.is_empty() => {
                if self.panicked {
                    self.end(RunState::Failed, Some(PANICKED.to_owned()), now);
                } else {
                    self.end(RunState::Cancelled, None, now);
                }
            }
            EventKind::ItemFinished { .. } => self.finish_item(at, event),
            EventKind::Started => {
                let step = self.add_step(at, event, StepState::Running);
                step.start = Some(now);
                step.attempts.push(attempt(now));
            }
            EventKind::Skipped => {
                self.add_step(at, event, StepState::Skipped);
            }
            EventKind::Retrying { delay, error, .. } => self.retry(event, now, *delay, error),
            EventKind::Completed { attempts, .. } => {
                self.end_step(at, event, now, StepState::Completed, None, Some(*attempts));
            }
            EventKind::Failed { attempts, error, .. } => {
                let error = Some(error.clone());
                self.end_step(at, event, now, StepState::Failed, error, Some(*attempts));
            }
            EventKind::Panicked { attempts, .. } => {
                self.panicked = true;
                let error = Some(PANICKED.to_owned());
                self.end_step(at, event, now, StepState::Failed, error, Some(*attempts));
            }
            EventKind::Cancelled => {
                self.end_step(at, event, now, StepState::Cancelled, None, None);
            }
            EventKind::Compensated { duration, attempts } => {
                self.compensate(at, event, now, *duration, *attempts, None);
            }
            EventKind::CompensationFailed { duration, attempts, error } => {
                self.compensate(at, event, now, *duration, *attempts, Some(error.clone()));
            }
            _ => {}
        }
    }

    fn end(&mut self, state: RunState, error: Option<String>, now: Duration) {
        self.run.state = state;
        self.run.error = error;
        self.ended = Some(now);
    }

    fn start_workflow(&mut self, event: &Event) {
        if let Some(graph) = event.graph {
            self.run.calls.push((Arc::clone(&event.path), graph));
        }
        let caller = self.known.get(&event.path).map(|&step| &mut self.run.steps[step]);
        // If the step has ended, the workflow undoes it and is not called by it.
        if let Some(caller) = caller.filter(|caller| caller.state == StepState::Running) {
            caller.calls_workflow = true;
        }
    }

    fn finish_item(&mut self, at: usize, event: &Event) {
        if let Some((fan_out, item)) = StepPath(&event.path).item() {
            self.fan_out(fan_out).finished.push((at, item));
        }
    }

    fn fan_out(&mut self, path: &str) -> &mut FanOut {
        if !self.run.fan_outs.contains_key(path) {
            self.run.fan_outs.insert(path.into(), FanOut::default());
        }
        self.run.fan_outs.get_mut(path).expect("it has just been added")
    }

    /// Notes the first event of each item that the path stands in.
    fn note_items(&mut self, at: usize, path: &str) {
        for (end, _) in path.match_indices(']') {
            if let Some((fan_out, item)) = StepPath(&path[..=end]).item() {
                self.fan_out(fan_out).firsts.entry(item).or_insert(at);
            }
        }
    }

    fn add_step(&mut self, at: usize, event: &Event, state: StepState) -> &mut StepReport {
        let node = event.declaration();
        self.note_items(at, &event.path);
        self.known.insert(Arc::clone(&event.path), self.run.steps.len());
        self.run.places.push(Place {
            graph: event.graph,
            node: event.node,
            started: at,
            ended: usize::MAX,
            compensated: None,
        });
        self.run.steps.push(StepReport {
            path: Arc::clone(&event.path),
            function: node.and_then(crate::Node::function),
            node,
            calls_workflow: node.is_some_and(|node| node.kind() == NodeKind::Workflow),
            state,
            start: None,
            end: None,
            attempts: Vec::new(),
            error: None,
            compensation: None,
        });
        self.run.steps.last_mut().expect("one has just been added")
    }

    fn step(&mut self, event: &Event) -> Option<(&mut StepReport, &mut Place)> {
        let step = *self.known.get(&event.path)?;
        Some((&mut self.run.steps[step], &mut self.run.places[step]))
    }

    fn retry(&mut self, event: &Event, now: Duration, delay: Duration, error: &str) {
        let Some((step, _)) = self.step(event) else { return };
        let attempts = if step.state == StepState::Running {
            &mut step.attempts
        } else {
            let unknown =
                || Compensation { start: now, end: None, attempts: Vec::new(), error: None };
            let attempts = &mut step.compensation.get_or_insert_with(unknown).attempts;
            if attempts.is_empty() {
                attempts.push(attempt(now));
            }
            attempts
        };
        if let Some(last) = attempts.last_mut() {
            last.end = Some(now);
            last.error = Some(error.to_owned());
            last.wait = delay;
        }
        attempts.push(attempt(now + delay));
    }

    fn end_step(
        &mut self,
        at: usize,
        event: &Event,
        now: Duration,
        state: StepState,
        error: Option<String>,
        attempts: Option<u32>,
    ) {
        let Some((step, place)) = self.step(event) else { return };
        place.ended = at;
        step.state = state;
        step.end = Some(now);
        end_attempts(&mut step.attempts, attempts, now, error.as_ref());
        step.error = error;
        if event.graph.is_none() {
            let (state, error) = match state {
                StepState::Failed => (RunState::Failed, step.error.clone()),
                StepState::Cancelled => (RunState::Cancelled, None),
                _ => (RunState::Completed, None),
            };
            self.end(state, error, now);
        }
    }

    fn compensate(
        &mut self,
        at: usize,
        event: &Event,
        now: Duration,
        duration: Duration,
        count: u32,
        error: Option<String>,
    ) {
        let Some((step, place)) = self.step(event) else { return };
        place.compensated = Some(at);
        let start = now.saturating_sub(duration);
        let known = step.compensation.take().map(|compensation| compensation.attempts);
        let mut attempts = known.unwrap_or_else(|| vec![attempt(start)]);
        attempts[0].start = start;
        end_attempts(&mut attempts, Some(count), now, error.as_ref());
        step.compensation = Some(Compensation { start, end: Some(now), attempts, error });
    }

    fn finish(mut self) -> Collected {
        // If the run has not ended, it lasts until now.
        let now = self.ended.unwrap_or_else(|| self.began.elapsed());
        for step in &mut self.run.steps {
            let compensation = step.compensation.as_mut().filter(|undo| undo.end.is_none());
            let under_way = compensation.map(|undo| &mut undo.attempts);
            let running = step.state == StepState::Running;
            for attempts in under_way.into_iter().chain(running.then_some(&mut step.attempts)) {
                drop_announced(attempts, now);
            }
        }
        self.run.wall = now;
        self.run
    }
}

fn attempt(start: Duration) -> Attempt {
    Attempt { start, end: None, error: None, wait: Duration::ZERO }
}

/// Ends the last attempt. `count` is how many there were, if that is known: the last one that
/// was announced may never have started.
fn end_attempts(
    attempts: &mut Vec<Attempt>,
    count: Option<u32>,
    now: Duration,
    error: Option<&String>,
) {
    let count = count.and_then(|count| usize::try_from(count).ok());
    if count.is_some_and(|count| count < attempts.len()) {
        attempts.pop();
        if let Some(last) = attempts.last_mut() {
            last.wait = now.saturating_sub(last.end.unwrap_or(now));
        }
        return;
    }
    drop_announced(attempts, now);
    if let Some(last) = attempts.last_mut().filter(|last| last.end.is_none()) {
        last.end = Some(now);
        last.error = error.cloned();
    }
}

/// Drops the last attempt if it was announced and has not started by now.
fn drop_announced(attempts: &mut Vec<Attempt>, now: Duration) {
    let announced = attempts.len() > 1 && attempts.last().is_some_and(|last| last.start > now);
    if announced {
        attempts.pop();
        if let Some(last) = attempts.last_mut() {
            last.wait = now.saturating_sub(last.end.unwrap_or(now));
        }
    }
}
