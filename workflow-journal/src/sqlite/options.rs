//! How a file is opened.

use std::path::Path;
use std::time::Duration;

use crate::{SqliteStore, StoreError};

/// How a [`SqliteStore`] opens its file. [`SqliteStore::options`] starts one.
///
/// ```no_run
/// # use std::time::Duration;
/// use workflow_journal::SqliteStore;
///
/// # async fn open() -> Result<(), workflow_journal::StoreError> {
/// let store = SqliteStore::options()
///     .busy_timeout(Duration::from_secs(30))
///     .open("orders.db")
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    pub(super) busy_timeout: Duration,
    pub(super) full_sync: bool,
    pub(super) max_pages: Option<u32>,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(5), full_sync: true, max_pages: None }
    }
}

impl SqliteOptions {
    /// How long to wait while another process has the file locked, before a request fails: 5
    /// seconds by default. Processes that share a journal lock it only while they write.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use workflow_journal::SqliteStore;
    /// let options = SqliteStore::options().busy_timeout(Duration::from_secs(30));
    /// ```
    #[must_use]
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout;
        self
    }

    /// Whether to wait with each commit until it is on the disk: yes, by default. Otherwise writing
    /// is faster, and a crash of the process still loses nothing; but what was written last may be
    /// lost when the machine loses power.
    ///
    /// ```
    /// # use workflow_journal::SqliteStore;
    /// let options = SqliteStore::options().full_sync(false);
    /// ```
    #[must_use]
    pub fn full_sync(mut self, full: bool) -> Self {
        self.full_sync = full;
        self
    }

    /// How large the file may become, in pages: a full disk, for tests.
    #[doc(hidden)]
    #[must_use]
    pub fn max_pages(mut self, pages: u32) -> Self {
        self.max_pages = Some(pages);
        self
    }

    /// Opens the file, or creates it.
    ///
    /// # Errors
    ///
    /// As for [`SqliteStore::open`].
    ///
    /// # Example
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workflow_journal::SqliteOptions;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("orders.db");
    /// let store = SqliteOptions::default().open(&path).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn open(self, path: impl AsRef<Path>) -> Result<SqliteStore, StoreError> {
        SqliteStore::open_with(path.as_ref(), self).await
    }
}
