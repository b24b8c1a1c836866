-- What has been added to `schema.sql` since the first version. It is done once, in one transaction,
-- when a journal of that version is opened, or right after a new one was made. Programs of the
-- first version must be able to go on with the journal, also at the same time: so what they know
-- stays as it is.

-- The epoch in which the run ended as failed, with something left that could not be undone. By the
-- epoch, since a program of the first version does not reset it when it goes on with the run.
ALTER TABLE run ADD COLUMN undo_failed INTEGER;

-- Runs that go on are few beside those that have ended.
CREATE INDEX run_unfinished ON run (workflow) WHERE state = 'unfinished';

-- Records of kinds that came later. `record` checks its kinds, and SQLite cannot change a check
-- without writing the whole table anew; programs of the first version would take such records for
-- damage, besides. They do not look here, and can do without them. Nothing checks the kind here, so
-- that more of them may come; a program skips those that it does not know. The numbers are from the
-- sequence of `record`, so that all records of a run have one order.
CREATE TABLE extra (
    number      INTEGER PRIMARY KEY,
    run         INTEGER NOT NULL REFERENCES run (number),
    path        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    output      TEXT NOT NULL,
    started     INTEGER NOT NULL,
    finished    INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    UNIQUE (run, path, kind)
) STRICT;

DROP VIEW runs;
CREATE VIEW runs AS
SELECT id, workflow,
    CASE WHEN state = 'failed' AND undo_failed = epoch THEN 'undo_failed' ELSE state END AS state,
    outcome, cancel, holder,
    strftime('%Y-%m-%dT%H:%M:%fZ', held_until / 1000.0, 'unixepoch') AS held_until,
    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1000.0, 'unixepoch') AS created,
    strftime('%Y-%m-%dT%H:%M:%fZ', updated / 1000.0, 'unixepoch') AS updated,
    inputs
FROM run
ORDER BY run.updated DESC;

DROP VIEW records;
CREATE VIEW records AS
SELECT run.id AS run, path, kind,
    strftime('%Y-%m-%dT%H:%M:%fZ', started / 1000.0, 'unixepoch') AS started,
    strftime('%Y-%m-%dT%H:%M:%fZ', finished / 1000.0, 'unixepoch') AS finished,
    attempts, output, fingerprint
FROM (
    SELECT number, run, path, kind, fingerprint, output, started, finished, attempts FROM record
    UNION ALL
    SELECT number, run, path, kind, fingerprint, output, started, finished, attempts FROM extra
) AS record JOIN run ON run.number = record.run
ORDER BY record.number;
