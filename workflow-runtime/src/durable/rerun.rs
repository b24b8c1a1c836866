//! Running a part of a run again.

use std::fmt;
use std::sync::Arc;

use workflow_journal::{Claimed, Kind, Record, StoredState};

use crate::durable::asked::Asked;
use crate::durable::error::{at_run, unknown_answer};
use crate::durable::held::{Held, Moment};
use crate::durable::identified::Identified;
use crate::durable::rerun_plan::RerunPlan;
use crate::durable::{Journal, JournalError};

/// A step of a run that is to run again, with everything that depends on it: see
/// [`Handle::rerun_from`](crate::Handle::rerun_from).
///
/// [`plan`](Self::plan) shows what would run, and [`start`](Self::start) requests it. Nothing runs
/// here: the run is unfinished then, also if it had completed, failed or was cancelled, and the next
/// process that resumes runs works on it.
///
/// The step runs again even if it has completed, and its [idempotency
/// key](crate::idempotency_key) is the same as before: what another service did under that key is not
/// done twice. A step with a compensation is never run again unless it is undone first, and for now a
/// run can only be undone as a whole: if such a step would run again, the call says so and changes
/// nothing. [`Handle::cancel`](crate::Handle::cancel) undoes the run, and what was undone can run
/// again.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// use workflow_runtime::{Journal, StepError, step, workflow};
///
/// static RATE: AtomicU32 = AtomicU32::new(1);             // a bug: it should have been 2
///
/// #[step]
/// async fn charge(cents: u32) -> Result<u32, StepError> { Ok(cents) }
///
/// #[step]
/// async fn convert(cents: &u32) -> Result<u32, StepError> {
///     Ok(cents * RATE.load(Ordering::Relaxed))
/// }
///
/// #[step]
/// async fn print(cents: &u32) -> Result<String, StepError> { Ok(format!("{cents} cents")) }
///
/// workflow! {
///     #[durable]
///     async fn checkout(cents: u32) -> Result<String, StepError> {
///         let payment = charge(cents).await?;
///         let converted = convert(&payment).await?;
///         let invoice = print(&converted).await?;
///         Ok(invoice)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let journal = Journal::memory();
/// assert_eq!(journal.run("cart-1042", checkout(995)).await?, "995 cents");
///
/// RATE.store(2, Ordering::Relaxed);                       // the bug is mended
/// let run = checkout::handle(&journal, "cart-1042");
/// let rerun = run.rerun_from("converted");
/// assert_eq!(
///     rerun.plan().await?.to_string(),
///     "keeps 1, runs 2 again\n\
///      - converted: it is to run again\n\
///      - invoice: it depends on `converted`"
/// );
/// rerun.start().await?;
/// checkout::resume_all(&journal).await?;
/// assert_eq!(run.result().await?, "1990 cents");          // nothing was charged again
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is run again before `start`"]
pub struct Rerun<'h> {
    journal: &'h Journal,
    id: &'h Arc<str>,
    workflow: Identified,
    undone: &'static [usize],
    step: String,
}

impl<'h> Rerun<'h> {
    pub(super) fn new(
        journal: &'h Journal,
        id: &'h Arc<str>,
        workflow: Identified,
        undone: &'static [usize],
        step: &str,
    ) -> Self {
        Self { journal, id, workflow, undone, step: step.to_owned() }
    }

    /// What would run again and what would be kept, from what is recorded now. It changes nothing.
    ///
    /// # Errors
    ///
    /// [`NotRerun`](JournalError::NotRerun) if the workflow has no such step, if nothing of it is
    /// recorded, or if a step would have to be undone first;
    /// [`NoSuchRun`](JournalError::NoSuchRun), [`OtherWorkflow`](JournalError::OtherWorkflow); or if
    /// the store fails.
    ///
    /// # Example
    ///
    /// See [`Rerun`].
    pub async fn plan(&self) -> Result<RerunPlan, JournalError> {
        self.plan_from_records().await.map(|(plan, _)| plan)
    }

    /// The plan, and the records that it was made from.
    async fn plan_from_records(&self) -> Result<(RerunPlan, Vec<Record>), JournalError> {
        let run = self.journal.stored_of(self.id, &self.workflow).await?;
        let records = self.journal.records(self.id).await?;
        if run.state == StoredState::UndoFailed {
            let problem =
                "something that it has done could not be undone: `retry` tries that again";
            return Err(self.refused(problem.to_owned()));
        }
        let plan = RerunPlan::of(&self.step, self.workflow.graph(), self.undone, &records);
        Ok((plan.map_err(|problem| self.refused(problem))?, records))
    }

    /// Requests that the step runs again, and returns the plan.
    ///
    /// If the future is dropped, either the step is to run again or nothing has changed, except that a
    /// run which has ended may be unfinished: it then returns the same result again.
    ///
    /// # Errors
    ///
    /// Those of [`plan`](Self::plan), and [`Busy`](JournalError::Busy) if a process works on the run.
    ///
    /// # Example
    ///
    /// See [`Rerun`].
    pub async fn start(&self) -> Result<RerunPlan, JournalError> {
        self.plan().await?;
        let at = |error| at_run(self.id, None, error);
        let asking = self.journal.asking();
        let ahead = asking.ahead().await.map_err(at)?;
        let (claim, since) = (self.journal.claim(), Moment::now());
        let epoch = match asking.reopen(self.id, &claim).await.map_err(at)? {
            Claimed::Held { epoch, .. } => epoch,
            Claimed::Busy { holder, .. } => {
                return Err(JournalError::Busy { run: self.id.to_string(), holder });
            }
            other => return Err(unknown_answer(&other)),
        };
        let held = Arc::new(Held::new(claim.lease, since, false));
        let asked = Asked::new(asking, Arc::clone(self.id), epoch, held, ahead);
        let requested = self.request(&asked).await;
        asked.release().await;
        requested
    }

    /// Writes the request down, under the lease.
    async fn request(&self, asked: &Asked) -> Result<RerunPlan, JournalError> {
        let at = |error| at_run(self.id, None, error);
        // Nothing is written any more, so this plan is the one that is carried out.
        let (plan, records) = self.plan_from_records().await?;
        let undoes = |record: &Record| record.kind == Kind::Compensation && record.path.is_empty();
        if records.iter().any(undoes) {
            // It was undone, and goes forward again.
            asked.erase(&[String::new()]).await.map_err(at)?;
        }
        let request = Record::new(&*self.step, Kind::Rerun, "null", asked.now());
        asked.write(request).await.map_err(at)?;
        Ok(plan)
    }

    fn refused(&self, problem: String) -> JournalError {
        JournalError::NotRerun { run: self.id.to_string(), step: self.step.clone(), problem }
    }
}

impl fmt::Debug for Rerun<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rerun")
            .field("run", self.id)
            .field("step", &self.step)
            .finish_non_exhaustive()
    }
}
