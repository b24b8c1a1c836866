//! What a store keeps.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

/// A moment on the wall clock, in milliseconds since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment.
    #[must_use]
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// The moment `duration` later.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(millis))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A run that somebody wants to work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// The caller's name for it.
    pub id: String,
    /// The workflow's name.
    pub workflow: String,
    /// The workflow's inputs, as JSON.
    pub inputs: String,
    /// The workflow's graph, as JSON, for those who look at the run.
    pub graph: String,
}

/// Who wants to work on a run, and for how long at most without renewing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// A name of this process that no other one has.
    pub holder: String,
    /// How long the lease lasts.
    pub lease: Duration,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// The run is the claimer's until the lease ends.
    Held {
        /// Names this claim in all that is written from now on.
        epoch: i64,
        /// Whether the store did not know the run before.
        new: bool,
    },
    /// Another process works on it.
    Busy {
        /// Who.
        holder: String,
        /// When its lease ends unless it is renewed.
        until: Timestamp,
    },
    /// It has completed or was cancelled. A run that failed, or that could not be undone, can be
    /// claimed again.
    Ended,
}

/// For how many milliseconds after a change a record does not count as another one.
#[cfg(feature = "sqlite")]
pub(crate) const UPDATED_WITHIN: i64 = 100;

/// A run as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The caller's name for it.
    pub id: String,
    /// The workflow's name.
    pub workflow: String,
    /// The inputs, as JSON.
    pub inputs: String,
    /// The graph, as JSON.
    pub graph: String,
    /// How far it has come.
    pub state: RunState,
    /// What it came to, as JSON, where it has completed; its error as text where it has failed or
    /// could not be undone, until it is claimed again.
    pub outcome: Option<String>,
    /// When it started first.
    pub created: Timestamp,
    /// When it was last claimed, written to, asked to be cancelled, retried, or ended. To renew or
    /// to release a lease, or to send a signal, does not count, so that a run which waits grows
    /// old. Records that are written within a tenth of a second may count as one, with the time of
    /// the first.
    pub updated: Timestamp,
    /// Who holds it, and until when; a moment in the past if the holder has died.
    pub held: Option<(String, Timestamp)>,
    /// Whether somebody has asked for it to be cancelled.
    pub cancel: bool,
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunState {
    /// Somebody works on it, or should go on with it.
    Unfinished,
    /// It has returned a value.
    Completed,
    /// It has returned an error. It can go on from the step that failed.
    Failed,
    /// It has failed or was cancelled, and something that it had done could not be undone. It can
    /// go on, and try that again.
    UndoFailed,
    /// It was cancelled, and what it had done is undone.
    Cancelled,
}

/// How a run ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With a value, as JSON.
    Completed(String),
    /// With an error, as text.
    Failed(String),
    /// With an error, as text, or cancelled, and with something left that could not be undone.
    UndoFailed(String),
    /// As somebody had asked for.
    Cancelled,
}

/// Which runs are wanted: all that fit everything which is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of this workflow.
    pub workflow: Option<String>,
    /// Those that have come so far.
    pub state: Option<RunState>,
    /// Those that were last written before this moment.
    pub updated_before: Option<Timestamp>,
    /// At most so many, those that were written last.
    pub limit: Option<usize>,
}

/// What has been written down of a part of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The step's path, with the positions of items: `pages[3].fetch`.
    pub path: String,
    /// What it is of.
    pub kind: Kind,
    /// What tells whether the step is still the same, as JSON.
    pub fingerprint: String,
    /// What the step came to, as JSON.
    pub output: String,
    /// When the step started.
    pub started: Timestamp,
    /// When it had come to that.
    pub finished: Timestamp,
    /// How many times it was tried, counted from 1.
    pub attempts: u32,
}

/// What a record is of. A path has at most one record of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A step that has completed.
    Step,
    /// How many items a fan-out has.
    Items,
    /// When a timer is over.
    Timer,
    /// The last error of a step, as a JSON text. It stays there when the step completes later.
    Failure,
    /// What undid a step has returned: `null`, or its error as a JSON text. With no path: the run
    /// is being undone, for this error.
    Compensation,
    /// A step with retries or a deadline has begun an attempt: [`Record::attempts`] says which, and
    /// [`Record::started`] when the first one began.
    Attempt,
    /// With no path: the names of the signals that the run waits for, as JSON, where a later version
    /// of the workflow waits for others than those that stand with its graph.
    Signals,
    /// A step that waits for a signal cannot read one that was sent: why, as a JSON text. It waits
    /// on.
    Refusal,
}

/// The records of the steps that have completed and are not undone, given all of a run in the
/// order in which they were written.
///
/// ```
/// use workflow_journal::{Kind, Record, Timestamp, completed};
///
/// let record = |path: &str, kind, output: &str| Record {
///     path: path.into(),
///     kind,
///     fingerprint: "{}".into(),
///     output: output.into(),
///     started: Timestamp(0),
///     finished: Timestamp(0),
///     attempts: 1,
/// };
/// let records = [
///     record("reserve", Kind::Step, "7"),
///     record("charge", Kind::Step, "995"),
///     record("charge", Kind::Compensation, "null"),
/// ];
/// let completed: Vec<_> = completed(&records).map(|record| &*record.path).collect();
/// assert_eq!(completed, ["reserve"]);
/// ```
pub fn completed(records: &[Record]) -> impl Iterator<Item = &Record> {
    let mut undone: HashMap<&str, usize> = HashMap::new();
    for (order, record) in records.iter().enumerate() {
        if record.kind == Kind::Compensation && record.output == "null" {
            undone.insert(&record.path, order);
        }
    }
    let steps = records.iter().enumerate().filter(|(_, record)| record.kind == Kind::Step);
    steps
        .filter(move |(order, record)| {
            undone.get(&*record.path).is_none_or(|undone| undone < order)
        })
        .map(|(_, record)| record)
}

/// A value that was sent to a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// Its name.
    pub name: String,
    /// Its value, as JSON.
    pub value: String,
    /// When it was sent.
    pub sent: Timestamp,
}
