-- What has been added after `additions.sql`: indexes by which runs are listed. Only runs that have
-- ended are in them: otherwise each change of a run that goes on would be a change of these indexes.
-- The state is the same expression as in the statements, also where it is compared with
-- `unfinished`: then a list is read from an index alone.

CREATE INDEX run_ended ON run (
    CASE WHEN state = 'failed' AND undo_failed = epoch THEN 'undo_failed' ELSE state END,
    updated
) WHERE
    CASE WHEN state = 'failed' AND undo_failed = epoch THEN 'undo_failed' ELSE state END
    <> 'unfinished';

CREATE INDEX run_ended_by_workflow ON run (
    workflow,
    CASE WHEN state = 'failed' AND undo_failed = epoch THEN 'undo_failed' ELSE state END,
    updated
) WHERE
    CASE WHEN state = 'failed' AND undo_failed = epoch THEN 'undo_failed' ELSE state END
    <> 'unfinished';
