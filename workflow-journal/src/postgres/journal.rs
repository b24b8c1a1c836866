//! What each method requests from the server.

use std::time::Duration;

use tokio_postgres::Row;

use super::query::Query;
use super::rows::{get, record_of, run_of, signal_of};
use super::{PostgresStore, sql};
use crate::limit::cut;
use crate::state::kept_as;
use crate::{
    Claim, Claimed, End, Filter, JournalStore, Kind, NewRun, Record, SentSignal, StoreError,
    StoreFuture, StoredRun, StoredState, Timestamp,
};

/// The longest text of an error that is kept whole, in bytes.
const LONGEST_ERROR: usize = 16 * 1024 * 1024;

impl PostgresStore {
    async fn first<T: Send + 'static>(
        &self,
        query: Query,
        read: impl Fn(&Row) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<Option<T>, StoreError> {
        self.requests.ask(query, read).await?.into_iter().next().transpose()
    }

    /// Does what only the holder may do. The statement returns a row if the caller is the holder.
    async fn as_holder<T: Send + 'static>(
        &self,
        run: &str,
        query: Query,
        read: impl Fn(&Row) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        match self.first(query, read).await? {
            Some(value) => Ok(value),
            None if self.run(run).await?.is_some() => Err(StoreError::lease_lost(run)),
            None => Err(StoreError::no_such_run(run)),
        }
    }

    /// Does what is allowed only for a run that has not ended. The statement returns a row in that
    /// case.
    async fn unless_ended(&self, run: &str, sql: &'static str) -> Result<(), StoreError> {
        match self.first(Query::new(sql).text(run), |_| Ok(())).await? {
            Some(()) => Ok(()),
            None if self.run(run).await?.is_some() => Err(StoreError::ended(run)),
            None => Err(StoreError::no_such_run(run)),
        }
    }

    async fn try_claim(&self, run: &NewRun, claim: &Claim) -> Result<Option<Claimed>, StoreError> {
        let query = Query::new(sql::CLAIM)
            .text(&run.id)
            .text(&run.workflow)
            .text(&run.inputs)
            .text(&run.graph)
            .text(&claim.holder)
            .number(millis(claim.lease));
        let id = run.id.clone();
        if let Some(epoch) = self.first(query, move |row| get(row, 0, &id, "")).await? {
            return Ok(Some(Claimed::Held { epoch, new: epoch == 1 }));
        }
        let Some(found) = self.run(&run.id).await? else { return Ok(None) };
        Ok(match found.held {
            _ if found.state.is_final() => Some(Claimed::Ended),
            Some((holder, until)) => Some(Claimed::Busy { holder, until }),
            None => None,
        })
    }
}

/// A lease in milliseconds; ten thousand years are as good as forever.
fn millis(lease: Duration) -> i64 {
    const LONGEST: i64 = 10_000 * 365 * 24 * 60 * 60 * 1000;
    i64::try_from(lease.as_millis()).unwrap_or(LONGEST).min(LONGEST)
}

/// The text of an error in a form that PostgreSQL can keep.
fn keepable(text: &str) -> String {
    cut(text.replace('\0', "\u{fffd}"), LONGEST_ERROR)
}

impl JournalStore for PostgresStore {
    fn claim<'a>(&'a self, run: &'a NewRun, claim: &'a Claim) -> StoreFuture<'a, Claimed> {
        Box::pin(async move {
            loop {
                // Otherwise its holder has released it between the two queries.
                if let Some(claimed) = self.try_claim(run, claim).await? {
                    return Ok(claimed);
                }
            }
        })
    }

    fn create<'a>(&'a self, run: &'a NewRun) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let query = Query::new(sql::CREATE)
                .text(&run.id)
                .text(&run.workflow)
                .text(&run.inputs)
                .text(&run.graph);
            Ok(self.first(query, |_| Ok(())).await?.is_some())
        })
    }

    fn reopen<'a>(&'a self, run: &'a str, claim: &'a Claim) -> StoreFuture<'a, Claimed> {
        Box::pin(async move {
            loop {
                let query = Query::new(sql::REOPEN)
                    .text(run)
                    .text(&claim.holder)
                    .number(millis(claim.lease));
                let id = run.to_owned();
                if let Some(epoch) = self.first(query, move |row| get(row, 0, &id, "")).await? {
                    return Ok(Claimed::Held { epoch, new: false });
                }
                let found = self.run(run).await?.ok_or_else(|| StoreError::no_such_run(run))?;
                // Otherwise its holder has released it between the two queries.
                if let Some((holder, until)) = found.held {
                    return Ok(Claimed::Busy { holder, until });
                }
            }
        })
    }

    fn delete<'a>(&'a self, runs: &'a [String]) -> StoreFuture<'a, usize> {
        Box::pin(async move {
            let query = Query::new(sql::DELETE).texts(runs.to_vec());
            Ok(self.requests.ask(query, |_| ()).await?.len())
        })
    }

    fn renew<'a>(&'a self, run: &'a str, epoch: i64, claim: &'a Claim) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let query = Query::new(sql::RENEW)
                .text(run)
                .number(epoch)
                .text(&claim.holder)
                .number(millis(claim.lease));
            let id = run.to_owned();
            self.as_holder(run, query, move |row| get(row, 0, &id, "")).await
        })
    }

    fn release<'a>(&'a self, run: &'a str, epoch: i64) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let query = Query::new(sql::RELEASE).text(run).number(epoch);
            self.as_holder(run, query, |_| Ok(())).await
        })
    }

    fn write<'a>(&'a self, run: &'a str, epoch: i64, record: Record) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let query = Query::new(sql::write(record.kind))
                .text(run)
                .number(epoch)
                .text(record.path)
                .text(record.kind.name())
                .text(record.fingerprint)
                .text(record.output)
                .number(record.started.0)
                .number(record.finished.0)
                .number(i64::from(record.attempts));
            self.as_holder(run, query, |_| Ok(())).await
        })
    }

    fn erase<'a>(&'a self, run: &'a str, epoch: i64, paths: &'a [String]) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let query = Query::new(sql::ERASE).text(run).number(epoch).texts(paths.to_vec());
            self.as_holder(run, query, |_| Ok(())).await
        })
    }

    fn finish<'a>(&'a self, run: &'a str, epoch: i64, end: End) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let outcome = match &end {
                End::Completed(value) => Some(value.clone()),
                End::Failed(text) | End::UndoFailed(text) => Some(keepable(text)),
                End::Cancelled => None,
            };
            let query = Query::new(sql::FINISH)
                .text(run)
                .number(epoch)
                .text(kept_as(end.state()))
                .text_if_any(outcome)
                .flag(end.state() == StoredState::UndoFailed);
            self.as_holder(run, query, |_| Ok(())).await
        })
    }

    fn send<'a>(&'a self, run: &'a str, signal: SentSignal) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let query = Query::new(sql::SEND)
                .text(run)
                .text(signal.name)
                .text(signal.value)
                .number(signal.sent.0);
            let sent = self.first(query, |_| Ok(())).await?;
            sent.ok_or_else(|| StoreError::ended(run))
        })
    }

    fn signals<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<SentSignal>> {
        Box::pin(async move {
            let id = run.to_owned();
            let query = Query::new(sql::SIGNALS).text(run);
            let found = self.requests.ask(query, move |row| signal_of(row, &id)).await?;
            found.into_iter().collect()
        })
    }

    fn cancel<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(async move { self.unless_ended(run, sql::CANCEL).await })
    }

    fn retry<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(async move { self.unless_ended(run, sql::RETRY).await })
    }

    fn run<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Option<StoredRun>> {
        Box::pin(async move { self.first(Query::new(sql::run()).text(run), run_of).await })
    }

    fn runs<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Vec<StoredRun>> {
        Box::pin(async move { self.runs_found(filter).await?.into_iter().collect() })
    }

    fn records<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<Record>> {
        Box::pin(async move { self.records_found(run).await?.into_iter().collect() })
    }

    fn runs_found<'a>(
        &'a self,
        filter: &'a Filter,
    ) -> StoreFuture<'a, Vec<Result<StoredRun, StoreError>>> {
        Box::pin(async move { self.requests.ask(sql::runs(filter), run_of).await })
    }

    fn records_found<'a>(
        &'a self,
        run: &'a str,
    ) -> StoreFuture<'a, Vec<Result<Record, StoreError>>> {
        Box::pin(async move {
            let kinds = Kind::ALL.iter().map(|kind| kind.name().to_owned()).collect();
            let query = Query::new(sql::RECORDS).text(run).texts(kinds).with_long_answer();
            let id = run.to_owned();
            self.requests.ask(query, move |row| record_of(row, &id)).await
        })
    }

    fn sizes<'a>(&'a self, runs: &'a [String]) -> StoreFuture<'a, Vec<u64>> {
        Box::pin(async move {
            let size = |row: &Row| get::<i64>(row, 0, "", "");
            let sizes =
                self.requests.ask(Query::new(sql::SIZES).texts(runs.to_vec()), size).await?;
            sizes.into_iter().map(|size| Ok(u64::try_from(size?).unwrap_or(0))).collect()
        })
    }

    fn now(&self) -> StoreFuture<'_, Timestamp> {
        Box::pin(async move {
            let read = |row: &Row| get(row, 0, "", "").map(Timestamp);
            let now = self.first(Query::new(sql::NOW), read).await?;
            now.ok_or_else(|| self.requests.odd_answer())
        })
    }
}
