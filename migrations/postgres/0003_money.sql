-- What is owed. Amounts are minor units; an item is bounded by 10^15, a sum by 10^18.

-- Serves: a dossier's credit per currency.
CREATE TABLE account (
    tenant uuid NOT NULL,
    customer uuid NOT NULL,
    currency text COLLATE "C" NOT NULL CHECK (length(currency) = 3),
    credit bigint NOT NULL
        CONSTRAINT credit_in_bounds CHECK (credit BETWEEN 0 AND 1000000000000000000),
    PRIMARY KEY (tenant, customer, currency)
);

-- Serves: a dossier's items.
CREATE TABLE item (
    tenant uuid NOT NULL,
    customer uuid NOT NULL,
    item uuid NOT NULL,
    reference text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL CHECK (length(currency) = 3),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('invoice', 'late-fee', 'interest', 'other-charge')),
    parent uuid,
    contract text,
    issued_on integer NOT NULL,
    due_on integer NOT NULL,
    original bigint NOT NULL
        CONSTRAINT original_in_bounds CHECK (original BETWEEN 1 AND 1000000000000000),
    outstanding bigint NOT NULL
        CONSTRAINT outstanding_in_bounds CHECK (outstanding BETWEEN 0 AND original),
    disposition text COLLATE "C" NOT NULL
        CHECK (disposition IN ('chased', 'placed', 'written-off', 'closed')),
    delivery text COLLATE "C" NOT NULL
        CHECK (delivery IN ('unknown', 'sent', 'delivered', 'opened', 'bounced')),
    is_first boolean NOT NULL,
    marks text NOT NULL,
    fees text,
    changes text NOT NULL,
    interest_until integer,
    accrual text,
    settled_at bigint,
    PRIMARY KEY (tenant, customer, item)
);

-- Serves: an invoice that a fact names; a reference is taken once a tenant. Fees and
-- interest have `parent:kind:occurrence`, so that none is posted twice.
CREATE UNIQUE INDEX item_reference ON item (tenant, reference);

-- Serves: a dossier's pending payments, and those of which something is credit.
CREATE TABLE payment (
    tenant uuid NOT NULL,
    customer uuid NOT NULL,
    payment uuid NOT NULL,
    reference text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL CHECK (length(currency) = 3),
    amount bigint NOT NULL
        CONSTRAINT amount_in_bounds CHECK (amount BETWEEN 1 AND 1000000000000000),
    state text COLLATE "C" NOT NULL CHECK (state IN ('pending', 'succeeded', 'failed', 'reversed')),
    paid_on integer NOT NULL,
    allocated text NOT NULL,
    unmatched bigint NOT NULL
        CONSTRAINT unmatched_in_bounds CHECK (unmatched BETWEEN 0 AND amount),
    PRIMARY KEY (tenant, customer, payment)
);

-- Serves: a payment that a fact names; a reference is taken once a tenant.
CREATE UNIQUE INDEX payment_reference ON payment (tenant, reference);

-- Serves: a dossier's active covers.
CREATE TABLE cover (
    tenant uuid NOT NULL,
    customer uuid NOT NULL,
    cover uuid NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('dispute', 'pending', 'promise', 'plan', 'hold')),
    currency text COLLATE "C" NOT NULL CHECK (length(currency) = 3),
    source text NOT NULL,
    items text NOT NULL,
    amount bigint
        CONSTRAINT amount_in_bounds CHECK (amount BETWEEN 0 AND 1000000000000000000),
    until integer,
    schedule text NOT NULL,
    baseline bigint NOT NULL,
    began_at bigint NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('active', 'kept', 'broken', 'lifted')),
    PRIMARY KEY (tenant, customer, cover)
);

-- Serves: a customer's ledger, oldest first. Append only.
CREATE TABLE ledger (
    tenant uuid NOT NULL,
    customer uuid NOT NULL,
    number bigint NOT NULL CHECK (number >= 0),
    currency text COLLATE "C" NOT NULL CHECK (length(currency) = 3),
    item uuid,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('issue', 'receipt', 'allocation', 'reversal',
        'credit-note', 'waiver', 'void', 'write-off', 'adjustment')),
    amount bigint NOT NULL
        CONSTRAINT amount_in_bounds
        CHECK (amount BETWEEN -1000000000000000000 AND 1000000000000000000),
    payment uuid,
    effective_on integer NOT NULL,
    recorded_at bigint NOT NULL,
    PRIMARY KEY (tenant, customer, number)
);

-- Serves: the triggers of append-only tables; the argument is what the table is called.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% append only', TG_ARGV[0];
END $$;

CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
    FOR EACH ROW EXECUTE FUNCTION refuse_change('the ledger is');
CREATE TRIGGER ledger_is_never_shortened BEFORE DELETE ON ledger
    FOR EACH ROW EXECUTE FUNCTION refuse_change('the ledger is');
