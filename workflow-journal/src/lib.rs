//! Where durable runs are kept.
//!
//! A store knows runs by the ids that their callers give them. For each run it keeps the workflow's
//! name and inputs, one record for each step that has completed, the signals that were sent to it,
//! and how it ended. Contents are JSON text, and errors plain text, so a run that is stuck can be inspected with the
//! store's own tools; the store itself does not look into the contents.
//!
//! Only one process works on a run at a time: it holds the run's *lease*, which ends by itself
//! unless it is renewed. A process that takes a run over gets a higher *epoch*, and every write
//! names its epoch. So a process that has lost the lease without noticing can no longer write
//! anything.
//!
//! No request waits forever. [`StoreError::is_transient`] tells whether a request that has failed
//! may succeed when it is repeated.
//!
//! [`JournalStore`] is the trait. The stores behind it:
//!
//! | store | keeps runs | feature |
//! |---|---|---|
//! | [`MemoryStore`] | in memory, for tests | |
//! | `SqliteStore` | in one file, for processes on one machine | `sqlite`, on by default |
//! | `PostgresStore` | on a server, for processes on several machines | `postgres` |
//!
//! The module `conformance` (feature `conformance`) has the tests for a store of your own.
//!
//! # Beside other crates that bundle SQLite
//!
//! Only one crate of a program can bundle SQLite. The feature `sqlite` works with every version of
//! rusqlite from 0.32 to 0.43, and cargo selects the highest that fits beside the other crates:
//! there is nothing to configure, and no version to choose. All of these are tested in CI:
//!
//! | beside | this is built with |
//! |---|---|
//! | nothing that bundles SQLite | rusqlite 0.43 |
//! | sqlx 0.8, sea-orm 1 | rusqlite 0.32 |
//! | sqlx 0.9 | rusqlite 0.39 |
//! | diesel 2 | rusqlite 0.40 |
//! | rusqlite 0.32 to 0.43 | the same one |
//!
//! The oldest of them bundles SQLite 3.46, and what the store needs has been there since 3.43. So
//! programs that are built with different versions can share a file. From 0.41 on, rusqlite
//! requires Rust 1.89.
//!
//! # The life of a run
//!
//! ```
//! use std::time::Duration;
//! use workflow_journal::{
//!     Claim, Claimed, End, JournalStore, Kind, MemoryStore, NewRun, Record, Timestamp,
//! };
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), workflow_journal::StoreError> {
//! let store = MemoryStore::new();
//! let run = NewRun::new("cart-1042", "checkout", r#"{"cart":1042}"#, "{}");
//! let claim = Claim::new("host-7, process 4711", Duration::from_secs(30));
//! let Claimed::Held { epoch, .. } = store.claim(&run, &claim).await? else {
//!     return Ok(()); // Another process works on it, or it has ended.
//! };
//!
//! let started = Timestamp::now();
//! // Here the step runs. Meanwhile, every few seconds:
//! let cancelled = store.renew(&run.id, epoch, &claim).await?;
//! assert!(!cancelled);
//!
//! let mut charged = Record::new("charge", Kind::Step, r#"{"cents":995}"#, Timestamp::now());
//! charged.fingerprint = r#"{"output":"Payment"}"#.into();
//! charged.started = started;
//! store.write(&run.id, epoch, charged).await?;
//! store.finish(&run.id, epoch, End::Completed(r#"{"order":7}"#.into())).await?;
//!
//! assert_eq!(store.claim(&run, &claim).await?, Claimed::Ended);
//! assert_eq!(store.records(&run.id).await?[0].output, r#"{"cents":995}"#);
//! # Ok(())
//! # }
//! ```

// docs.rs shows for each item which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod error;
mod front;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod limit;
mod memory;
mod model;
mod names;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod state;
mod store;

#[cfg(feature = "conformance")]
pub mod conformance;

pub use error::StoreError;
pub use memory::MemoryStore;
pub use model::{
    Claim, Claimed, End, Filter, Kind, NewRun, Record, SentSignal, StoredRun, StoredState,
    Timestamp, completed,
};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresOptions, PostgresStore};
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteOptions, SqliteStore};
pub use store::{JournalStore, StoreFuture};
