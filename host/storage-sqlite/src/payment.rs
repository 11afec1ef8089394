//! Payments.

use regua_domain::id::{CustomerId, PaymentId, TenantId};
use regua_domain::ledger::Payment;
use regua_storage::StoreError;
use sqlx::sqlite::SqliteRow;

use crate::cells::{Cells, days, json, name};
use crate::rows::{Rows, Table};

pub(crate) const PAYMENT: Table = Table {
    name: "payment",
    head:
        "INSERT OR FAIL INTO payment (tenant, customer, payment, reference, currency, amount, state,
            paid_on, allocated, unmatched) VALUES",
    columns: 10,
    tail: "ON CONFLICT (tenant, customer, payment) DO UPDATE SET state = excluded.state,
            paid_on = excluded.paid_on, allocated = excluded.allocated,
            unmatched = excluded.unmatched",
};

macro_rules! columns {
    () => {
        "t.customer, t.payment, t.reference, t.currency, t.amount, t.state, t.paid_on, t.allocated"
    };
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM payment t ", $rest)
    };
}

/// What [`read`] reads.
pub(crate) const COLUMNS: &str = columns!();

/// Payments of a list of customers that are pending, or of which something is credit.
pub(crate) const PENDING: &str =
    select!("WHERE tenant = ? AND (state = 'pending' OR unmatched > 0) AND customer IN");

/// Payments by their references.
pub(crate) const BY_REFERENCE: &str =
    select!("INDEXED BY payment_reference WHERE tenant = ? AND reference IN");

pub(crate) fn put(
    rows: &mut Rows,
    key: (TenantId, CustomerId),
    payment: &Payment,
) -> Result<(), StoreError> {
    rows.row(
        key,
        [
            payment.id.0.into(),
            payment.reference.as_str().into(),
            payment.currency.code().into(),
            payment.amount.into(),
            name("payment", &payment.state)?,
            days(payment.paid_on),
            json("payment", &payment.allocated)?,
            payment.unmatched().into(),
        ],
    );
    Ok(())
}

/// A row of the queries above.
pub(crate) fn read(row: &SqliteRow) -> Result<(CustomerId, Payment), StoreError> {
    let mut cells = Cells::new(row, "payment");
    let customer = CustomerId(cells.uuid()?);
    let payment = Payment {
        id: PaymentId(cells.uuid()?),
        reference: cells.text()?,
        currency: cells.currency()?,
        amount: cells.int()?,
        state: cells.name()?,
        paid_on: cells.date()?,
        allocated: cells.list()?,
    };
    Ok((customer, payment))
}
