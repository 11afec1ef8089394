//! The ledger, and the accounts it adds up to.

use regua_domain::id::{CustomerId, ItemId, PaymentId, TenantId};
use regua_domain::ledger::{Account, LedgerEntry};
use regua_storage::StoreError;
use sqlx::SqliteExecutor;
use sqlx::sqlite::SqliteRow;

use crate::cells::{Cells, days};
use crate::error::backend;
use crate::rows::{Rows, Table};

pub(crate) const ACCOUNT: Table = Table {
    name: "account",
    head: "INSERT OR FAIL INTO account (tenant, customer, currency, credit) VALUES",
    columns: 4,
    tail: "ON CONFLICT (tenant, customer, currency) DO UPDATE SET credit = excluded.credit",
};

pub(crate) const LEDGER: Table = Table {
    name: "ledger",
    head: "INSERT OR FAIL INTO ledger (tenant, customer, number, currency, item, kind, amount, payment,
            effective_on, recorded_at) VALUES",
    columns: 10,
    tail: "",
};

/// Accounts of a list of customers.
pub(crate) const ACCOUNTS: &str =
    "SELECT customer, currency, credit FROM account WHERE tenant = ? AND customer IN";

pub(crate) fn put_account(rows: &mut Rows, key: (TenantId, CustomerId), account: &Account) {
    rows.row(key, [account.currency.code().into(), account.credit.into()]);
}

pub(crate) fn put(rows: &mut Rows, key: (TenantId, CustomerId), entry: &LedgerEntry) {
    rows.row(
        key,
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
pub(crate) fn read_account(row: &SqliteRow) -> Result<(CustomerId, Account), StoreError> {
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
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    customer: CustomerId,
) -> Result<Vec<LedgerEntry>, StoreError> {
    let rows = sqlx::query(
        "SELECT number, currency, item, kind, amount, payment, effective_on, recorded_at
        FROM ledger WHERE tenant = ? AND customer = ? ORDER BY number",
    )
    .bind(tenant.0)
    .bind(customer.0)
    .fetch_all(reader)
    .await
    .map_err(backend("read a ledger"))?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<LedgerEntry, StoreError> {
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
