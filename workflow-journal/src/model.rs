//! What a store keeps.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

/// A moment on the wall clock, in milliseconds since 1970 in UTC.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use workflow_journal::Timestamp;
///
/// let moment = Timestamp::from(SystemTime::UNIX_EPOCH + Duration::from_secs(2));
/// assert_eq!(moment, Timestamp(2000));
/// assert_eq!(moment.after(Duration::from_millis(500)), Timestamp(2500));
/// assert_eq!(moment.before(Duration::from_millis(500)), Timestamp(1500));
/// assert!(moment < Timestamp::now());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment, by the clock of this machine.
    #[must_use]
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// The moment `duration` later, in whole milliseconds; the latest possible moment if that is
    /// too late to represent.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(millis))
    }

    /// The moment `duration` earlier, in whole milliseconds; the earliest possible moment if that
    /// is too early to represent.
    #[must_use]
    pub fn before(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(millis))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A run that a caller wants to work on.
///
/// ```
/// use workflow_journal::NewRun;
///
/// let run = NewRun::new("cart-1042", "checkout", r#"{"cart":1042}"#, "{}");
/// assert_eq!(run.workflow, "checkout");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewRun {
    /// The caller's name for it.
    pub id: String,
    /// The workflow's name.
    pub workflow: String,
    /// The workflow's inputs, as JSON.
    pub inputs: String,
    /// The workflow's graph, as JSON, for those who inspect the run.
    pub graph: String,
}

impl NewRun {
    /// A run with this id and of this workflow, with its inputs and its graph as JSON.
    pub fn new(
        id: impl Into<String>,
        workflow: impl Into<String>,
        inputs: impl Into<String>,
        graph: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            workflow: workflow.into(),
            inputs: inputs.into(),
            graph: graph.into(),
        }
    }
}

/// The process that wants to work on a run, and for how long at most without renewing.
///
/// ```
/// use std::time::Duration;
/// use workflow_journal::Claim;
///
/// let claim = Claim::new("host-7, process 4711", Duration::from_secs(30));
/// assert_eq!(claim.lease.as_secs(), 30);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// A name of this process that no other process has.
    pub holder: String,
    /// How long the lease lasts.
    pub lease: Duration,
}

impl Claim {
    /// A claim by this holder, for this long.
    pub fn new(holder: impl Into<String>, lease: Duration) -> Self {
        Self { holder: holder.into(), lease }
    }
}

/// The result of a claim.
///
/// ```
/// use workflow_journal::{Claim, Claimed, JournalStore, MemoryStore, NewRun};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workflow_journal::StoreError> {
/// # let store = MemoryStore::new();
/// # let run = NewRun::new("cart-1042", "checkout", "{}", "{}");
/// # let claim = Claim::new("host-7", std::time::Duration::from_secs(30));
/// match store.claim(&run, &claim).await? {
///     Claimed::Held { epoch, new } => assert_eq!((epoch, new), (1, true)),
///     Claimed::Busy { holder, .. } => println!("{holder} works on it"),
///     Claimed::Ended => println!("it has ended"),
///     other => println!("{other:?}"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claimed {
    /// The run belongs to the claimer until the lease ends.
    Held {
        /// Identifies this claim in everything that is written from now on.
        epoch: i64,
        /// Whether the store did not know the run before.
        new: bool,
    },
    /// Another process works on it.
    Busy {
        /// Which process.
        holder: String,
        /// When its lease ends unless it is renewed.
        until: Timestamp,
    },
    /// It has completed or was cancelled. A run that failed, or that could not be undone, can be
    /// claimed again.
    Ended,
}

/// For this many milliseconds after a change, a record does not count as another change.
#[cfg(feature = "sqlite")]
pub(crate) const UPDATED_WITHIN: i64 = 100;

/// A run as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredRun {
    /// The caller's name for it.
    pub id: String,
    /// The workflow's name.
    pub workflow: String,
    /// The inputs, as JSON.
    pub inputs: String,
    /// The graph, as JSON.
    pub graph: String,
    /// How far it has got.
    pub state: StoredState,
    /// The value that it returned, as JSON, if it has completed; its error as text if it has failed
    /// or could not be undone, until it is claimed again.
    pub outcome: Option<String>,
    /// When it was first started.
    pub created: Timestamp,
    /// When it was last claimed, written to, asked to be cancelled, retried, or ended. Renewing or
    /// releasing a lease and sending a signal do not count, so that a run which waits grows old.
    /// Records that are written within a tenth of a second may count as one, with the time of the
    /// first.
    pub updated: Timestamp,
    /// Its holder, and until when it is held; a moment in the past if the holder has died.
    pub held: Option<(String, Timestamp)>,
    /// Whether someone has asked for it to be cancelled.
    pub cancel: bool,
}

impl StoredRun {
    /// A run that was started at this moment: unfinished, not held, and not cancelled. It is meant
    /// for stores, which set whatever else they know.
    ///
    /// ```
    /// use workflow_journal::{NewRun, StoredRun, StoredState, Timestamp};
    ///
    /// let new = NewRun::new("cart-1042", "checkout", r#"{"cart":1042}"#, "{}");
    /// let mut run = StoredRun::new(new, Timestamp(1_700_000_000_000));
    /// run.state = StoredState::Completed;
    /// run.outcome = Some("7".into());
    /// assert_eq!(run.updated, run.created);
    /// ```
    #[must_use]
    pub fn new(run: NewRun, created: Timestamp) -> Self {
        let NewRun { id, workflow, inputs, graph } = run;
        Self {
            id,
            workflow,
            inputs,
            graph,
            state: StoredState::Unfinished,
            outcome: None,
            created,
            updated: created,
            held: None,
            cancel: false,
        }
    }
}

/// How far a run has got.
///
/// ```
/// use workflow_journal::StoredState;
///
/// assert_eq!(StoredState::UndoFailed.name(), "undo_failed");
/// assert_eq!(StoredState::from_name("failed"), Some(StoredState::Failed));
/// assert!(StoredState::Cancelled.is_final() && !StoredState::Failed.is_final());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoredState {
    /// A process is working on it, or should resume it.
    Unfinished,
    /// It has returned a value.
    Completed,
    /// It has returned an error. It can be resumed from the step that failed.
    Failed,
    /// It has failed or was cancelled, and something that it had done could not be undone. It can
    /// be resumed, and then tries that again.
    UndoFailed,
    /// It was cancelled, and what it had done is undone.
    Cancelled,
}

/// How a run ends.
///
/// ```
/// use workflow_journal::{End, StoredState};
///
/// let end = End::Failed("no stock".into());
/// assert_eq!((end.state(), end.outcome()), (StoredState::Failed, Some("no stock")));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// With a value, as JSON.
    Completed(String),
    /// With an error, as text.
    Failed(String),
    /// With an error, as text, or cancelled, and with something left that could not be undone.
    UndoFailed(String),
    /// It was cancelled on request.
    Cancelled,
}

/// Which runs are wanted: all that match every given criterion.
///
/// ```
/// use workflow_journal::{Filter, StoredState};
///
/// let stuck = Filter::default().workflow("checkout").state(StoredState::Failed).limit(20);
/// assert_eq!(stuck.workflow.as_deref(), Some("checkout"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filter {
    /// Only runs of this workflow.
    pub workflow: Option<String>,
    /// Only runs in this state.
    pub state: Option<StoredState>,
    /// Only runs that were last updated before this moment.
    pub updated_before: Option<Timestamp>,
    /// Only runs that come after this one in the order of the list: the moment at which it was
    /// last updated, and its id. See [`Filter::after`].
    pub after: Option<(Timestamp, String)>,
    /// At most this many runs, the first ones in the order of the list: the most recently updated.
    pub limit: Option<usize>,
}

impl Filter {
    /// Only runs of this workflow.
    #[must_use]
    pub fn workflow(mut self, name: impl Into<String>) -> Self {
        self.workflow = Some(name.into());
        self
    }

    /// Only runs in this state.
    #[must_use]
    pub fn state(mut self, state: StoredState) -> Self {
        self.state = Some(state);
        self
    }

    /// Only runs that were last updated before this moment.
    #[must_use]
    pub fn updated_before(mut self, moment: Timestamp) -> Self {
        self.updated_before = Some(moment);
        self
    }

    /// Only runs that come after this one in the order of the list: those of the next page, if it
    /// was the last of a page. `updated` is what was listed for it.
    ///
    /// A list begins with the most recently updated runs; of those of the same millisecond, with
    /// the one that was started last. A run that changes moves to the front. So when runs change
    /// between two pages, each of the others is in one page exactly, and one that has changed is
    /// not in the pages that follow: it may have been in an earlier one, or in none. It makes no
    /// difference whether the run that is named here has changed, since its place is given by the
    /// moment. If it has been deleted, it is not known which of the runs of the same millisecond
    /// come after it, and all of them are listed.
    ///
    /// ```
    /// use workflow_journal::{Filter, JournalStore, MemoryStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// # for id in ["a", "b", "c"] {
    /// #     store.create(&workflow_journal::NewRun::new(id, "checkout", "{}", "{}")).await?;
    /// # }
    /// let mut page = Filter::default().limit(2);
    /// loop {
    ///     let runs = store.runs(&page).await?;
    ///     let Some(last) = runs.last() else { break };
    ///     page = page.after(last.updated, &last.id);
    /// }
    /// # assert_eq!(page.after.unwrap().1, "a");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn after(mut self, updated: Timestamp, id: impl Into<String>) -> Self {
        self.after = Some((updated, id.into()));
        self
    }

    /// At most this many runs, the first ones in the order of the list: the most recently updated.
    #[must_use]
    pub fn limit(mut self, runs: usize) -> Self {
        self.limit = Some(runs);
        self
    }
}

/// What has been recorded about a part of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// The step's path, with the positions of items: `pages[3].fetch`.
    pub path: String,
    /// What the record is about.
    pub kind: Kind,
    /// Tells whether the step is still the same, as JSON.
    pub fingerprint: String,
    /// The step's output, as JSON.
    pub output: String,
    /// When the step started.
    pub started: Timestamp,
    /// When that output was available.
    pub finished: Timestamp,
    /// How many times it was attempted, counted from 1.
    pub attempts: u32,
}

impl Record {
    /// A record of the output of a part of a run, as JSON, at this moment: from the first attempt,
    /// with the same start and end, and with the fingerprint `{}`. The other fields can be set.
    ///
    /// ```
    /// use workflow_journal::{Kind, Record, Timestamp};
    ///
    /// let mut record = Record::new("charge", Kind::Step, "995", Timestamp(1_700_000_000_250));
    /// assert_eq!((record.attempts, record.started), (1, record.finished));
    /// record.started = Timestamp(1_700_000_000_000);
    /// record.attempts = 2;
    /// ```
    pub fn new(
        path: impl Into<String>,
        kind: Kind,
        output: impl Into<String>,
        finished: Timestamp,
    ) -> Self {
        Self {
            path: path.into(),
            kind,
            fingerprint: "{}".to_owned(),
            output: output.into(),
            started: finished,
            finished,
            attempts: 1,
        }
    }

    /// How many bytes its texts have.
    pub(crate) fn size(&self) -> u64 {
        (self.path.len() + self.fingerprint.len() + self.output.len()) as u64
    }
}

/// What a record is about. A path has at most one record of each kind.
///
/// ```
/// use workflow_journal::Kind;
///
/// let names: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
/// assert_eq!(names[..3], ["step", "items", "timer"]);
/// assert_eq!(Kind::from_name("timer"), Some(Kind::Timer));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A step that has completed.
    Step,
    /// The number of items of a fan-out.
    Items,
    /// The time at which a timer is over.
    Timer,
    /// The last error of a step, as a JSON text. It remains when the step completes later.
    Failure,
    /// The result of what undid a step: `null`, or its error as a JSON text. With no path: the run
    /// is being undone, because of this error.
    Compensation,
    /// A step with retries or a deadline has begun an attempt: [`Record::attempts`] says which, and
    /// [`Record::started`] says when the first one began.
    Attempt,
    /// With no path: the names of the signals that the run waits for, as JSON, if a later version
    /// of the workflow waits for other signals than those stored with its graph.
    Signals,
    /// A step that waits for a signal cannot read one that was sent: the reason, as a JSON text.
    /// The step continues to wait.
    Refusal,
    /// Someone has asked for a step, or everything in a branch, a fan-out or an item, to run again,
    /// with all that depends on it: what was recorded before this does not count.
    Rerun,
}

/// The records of the steps that have completed and are not undone, given all records of a run in
/// the order in which they were written.
///
/// ```
/// use workflow_journal::{Kind, Record, Timestamp, completed};
///
/// let records = [
///     Record::new("reserve", Kind::Step, "7", Timestamp(1000)),
///     Record::new("charge", Kind::Step, "995", Timestamp(2000)),
///     Record::new("charge", Kind::Compensation, "null", Timestamp(3000)),
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
///
/// ```
/// use workflow_journal::{SentSignal, Timestamp};
///
/// let signal = SentSignal::new("approval", r#""Ada""#, Timestamp::now());
/// assert_eq!(signal.name, "approval");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SentSignal {
    /// Its name.
    pub name: String,
    /// Its value, as JSON.
    pub value: String,
    /// When it was sent.
    pub sent: Timestamp,
}

impl SentSignal {
    /// A signal with this name and this value, as JSON, sent at this moment.
    pub fn new(name: impl Into<String>, value: impl Into<String>, sent: Timestamp) -> Self {
        Self { name: name.into(), value: value.into(), sent }
    }
}
