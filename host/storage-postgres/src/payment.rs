//! Payments.

use regua_domain::id::{CustomerId, PaymentId};
use regua_domain::ledger::Payment;
use regua_storage::StoreError;
use sqlx::postgres::PgRow;

use crate::cells::{Cells, days, json, name};
use crate::rows::Kind::{Id, Int, Text};
use crate::rows::{Rows, Table};

pub(crate) const PAYMENT: Table = Table {
    name: "payment",
    head: "INSERT INTO payment (tenant, customer, payment, reference, currency, amount, state,
            paid_on, allocated, unmatched) SELECT * FROM",
    columns: &[Id, Id, Text, Text, Int, Text, Int, Text, Int],
    tail: "ON CONFLICT (tenant, customer, payment) DO UPDATE SET state = excluded.state,
            paid_on = excluded.paid_on, allocated = excluded.allocated,
            unmatched = excluded.unmatched",
};

macro_rules! columns {
    () => {
        "p.customer, p.payment, p.reference, p.currency, p.amount, p.state, p.paid_on,
                p.allocated"
    };
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM ", $rest)
    };
}

/// What [`read`] reads.
pub(crate) const COLUMNS: &str = columns!();

/// Payments of a list of customers that are pending, or of which something is credit.
pub(crate) const PENDING: &str = select!(
    "unnest($1::uuid[], $2::uuid[]) AS asked (tenant, id)
        JOIN payment p ON p.tenant = asked.tenant AND p.customer = asked.id
        WHERE p.state = 'pending' OR p.unmatched > 0"
);

/// Payments by their references.
pub(crate) const BY_REFERENCE: &str = select!(
    "unnest($1::uuid[], $2::text[]) AS asked (tenant, name)
        JOIN payment p ON p.tenant = asked.tenant AND p.reference = asked.name"
);

pub(crate) fn put(
    rows: &mut Rows,
    customer_id: CustomerId,
    payment: &Payment,
) -> Result<(), StoreError> {
    rows.row(
        customer_id,
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
pub(crate) fn read(row: &PgRow) -> Result<(CustomerId, Payment), StoreError> {
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
