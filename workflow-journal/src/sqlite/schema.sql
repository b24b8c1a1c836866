-- Times in the tables are milliseconds since 1970 in UTC. For people there are the views `runs`,
-- `records` and `signals`, which have them as text:
--
--     SELECT * FROM runs WHERE state = 'unfinished';
--     SELECT * FROM records WHERE run = 'cart-1042';

CREATE TABLE run (
    number     INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    workflow   TEXT NOT NULL,
    inputs     TEXT NOT NULL,
    graph      TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('unfinished', 'completed', 'failed', 'cancelled')),
    outcome    TEXT,
    epoch      INTEGER NOT NULL,
    holder     TEXT,
    held_until INTEGER,
    cancel     INTEGER NOT NULL DEFAULT 0 CHECK (cancel IN (0, 1)),
    created    INTEGER NOT NULL,
    updated    INTEGER NOT NULL
) STRICT;

CREATE INDEX run_by_updated ON run (updated);

CREATE TABLE record (
    -- Never used again, so that a record that replaces another one is the last.
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    run         INTEGER NOT NULL REFERENCES run (number),
    path        TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('step', 'items', 'timer', 'failure', 'compensation')),
    fingerprint TEXT NOT NULL,
    output      TEXT NOT NULL,
    started     INTEGER NOT NULL,
    finished    INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    UNIQUE (run, path, kind)
) STRICT;

-- The run's id in place of its number, since a signal may come before the run.
CREATE TABLE signal (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    run    TEXT NOT NULL,
    name   TEXT NOT NULL,
    value  TEXT NOT NULL,
    sent   INTEGER NOT NULL
) STRICT;

CREATE INDEX signal_by_run ON signal (run, number);

CREATE VIEW runs AS
SELECT id, workflow, state, outcome, cancel, holder,
    strftime('%Y-%m-%dT%H:%M:%fZ', held_until / 1000.0, 'unixepoch') AS held_until,
    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1000.0, 'unixepoch') AS created,
    strftime('%Y-%m-%dT%H:%M:%fZ', updated / 1000.0, 'unixepoch') AS updated,
    inputs
FROM run
ORDER BY run.updated DESC;

CREATE VIEW records AS
SELECT run.id AS run, path, kind,
    strftime('%Y-%m-%dT%H:%M:%fZ', started / 1000.0, 'unixepoch') AS started,
    strftime('%Y-%m-%dT%H:%M:%fZ', finished / 1000.0, 'unixepoch') AS finished,
    attempts, output, fingerprint
FROM record JOIN run ON run.number = record.run
ORDER BY record.number;

CREATE VIEW signals AS
SELECT run, name, value, strftime('%Y-%m-%dT%H:%M:%fZ', sent / 1000.0, 'unixepoch') AS sent
FROM signal
ORDER BY number;
