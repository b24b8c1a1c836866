//! What each method asks of the server.

use std::time::Duration;

use tokio_postgres::Row;
use tokio_postgres::types::Type;

use super::link::Value;
use super::rows::{RUN, get, record_of, run_of, signal_of};
use super::{PostgresStore, sql};
use crate::{
    Claim, Claimed, End, Filter, JournalStore, NewRun, Record, Run, RunState, Signal, StoreError,
    StoreFuture,
};

impl PostgresStore {
    async fn first(&self, sql: &str, values: &[Value<'_>]) -> Result<Option<Row>, StoreError> {
        Ok(self.link.query(sql, values).await?.into_iter().next())
    }

    /// Does what only the holder may do, which gives a row then.
    async fn as_holder(
        &self,
        run: &str,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Row, StoreError> {
        match self.first(sql, values).await? {
            Some(row) => Ok(row),
            None if self.run(run).await?.is_some() => Err(StoreError::lease_lost(run)),
            None => Err(StoreError::no_such_run(run)),
        }
    }

    /// Does what only a run allows that has not ended, which gives a row then.
    async fn unless_ended(&self, run: &str, sql: &str) -> Result<(), StoreError> {
        match self.first(sql, &[(&run, Type::TEXT)]).await? {
            Some(_) => Ok(()),
            None if self.run(run).await?.is_some() => Err(StoreError::ended(run)),
            None => Err(StoreError::no_such_run(run)),
        }
    }

    async fn try_claim(&self, run: &NewRun, claim: &Claim) -> Result<Option<Claimed>, StoreError> {
        let lease = millis(claim.lease);
        let values: &[Value<'_>] = &[
            (&run.id, Type::TEXT),
            (&run.workflow, Type::TEXT),
            (&run.inputs, Type::TEXT),
            (&run.graph, Type::TEXT),
            (&claim.holder, Type::TEXT),
            (&lease, Type::INT8),
        ];
        if let Some(row) = self.first(sql::CLAIM, values).await? {
            let epoch = get(&row, 0, &run.id, "")?;
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

/// A lease in milliseconds; ten thousand years are as good as for ever.
fn millis(lease: Duration) -> i64 {
    const LONGEST: i64 = 10_000 * 365 * 24 * 60 * 60 * 1000;
    i64::try_from(lease.as_millis()).unwrap_or(LONGEST).min(LONGEST)
}

impl JournalStore for PostgresStore {
    fn claim<'a>(&'a self, run: &'a NewRun, claim: &'a Claim) -> StoreFuture<'a, Claimed> {
        Box::pin(async move {
            loop {
                // Otherwise its holder has given it up between the two looks.
                if let Some(claimed) = self.try_claim(run, claim).await? {
                    return Ok(claimed);
                }
            }
        })
    }

    fn renew<'a>(&'a self, run: &'a str, epoch: i64, claim: &'a Claim) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let lease = millis(claim.lease);
            let values: &[Value<'_>] = &[
                (&run, Type::TEXT),
                (&epoch, Type::INT8),
                (&claim.holder, Type::TEXT),
                (&lease, Type::INT8),
            ];
            get(&self.as_holder(run, sql::RENEW, values).await?, 0, run, "")
        })
    }

    fn release<'a>(&'a self, run: &'a str, epoch: i64) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let values: &[Value<'_>] = &[(&run, Type::TEXT), (&epoch, Type::INT8)];
            self.as_holder(run, sql::RELEASE, values).await?;
            Ok(())
        })
    }

    fn write<'a>(&'a self, run: &'a str, epoch: i64, record: Record) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let values: &[Value<'_>] = &[
                (&run, Type::TEXT),
                (&epoch, Type::INT8),
                (&record.path, Type::TEXT),
                (&record.kind.name(), Type::TEXT),
                (&record.fingerprint, Type::TEXT),
                (&record.output, Type::TEXT),
                (&record.started.0, Type::INT8),
                (&record.finished.0, Type::INT8),
                (&i64::from(record.attempts), Type::INT8),
            ];
            self.as_holder(run, sql::WRITE, values).await?;
            Ok(())
        })
    }

    fn erase<'a>(&'a self, run: &'a str, epoch: i64, paths: &'a [String]) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let values: &[Value<'_>] =
                &[(&run, Type::TEXT), (&epoch, Type::INT8), (&paths, Type::TEXT_ARRAY)];
            self.as_holder(run, sql::ERASE, values).await?;
            Ok(())
        })
    }

    fn finish<'a>(&'a self, run: &'a str, epoch: i64, end: End) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let outcome = match end {
                End::Failed(ref text) => Some(text.replace('\0', "\u{fffd}")),
                ref other => other.outcome().map(str::to_owned),
            };
            let values: &[Value<'_>] = &[
                (&run, Type::TEXT),
                (&epoch, Type::INT8),
                (&end.state().name(), Type::TEXT),
                (&outcome, Type::TEXT),
            ];
            self.as_holder(run, sql::FINISH, values).await?;
            Ok(())
        })
    }

    fn send<'a>(&'a self, run: &'a str, signal: Signal) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let values: &[Value<'_>] = &[
                (&run, Type::TEXT),
                (&signal.name, Type::TEXT),
                (&signal.value, Type::TEXT),
                (&signal.sent.0, Type::INT8),
            ];
            let sent = self.first(sql::SEND, values).await?;
            sent.map(drop).ok_or_else(|| StoreError::ended(run))
        })
    }

    fn signals<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<Signal>> {
        Box::pin(async move {
            let rows = self.link.query(sql::SIGNALS, &[(&run, Type::TEXT)]).await?;
            rows.iter().map(|row| signal_of(row, run)).collect()
        })
    }

    fn cancel<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(async move { self.unless_ended(run, sql::CANCEL).await })
    }

    fn retry<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(async move { self.unless_ended(run, sql::RETRY).await })
    }

    fn run<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Option<Run>> {
        Box::pin(async move {
            let sql = format!("{RUN} {}", sql::OF_ID);
            let row = self.first(&sql, &[(&run, Type::TEXT)]).await?;
            row.as_ref().map(run_of).transpose()
        })
    }

    fn runs<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Vec<Run>> {
        Box::pin(async move {
            let state = filter.state.map(RunState::name);
            let before = filter.updated_before.map(|moment| moment.0);
            let limit = filter.limit.map(|limit| i64::try_from(limit).unwrap_or(i64::MAX));
            let values: &[Value<'_>] = &[
                (&filter.workflow, Type::TEXT),
                (&state, Type::TEXT),
                (&before, Type::INT8),
                (&limit, Type::INT8),
            ];
            let rows = self.link.query(&format!("{RUN} {}", sql::FITTING), values).await?;
            rows.iter().map(run_of).collect()
        })
    }

    fn records<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<Record>> {
        Box::pin(async move {
            let rows = self.link.query(sql::RECORDS, &[(&run, Type::TEXT)]).await?;
            rows.iter().map(|row| record_of(row, run)).collect()
        })
    }
}
