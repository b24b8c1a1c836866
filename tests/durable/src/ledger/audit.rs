//! Whether all that happened was right: what is recorded is undone or used, nothing is done or
//! undone twice, and all that is undone is so in the right order.

use std::collections::{BTreeMap, BTreeSet};

use workflow_journal::StoredState;

use super::{Act, Event};

/// What there is to know of a workflow. Paths stand without the items of fan-outs in them: `a[].b`.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The steps, and calls, that have a compensation.
    pub undoable: BTreeSet<String>,
    /// Those of them that are calls of workflows: once such a call is recorded, it is undone as
    /// one, and not by the compensations inside it.
    pub as_one: BTreeSet<String>,
    /// For each of the steps the ones that it waits for, in paths with their items. What undoes a
    /// step starts when all that waited for it is undone; and where something is undone and the
    /// run goes forward again, what waited for it may run again.
    pub needs: BTreeMap<String, BTreeSet<String>>,
}

impl Rules {
    /// Whether the step, or call, has a compensation.
    #[must_use]
    pub fn is_undoable(&self, path: &str) -> bool {
        self.undoable.contains(&plain(path))
    }

    /// Adds a step that has a compensation, or a call that is undone as one.
    pub fn add_undoable(&mut self, path: &str, as_one: bool) {
        self.undoable.insert(plain(path));
        if as_one {
            self.as_one.insert(plain(path));
        }
    }
}

/// Looks through what has happened.
pub struct Audit<'r> {
    rules: &'r Rules,
    steps: BTreeMap<String, Step>,
    keys: BTreeMap<String, (String, u32)>,
    /// What was undone, or ran again since something was.
    changed: BTreeSet<String>,
}

/// A step as it is now.
#[derive(Debug, Default)]
struct Step {
    /// How often it has been undone.
    undone: u32,
    now: Option<Now>,
    key: Option<(u32, String)>,
    undo_key: Option<(u32, String)>,
}

/// What the step last came to.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each holds by itself")]
struct Now {
    token: u64,
    recorded: bool,
    /// Another process has gone on since.
    passed_on: bool,
    /// It is a part of a recorded call that is undone as one.
    covered: bool,
    undid: bool,
    /// The process died since it was undone, before that was recorded.
    in_doubt: bool,
    undo_recorded: bool,
    undo_failed: bool,
}

impl Now {
    /// It is recorded as done, and not as undone.
    fn stands(&self) -> bool {
        self.recorded && !self.undo_recorded
    }
}

/// The path without items: `a[3].b` is `a[].b`.
fn plain(path: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for letter in path.chars() {
        if letter == ']' {
            inside = false;
        }
        if !inside {
            plain.push(letter);
        }
        if letter == '[' {
            inside = true;
        }
    }
    plain
}

impl<'r> Audit<'r> {
    /// Checks all that has happened up to the end of a run.
    ///
    /// # Errors
    ///
    /// With what is wrong.
    pub fn check(rules: &'r Rules, events: &[Event], end: StoredState) -> Result<(), String> {
        let mut audit =
            Self { rules, steps: BTreeMap::new(), keys: BTreeMap::new(), changed: BTreeSet::new() };
        let result = events.iter().try_for_each(|event| audit.event(event));
        result.and_then(|()| audit.end(end)).map_err(|error| {
            let events: Vec<_> = events.iter().map(|event| format!("  {event}")).collect();
            format!("{error}; the run is {end:?}:\n{}", events.join("\n"))
        })
    }

    fn is_undoable(&self, path: &str) -> bool {
        self.rules.is_undoable(path)
    }

    fn is_as_one(&self, path: &str) -> bool {
        self.rules.as_one.contains(&plain(path))
    }

    fn event(&mut self, event: &Event) -> Result<(), String> {
        match event {
            Event::Did(act) => self.did(act),
            Event::Recorded { path, token } => self.recorded(path, *token),
            Event::Undid(act) => self.undid(act),
            Event::UndoFailed(act) => {
                self.may_be_undone_now(act)?;
                self.now(&act.path)?.undo_failed = true;
                Ok(())
            }
            Event::UndoRecorded { path } => self.undo_recorded(path),
            Event::Cut => {
                for now in self.steps.values_mut().filter_map(|step| step.now.as_mut()) {
                    now.passed_on = true;
                    now.in_doubt = now.undid && !now.undo_recorded;
                }
                Ok(())
            }
        }
    }

    fn now(&mut self, path: &str) -> Result<&mut Now, String> {
        let now = self.steps.get_mut(path).and_then(|step| step.now.as_mut());
        now.ok_or_else(|| format!("`{path}` has not been done"))
    }

    fn did(&mut self, act: &Act) -> Result<(), String> {
        let path = &act.path;
        let needs = self.rules.needs.get(path);
        let behind = needs.is_some_and(|needs| !needs.is_disjoint(&self.changed));
        let undoable = self.is_undoable(path);
        let step = self.steps.entry(path.clone()).or_default();
        if let Some(now) = &step.now {
            if now.stands() && (undoable || !(behind || self.changed.contains(path))) {
                return Err(format!("`{path}` ran again, though it was recorded"));
            }
            if !now.recorded && !now.passed_on {
                return Err(format!("`{path}` ran twice in one process"));
            }
            if now.undid && !now.undo_recorded {
                return Err(format!("`{path}` ran again before it was recorded as undone"));
            }
            if behind {
                self.changed.insert(path.clone());
            }
        }
        check_key(&mut self.keys, &mut step.key, step.undone, act)?;
        step.now = Some(Now { token: act.token, ..Now::default() });
        self.call_goes_on(path);
        Ok(())
    }

    /// A call that was undone as one is being done anew, since a part of it is.
    fn call_goes_on(&mut self, path: &str) {
        for (end, _) in path.match_indices('.') {
            let call = &path[..end];
            if self.is_as_one(call)
                && let Some(step) = self.steps.get_mut(call)
            {
                step.now.take_if(|now| now.undo_recorded);
            }
        }
    }

    fn recorded(&mut self, path: &str, token: Option<u64>) -> Result<(), String> {
        let Some(token) = token else { return Ok(()) };
        if self.is_as_one(path) {
            self.call_is_done(path, token);
            return Ok(());
        }
        // Calls that are not undone as one have no effect of their own.
        let Some(step) = self.steps.get_mut(path) else { return Ok(()) };
        let Some(now) = &mut step.now else { return Ok(()) };
        if now.token != token {
            return Err(format!("`{path}` is recorded with something else than it came to"));
        }
        now.recorded = true;
        Ok(())
    }

    /// A call that is undone as one has completed: from now on nothing inside it is undone.
    fn call_is_done(&mut self, path: &str, token: u64) {
        let inside = format!("{path}.");
        for (_, step) in self.steps.iter_mut().filter(|(path, _)| path.starts_with(&inside)) {
            if let Some(now) = &mut step.now {
                now.covered = now.stands();
            }
        }
        let step = self.steps.entry(path.to_owned()).or_default();
        step.now = Some(Now { token, recorded: true, ..Now::default() });
    }

    /// Whether it is right that what undoes this step runs.
    fn may_be_undone(&self, act: &Act) -> Result<(), String> {
        let path = &act.path;
        if !self.is_undoable(path) {
            return Err(format!("`{path}` was undone, and has no compensation"));
        }
        let now = self.steps.get(path).and_then(|step| step.now.as_ref());
        let Some(now) = now else {
            return Err(format!("`{path}` was undone, but has not been done"));
        };
        let wrong = if now.token != act.token {
            "was undone with something else than it came to"
        } else if !now.recorded {
            "was undone, but is not recorded"
        } else if now.covered {
            "was undone, and the call that it is a part of is undone as one"
        } else if now.undo_recorded || (now.undid && !now.in_doubt) {
            "was undone twice"
        } else {
            let mut others = self.rules.needs.iter().filter(|(_, needs)| needs.contains(path));
            let early = others.find(|(other, _)| {
                let now = self.steps.get(*other).and_then(|step| step.now.as_ref());
                now.is_some_and(|now| {
                    self.is_undoable(other) && now.stands() && !now.covered && !now.undo_failed
                })
            });
            return match early {
                None => Ok(()),
                Some((other, _)) => Err(format!("`{path}` was undone before `{other}`")),
            };
        };
        Err(format!("`{path}` {wrong}"))
    }

    fn may_be_undone_now(&mut self, act: &Act) -> Result<(), String> {
        let now = self.steps.get(&act.path).and_then(|step| step.now.as_ref());
        if self.is_as_one(&act.path)
            && now.is_none_or(|now| now.undo_recorded && now.token != act.token)
        {
            // A call need not have a record of its own: all that it has done may have one.
            self.call_is_done(&act.path, act.token);
        }
        let inside = format!("{}.", act.path);
        let is_undone = |step: &Step| step.now.as_ref().is_some_and(|now| now.undid);
        let mut parts = self.steps.iter().filter(|(path, _)| path.starts_with(&inside));
        match parts.find(|(path, step)| self.is_undoable(path) && is_undone(step)) {
            Some((part, _)) => Err(format!("`{}` was undone, and so was `{part}`", act.path)),
            None => self.may_be_undone(act),
        }
    }

    fn undid(&mut self, act: &Act) -> Result<(), String> {
        self.may_be_undone_now(act)?;
        let step = self.steps.get_mut(&act.path).expect("it has been done");
        check_key(&mut self.keys, &mut step.undo_key, step.undone, act)?;
        let now = self.now(&act.path)?;
        (now.undid, now.in_doubt) = (true, false);
        Ok(())
    }

    fn undo_recorded(&mut self, path: &str) -> Result<(), String> {
        let now = self.now(path)?;
        if !now.undid {
            return Err(format!("`{path}` is recorded as undone, and was not"));
        }
        now.undo_recorded = true;
        let inside = format!("{path}.");
        for (other, step) in &mut self.steps {
            let is_inside = other.starts_with(&inside);
            if other == path || is_inside {
                step.undone += 1;
                self.changed.insert(other.clone());
            }
            if is_inside && let Some(now) = &mut step.now {
                now.undo_recorded |= now.covered;
            }
        }
        Ok(())
    }

    fn end(&self, end: StoredState) -> Result<(), String> {
        for (path, step) in self.steps.iter().filter(|(path, _)| self.is_undoable(path)) {
            let Some(now) = &step.now else { continue };
            let wrong = match end {
                StoredState::Unfinished => return Err("the run has not ended".to_owned()),
                StoredState::Completed if now.undid => "was undone",
                StoredState::Completed if !now.recorded => "is not recorded",
                StoredState::Failed | StoredState::UndoFailed | StoredState::Cancelled
                    if now.stands() && !now.covered && !now.undo_failed =>
                {
                    if now.undid {
                        "was undone, and that is not recorded"
                    } else {
                        "is recorded, and was not undone"
                    }
                }
                _ => continue,
            };
            return Err(format!("`{path}` {wrong}"));
        }
        Ok(())
    }
}

/// A step, or what undoes it, has one key until it is undone, and then another one.
fn check_key(
    keys: &mut BTreeMap<String, (String, u32)>,
    last: &mut Option<(u32, String)>,
    undone: u32,
    act: &Act,
) -> Result<(), String> {
    let Act { path, key, .. } = act;
    if let Some((before, last)) = last
        && *before == undone
        && last != key
    {
        return Err(format!("`{path}` had the key `{last}`, and then `{key}`"));
    }
    let owner = keys.entry(key.clone()).or_insert_with(|| (path.clone(), undone));
    if *owner != (path.clone(), undone) {
        return Err(format!("`{path}` has the key `{key}`, as before it was undone"));
    }
    *last = Some((undone, key.clone()));
    Ok(())
}
