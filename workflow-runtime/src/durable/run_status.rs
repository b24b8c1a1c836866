//! How far a run has come, for those who hold it by its handle.

use std::time::{Duration, SystemTime};

use workflow_journal::{StoredRun, StoredState, Timestamp};

/// How far a run has come: see [`Handle::status`](crate::Handle::status).
///
/// ```
/// use workflow_runtime::store::StoredState;
///
/// # use workflow_runtime::{Journal, StepError, step, workflow};
/// # #[step]
/// # async fn charge(cents: u32) -> Result<u32, StepError> { Err(StepError::permanent("no money")) }
/// # workflow! {
/// #     #[durable]
/// #     async fn checkout(cents: u32) -> Result<u32, StepError> {
/// #         let payment = charge(cents).await?;
/// #         Ok(payment)
/// #     }
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let journal = Journal::memory();
/// let run = checkout::start(&journal, "cart-1042", 995).await?;
/// assert_eq!(run.status().await?.state, StoredState::Unfinished);
///
/// checkout::resume_all(&journal).await?;
/// let status = run.status().await?;
/// assert_eq!(status.state, StoredState::Failed);
/// assert_eq!(status.error.as_deref(), Some("no money"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunStatus {
    /// Whether it is unfinished, or how it has ended.
    pub state: StoredState,
    /// The error, as text, if it has failed, or could not be undone.
    pub error: Option<String>,
    /// The process that works on it, or that did when it died; `None` if no process holds it.
    pub holder: Option<String>,
    /// Whether it was asked to be cancelled.
    pub cancel_requested: bool,
    /// When it was started.
    pub created: SystemTime,
    /// When it was last claimed, written to, asked to be cancelled, retried, or ended.
    pub updated: SystemTime,
}

impl RunStatus {
    pub(super) fn of(run: StoredRun) -> Self {
        Self {
            error: run.outcome.filter(|_| run.state != StoredState::Completed),
            state: run.state,
            holder: run.held.map(|(holder, _)| holder),
            cancel_requested: run.cancel,
            created: moment(run.created),
            updated: moment(run.updated),
        }
    }
}

fn moment(moment: Timestamp) -> SystemTime {
    let since = Duration::from_millis(u64::try_from(moment.0).unwrap_or_default());
    // Only damage makes a time so late that the system cannot represent it.
    SystemTime::UNIX_EPOCH.checked_add(since).unwrap_or(SystemTime::UNIX_EPOCH)
}
