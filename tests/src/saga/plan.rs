//! A saga as it is before a run: each declaration as often as it runs.

use std::collections::{BTreeMap, BTreeSet};

use super::generate::{Kind, Node, OnFailure, Saga};

/// What a saga consists of if each of its branches and fan-outs is written out.
#[derive(Debug)]
pub struct Plan {
    pub(super) units: Vec<Unit>,
    /// The first one is that of the saga itself.
    pub(super) calls: Vec<FlowCall>,
}

/// A step or a call.
#[derive(Debug)]
pub struct Declared {
    /// Its path.
    pub path: String,
    /// It has a compensation.
    pub undo: bool,
    /// It calls a function.
    pub is_call: bool,
    /// The paths of all that it waits for, be it through others.
    pub behind: BTreeSet<String>,
}

/// A declaration in one run of it, or one item of a `for`.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) path: String,
    /// The call of a function that it is a part of.
    pub(super) of: usize,
    /// What must be done before it starts.
    pub(super) needs: Vec<usize>,
    /// The `if`, the `for` or the item around it.
    pub(super) around: Option<usize>,
    pub(super) undo: bool,
    pub(super) kind: UnitKind,
    /// It is not in an arm that is not chosen. What stands behind such an arm depends on it
    /// nevertheless.
    pub(super) chosen: bool,
    /// What stands in it, if it is a group.
    pub(super) inside: Vec<usize>,
    /// Those of the same call that wait for it, be it through others.
    pub(super) dependents: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitKind {
    /// A step, and whether it is tried again.
    Step { again: bool },
    /// It is done when all inside it is.
    Group,
    /// The call of a function.
    Call(usize),
}

/// One call of a function.
#[derive(Debug)]
pub(super) struct FlowCall {
    /// The unit that calls it.
    pub(super) caller: Option<usize>,
    pub(super) on_failure: OnFailure,
    /// Its declarations.
    pub(super) body: Vec<usize>,
}

type Names = BTreeMap<String, usize>;

/// Where declarations stand.
#[derive(Clone, Copy)]
struct Place {
    call: usize,
    around: Option<usize>,
    chosen: bool,
}

impl Plan {
    /// Writes a saga out.
    #[must_use]
    pub fn new(saga: &Saga) -> Self {
        let mut plan = Self { units: Vec::new(), calls: Vec::new() };
        plan.add_call(saga, saga.flows.len() - 1, None, "", true);
        for unit in 0..plan.units.len() {
            for behind in plan.all_behind(unit) {
                plan.units[behind].dependents.push(unit);
            }
        }
        plan
    }

    /// The paths of all steps that run if none fails, with whether they are tried again.
    #[must_use]
    pub fn steps(&self) -> Vec<(String, bool)> {
        let steps = self.units.iter().filter_map(|unit| match unit.kind {
            UnitKind::Step { again } if unit.chosen => Some((unit.path.clone(), again)),
            _ => None,
        });
        steps.collect()
    }

    /// All declarations that run if none fails, but for those that only hold others.
    #[must_use]
    pub fn declared(&self) -> Vec<Declared> {
        let units = (0..self.units.len())
            .filter(|&unit| self.units[unit].chosen && self.units[unit].kind != UnitKind::Group);
        let declared = units.map(|unit| {
            let Unit { path, undo, kind, .. } = &self.units[unit];
            let is_call = matches!(kind, UnitKind::Call(_));
            let behind = self.all_behind_calls(unit);
            Declared { path: path.clone(), undo: *undo, is_call, behind }
        });
        declared.collect()
    }

    /// The paths of all that a unit waits for, be it through others: also in other calls.
    fn all_behind_calls(&self, unit: usize) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut next = Some(unit);
        while let Some(unit) = next {
            for behind in self.all_behind(unit) {
                let path = &self.units[behind].path;
                // A call is done when all inside it is.
                let inside = format!("{path}.");
                let others = self.units.iter().map(|unit| &unit.path);
                found.extend(others.filter(|other| other.starts_with(&inside)).cloned());
                found.insert(path.clone());
            }
            next = self.calls[self.units[unit].of].caller;
        }
        found
    }

    fn add_call(
        &mut self,
        saga: &Saga,
        flow: usize,
        caller: Option<usize>,
        at: &str,
        chosen: bool,
    ) -> usize {
        let call = self.calls.len();
        let flow = &saga.flows[flow];
        self.calls.push(FlowCall { caller, on_failure: flow.on_failure, body: Vec::new() });
        self.add_body(saga, &flow.body, Place { call, around: None, chosen }, at, &Names::new());
        call
    }

    fn add_body(&mut self, saga: &Saga, body: &[Node], place: Place, at: &str, outer: &Names) {
        let mut names = outer.clone();
        for node in body {
            let unit = self.add_unit(format!("{at}{}", node.name), place);
            names.insert(node.name.clone(), unit);
        }
        for node in body {
            let unit = names[&node.name];
            let path = self.units[unit].path.clone();
            let needs = node.needs.iter().chain(&node.after);
            self.units[unit].needs = needs.map(|name| names[name]).collect();
            self.units[unit].undo = node.undo;
            let place = Place { around: Some(unit), ..place };
            match &node.kind {
                Kind::Step { again } => self.units[unit].kind = UnitKind::Step { again: *again },
                Kind::If(first, arm, otherwise) => {
                    for (arm, chosen) in [(arm, *first), (otherwise, !*first)] {
                        let place = Place { chosen: place.chosen && chosen, ..place };
                        self.add_body(saga, arm, place, &format!("{path}."), &names);
                    }
                }
                Kind::For(count, body) => {
                    for item in 0..*count {
                        let path = format!("{path}[{item}]");
                        let item = self.add_unit(path.clone(), place);
                        let place = Place { around: Some(item), ..place };
                        self.add_body(saga, body, place, &format!("{path}."), &names);
                    }
                }
                Kind::Call(flow) => {
                    let at = format!("{path}.");
                    let called = self.add_call(saga, *flow, Some(unit), &at, place.chosen);
                    self.units[unit].kind = UnitKind::Call(called);
                }
            }
        }
    }

    fn add_unit(&mut self, path: String, place: Place) -> usize {
        self.units.push(Unit {
            path,
            of: place.call,
            needs: Vec::new(),
            around: place.around,
            undo: false,
            kind: UnitKind::Group,
            chosen: place.chosen,
            inside: Vec::new(),
            dependents: Vec::new(),
        });
        let unit = self.units.len() - 1;
        match place.around {
            Some(around) => self.units[around].inside.push(unit),
            None => self.calls[place.call].body.push(unit),
        }
        unit
    }

    /// All that a unit waits for, be it through others.
    fn all_behind(&self, unit: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut next = vec![unit];
        while let Some(unit) = next.pop() {
            for needed in self.with_around(unit).flat_map(|unit| &self.units[unit].needs) {
                // A group is done when all inside it is.
                let all = (0..self.units.len())
                    .filter(|&unit| self.with_around(unit).any(|around| around == *needed));
                next.extend(all.filter(|&unit| found.insert(unit)));
            }
        }
        found
    }

    /// A unit, and the groups that it stands in, from the innermost outwards.
    fn with_around(&self, unit: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(unit), |&unit| self.units[unit].around)
    }
}
