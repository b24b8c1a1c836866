//! Deleting runs that have ended.

use workflow_journal::Filter;

use crate::durable::{Journal, JournalError, Retention};

/// The number of runs that are deleted at once.
const AT_ONCE: usize = 100;

impl Journal {
    /// Deletes a run that has ended, with all that is recorded about it.
    ///
    /// The journal forgets the id: starting it again runs everything again.
    ///
    /// # Errors
    ///
    /// [`NoSuchRun`](JournalError::NoSuchRun); [`Unfinished`](JournalError::Unfinished) if the run
    /// has not ended, since what it has done would be lost: [`cancel`](Self::cancel) it first; or
    /// [`Store`](JournalError::Store) if the store fails.
    ///
    /// # Example
    ///
    /// ```
    /// # use workflow_runtime::{Journal, StepError, step, workflow};
    /// # #[step]
    /// # async fn charge(cents: u32) -> Result<u32, StepError> {
    /// #     if cents == 0 { Err(StepError::permanent("nothing to pay")) } else { Ok(cents) }
    /// # }
    /// # workflow! {
    /// #     #[durable]
    /// #     async fn checkout(cents: u32) -> Result<u32, StepError> {
    /// #         let payment = charge(cents).await?;
    /// #         Ok(payment)
    /// #     }
    /// # }
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let journal = Journal::memory();
    /// journal.run("cart-1042", checkout(995)).await?;
    /// journal.delete("cart-1042").await?;
    /// let error = journal.delete("cart-1042").await.unwrap_err();
    /// assert_eq!(error.to_string(), "there is no run `cart-1042`");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self, id: &str) -> Result<(), JournalError> {
        if self.store().delete(&[id.to_owned()]).await? == 1 {
            return Ok(());
        }
        let run = id.to_owned();
        Err(match self.store().run(id).await? {
            Some(_) => JournalError::Unfinished { run },
            None => JournalError::NoSuchRun { run },
        })
    }

    /// Deletes the runs that ended longer ago than they are to be kept, a hundred at a time, so that
    /// running ones are not held up. Returns how many runs it has deleted.
    ///
    /// Dropping the future stops it between two requests; the next call deletes the rest. Several
    /// processes can sweep the same journal at the same time.
    ///
    /// # Errors
    ///
    /// [`Store`](JournalError::Store) if the store fails. What has been deleted until then is gone.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// use workflow_runtime::Retention;
    /// # use workflow_runtime::{Journal, StepError, step, workflow};
    /// # #[step]
    /// # async fn charge(cents: u32) -> Result<u32, StepError> {
    /// #     if cents == 0 { Err(StepError::permanent("nothing to pay")) } else { Ok(cents) }
    /// # }
    /// # workflow! {
    /// #     #[durable]
    /// #     async fn checkout(cents: u32) -> Result<u32, StepError> {
    /// #         let payment = charge(cents).await?;
    /// #         Ok(payment)
    /// #     }
    /// # }
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let journal = Journal::memory();
    /// journal.run("cart-1042", checkout(995)).await?;
    /// journal.run("cart-1043", checkout(0)).await.unwrap_err();
    ///
    /// assert_eq!(journal.sweep(&Retention::completed("30d")).await?, 0);      // it is too young
    /// # std::thread::sleep(Duration::from_millis(5));
    /// assert_eq!(journal.sweep(&Retention::completed("0s")).await?, 1);       // failed runs stay
    /// # Ok(())
    /// # }
    /// ```
    pub async fn sweep(&self, retention: &Retention) -> Result<usize, JournalError> {
        let mut deleted = 0;
        for (state, time) in retention.kept() {
            let before = self.store().now().await?.before(*time);
            let old = Filter::default().state(*state).updated_before(before).limit(AT_ONCE);
            loop {
                let found = self.store().runs(&old).await?;
                let ids: Vec<_> = found.into_iter().map(|run| run.id).collect();
                let gone = self.store().delete(&ids).await?;
                deleted += gone;
                // Another process may delete the same ones, or resume a failed one.
                if ids.len() < AT_ONCE || gone == 0 {
                    break;
                }
            }
        }
        Ok(deleted)
    }

    /// Gives the space of deleted runs back to the system. Only a file needs that: it does not
    /// shrink by itself, but its free space is used again.
    ///
    /// It writes the whole file anew, and every other request waits meanwhile, also in other
    /// processes: call it while little is done, and with a [lease](Self::lease) that is longer than
    /// it takes.
    ///
    /// # Errors
    ///
    /// [`Store`](JournalError::Store) if the store fails.
    ///
    /// # Example
    ///
    /// ```
    /// # use workflow_runtime::Journal;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_runtime::JournalError> {
    /// let journal = Journal::memory();            // `Journal::open("orders.db").await?` for a file
    /// journal.vacuum().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn vacuum(&self) -> Result<(), JournalError> {
        Ok(self.store().vacuum().await?)
    }
}
