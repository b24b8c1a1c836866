//! What should happen in a run of a saga: a simulation that knows nothing of the library.

use std::collections::{BTreeMap, BTreeSet};

use super::context::{Attempt, Fault, Faults, duration, undo_duration};
use super::generate::{Kind, Node, Saga};

/// What should happen in a run.
#[derive(Debug)]
pub struct Expected {
    /// The error that is returned.
    pub error: Option<Fault>,
    /// When it returns.
    pub end: u64,
    /// Each attempt of a step or of a compensation.
    pub log: Vec<Attempt>,
    /// What is told of the steps.
    pub events: Vec<Happening>,
    /// Two things happen at the same instant, and the order could matter.
    pub is_tie: bool,
}

/// One thing that happens to a step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Happening {
    /// Milliseconds from the start.
    pub at: u64,
    /// The step's path.
    pub path: String,
    /// What happens.
    pub what: What,
}

/// What happens to a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It starts.
    Started,
    /// This attempt of it has failed, and it will try again.
    Retrying(u32),
    /// It returns a value, after so many attempts.
    Completed(u32),
    /// It returns an error, after so many attempts.
    Failed(u32),
    /// It is dropped while it runs.
    Cancelled,
    /// It has been undone.
    Compensated,
    /// It could not be undone.
    CompensationFailed,
}

/// How often a step is tried, where it is tried again, and the wait between two attempts.
const ATTEMPTS: u32 = 3;
/// The wait between two attempts, in milliseconds.
const BACKOFF: u64 = 1000;

/// Runs a saga with these faults.
#[must_use]
pub fn simulate(saga: &Saga, faults: &Faults) -> Expected {
    let mut simulation = Simulation::new(saga, faults);
    simulation.run();
    let mut log = simulation.log;
    log.sort();
    let mut events = simulation.events;
    events.sort();
    Expected {
        error: simulation.calls[0].error.clone(),
        end: simulation.now,
        log,
        events,
        is_tie: simulation.is_tie,
    }
}

/// A declaration in one run of it, or one item of a `for`.
struct Unit {
    path: String,
    /// The call of a function that it is a part of.
    of: usize,
    /// What must be done before it starts.
    needs: Vec<usize>,
    /// The `if` or the item around it.
    around: Option<usize>,
    undo: bool,
    kind: UnitKind,
    state: State,
    attempts: u32,
    /// What undoes it.
    undoing: Undoing,
}

impl Unit {
    fn is_done(&self) -> bool {
        matches!(self.state, State::Done | State::NotChosen)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum UnitKind {
    Step {
        again: bool,
    },
    /// It is done when all inside it is.
    Group,
    /// The call of a function.
    Call(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Its arm is not chosen. What stands behind the `if` depends on it nevertheless.
    NotChosen,
    Waiting,
    Running,
    Done,
    Failed,
    /// It was running when its function failed.
    Stopped,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Undoing {
    /// There is nothing to undo.
    Nothing,
    Waiting,
    Running,
    Over,
}

/// One call of a function.
struct FlowCall {
    /// The unit that calls it.
    caller: Option<usize>,
    finish: bool,
    error: Option<Fault>,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    NotCalled,
    Forward,
    /// It has returned a value.
    Succeeded,
    Unwinding,
    Over,
}

/// What is due at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    EndOfAttempt(usize),
    NextAttempt(usize),
    EndOfUndo(usize),
}

struct Simulation<'f> {
    faults: &'f Faults,
    now: u64,
    due: BTreeSet<(u64, Due)>,
    units: Vec<Unit>,
    calls: Vec<FlowCall>,
    /// For each unit, all that it depends on, through others as well.
    behind: Vec<BTreeSet<usize>>,
    log: Vec<Attempt>,
    events: Vec<Happening>,
    is_tie: bool,
}

type Names = BTreeMap<String, usize>;

impl<'f> Simulation<'f> {
    fn new(saga: &Saga, faults: &'f Faults) -> Self {
        let mut simulation = Self {
            faults,
            now: 0,
            due: BTreeSet::new(),
            units: Vec::new(),
            calls: Vec::new(),
            behind: Vec::new(),
            log: Vec::new(),
            events: Vec::new(),
            is_tie: false,
        };
        simulation.add_call(saga, saga.flows.len() - 1, None, "", State::Waiting);
        simulation.behind =
            (0..simulation.units.len()).map(|unit| simulation.all_behind(unit)).collect();
        simulation
    }

    fn add_call(
        &mut self,
        saga: &Saga,
        flow: usize,
        caller: Option<usize>,
        at: &str,
        state: State,
    ) -> usize {
        let call = self.calls.len();
        let finish = saga.flows[flow].finish;
        self.calls.push(FlowCall { caller, finish, error: None, phase: Phase::NotCalled });
        self.add_body(saga, &saga.flows[flow].body, (call, None, state), at, &Names::new());
        call
    }

    fn add_body(
        &mut self,
        saga: &Saga,
        body: &[Node],
        (call, around, state): (usize, Option<usize>, State),
        at: &str,
        outer: &Names,
    ) {
        let mut names = outer.clone();
        for node in body {
            let unit = self.add_unit(format!("{at}{}", node.name), call, around, state);
            names.insert(node.name.clone(), unit);
        }
        for node in body {
            let at = names[&node.name];
            let path = self.units[at].path.clone();
            self.units[at].needs =
                node.needs.iter().chain(&node.after).map(|name| names[name]).collect();
            self.units[at].undo = node.undo;
            match &node.kind {
                Kind::Step { again } => self.units[at].kind = UnitKind::Step { again: *again },
                Kind::If(first, arm, otherwise) => {
                    for (arm, chosen) in [(arm, *first), (otherwise, !*first)] {
                        let state = if chosen { state } else { State::NotChosen };
                        let place = (call, Some(at), state);
                        self.add_body(saga, arm, place, &format!("{path}."), &names);
                    }
                }
                Kind::For(count, body) => {
                    for item in 0..*count {
                        let path = format!("{path}[{item}]");
                        let item = self.add_unit(path.clone(), call, Some(at), state);
                        let place = (call, Some(item), state);
                        self.add_body(saga, body, place, &format!("{path}."), &names);
                    }
                }
                Kind::Call(flow) => {
                    let called = self.add_call(saga, *flow, Some(at), &format!("{path}."), state);
                    self.units[at].kind = UnitKind::Call(called);
                }
            }
        }
    }

    fn add_unit(&mut self, path: String, of: usize, around: Option<usize>, state: State) -> usize {
        self.units.push(Unit {
            path,
            of,
            needs: Vec::new(),
            around,
            undo: false,
            kind: UnitKind::Group,
            state,
            attempts: 0,
            undoing: Undoing::Nothing,
        });
        self.units.len() - 1
    }

    fn all_behind(&self, unit: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut next = vec![unit];
        while let Some(unit) = next.pop() {
            let around = std::iter::successors(Some(unit), |&unit| self.units[unit].around);
            for needed in around.flat_map(|unit| &self.units[unit].needs) {
                // A group is done when all inside it is.
                let all = (0..self.units.len()).filter(|&unit| self.is_in(unit, *needed));
                next.extend(all.filter(|&unit| found.insert(unit)));
            }
        }
        found
    }

    fn is_in(&self, unit: usize, group: usize) -> bool {
        std::iter::successors(Some(unit), |&unit| self.units[unit].around).any(|at| at == group)
    }

    fn run(&mut self) {
        self.calls[0].phase = Phase::Forward;
        self.settle();
        let mut last = None;
        while let Some((at, due)) = self.due.pop_first() {
            if !self.matters(due) {
                continue;
            }
            self.is_tie |= last == Some(at);
            last = Some(at);
            self.now = at;
            self.happens(due);
            self.settle();
            if matches!(self.calls[0].phase, Phase::Succeeded | Phase::Over) {
                break;
            }
        }
    }

    /// Whether it was not dropped.
    fn matters(&self, due: Due) -> bool {
        match due {
            Due::EndOfAttempt(unit) | Due::NextAttempt(unit) => {
                self.units[unit].state == State::Running
            }
            Due::EndOfUndo(_) => true,
        }
    }

    fn happens(&mut self, due: Due) {
        match due {
            Due::EndOfAttempt(unit) => {
                let Unit { kind, attempts, .. } = self.units[unit];
                let path = self.units[unit].path.clone();
                self.ends(&path, false);
                match self.faults.of(&path, attempts) {
                    None => self.becomes(unit, State::Done, What::Completed(attempts)),
                    Some(fault)
                        if fault.temporary
                            && attempts < ATTEMPTS
                            && kind == (UnitKind::Step { again: true }) =>
                    {
                        self.tell(unit, What::Retrying(attempts));
                        self.due.insert((self.now + BACKOFF, Due::NextAttempt(unit)));
                    }
                    Some(fault) => {
                        self.becomes(unit, State::Failed, What::Failed(attempts));
                        self.fails(self.units[unit].of, fault);
                    }
                }
            }
            Due::NextAttempt(unit) => self.attempt(unit),
            Due::EndOfUndo(unit) => {
                let path = self.units[unit].path.clone();
                self.ends(&path, true);
                self.units[unit].undoing = Undoing::Over;
                let failed = self.faults.undos.contains(&path);
                self.tell(unit, if failed { What::CompensationFailed } else { What::Compensated });
            }
        }
    }

    /// Does all that can be done at this instant.
    fn settle(&mut self) {
        loop {
            let mut changed = false;
            for unit in 0..self.units.len() {
                changed |= self.settle_unit(unit);
            }
            // Whether a function has anything left to do shows only afterwards.
            for call in 0..self.calls.len() {
                changed = changed || self.settle_call(call);
            }
            if !changed {
                break;
            }
        }
    }

    fn settle_unit(&mut self, at: usize) -> bool {
        let unit = &self.units[at];
        match self.calls[unit.of].phase {
            Phase::Forward if unit.state == State::Waiting => {
                let is_done = |unit: &usize| self.units[*unit].state == State::Done;
                let is_chosen = |unit: usize| self.units[unit].state == State::Running;
                if !unit.needs.iter().all(is_done) || !unit.around.is_none_or(is_chosen) {
                    return false;
                }
                self.start(at);
                true
            }
            Phase::Forward if unit.state == State::Running && unit.kind == UnitKind::Group => {
                let mut inside = self.units.iter().filter(|inner| inner.around == Some(at));
                let done = inside.all(|inner| inner.is_done());
                if done {
                    self.units[at].state = State::Done;
                }
                done
            }
            Phase::Unwinding => match unit.undoing {
                Undoing::Waiting => {
                    let mut dependents = (0..self.units.len()).filter(|&unit| {
                        self.units[unit].of == self.units[at].of && self.behind[unit].contains(&at)
                    });
                    let is_over = |unit: usize| {
                        matches!(self.units[unit].undoing, Undoing::Nothing | Undoing::Over)
                    };
                    let ready = dependents.all(is_over);
                    if ready {
                        self.start_undo(at);
                    }
                    ready
                }
                Undoing::Running => match unit.kind {
                    UnitKind::Call(called) if self.calls[called].phase == Phase::Over => {
                        self.units[at].undoing = Undoing::Over;
                        true
                    }
                    _ => false,
                },
                Undoing::Nothing | Undoing::Over => false,
            },
            _ => false,
        }
    }

    fn settle_call(&mut self, call: usize) -> bool {
        let units = || self.units.iter().filter(move |unit| unit.of == call);
        match self.calls[call].phase {
            Phase::Forward if self.calls[call].error.is_some() => {
                // It finishes what does not depend on the failed step.
                let runs =
                    |unit: &Unit| unit.state == State::Running && unit.kind != UnitKind::Group;
                let over = !units().any(runs);
                if over {
                    self.unwind(call);
                }
                over
            }
            Phase::Forward => {
                let over = units().all(Unit::is_done);
                if over {
                    self.calls[call].phase = Phase::Succeeded;
                    if let Some(caller) = self.calls[call].caller {
                        self.becomes(caller, State::Done, What::Completed(1));
                    }
                }
                over
            }
            Phase::Unwinding => {
                let is_over =
                    |unit: &Unit| matches!(unit.undoing, Undoing::Nothing | Undoing::Over);
                let over = units().all(is_over);
                if over {
                    self.calls[call].phase = Phase::Over;
                    let caller = self.calls[call].caller;
                    let runs = |caller: &usize| self.units[*caller].state == State::Running;
                    if let Some(caller) = caller.filter(runs) {
                        let fault = self.calls[call].error.clone().expect("nobody stopped it");
                        self.becomes(caller, State::Failed, What::Failed(1));
                        self.fails(self.units[caller].of, fault);
                    }
                }
                over
            }
            _ => false,
        }
    }

    fn start(&mut self, at: usize) {
        self.units[at].state = State::Running;
        match self.units[at].kind {
            UnitKind::Group => {}
            UnitKind::Step { .. } => {
                self.tell(at, What::Started);
                self.attempt(at);
            }
            UnitKind::Call(called) => {
                self.tell(at, What::Started);
                self.units[at].attempts = 1;
                self.calls[called].phase = Phase::Forward;
            }
        }
    }

    fn attempt(&mut self, at: usize) {
        self.units[at].attempts += 1;
        let path = self.units[at].path.clone();
        self.due.insert((self.now + duration(&path), Due::EndOfAttempt(at)));
        self.log.push(Attempt { path, undoes: false, start: self.now, end: None });
    }

    fn ends(&mut self, path: &str, undoes: bool) {
        let mut log = self.log.iter_mut().rev();
        let attempt = log.find(|attempt| attempt.path == path && attempt.undoes == undoes);
        attempt.expect("it has begun").end = Some(self.now);
    }

    fn becomes(&mut self, unit: usize, state: State, what: What) {
        self.units[unit].state = state;
        self.tell(unit, what);
    }

    fn tell(&mut self, unit: usize, what: What) {
        let path = self.units[unit].path.clone();
        self.events.push(Happening { at: self.now, path, what });
    }

    /// A step of this call has failed.
    fn fails(&mut self, call: usize, fault: Fault) {
        let call_is = &mut self.calls[call];
        call_is.error.get_or_insert(fault);
        if !call_is.finish {
            self.unwind(call);
        }
    }

    /// Drops what runs in this call, and finds what has to be undone.
    fn unwind(&mut self, call: usize) {
        self.calls[call].phase = Phase::Unwinding;
        for at in 0..self.units.len() {
            if self.units[at].of != call {
                continue;
            }
            let Unit { kind, state, undo, .. } = self.units[at];
            if state == State::Running {
                self.units[at].state = State::Stopped;
                if kind != UnitKind::Group {
                    self.tell(at, What::Cancelled);
                }
            }
            let has_to = match (kind, state) {
                (UnitKind::Step { .. }, State::Done) => undo,
                (UnitKind::Call(_), State::Done | State::Running) => true,
                _ => false,
            };
            if has_to {
                self.units[at].undoing = Undoing::Waiting;
            }
        }
    }

    fn start_undo(&mut self, at: usize) {
        self.units[at].undoing = Undoing::Running;
        let Unit { kind, state, undo, .. } = self.units[at];
        match kind {
            UnitKind::Call(called) if !undo || state == State::Stopped => {
                match self.calls[called].phase {
                    Phase::Forward | Phase::Succeeded => self.unwind(called),
                    _ => {}
                }
            }
            _ => {
                let path = self.units[at].path.clone();
                self.due.insert((self.now + undo_duration(&path), Due::EndOfUndo(at)));
                self.log.push(Attempt { path, undoes: true, start: self.now, end: None });
            }
        }
    }
}

/// The paths of all steps that run if none fails, with whether they are tried again.
#[must_use]
pub fn steps(saga: &Saga) -> Vec<(String, bool)> {
    let faults = Faults::default();
    let simulation = Simulation::new(saga, &faults);
    let steps = simulation.units.iter().filter_map(|unit| match unit.kind {
        UnitKind::Step { again } if unit.state != State::NotChosen => {
            Some((unit.path.clone(), again))
        }
        _ => None,
    });
    steps.collect()
}
