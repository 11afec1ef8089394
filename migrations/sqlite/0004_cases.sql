-- Cases, what their decisions did, and what is told of it.

-- Serves: a dossier's cases.
CREATE TABLE dunning_case (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    customer BLOB NOT NULL CHECK (length(customer) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    workflow TEXT NOT NULL,
    workflow_version INTEGER NOT NULL CHECK (workflow_version BETWEEN 1 AND 4294967295),
    opened_at INTEGER NOT NULL,
    ended_at INTEGER,
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    anchor INTEGER,
    state TEXT NOT NULL,
    memory BLOB,
    visits TEXT NOT NULL,
    left_previous INTEGER,
    pace_day INTEGER NOT NULL,
    pace_count INTEGER NOT NULL CHECK (pace_count BETWEEN 0 AND 65535),
    PRIMARY KEY (tenant, customer, case_id)
) STRICT, WITHOUT ROWID;

-- Serves: one case a customer and currency is open.
CREATE UNIQUE INDEX dunning_case_open ON dunning_case (tenant, customer, currency)
    WHERE ended_at IS NULL;

-- Serves: the list of a tenant's cases, by id.
CREATE UNIQUE INDEX dunning_case_id ON dunning_case (tenant, case_id);

-- Serves: the list of a tenant's open cases, by id.
CREATE INDEX dunning_case_open_id ON dunning_case (tenant, case_id)
    WHERE ended_at IS NULL;

-- Serves: a dossier's effects. Letters are long: they lie in the order they were written,
-- for in a clustered table each would have an overflow page of its own. The key is the outbox's and the idempotency key outside.
CREATE TABLE effect (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    customer BLOB NOT NULL CHECK (length(customer) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    idx INTEGER NOT NULL CHECK (idx BETWEEN 0 AND 4294967295),
    state TEXT NOT NULL
        CHECK (state IN ('queued', 'done', 'confirmed', 'failed', 'cancelled')),
    code TEXT NOT NULL,
    at INTEGER NOT NULL,
    until INTEGER,
    proposal TEXT NOT NULL,
    stage TEXT NOT NULL,
    visit INTEGER NOT NULL CHECK (visit BETWEEN 0 AND 4294967295),
    action TEXT NOT NULL,
    letter TEXT,
    PRIMARY KEY (tenant, customer, case_id, sequence, idx)
) STRICT;

-- Serves: the outbox: customers with effects still queued. By instant, so that new ones
-- are appended at its end rather than all over it.
CREATE INDEX effect_queued ON effect (tenant, at, customer) WHERE state = 'queued';

-- Serves: a dossier's open tasks.
CREATE TABLE task (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    customer BLOB NOT NULL CHECK (length(customer) = 16),
    task BLOB NOT NULL CHECK (length(task) = 16),
    state TEXT NOT NULL CHECK (state IN ('open', 'approved', 'completed', 'dropped')),
    opened_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (tenant, customer, task)
) STRICT, WITHOUT ROWID;

-- Serves: a dossier's facts not yet looked at, in commit order.
CREATE TABLE inbox (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    customer BLOB NOT NULL CHECK (length(customer) = 16),
    number INTEGER NOT NULL CHECK (number >= 0),
    currency TEXT CHECK (length(currency) = 3),
    event TEXT NOT NULL,
    PRIMARY KEY (tenant, customer, number)
) STRICT, WITHOUT ROWID;

-- Serves: a customer's timeline from an entry on. Append only.
CREATE TABLE timeline (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    customer BLOB NOT NULL CHECK (length(customer) = 16),
    number INTEGER NOT NULL CHECK (number >= 0),
    case_id BLOB CHECK (length(case_id) = 16),
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (tenant, customer, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER timeline_is_never_changed BEFORE UPDATE ON timeline
BEGIN SELECT RAISE(ABORT, 'the timeline is append only'); END;

-- Serves: the recorded calls of a case, in order. Append only, in the order of writing.
CREATE TABLE decision (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    customer BLOB NOT NULL CHECK (length(customer) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16),
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    attempt INTEGER NOT NULL CHECK (attempt BETWEEN 0 AND 255),
    record BLOB NOT NULL,
    PRIMARY KEY (tenant, customer, case_id, sequence, attempt)
) STRICT;

CREATE TRIGGER decision_is_never_changed BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'decisions are append only'); END;

-- Serves: the log of facts as they were told; upserted when one that was told ahead is
-- taken in.
CREATE TABLE fact (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    customer BLOB NOT NULL CHECK (length(customer) = 16),
    fact BLOB NOT NULL CHECK (length(fact) = 16),
    at INTEGER NOT NULL,
    taken INTEGER NOT NULL CHECK (taken IN (0, 1)),
    body TEXT NOT NULL,
    PRIMARY KEY (tenant, customer, fact)
) STRICT, WITHOUT ROWID;

-- Serves: which facts were told before; a fact is told of one customer.
CREATE UNIQUE INDEX fact_id ON fact (tenant, fact);

-- Serves: a dossier's facts to come, by instant.
CREATE INDEX fact_coming ON fact (tenant, customer, at, fact) WHERE taken = 0;
