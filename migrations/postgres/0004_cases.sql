-- Cases, what their decisions did, and what is told of it.

-- Serves: a dossier's cases.
CREATE TABLE dunning_case (
    tenant uuid NOT NULL,
    customer uuid NOT NULL,
    case_id uuid NOT NULL,
    currency text COLLATE "C" NOT NULL CHECK (length(currency) = 3),
    workflow text COLLATE "C" NOT NULL,
    workflow_version bigint NOT NULL CHECK (workflow_version BETWEEN 1 AND 4294967295),
    opened_at bigint NOT NULL,
    ended_at bigint,
    sequence bigint NOT NULL CHECK (sequence >= 0),
    anchor integer,
    state text COLLATE "C" NOT NULL,
    memory bytea,
    visits text NOT NULL,
    left_previous bigint,
    pace_day integer NOT NULL,
    pace_count bigint NOT NULL CHECK (pace_count BETWEEN 0 AND 65535),
    PRIMARY KEY (tenant, customer, case_id)
);

-- Serves: the list of a tenant's cases, by id. Made before the next one: of a case that breaks both,
-- every store tells that its id is taken.
CREATE UNIQUE INDEX dunning_case_id ON dunning_case (tenant, case_id);

-- Serves: one case a customer and currency is open.
CREATE UNIQUE INDEX dunning_case_open ON dunning_case (tenant, customer, currency)
    WHERE ended_at IS NULL;

-- Serves: the list of a tenant's open cases, by id.
CREATE INDEX dunning_case_open_id ON dunning_case (tenant, case_id)
    WHERE ended_at IS NULL;

-- Serves: a dossier's effects. The key is the outbox's and the idempotency key outside.
CREATE TABLE effect (
    tenant uuid NOT NULL,
    customer uuid NOT NULL,
    case_id uuid NOT NULL,
    sequence bigint NOT NULL CHECK (sequence >= 0),
    idx bigint NOT NULL CHECK (idx BETWEEN 0 AND 4294967295),
    state text COLLATE "C" NOT NULL
        CHECK (state IN ('queued', 'done', 'confirmed', 'failed', 'cancelled')),
    code text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    until integer,
    proposal text COLLATE "C" NOT NULL,
    stage text COLLATE "C" NOT NULL,
    visit bigint NOT NULL CHECK (visit BETWEEN 0 AND 4294967295),
    action text NOT NULL,
    letter text,
    PRIMARY KEY (tenant, customer, case_id, sequence, idx)
);

-- Serves: the outbox: customers with effects still queued. By instant, so that new ones
-- are appended at its end rather than all over it.
CREATE INDEX effect_queued ON effect (tenant, at, customer) WHERE state = 'queued';

-- Serves: a dossier's open tasks.
CREATE TABLE task (
    tenant uuid NOT NULL,
    customer uuid NOT NULL,
    task uuid NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('open', 'approved', 'completed', 'dropped')),
    opened_at bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (tenant, customer, task)
);

-- Serves: a dossier's facts not yet looked at, in commit order.
CREATE TABLE inbox (
    tenant uuid NOT NULL,
    customer uuid NOT NULL,
    number bigint NOT NULL CHECK (number >= 0),
    currency text COLLATE "C" CHECK (length(currency) = 3),
    event text NOT NULL,
    PRIMARY KEY (tenant, customer, number)
);

-- Serves: a customer's timeline from an entry on. Append only.
CREATE TABLE timeline (
    tenant uuid NOT NULL,
    customer uuid NOT NULL,
    number bigint NOT NULL CHECK (number >= 0),
    case_id uuid,
    sequence bigint NOT NULL CHECK (sequence >= 0),
    at bigint NOT NULL,
    what text NOT NULL,
    PRIMARY KEY (tenant, customer, number)
);

CREATE TRIGGER timeline_is_never_changed BEFORE UPDATE ON timeline
    FOR EACH ROW EXECUTE FUNCTION refuse_change('the timeline is');

-- Serves: the recorded calls of a case, in order. Append only, in the order of writing.
CREATE TABLE decision (
    tenant uuid NOT NULL,
    customer uuid NOT NULL,
    case_id uuid NOT NULL,
    sequence bigint NOT NULL CHECK (sequence >= 0),
    attempt bigint NOT NULL CHECK (attempt BETWEEN 0 AND 255),
    record bytea NOT NULL,
    PRIMARY KEY (tenant, customer, case_id, sequence, attempt)
);

CREATE TRIGGER decision_is_never_changed BEFORE UPDATE ON decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change('decisions are');

-- Serves: the log of facts as they were told; upserted when one that was told ahead is
-- taken in.
CREATE TABLE fact (
    tenant uuid NOT NULL,
    customer uuid NOT NULL,
    fact uuid NOT NULL,
    at bigint NOT NULL,
    taken boolean NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (tenant, customer, fact)
);

-- Serves: which facts were told before; a fact is told of one customer.
CREATE UNIQUE INDEX fact_id ON fact (tenant, fact);

-- Serves: a dossier's facts to come, by instant.
CREATE INDEX fact_coming ON fact (tenant, customer, at, fact) WHERE NOT taken;
