-- What is owed. Amounts are minor units; an item is bounded by 10^15, a sum by 10^18.

-- Serves: a dossier's credit per currency.
CREATE TABLE account (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    customer BLOB NOT NULL CHECK (length(customer) = 16),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    credit INTEGER NOT NULL
        CONSTRAINT credit_in_bounds CHECK (credit BETWEEN 0 AND 1000000000000000000),
    PRIMARY KEY (tenant, customer, currency)
) STRICT, WITHOUT ROWID;

-- Serves: a dossier's items.
CREATE TABLE item (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    customer BLOB NOT NULL CHECK (length(customer) = 16),
    item BLOB NOT NULL CHECK (length(item) = 16),
    reference TEXT NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    kind TEXT NOT NULL CHECK (kind IN ('invoice', 'late-fee', 'interest', 'other-charge')),
    parent BLOB CHECK (length(parent) = 16),
    contract TEXT,
    issued_on INTEGER NOT NULL,
    due_on INTEGER NOT NULL,
    original INTEGER NOT NULL
        CONSTRAINT original_in_bounds CHECK (original BETWEEN 1 AND 1000000000000000),
    outstanding INTEGER NOT NULL
        CONSTRAINT outstanding_in_bounds CHECK (outstanding BETWEEN 0 AND original),
    disposition TEXT NOT NULL
        CHECK (disposition IN ('chased', 'placed', 'written-off', 'closed')),
    delivery TEXT NOT NULL
        CHECK (delivery IN ('unknown', 'sent', 'delivered', 'opened', 'bounced')),
    is_first INTEGER NOT NULL CHECK (is_first IN (0, 1)),
    marks TEXT NOT NULL,
    fees TEXT,
    changes TEXT NOT NULL,
    interest_until INTEGER,
    accrual TEXT,
    settled_at INTEGER,
    PRIMARY KEY (tenant, customer, item)
) STRICT, WITHOUT ROWID;

-- Serves: an invoice that a fact names; a reference is taken once a tenant. Fees and
-- interest have `parent:kind:occurrence`, so that none is posted twice.
CREATE UNIQUE INDEX item_reference ON item (tenant, reference);

-- Serves: a dossier's pending payments, and those of which something is credit.
CREATE TABLE payment (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    customer BLOB NOT NULL CHECK (length(customer) = 16),
    payment BLOB NOT NULL CHECK (length(payment) = 16),
    reference TEXT NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    amount INTEGER NOT NULL
        CONSTRAINT amount_in_bounds CHECK (amount BETWEEN 1 AND 1000000000000000),
    state TEXT NOT NULL CHECK (state IN ('pending', 'succeeded', 'failed', 'reversed')),
    paid_on INTEGER NOT NULL,
    allocated TEXT NOT NULL,
    unmatched INTEGER NOT NULL
        CONSTRAINT unmatched_in_bounds CHECK (unmatched BETWEEN 0 AND amount),
    PRIMARY KEY (tenant, customer, payment)
) STRICT, WITHOUT ROWID;

-- Serves: a payment that a fact names; a reference is taken once a tenant.
CREATE UNIQUE INDEX payment_reference ON payment (tenant, reference);

-- Serves: a dossier's active covers.
CREATE TABLE cover (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    customer BLOB NOT NULL CHECK (length(customer) = 16),
    cover BLOB NOT NULL CHECK (length(cover) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('dispute', 'pending', 'promise', 'plan', 'hold')),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    source TEXT NOT NULL,
    items TEXT NOT NULL,
    amount INTEGER
        CONSTRAINT amount_in_bounds CHECK (amount BETWEEN 0 AND 1000000000000000000),
    until INTEGER,
    schedule TEXT NOT NULL,
    baseline INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'kept', 'broken', 'lifted')),
    PRIMARY KEY (tenant, customer, cover)
) STRICT, WITHOUT ROWID;

-- Serves: a customer's ledger, oldest first. Append only.
CREATE TABLE ledger (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    customer BLOB NOT NULL CHECK (length(customer) = 16),
    number INTEGER NOT NULL CHECK (number >= 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    item BLOB CHECK (length(item) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('issue', 'receipt', 'allocation', 'reversal',
        'credit-note', 'waiver', 'void', 'write-off', 'adjustment')),
    amount INTEGER NOT NULL
        CONSTRAINT amount_in_bounds
        CHECK (amount BETWEEN -1000000000000000000 AND 1000000000000000000),
    payment BLOB CHECK (length(payment) = 16),
    effective_on INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, customer, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
CREATE TRIGGER ledger_is_never_shortened BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
