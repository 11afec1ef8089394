-- Who the debtors are, and when they are looked at next.

-- Serves: a dossier's customer. Wide, and the only home of names and addresses but for
-- the letters in `effect`.
CREATE TABLE customer (
    tenant uuid NOT NULL,
    customer uuid NOT NULL,
    reference text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    tax_number text,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('consumer', 'business')),
    locale text COLLATE "C" NOT NULL,
    jurisdiction text NOT NULL,
    time_zone text NOT NULL,
    segments text NOT NULL,
    attributes text NOT NULL,
    methods text NOT NULL,
    contacts text NOT NULL,
    since integer,
    PRIMARY KEY (tenant, customer)
);

-- Serves: the customers of a list of references; a reference is one customer's.
CREATE UNIQUE INDEX customer_reference ON customer (tenant, reference);

-- Serves: a dossier's version and standing, the guard of a commit, leases: what every
-- commit changes lies on one page. No wake-up (null) means never. A customer rests after a
-- host fault by a lease that nobody works under.
CREATE TABLE agenda (
    tenant uuid NOT NULL,
    customer uuid NOT NULL,
    version bigint NOT NULL CHECK (version >= 1),
    lease_epoch bigint NOT NULL DEFAULT 0 CHECK (lease_epoch >= 0),
    lease_until bigint,
    faults bigint NOT NULL DEFAULT 0 CHECK (faults BETWEEN 0 AND 4294967295),
    wake_at bigint,
    standing text,
    PRIMARY KEY (tenant, customer)
);

-- Serves: claim, those due longest first. Leased customers are not in it, so that a claim
-- never walks over what others work on.
CREATE INDEX agenda_due ON agenda (tenant, wake_at, customer)
    WHERE lease_until IS NULL AND wake_at IS NOT NULL;

-- Serves: leases that have ended by themselves; the earliest wake-up among the leased.
CREATE INDEX agenda_leased ON agenda (tenant, lease_until, wake_at)
    WHERE lease_until IS NOT NULL;
