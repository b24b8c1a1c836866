//! The statements. Each is a separate transaction. A statement that waits for another one to end
//! looks at the row again afterwards.

use super::query::Query;
use crate::front::Front;
use crate::state::STATE;
use crate::{Filter, Kind, StoredState};

/// Starts a run or takes it over, and returns its epoch; no row if that is not possible.
pub(super) const CLAIM: &str = "
    INSERT INTO workflow_journal.run AS run
        (id, workflow, inputs, graph, state, epoch, holder, held_until, created, updated)
    VALUES ($1, $2, $3, $4, 'unfinished', 1, $5, workflow_journal.now_ms() + $6,
        workflow_journal.now_ms(), workflow_journal.now_ms())
    ON CONFLICT (workflow_journal.digest(id)) DO UPDATE SET
        state = 'unfinished', outcome = NULL, epoch = run.epoch + 1,
        holder = excluded.holder, held_until = excluded.held_until, updated = excluded.updated
    WHERE run.state IN ('unfinished', 'failed')
        AND (run.holder IS NULL OR run.holder = excluded.holder
            OR run.held_until <= excluded.updated)
    RETURNING epoch";

/// Starts a run that is not held; no row if there is such a run already.
pub(super) const CREATE: &str = "
    INSERT INTO workflow_journal.run AS run
        (id, workflow, inputs, graph, state, epoch, created, updated)
    VALUES ($1, $2, $3, $4, 'unfinished', 1, workflow_journal.now_ms(), workflow_journal.now_ms())
    ON CONFLICT (workflow_journal.digest(id)) DO NOTHING
    RETURNING epoch";

pub(super) const REOPEN: &str = "
    UPDATE workflow_journal.run
    SET state = 'unfinished', outcome = NULL, cancel = false, epoch = epoch + 1, holder = $2,
        held_until = workflow_journal.now_ms() + $3, updated = workflow_journal.now_ms()
    WHERE workflow_journal.digest(id) = workflow_journal.digest($1)
        AND (holder IS NULL OR holder = $2 OR held_until <= workflow_journal.now_ms())
    RETURNING epoch";

/// Locks the runs first, so that none of them is claimed in the meantime. The tables that refer to
/// `run` are checked at the end of the statement.
pub(super) const DELETE: &str = "
    WITH ended AS (
        SELECT number, id FROM workflow_journal.run
        WHERE workflow_journal.digest(id) IN (
            SELECT workflow_journal.digest(given) FROM unnest($1::text[]) AS given
        ) AND state <> 'unfinished'
        ORDER BY number
        FOR UPDATE
    ), records AS (
        DELETE FROM workflow_journal.record USING ended WHERE record.run = ended.number
    ), extras AS (
        DELETE FROM workflow_journal.extra USING ended WHERE extra.run = ended.number
    ), signals AS (
        DELETE FROM workflow_journal.signal USING ended
        WHERE workflow_journal.digest(signal.run) = workflow_journal.digest(ended.id)
    )
    DELETE FROM workflow_journal.run USING ended WHERE run.number = ended.number
    RETURNING run.number";

pub(super) const RENEW: &str = "
    UPDATE workflow_journal.run
    SET holder = $3, held_until = workflow_journal.now_ms() + $4
    WHERE workflow_journal.digest(id) = workflow_journal.digest($1) AND epoch = $2
        AND holder IS NOT NULL
    RETURNING cancel";

pub(super) const RELEASE: &str = "
    UPDATE workflow_journal.run SET holder = NULL, held_until = NULL
    WHERE workflow_journal.digest(id) = workflow_journal.digest($1) AND epoch = $2
        AND holder IS NOT NULL
    RETURNING number";

/// Writes a record to the table for its kind.
pub(super) fn write(kind: Kind) -> String {
    let table = table(kind);
    format!(
        "
    WITH held AS (
        UPDATE workflow_journal.run SET updated = workflow_journal.now_ms()
        WHERE workflow_journal.digest(id) = workflow_journal.digest($1) AND epoch = $2
            AND holder IS NOT NULL
        RETURNING number
    )
    INSERT INTO workflow_journal.{table}
        (run, path, kind, fingerprint, output, started, finished, attempts)
    SELECT held.number, $3, $4, $5, $6, $7, $8, $9 FROM held
    ON CONFLICT (run, kind, workflow_journal.digest(path)) DO UPDATE SET
        number = excluded.number, fingerprint = excluded.fingerprint, output = excluded.output,
        started = excluded.started, finished = excluded.finished, attempts = excluded.attempts
    RETURNING number"
    )
}

/// The first version knows the kinds that are in `record`, and does not look into `extra`.
fn table(kind: Kind) -> &'static str {
    match kind {
        Kind::Step | Kind::Items | Kind::Timer | Kind::Failure | Kind::Compensation => "record",
        Kind::Attempt | Kind::Signals | Kind::Refusal | Kind::Rerun => "extra",
    }
}

pub(super) const ERASE: &str = "
    WITH held AS (
        UPDATE workflow_journal.run SET updated = workflow_journal.now_ms()
        WHERE workflow_journal.digest(id) = workflow_journal.digest($1) AND epoch = $2
            AND holder IS NOT NULL
        RETURNING number
    ), erased AS (
        DELETE FROM workflow_journal.record USING held
        WHERE record.run = held.number AND record.path = ANY ($3)
    ), erased_extra AS (
        DELETE FROM workflow_journal.extra USING held
        WHERE extra.run = held.number AND extra.path = ANY ($3)
    )
    SELECT number FROM held";

pub(super) const FINISH: &str = "
    UPDATE workflow_journal.run
    SET state = $3, outcome = $4, undo_failed = CASE WHEN $5 THEN epoch END,
        holder = NULL, held_until = NULL, updated = workflow_journal.now_ms()
    WHERE workflow_journal.digest(id) = workflow_journal.digest($1) AND epoch = $2
        AND holder IS NOT NULL
    RETURNING number";

/// No row if the run has ended. It locks nothing: a signal that arrives just as the run ends is
/// treated as one that arrived before the end.
pub(super) const SEND: &str = "
    INSERT INTO workflow_journal.signal (run, name, value, sent)
    SELECT $1, $2, $3, $4
    WHERE NOT EXISTS (
        SELECT FROM workflow_journal.run
        WHERE workflow_journal.digest(id) = workflow_journal.digest($1)
            AND state NOT IN ('unfinished', 'failed')
    )
    RETURNING number";

pub(super) const CANCEL: &str = "
    UPDATE workflow_journal.run SET cancel = true, updated = workflow_journal.now_ms()
    WHERE workflow_journal.digest(id) = workflow_journal.digest($1)
        AND state IN ('unfinished', 'failed')
    RETURNING number";

/// No row if the run has ended. A run that has not failed stays as it is.
pub(super) const RETRY: &str = "
    UPDATE workflow_journal.run
    SET updated = CASE state WHEN 'failed' THEN workflow_journal.now_ms() ELSE updated END,
        state = 'unfinished'
    WHERE workflow_journal.digest(id) = workflow_journal.digest($1)
        AND state IN ('unfinished', 'failed')
    RETURNING number";

/// A run, by its id.
pub(super) fn run() -> String {
    format!("{} WHERE workflow_journal.digest(id) = workflow_journal.digest($1)", columns())
}

fn columns() -> String {
    format!(
        "SELECT id, workflow, inputs, graph, {STATE}, outcome, created, updated, holder, held_until,
        cancel
    FROM workflow_journal.run"
    )
}

/// The runs that match. Only the given criteria are part of the statement, so that the indexes can
/// be used.
pub(super) fn runs(filter: &Filter) -> Query {
    let mut conditions = Vec::new();
    let mut query = Query::new("");
    if let Some(workflow) = &filter.workflow {
        query = query.text(workflow.clone());
        let at = query.values.len();
        // The index has the digest, which is unique in all but theory.
        conditions
            .push(format!("workflow_journal.digest(workflow) = workflow_journal.digest(${at})"));
    }
    if let Some(state) = filter.state {
        conditions.push(is_in(state).to_owned());
    }
    match filter.front() {
        Front::All => {}
        Front::Before(moment) => {
            query = query.number(moment.0);
            conditions.push(format!("updated < ${}", query.values.len()));
        }
        Front::After(moment, id) => {
            query = query.number(moment.0).text(id);
            let at = query.values.len();
            conditions.push(format!(
                "(updated, number) < (${}, coalesce((
                    SELECT number FROM workflow_journal.run
                    WHERE workflow_journal.digest(id) = workflow_journal.digest(${at})
                ), {}))",
                at - 1,
                i64::MAX
            ));
        }
    }
    let mut sql = columns();
    for (index, condition) in conditions.iter().enumerate() {
        sql.push_str(if index == 0 { " WHERE " } else { " AND " });
        sql.push_str(condition);
    }
    sql.push_str(" ORDER BY updated DESC, number DESC");
    if let Some(limit) = filter.limit {
        query = query.number(i64::try_from(limit).unwrap_or(i64::MAX));
        sql = format!("{sql} LIMIT ${}", query.values.len());
    }
    query.sql = sql.into();
    query
}

/// Whether a run is in this state, as a condition over its columns. The word is part of the text
/// instead of being a parameter, since only then can an index on the runs of one state be used.
fn is_in(state: StoredState) -> &'static str {
    match state {
        StoredState::Unfinished => "state = 'unfinished'",
        StoredState::Completed => "state = 'completed'",
        StoredState::Failed => "state = 'failed' AND undo_failed IS DISTINCT FROM epoch",
        StoredState::UndoFailed => "state = 'failed' AND undo_failed = epoch",
        StoredState::Cancelled => "state = 'cancelled'",
    }
}

/// All records of the kinds that this version knows, `$2`.
pub(super) const RECORDS: &str = "
    WITH found AS (
        SELECT number FROM workflow_journal.run
        WHERE workflow_journal.digest(id) = workflow_journal.digest($1)
    )
    SELECT path, kind, fingerprint, output, started, finished, attempts
    FROM (
        SELECT * FROM workflow_journal.record WHERE run = (SELECT number FROM found)
        UNION ALL
        SELECT * FROM workflow_journal.extra
        WHERE run = (SELECT number FROM found) AND kind = ANY ($2)
    ) AS known
    ORDER BY number";

/// How many bytes the texts of the records of each run have, in the order of the ids.
pub(super) const SIZES: &str = "
    SELECT coalesce((
        SELECT sum(octet_length(path)::bigint + octet_length(fingerprint) + octet_length(output))
        FROM (
            SELECT run, path, fingerprint, output FROM workflow_journal.record
            UNION ALL
            SELECT run, path, fingerprint, output FROM workflow_journal.extra
        ) AS record
        WHERE record.run = run.number
    ), 0)::bigint
    FROM unnest($1::text[]) WITH ORDINALITY AS given (id, place)
    LEFT JOIN workflow_journal.run
        ON workflow_journal.digest(run.id) = workflow_journal.digest(given.id)
    ORDER BY place";

pub(super) const NOW: &str = "SELECT workflow_journal.now_ms()";

pub(super) const SIGNALS: &str = "
    SELECT name, value, sent FROM workflow_journal.signal
    WHERE workflow_journal.digest(run) = workflow_journal.digest($1)
    ORDER BY number";
