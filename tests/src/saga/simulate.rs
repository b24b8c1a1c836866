//! What should happen in a run of a saga: a simulation that knows nothing of the library.

use std::collections::BTreeSet;

use super::context::{Attempt, Fault, Faults, duration, undo_duration};
use super::generate::OnFailure;
use super::plan::{Plan, Unit, UnitKind};

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
    /// It does not run. This counts as told at 0, and only outside of any `for`.
    Skipped,
    /// It has been undone, after so many attempts.
    Compensated(u32),
    /// It could not be undone, after so many attempts.
    CompensationFailed(u32),
}

/// How often a step is tried, where it is tried again, and the wait between two attempts.
const ATTEMPTS: u32 = 3;
/// The wait between two attempts, in milliseconds.
const BACKOFF: u64 = 1000;

fn is_outside_items(path: &str) -> bool {
    !path.contains('[')
}

impl Plan {
    /// Whether what is told of steps that do not run can be compared for this one. Those of
    /// an item are told with it or without it, depending on how far the `for` was.
    #[must_use]
    pub fn is_outside_items(&self, path: &str) -> bool {
        is_outside_items(path) && self.units.iter().any(|unit| unit.path == path)
    }

    /// Runs the saga with these faults.
    #[must_use]
    pub fn run(&self, faults: &Faults) -> Expected {
        let mut simulation = Simulation {
            plan: self,
            faults,
            now: 0,
            due: BTreeSet::new(),
            units: vec![Now::default(); self.units.len()],
            calls: vec![CallNow::default(); self.calls.len()],
            log: Vec::new(),
            events: Vec::new(),
            is_tie: false,
        };
        simulation.run();
        simulation.tell_skipped();
        let Simulation { now: end, calls, mut log, mut events, is_tie, .. } = simulation;
        log.sort();
        events.sort();
        Expected { error: calls[0].error.clone(), end, log, events, is_tie }
    }
}

/// How far a unit is.
#[derive(Debug, Clone, Copy, Default)]
struct Now {
    state: State,
    attempts: u32,
    /// What undoes it.
    undoing: Undoing,
    undo_attempts: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Waiting,
    Running,
    Done,
    Failed,
    /// It was running when its function failed.
    Stopped,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Undoing {
    /// There is nothing to undo.
    #[default]
    Nothing,
    Waiting,
    Running,
    Over,
}

impl Undoing {
    fn is_over(self) -> bool {
        matches!(self, Self::Nothing | Self::Over)
    }
}

/// How far the call of a function is.
#[derive(Debug, Clone, Default)]
struct CallNow {
    error: Option<Fault>,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Phase {
    #[default]
    NotCalled,
    Forward,
    /// It has returned a value.
    Succeeded,
    Unwinding,
    Over,
}

/// What is due at some time: of a step, or of what undoes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    at: u64,
    unit: usize,
    undoes: bool,
    /// The end of an attempt, or else the start of the next one.
    ends: bool,
}

struct Simulation<'s> {
    plan: &'s Plan,
    faults: &'s Faults,
    now: u64,
    due: BTreeSet<Due>,
    units: Vec<Now>,
    calls: Vec<CallNow>,
    log: Vec<Attempt>,
    events: Vec<Happening>,
    is_tie: bool,
}

impl<'s> Simulation<'s> {
    fn run(&mut self) {
        self.calls[0].phase = Phase::Forward;
        self.settle();
        let mut last = None;
        while let Some(due) = self.due.pop_first() {
            // What was dropped does not go on.
            if !due.undoes && self.units[due.unit].state != State::Running {
                continue;
            }
            self.is_tie |= last == Some(due.at);
            last = Some(due.at);
            self.now = due.at;
            if due.ends {
                self.ends(due.unit, due.undoes);
            } else {
                self.attempt(due.unit, due.undoes);
            }
            self.settle();
            if matches!(self.calls[0].phase, Phase::Succeeded | Phase::Over) {
                break;
            }
        }
    }

    /// The attempt that runs is over.
    fn ends(&mut self, unit: usize, undoes: bool) {
        let Unit { path, kind, of, .. } = &self.plan.units[unit];
        let mut log = self.log.iter_mut().rev();
        let attempt = log.find(|attempt| attempt.path == *path && attempt.undoes == undoes);
        attempt.expect("it has begun").end = Some(self.now);
        let now = &self.units[unit];
        let attempts = if undoes { now.undo_attempts } else { now.attempts };
        let fault = self.faults.of(path, undoes, attempts);
        let may_help = fault.as_ref().is_some_and(|fault| fault.temporary);
        if may_help && attempts < ATTEMPTS && *kind == (UnitKind::Step { again: true }) {
            self.tell(unit, What::Retrying(attempts));
            self.due.insert(Due { at: self.now + BACKOFF, unit, undoes, ends: false });
            return;
        }
        match (fault, undoes) {
            (None, false) => self.becomes(unit, State::Done, What::Completed(attempts)),
            (None, true) => self.is_undone(unit, What::Compensated(attempts)),
            (Some(fault), false) => {
                self.becomes(unit, State::Failed, What::Failed(attempts));
                self.fails(*of, fault);
            }
            (Some(_), true) => self.is_undone(unit, What::CompensationFailed(attempts)),
        }
    }

    fn attempt(&mut self, unit: usize, undoes: bool) {
        let path = self.plan.units[unit].path.clone();
        let now = &mut self.units[unit];
        let (attempts, duration) = if undoes {
            (&mut now.undo_attempts, undo_duration(&path))
        } else {
            (&mut now.attempts, duration(&path))
        };
        *attempts += 1;
        self.due.insert(Due { at: self.now + duration, unit, undoes, ends: true });
        self.log.push(Attempt { path, undoes, start: self.now, end: None });
    }

    fn becomes(&mut self, unit: usize, state: State, what: What) {
        self.units[unit].state = state;
        self.tell(unit, what);
    }

    fn is_undone(&mut self, unit: usize, what: What) {
        self.units[unit].undoing = Undoing::Over;
        self.tell(unit, what);
    }

    fn tell(&mut self, unit: usize, what: What) {
        let path = self.plan.units[unit].path.clone();
        self.events.push(Happening { at: self.now, path, what });
    }

    /// Does all that can be done at this instant.
    fn settle(&mut self) {
        loop {
            let mut changed = false;
            for unit in 0..self.units.len() {
                changed |= match self.calls[self.plan.units[unit].of].phase {
                    Phase::Forward => self.goes_on(unit),
                    Phase::Unwinding => self.goes_back(unit),
                    _ => false,
                };
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

    fn goes_on(&mut self, at: usize) -> bool {
        let Unit { needs, around, kind, chosen, inside, of, .. } = &self.plan.units[at];
        // Nothing new starts in a function that drains.
        let drains = self.plan.calls[*of].on_failure == OnFailure::Drain;
        let is_closed = drains && self.calls[*of].error.is_some();
        match self.units[at].state {
            State::Waiting => {
                let is_done = |unit: &usize| self.units[*unit].state == State::Done;
                let runs = |unit: usize| self.units[unit].state == State::Running;
                let starts =
                    *chosen && !is_closed && needs.iter().all(is_done) && around.is_none_or(runs);
                if starts {
                    self.start(at);
                }
                starts
            }
            State::Running if *kind == UnitKind::Group => {
                let done = self.all_done(inside);
                if done {
                    self.units[at].state = State::Done;
                }
                done
            }
            _ => false,
        }
    }

    fn start(&mut self, unit: usize) {
        match self.plan.units[unit].kind {
            UnitKind::Group => self.units[unit].state = State::Running,
            UnitKind::Step { .. } => {
                self.becomes(unit, State::Running, What::Started);
                self.attempt(unit, false);
            }
            UnitKind::Call(called) => {
                self.becomes(unit, State::Running, What::Started);
                self.calls[called].phase = Phase::Forward;
            }
        }
    }

    fn goes_back(&mut self, unit: usize) -> bool {
        match self.units[unit].undoing {
            Undoing::Waiting => {
                let mut dependents = self.plan.units[unit].dependents.iter();
                let ready = dependents.all(|&unit| self.units[unit].undoing.is_over());
                if ready {
                    self.start_undo(unit);
                }
                ready
            }
            Undoing::Running => match self.plan.units[unit].kind {
                UnitKind::Call(called) if self.calls[called].phase == Phase::Over => {
                    self.units[unit].undoing = Undoing::Over;
                    true
                }
                _ => false,
            },
            Undoing::Nothing | Undoing::Over => false,
        }
    }

    fn start_undo(&mut self, unit: usize) {
        let Unit { kind, undo, .. } = self.plan.units[unit];
        self.units[unit].undoing = Undoing::Running;
        match kind {
            UnitKind::Call(called) if !undo || self.units[unit].state == State::Stopped => {
                // If it has failed itself, it is being undone already.
                if matches!(self.calls[called].phase, Phase::Forward | Phase::Succeeded) {
                    self.unwind(called);
                }
            }
            _ => self.attempt(unit, true),
        }
    }

    fn settle_call(&mut self, call: usize) -> bool {
        match self.calls[call].phase {
            Phase::Forward if self.calls[call].error.is_some() => {
                // It finishes what does not depend on the failed step, or at least what runs.
                let over = !self.of(call).any(|unit| {
                    self.plan.units[unit].kind != UnitKind::Group
                        && self.units[unit].state == State::Running
                });
                if over {
                    self.unwind(call);
                }
                over
            }
            Phase::Forward => {
                let over = self.all_done(&self.plan.calls[call].body);
                if over {
                    self.calls[call].phase = Phase::Succeeded;
                    if let Some(caller) = self.plan.calls[call].caller {
                        self.becomes(caller, State::Done, What::Completed(1));
                    }
                }
                over
            }
            Phase::Unwinding => {
                let over = self.of(call).all(|unit| self.units[unit].undoing.is_over());
                if over {
                    self.calls[call].phase = Phase::Over;
                    self.returns_failure(call);
                }
                over
            }
            Phase::NotCalled | Phase::Succeeded | Phase::Over => false,
        }
    }

    /// A call has been undone. If its caller has not stopped it, it has failed.
    fn returns_failure(&mut self, call: usize) {
        let Some(caller) = self.plan.calls[call].caller else { return };
        if self.units[caller].state == State::Running {
            let fault = self.calls[call].error.clone().expect("nobody has stopped it");
            self.becomes(caller, State::Failed, What::Failed(1));
            self.fails(self.plan.units[caller].of, fault);
        }
    }

    /// A step of this call has failed.
    fn fails(&mut self, call: usize, fault: Fault) {
        self.calls[call].error.get_or_insert(fault);
        if self.plan.calls[call].on_failure == OnFailure::Cancel {
            self.unwind(call);
        }
    }

    /// Drops what runs in this call, and finds what has to be undone.
    fn unwind(&mut self, call: usize) {
        self.calls[call].phase = Phase::Unwinding;
        for unit in self.of(call) {
            let Unit { kind, undo, .. } = self.plan.units[unit];
            let state = self.units[unit].state;
            if state == State::Running {
                self.units[unit].state = State::Stopped;
                if kind != UnitKind::Group {
                    self.tell(unit, What::Cancelled);
                }
            }
            let has_to_be_undone = match (kind, state) {
                (UnitKind::Step { .. }, State::Done) => undo,
                (UnitKind::Call(_), State::Done | State::Running) => true,
                _ => false,
            };
            if has_to_be_undone {
                self.units[unit].undoing = Undoing::Waiting;
            }
        }
    }

    fn tell_skipped(&mut self) {
        for (at, unit) in self.plan.units.iter().enumerate() {
            let is_waiting = self.units[at].state == State::Waiting
                && self.calls[unit.of].phase != Phase::NotCalled;
            if is_waiting && unit.kind != UnitKind::Group && is_outside_items(&unit.path) {
                let path = unit.path.clone();
                self.events.push(Happening { at: 0, path, what: What::Skipped });
            }
        }
    }

    fn all_done(&self, units: &[usize]) -> bool {
        let is_done =
            |unit: usize| !self.plan.units[unit].chosen || self.units[unit].state == State::Done;
        units.iter().all(|&unit| is_done(unit))
    }

    fn of(&self, call: usize) -> impl Iterator<Item = usize> + use<'s> {
        let plan = self.plan;
        (0..plan.units.len()).filter(move |&unit| plan.units[unit].of == call)
    }
}
