//! The statements. Each is a transaction of its own; one that waits for another one to end looks
//! at the row again then.

/// Starts a run or takes it over, and gives its epoch; no row if that cannot be.
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

pub(super) const WRITE: &str = "
    WITH held AS (
        UPDATE workflow_journal.run SET updated = workflow_journal.now_ms()
        WHERE workflow_journal.digest(id) = workflow_journal.digest($1) AND epoch = $2
            AND holder IS NOT NULL
        RETURNING number
    )
    INSERT INTO workflow_journal.record
        (run, path, kind, fingerprint, output, started, finished, attempts)
    SELECT held.number, $3, $4, $5, $6, $7, $8, $9 FROM held
    ON CONFLICT (run, kind, workflow_journal.digest(path)) DO UPDATE SET
        number = excluded.number, fingerprint = excluded.fingerprint, output = excluded.output,
        started = excluded.started, finished = excluded.finished, attempts = excluded.attempts
    RETURNING number";

pub(super) const ERASE: &str = "
    WITH held AS (
        UPDATE workflow_journal.run SET updated = workflow_journal.now_ms()
        WHERE workflow_journal.digest(id) = workflow_journal.digest($1) AND epoch = $2
            AND holder IS NOT NULL
        RETURNING number
    ), erased AS (
        DELETE FROM workflow_journal.record USING held
        WHERE record.run = held.number AND record.path = ANY ($3)
    )
    SELECT number FROM held";

pub(super) const FINISH: &str = "
    UPDATE workflow_journal.run
    SET state = $3, outcome = $4, holder = NULL, held_until = NULL,
        updated = workflow_journal.now_ms()
    WHERE workflow_journal.digest(id) = workflow_journal.digest($1) AND epoch = $2
        AND holder IS NOT NULL
    RETURNING number";

/// No row if the run has ended.
pub(super) const SEND: &str = "
    WITH waiting AS (
        UPDATE workflow_journal.run SET updated = workflow_journal.now_ms()
        WHERE workflow_journal.digest(id) = workflow_journal.digest($1)
            AND state IN ('unfinished', 'failed')
        RETURNING number
    )
    INSERT INTO workflow_journal.signal (run, name, value, sent)
    SELECT $1, $2, $3, $4
    WHERE EXISTS (SELECT FROM waiting) OR NOT EXISTS (
        SELECT FROM workflow_journal.run
        WHERE workflow_journal.digest(id) = workflow_journal.digest($1)
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

pub(super) const OF_ID: &str = "
    WHERE workflow_journal.digest(id) = workflow_journal.digest($1)";

pub(super) const FITTING: &str = "
    WHERE ($1 IS NULL OR workflow = $1) AND ($2 IS NULL OR state = $2)
        AND ($3 IS NULL OR updated < $3)
    ORDER BY updated DESC, number DESC
    LIMIT $4";

pub(super) const RECORDS: &str = "
    SELECT path, kind, fingerprint, output, started, finished, attempts
    FROM workflow_journal.record
    WHERE run = (
        SELECT number FROM workflow_journal.run
        WHERE workflow_journal.digest(id) = workflow_journal.digest($1)
    )
    ORDER BY number";

pub(super) const SIGNALS: &str = "
    SELECT name, value, sent FROM workflow_journal.signal
    WHERE workflow_journal.digest(run) = workflow_journal.digest($1)
    ORDER BY number";
