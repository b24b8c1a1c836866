//! What there is of a run at a moment: in the journal, and in the log.

use std::collections::{BTreeMap, BTreeSet};

use workflow_durable_tests::{Line, Task, Token};
use workflow_journal::{JournalStore, Kind, Record, SqliteStore, StoredState, completed};

use crate::log::{Logged, lines};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Snapshot {
    pub(crate) state: Option<StoredState>,
    pub(crate) outcome: Option<String>,
    /// The recorded outputs, by path.
    pub(crate) recorded: BTreeMap<String, Token>,
    /// The same with those that are undone, and whether they are.
    pub(crate) steps: BTreeMap<String, (Token, bool)>,
    /// Whether it is recorded that the run is being undone.
    pub(crate) undoes: bool,
    pub(crate) log: Vec<Entry>,
    /// The paths of steps that were killed while they wrote their line, as far as it shows them.
    pub(crate) in_doubt: Vec<String>,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) path: String,
    /// How often the step had been undone before.
    pub(crate) undone_before: usize,
    pub(crate) undone: bool,
    pub(crate) output: Token,
}

impl Snapshot {
    /// Looks at all runs. At the journal first: what is recorded then is in the log already.
    pub(crate) async fn of_all(task: &Task) -> BTreeMap<String, Self> {
        let store = SqliteStore::open(task.journal()).await.unwrap();
        let mut snapshots = BTreeMap::new();
        for run in &task.runs {
            snapshots.insert(run.clone(), Self::of_journal(&store, run).await);
        }
        // A process that was killed early has not written any.
        let log = std::fs::read_to_string(task.log()).unwrap_or_default();
        for line in lines(&log) {
            let Some((run, step)) = line.key().and_then(|key| key.split_once('/')) else {
                continue;
            };
            let (path, time) = step.split_once('/').unwrap_or((step, "1"));
            let (path, undone_before) = (path.to_owned(), time.parse::<usize>().unwrap() - 1);
            let snapshot = snapshots.get_mut(run).expect("the run is one of the task's");
            match line {
                Logged::Whole(Line { undone, output, .. }) => {
                    snapshot.log.push(Entry { path, undone_before, undone, output });
                }
                Logged::Torn(_) => snapshot.in_doubt.push(path),
            }
        }
        snapshots
    }

    /// Looks at the only run.
    pub(crate) async fn of(task: &Task) -> Self {
        Self::of_all(task).await.into_values().next().unwrap()
    }

    async fn of_journal(store: &SqliteStore, id: &str) -> Self {
        let run = store.run(id).await.unwrap();
        let records = store.records(id).await.unwrap();
        let undoes = records
            .iter()
            .any(|record| record.kind == Kind::Compensation && record.path.is_empty());
        let output = |step: &Record| serde_json::from_str(&step.output).unwrap();
        let recorded: BTreeMap<String, Token> =
            completed(&records).map(|step| (step.path.clone(), output(step))).collect();
        let steps = records.iter().filter(|record| record.kind == Kind::Step);
        let steps = steps.map(|step| {
            let undone = !recorded.contains_key(&step.path);
            (step.path.clone(), (output(step), undone))
        });
        let steps = steps.collect();
        let (state, outcome) = run.map(|run| (run.state, run.outcome)).unzip();
        Self {
            state,
            outcome: outcome.flatten(),
            recorded,
            steps,
            undoes,
            log: Vec::new(),
            in_doubt: Vec::new(),
        }
    }

    /// What the steps came to, each time that they ran.
    pub(crate) fn done(&self) -> BTreeMap<&str, Vec<&Token>> {
        let mut done = BTreeMap::<_, Vec<_>>::new();
        for entry in self.log.iter().filter(|entry| !entry.undone) {
            done.entry(&*entry.path).or_default().push(&entry.output);
        }
        done
    }

    pub(crate) fn undone(&self) -> BTreeSet<&str> {
        self.log.iter().filter(|entry| entry.undone).map(|entry| &*entry.path).collect()
    }

    /// Of each step, the steps whose last outputs it was given when it last ran.
    ///
    /// # Panics
    ///
    /// If it was given something else.
    pub(crate) fn used(&self) -> BTreeMap<&str, Vec<&str>> {
        let last = self.done().into_iter().map(|(path, outputs)| (path, *outputs.last().unwrap()));
        let last: BTreeMap<_, _> = last.collect();
        let paths: BTreeMap<_, _> =
            last.iter().map(|(path, token)| (token.random, *path)).collect();
        let used = last.iter().map(|(path, token)| {
            let path_of = |random: &u64| {
                *paths.get(random).unwrap_or_else(|| {
                    panic!("`{path}` used an output that was not the recorded one")
                })
            };
            (*path, token.used.iter().map(path_of).collect())
        });
        used.collect()
    }
}
