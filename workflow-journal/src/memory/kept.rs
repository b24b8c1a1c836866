//! What is kept in memory, and how it changes.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::records::Records;
use crate::front::Front;
use crate::{
    Claim, Claimed, Filter, NewRun, SentSignal, StoreError, StoredRun, StoredState, Timestamp,
};

#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) runs: HashMap<String, KeptRun>,
    // Apart from the runs, since a signal may arrive before its run starts.
    pub(super) signals: HashMap<String, Vec<SentSignal>>,
    // The number of runs that were ever started: tells which one was started last.
    started: u64,
}

#[derive(Debug)]
pub(super) struct KeptRun {
    pub(super) run: StoredRun,
    epoch: i64,
    pub(super) records: Records,
    number: u64,
}

impl Kept {
    pub(super) fn claim(&mut self, new: &NewRun, claim: &Claim) -> Claimed {
        let now = Timestamp::now();
        let is_new = !self.runs.contains_key(&new.id);
        self.started += u64::from(is_new);
        let number = self.started;
        let kept =
            self.runs.entry(new.id.clone()).or_insert_with(|| KeptRun::new(new, now, number));
        if kept.run.state.is_final() {
            return Claimed::Ended;
        }
        if let Some(busy) = kept.busy(claim, now) {
            return busy;
        }
        let epoch = kept.hold(claim, now);
        self.touch(&new.id);
        Claimed::Held { epoch, new: is_new }
    }

    /// Whether the run is new.
    pub(super) fn create(&mut self, new: &NewRun) -> bool {
        if self.runs.contains_key(&new.id) {
            return false;
        }
        self.started += 1;
        let run = KeptRun::new(new, Timestamp::now(), self.started);
        self.runs.insert(new.id.clone(), KeptRun { epoch: 1, ..run });
        true
    }

    pub(super) fn reopen(&mut self, run: &str, claim: &Claim) -> Result<Claimed, StoreError> {
        let now = Timestamp::now();
        let kept = self.runs.get_mut(run).ok_or_else(|| StoreError::no_such_run(run))?;
        if let Some(busy) = kept.busy(claim, now) {
            return Ok(busy);
        }
        kept.run.cancel = false;
        let epoch = kept.hold(claim, now);
        self.touch(run);
        Ok(Claimed::Held { epoch, new: false })
    }

    /// The number of runs that are deleted: those that have ended.
    pub(super) fn delete(&mut self, runs: &[String]) -> usize {
        let before = self.runs.len();
        for run in runs {
            let has_ended = |kept: &KeptRun| kept.run.state != StoredState::Unfinished;
            if self.runs.get(run).is_some_and(has_ended) {
                self.runs.remove(run);
                self.signals.remove(run);
            }
        }
        before - self.runs.len()
    }

    pub(super) fn touch(&mut self, run: &str) {
        if let Some(kept) = self.runs.get_mut(run) {
            kept.run.updated = Timestamp::now();
        }
    }

    pub(super) fn held(&mut self, run: &str, epoch: i64) -> Result<&mut KeptRun, StoreError> {
        let kept = self.runs.get_mut(run).ok_or_else(|| StoreError::no_such_run(run))?;
        if kept.epoch != epoch || kept.run.held.is_none() {
            return Err(StoreError::lease_lost(run));
        }
        Ok(kept)
    }

    pub(super) fn send(&mut self, run: &str, signal: SentSignal) -> Result<(), StoreError> {
        if self.runs.get(run).is_some_and(|kept| kept.run.state.is_final()) {
            return Err(StoreError::ended(run));
        }
        self.signals.entry(run.to_owned()).or_default().push(signal);
        Ok(())
    }

    pub(super) fn cancel(&mut self, run: &str) -> Result<(), StoreError> {
        self.not_ended(run)?.cancel = true;
        self.touch(run);
        Ok(())
    }

    pub(super) fn retry(&mut self, run: &str) -> Result<(), StoreError> {
        let kept = self.not_ended(run)?;
        if matches!(kept.state, StoredState::Failed | StoredState::UndoFailed) {
            kept.state = StoredState::Unfinished;
            self.touch(run);
        }
        Ok(())
    }

    fn not_ended(&mut self, run: &str) -> Result<&mut StoredRun, StoreError> {
        let kept = self.runs.get_mut(run).ok_or_else(|| StoreError::no_such_run(run))?;
        if kept.run.state.is_final() {
            return Err(StoreError::ended(run));
        }
        Ok(&mut kept.run)
    }

    pub(super) fn runs(&self, filter: &Filter) -> Vec<StoredRun> {
        let place = |kept: &KeptRun| (kept.run.updated, kept.number);
        let is_behind = |kept: &KeptRun| match filter.front() {
            Front::All => true,
            Front::Before(moment) => kept.run.updated < moment,
            Front::After(moment, id) => {
                let number = self.runs.get(id).map_or(u64::MAX, |kept| kept.number);
                place(kept) < (moment, number)
            }
        };
        let fits = |kept: &&KeptRun| fits(&kept.run, filter) && is_behind(kept);
        let mut fitting: Vec<_> = self.runs.values().filter(fits).collect();
        fitting.sort_by_key(|kept| Reverse(place(kept)));
        fitting.truncate(filter.limit.unwrap_or(usize::MAX));
        fitting.into_iter().map(|kept| kept.run.clone()).collect()
    }
}

impl KeptRun {
    fn new(new: &NewRun, now: Timestamp, number: u64) -> Self {
        let run = StoredRun::new(new.clone(), now);
        Self { run, epoch: 0, records: Records::default(), number }
    }

    /// The answer to a claim while another process holds the run.
    fn busy(&self, claim: &Claim, now: Timestamp) -> Option<Claimed> {
        let (holder, until) = self.run.held.as_ref()?;
        let is_held = *holder != claim.holder && *until > now;
        is_held.then(|| Claimed::Busy { holder: holder.clone(), until: *until })
    }

    /// Holds the run, which is unfinished from now on, and returns the epoch.
    fn hold(&mut self, claim: &Claim, now: Timestamp) -> i64 {
        self.epoch += 1;
        self.run.state = StoredState::Unfinished;
        self.run.outcome = None;
        self.run.held = Some((claim.holder.clone(), now.after(claim.lease)));
        self.epoch
    }
}

fn fits(run: &StoredRun, filter: &Filter) -> bool {
    filter.workflow.as_ref().is_none_or(|workflow| run.workflow == *workflow)
        && filter.state.is_none_or(|state| run.state == state)
}
