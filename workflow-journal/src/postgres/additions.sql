-- What has been added to `schema.sql` since the first version. It is done once, when a journal of
-- that version is opened, or right after a new one was made. Programs of the first version must be
-- able to go on with the journal, also at the same time: so what they know stays as it is.

-- The epoch in which the run ended as failed, with something left that could not be undone. By the
-- epoch, since a program of the first version does not reset it when it goes on with the run.
ALTER TABLE workflow_journal.run ADD COLUMN undo_failed bigint;

-- Each write of a record sets `updated`; with an index on it, that is a new entry in each index of
-- the table. Without, it is a change within the page, if there is room in it. What is listed by
-- `updated` is sorted then, which takes less than a second for some hundred thousand runs.
DROP INDEX IF EXISTS workflow_journal.run_by_updated;
ALTER TABLE workflow_journal.run SET (fillfactor = 75);

-- Runs that go on are few beside those that have ended.
CREATE INDEX run_unfinished ON workflow_journal.run (workflow_journal.digest(workflow))
WHERE state = 'unfinished';

-- Records of kinds that came later. The first version does not look here, and can do without
-- them; in `record` it would find kinds that it takes for damage. Nothing checks the kind here, so
-- that more of them may come; a program skips those that it does not know. The numbers are from
-- the same sequence, so that all records of a run have one order.
CREATE TABLE workflow_journal.extra (
    number      bigint PRIMARY KEY
                DEFAULT nextval(pg_get_serial_sequence('workflow_journal.record', 'number')),
    run         bigint NOT NULL REFERENCES workflow_journal.run (number),
    path        text NOT NULL,
    kind        text NOT NULL,
    fingerprint text NOT NULL,
    output      text NOT NULL,
    started     bigint NOT NULL,
    finished    bigint NOT NULL,
    attempts    bigint NOT NULL
);

CREATE UNIQUE INDEX extra_by_path
ON workflow_journal.extra (run, kind, workflow_journal.digest(path));

CREATE OR REPLACE VIEW workflow_journal.runs AS
SELECT id, workflow,
    CASE WHEN state = 'failed' AND undo_failed = epoch THEN 'undo_failed' ELSE state END AS state,
    outcome, cancel, holder,
    workflow_journal.moment(held_until) AS held_until,
    workflow_journal.moment(created) AS created,
    workflow_journal.moment(updated) AS updated,
    inputs
FROM workflow_journal.run
ORDER BY run.updated DESC;

CREATE OR REPLACE VIEW workflow_journal.records AS
SELECT run.id AS run, path, kind,
    workflow_journal.moment(started) AS started,
    workflow_journal.moment(finished) AS finished,
    attempts, output, fingerprint
FROM (
    SELECT * FROM workflow_journal.record UNION ALL SELECT * FROM workflow_journal.extra
) AS record JOIN workflow_journal.run ON run.number = record.run
ORDER BY record.number;
