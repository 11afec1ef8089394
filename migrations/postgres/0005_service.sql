-- What a server needs beside the cases: revisions, the outbox's timers, records, lists.

-- Counts changes of settings and shelf, for whoever keeps a tenant open.
ALTER TABLE tenant ADD COLUMN revision bigint NOT NULL DEFAULT 0 CHECK (revision >= 0);

-- When a queued effect is to be handed over, or tried again; and how often it was taken.
ALTER TABLE effect ADD COLUMN due_at bigint;
ALTER TABLE effect ADD COLUMN tries bigint NOT NULL DEFAULT 0
    CHECK (tries BETWEEN 0 AND 4294967295);
UPDATE effect SET due_at = at WHERE state = 'queued';

DROP INDEX effect_queued;

-- Serves: the outbox, those due longest first; whether a tenant has any. By instant, so that
-- new ones are appended at its end rather than all over it.
CREATE INDEX effect_queued ON effect (tenant, due_at, customer) WHERE state = 'queued';

-- Serves: a case's effects by key, where only the case is known.
CREATE INDEX effect_placed ON effect (tenant, case_id, sequence, idx)
    WHERE action LIKE '{"place-with-agency"%';

-- Serves: a tenant's worklist by id; a task by id.
CREATE INDEX task_open ON task (tenant, task) WHERE state IN ('open', 'approved');
CREATE UNIQUE INDEX task_id ON task (tenant, task);

-- Serves: a record by kind and id; the records of a kind by id. Of the operator, the tenant is
-- all zeros.
CREATE TABLE record (
    tenant uuid NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
    id text COLLATE "C" NOT NULL CHECK (octet_length(id) BETWEEN 1 AND 255),
    version bigint NOT NULL CHECK (version >= 1),
    due_at bigint,
    body text NOT NULL,
    PRIMARY KEY (tenant, kind, id)
);

-- Serves: records that are due, those due longest first; whether a tenant has any.
CREATE INDEX record_due ON record (tenant, due_at, kind) WHERE due_at IS NOT NULL;
