//! Items.

use regua_domain::id::{CustomerId, ItemId, TenantId};
use regua_domain::ledger::Item;
use regua_storage::StoreError;
use sqlx::sqlite::SqliteRow;

use crate::cells::{Cells, days, json, name};
use crate::rows::{Rows, Table, Value};

pub(crate) const ITEM: Table = Table {
    name: "item",
    head: "INSERT OR FAIL INTO item (tenant, customer, item, reference, currency, kind, parent, contract,
            issued_on, due_on, original, outstanding, disposition, delivery, is_first, marks,
            interest_until, settled_at) VALUES",
    columns: 18,
    // What a row never changes is left alone, above all its reference: no index is touched.
    tail: "ON CONFLICT (tenant, customer, item) DO UPDATE SET outstanding = excluded.outstanding,
            disposition = excluded.disposition, delivery = excluded.delivery,
            marks = excluded.marks, interest_until = excluded.interest_until,
            settled_at = excluded.settled_at, contract = excluded.contract,
            due_on = excluded.due_on",
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT customer, item, reference, currency, kind, parent, contract, issued_on,
                due_on, original, outstanding, disposition, delivery, is_first, marks,
                interest_until, settled_at
            FROM item ",
            $rest
        )
    };
}

/// Open items, and all that are placed, of a list of customers.
pub(crate) const OPEN: &str = select!(
    "WHERE tenant = ? AND ((disposition = 'chased' AND outstanding > 0) OR disposition = 'placed') AND customer IN"
);

/// Items by their references.
pub(crate) const BY_REFERENCE: &str =
    select!("INDEXED BY item_reference WHERE tenant = ? AND reference IN");

/// Items of one customer by a list of ids.
pub(crate) const BY_IDS: &str = select!("WHERE tenant = ? AND customer = ? AND item IN");

pub(crate) fn put(
    rows: &mut Rows,
    key: (TenantId, CustomerId),
    item: &Item,
) -> Result<(), StoreError> {
    rows.row(
        key,
        [
            item.id.0.into(),
            item.reference.as_str().into(),
            item.currency.code().into(),
            name("item", &item.kind)?,
            item.parent.map(|id| id.0).into(),
            item.contract.clone().into(),
            days(item.issued_on),
            days(item.due_on),
            item.original.into(),
            item.outstanding.into(),
            name("item", &item.disposition)?,
            name("item", &item.delivery)?,
            i64::from(item.is_first).into(),
            json("item", &item.marks)?,
            item.interest_until.map_or(Value::Null, days),
            item.settled_at.map(|at| at.0).into(),
        ],
    );
    Ok(())
}

/// A row of the queries above.
pub(crate) fn read(row: &SqliteRow) -> Result<(CustomerId, Item), StoreError> {
    let mut cells = Cells::new(row, "item");
    let customer = CustomerId(cells.uuid()?);
    let item = Item {
        id: ItemId(cells.uuid()?),
        reference: cells.text()?,
        currency: cells.currency()?,
        kind: cells.name()?,
        parent: cells.maybe_uuid()?.map(ItemId),
        contract: cells.maybe_text()?,
        issued_on: cells.date()?,
        due_on: cells.date()?,
        original: cells.int()?,
        outstanding: cells.int()?,
        disposition: cells.name()?,
        delivery: cells.name()?,
        is_first: cells.flag()?,
        marks: cells.list()?.into_iter().collect(),
        interest_until: cells.maybe_date()?,
        settled_at: cells.maybe_at()?,
    };
    Ok((customer, item))
}
