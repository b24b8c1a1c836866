//! One way through a run, from its start to its end.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use workflow_durable_tests::{Audit, Ledger};
use workflow_journal::{JournalStore, MemoryStore, StoredState, completed};

use crate::explore::{Explorer, asked_for};
use crate::process::{Outcome, Process, RUN};
use crate::shapes::Shape;
use crate::world::Mode;

/// What comes from outside, once, at any moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Disturbance {
    Nothing,
    /// The run is asked to be cancelled.
    Cancel,
    /// The process dies, and another one goes on.
    Kill,
}

/// What is tried in every order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) shape: &'static Shape,
    pub(crate) mode: Mode,
    pub(crate) disturbance: Disturbance,
}

/// Virtual time in which all goes on that can.
const MOMENT: Duration = Duration::from_millis(1);
/// So long that it is never renewed.
const LONG: Duration = Duration::from_secs(3600);
/// Renewed each second, which is when a run hears that it is cancelled.
const SHORT: Duration = Duration::from_secs(3);

/// How a process has ended.
enum Ended {
    With(Outcome),
    Panicked,
    Killed,
}

impl Case {
    fn lease(&self) -> Duration {
        if self.disturbance == Disturbance::Cancel { SHORT } else { LONG }
    }

    /// Goes one way, and checks what has come of it. Gives how the run has ended.
    pub(crate) async fn run(&self, explorer: &mut Explorer) -> Result<StoredState, String> {
        let mut way = Vec::new();
        let result = self.go(explorer, &mut way).await;
        result.map_err(|error| format!("{error}\nthe way to it:\n  {}", way.join("\n  ")))
    }

    async fn go(
        &self,
        explorer: &mut Explorer,
        way: &mut Vec<String>,
    ) -> Result<StoredState, String> {
        let (store, ledger) = (MemoryStore::new(), Arc::new(Ledger::default()));
        let start = |mode| Process::start(self.shape, mode, self.lease(), &store, &ledger);
        let mut process = start(self.mode);
        let outcome = match self.drive(&mut process, self.disturbance, explorer, way).await? {
            Ended::With(outcome) => outcome,
            ended @ (Ended::Killed | Ended::Panicked) => {
                let mut mode = self.mode;
                if let Ended::Panicked = ended {
                    // The process lives on, and does what it still wants to.
                    process.gates.open_all();
                    sleep(MOMENT).await;
                    process.expire().await;
                    mode = [Mode::Completes, Mode::Fails][explorer.choose(2)];
                    way.push(format!("again: {mode:?}"));
                } else {
                    process.kill().await;
                }
                ledger.cut();
                if let Some(state) = self.ended(&store).await {
                    // To run it once more would go on from the failure.
                    return self.check(&ledger, &store, state).await;
                }
                let mut next = start(mode);
                if asked_for().is_none() {
                    next.gates.open_all();
                }
                match self.drive(&mut next, Disturbance::Nothing, explorer, way).await? {
                    Ended::With(outcome) => outcome,
                    Ended::Panicked | Ended::Killed => return Err("the next one died".to_owned()),
                }
            }
        };
        let state = self.ended(&store).await;
        let state = state.ok_or_else(|| format!("it gave {outcome:?}, and has not ended"))?;
        if outcome.is_ok() != (state == StoredState::Completed) {
            return Err(format!("it gave {outcome:?}, and is {state:?}"));
        }
        self.check(&ledger, &store, state).await
    }

    /// Lets the run go on until it ends, in one of the orders.
    async fn drive(
        &self,
        process: &mut Process,
        mut disturbance: Disturbance,
        explorer: &mut Explorer,
        way: &mut Vec<String>,
    ) -> Result<Ended, String> {
        let mut idle = 0;
        loop {
            // The clock only goes on when nothing else does.
            sleep(MOMENT).await;
            if process.run.is_finished() {
                return Ok(match (&mut process.run).await {
                    Ok(outcome) => Ended::With(outcome),
                    Err(_) => Ended::Panicked,
                });
            }
            let waiting = process.gates.waiting();
            if waiting.is_empty() {
                idle += 1;
                if idle > 4 {
                    return Err("it hangs".to_owned());
                }
                sleep(LONG).await;
                continue;
            }
            let others = usize::from(disturbance != Disturbance::Nothing);
            let chosen = explorer.choose(waiting.len() + others);
            if let Some(gate) = waiting.get(chosen) {
                way.push(gate.clone());
                process.gates.open(chosen);
                continue;
            }
            way.push(format!("{disturbance:?}"));
            match std::mem::replace(&mut disturbance, Disturbance::Nothing) {
                Disturbance::Nothing => unreachable!("it is not among the choices"),
                Disturbance::Kill => return Ok(Ended::Killed),
                Disturbance::Cancel => {
                    // It may have ended, without knowing it.
                    let _ = process.journal.cancel(RUN).await;
                    sleep(SHORT / 3).await;
                }
            }
        }
    }

    async fn ended(&self, store: &MemoryStore) -> Option<StoredState> {
        let run = store.run(RUN).await.expect("memory does not fail");
        run.map(|run| run.state).filter(|state| *state != StoredState::Unfinished)
    }

    async fn check(
        &self,
        ledger: &Ledger,
        store: &MemoryStore,
        state: StoredState,
    ) -> Result<StoredState, String> {
        let rules = self.shape.rules();
        Audit::check(&rules, &ledger.events(), state)?;
        let records = store.records(RUN).await.expect("memory does not fail");
        // What is undone as a part of something has no record of that.
        let left = completed(&records)
            .find(|record| rules.as_one.is_empty() && rules.is_undoable(&record.path));
        match (state, left) {
            (StoredState::Failed | StoredState::Cancelled, Some(left)) => {
                Err(format!("the store has a record of `{}`, which is not undone", left.path))
            }
            _ => Ok(state),
        }
    }
}
