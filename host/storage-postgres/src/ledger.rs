//! The ledger, and the accounts it adds up to.

use regua_domain::id::{CustomerId, ItemId, PaymentId, TenantId};
use regua_domain::ledger::{Account, LedgerEntry};
use regua_storage::StoreError;
use sqlx::PgExecutor;
use sqlx::postgres::PgRow;

use crate::cells::{Cells, days};
use crate::error::backend;
use crate::rows::Kind::{Id, Int, Text};
use crate::rows::{Rows, Table};

pub(crate) const ACCOUNT: Table = Table {
    name: "account",
    head: "INSERT INTO account (tenant, customer, currency, credit) SELECT * FROM",
    columns: &[Id, Text, Int],
    tail: "ON CONFLICT (tenant, customer, currency) DO UPDATE SET credit = excluded.credit",
};

pub(crate) const LEDGER: Table = Table {
    name: "ledger",
    head: "INSERT INTO ledger (tenant, customer, number, currency, item, kind, amount, payment,
            effective_on, recorded_at) SELECT * FROM",
    columns: &[Id, Int, Text, Id, Text, Int, Id, Int, Int],
    tail: "",
};

/// Accounts of a list of customers.
pub(crate) const ACCOUNTS: &str = "SELECT a.customer, a.currency, a.credit
    FROM unnest($1::uuid[], $2::uuid[]) AS asked (tenant, id)
    JOIN account a ON a.tenant = asked.tenant AND a.customer = asked.id";

pub(crate) fn put_account(rows: &mut Rows, customer_id: CustomerId, account: &Account) {
    rows.row(
        customer_id,
        [account.currency.code().into(), account.credit.into()],
    );
}

pub(crate) fn put(rows: &mut Rows, customer_id: CustomerId, entry: &LedgerEntry) {
    rows.row(
        customer_id,
        [
            entry.number.into(),
            entry.currency.code().into(),
            entry.item.map(|id| id.0).into(),
            entry.kind.name().into(),
            entry.amount.into(),
            entry.payment.map(|id| id.0).into(),
            days(entry.effective_on),
            entry.recorded_at.0.into(),
        ],
    );
}

/// A row of [`ACCOUNTS`].
pub(crate) fn read_account(row: &PgRow) -> Result<(CustomerId, Account), StoreError> {
    let mut cells = Cells::new(row, "account");
    let customer = CustomerId(cells.uuid()?);
    let account = Account {
        currency: cells.currency()?,
        credit: cells.int()?,
    };
    Ok((customer, account))
}

/// A customer's ledger, oldest first.
pub(crate) async fn of(
    reader: impl PgExecutor<'_>,
    tenant: TenantId,
    customer: CustomerId,
) -> Result<Vec<LedgerEntry>, StoreError> {
    let rows = sqlx::query(
        "SELECT number, currency, item, kind, amount, payment, effective_on, recorded_at
        FROM ledger WHERE tenant = $1 AND customer = $2 ORDER BY number",
    )
    .bind(tenant.0)
    .bind(customer.0)
    .fetch_all(reader)
    .await
    .map_err(backend("read a ledger"))?;
    rows.iter().map(read).collect()
}

fn read(row: &PgRow) -> Result<LedgerEntry, StoreError> {
    let mut cells = Cells::new(row, "ledger entry");
    Ok(LedgerEntry {
        number: cells.int()?,
        currency: cells.currency()?,
        item: cells.maybe_uuid()?.map(ItemId),
        kind: cells.name()?,
        amount: cells.int()?,
        payment: cells.maybe_uuid()?.map(PaymentId),
        effective_on: cells.date()?,
        recorded_at: cells.at()?,
    })
}
