-- Who the debtors are, and when they are looked at next.

-- Serves: a dossier's customer. Wide, and the only home of names and addresses but for
-- the letters in `effect`.
CREATE TABLE customer (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    customer BLOB NOT NULL CHECK (length(customer) = 16),
    reference TEXT NOT NULL,
    name TEXT NOT NULL,
    tax_number TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('consumer', 'business')),
    locale TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    segments TEXT NOT NULL,
    attributes TEXT NOT NULL,
    methods TEXT NOT NULL,
    contacts TEXT NOT NULL,
    since INTEGER,
    PRIMARY KEY (tenant, customer)
) STRICT, WITHOUT ROWID;

-- Serves: the customers of a list of references; a reference is one customer's.
CREATE UNIQUE INDEX customer_reference ON customer (tenant, reference);

-- Serves: a dossier's version and standing, the guard of a commit, leases: what every
-- commit changes lies on one page. No wake-up (null) means never. A customer rests after a
-- host fault by a lease that nobody works under.
CREATE TABLE agenda (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    customer BLOB NOT NULL CHECK (length(customer) = 16),
    version INTEGER NOT NULL CHECK (version >= 1),
    lease_epoch INTEGER NOT NULL DEFAULT 0 CHECK (lease_epoch >= 0),
    lease_until INTEGER,
    faults INTEGER NOT NULL DEFAULT 0 CHECK (faults BETWEEN 0 AND 4294967295),
    wake_at INTEGER,
    standing TEXT,
    PRIMARY KEY (tenant, customer)
) STRICT, WITHOUT ROWID;

-- Serves: claim, those due longest first. Leased customers are not in it, so that a claim
-- never walks over what others work on.
CREATE INDEX agenda_due ON agenda (tenant, wake_at)
    WHERE lease_until IS NULL AND wake_at IS NOT NULL;

-- Serves: leases that have ended by themselves; the earliest wake-up among the leased.
CREATE INDEX agenda_leased ON agenda (tenant, lease_until, wake_at)
    WHERE lease_until IS NOT NULL;
