//! Items.

use regua_domain::id::{CustomerId, ItemId};
use regua_domain::ledger::Item;
use regua_storage::StoreError;
use sqlx::postgres::PgRow;

use crate::cells::{Cells, days, json, name};
use crate::rows::Kind::{Flag, Id, Int, Text};
use crate::rows::{Rows, Table, Value};

pub(crate) const ITEM: Table = Table {
    name: "item",
    head: "INSERT INTO item (tenant, customer, item, reference, currency, kind, parent, contract,
            issued_on, due_on, original, outstanding, disposition, delivery, is_first, marks,
            fees, changes, interest_until, accrual, settled_at) SELECT * FROM",
    columns: &[
        Id, Id, Text, Text, Text, Id, Text, Int, Int, Int, Int, Text, Text, Flag, Text, Text, Text,
        Int, Text, Int,
    ],
    // What a row never changes is left alone, above all its reference: no index is touched.
    tail: "ON CONFLICT (tenant, customer, item) DO UPDATE SET outstanding = excluded.outstanding,
            disposition = excluded.disposition, delivery = excluded.delivery,
            marks = excluded.marks, fees = excluded.fees, changes = excluded.changes,
            interest_until = excluded.interest_until, accrual = excluded.accrual,
            settled_at = excluded.settled_at, contract = excluded.contract,
            due_on = excluded.due_on",
};

macro_rules! columns {
    () => {
        "i.customer, i.item, i.reference, i.currency, i.kind, i.parent, i.contract,
                i.issued_on, i.due_on, i.original, i.outstanding, i.disposition, i.delivery,
                i.is_first, i.marks, i.fees, i.changes, i.interest_until, i.accrual, i.settled_at"
    };
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM ", $rest)
    };
}

/// What [`read`] reads.
pub(crate) const COLUMNS: &str = columns!();

/// Items of which something is left (money still pays them where they are closed), and all
/// that are placed, of a list of customers.
pub(crate) const OPEN: &str = select!(
    "unnest($1::uuid[], $2::uuid[]) AS asked (tenant, id)
        JOIN item i ON i.tenant = asked.tenant AND i.customer = asked.id
        WHERE i.outstanding > 0 OR i.disposition = 'placed'"
);

/// Items by their references.
pub(crate) const BY_REFERENCE: &str = select!(
    "unnest($1::uuid[], $2::text[]) AS asked (tenant, name)
        JOIN item i ON i.tenant = asked.tenant AND i.reference = asked.name"
);

/// Items by a list of customers and ids.
pub(crate) const BY_IDS: &str = select!(
    "unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS asked (tenant, customer, id)
        JOIN item i ON i.tenant = asked.tenant AND i.customer = asked.customer AND i.item = asked.id"
);

/// Fees and interest by a list of customers and items.
pub(crate) const OF_PARENTS: &str = select!(
    "unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS asked (tenant, customer, id)
        JOIN item i ON i.tenant = asked.tenant AND i.customer = asked.customer AND i.parent = asked.id"
);

pub(crate) fn put(rows: &mut Rows, customer_id: CustomerId, item: &Item) -> Result<(), StoreError> {
    rows.row(
        customer_id,
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
            item.is_first.into(),
            json("item", &item.marks)?,
            if item.fees.is_empty() {
                Value::Null
            } else {
                json("item", &item.fees)?
            },
            json("item", &item.changes)?,
            item.interest_until.map_or(Value::Null, days),
            if item.accrual.is_blank() {
                Value::Null
            } else {
                json("item", &item.accrual)?
            },
            item.settled_at.map(|at| at.0).into(),
        ],
    );
    Ok(())
}

/// A row of the queries above.
pub(crate) fn read(row: &PgRow) -> Result<(CustomerId, Item), StoreError> {
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
        fees: cells.maybe_json()?.unwrap_or_default(),
        changes: cells.list()?,
        interest_until: cells.maybe_date()?,
        accrual: cells.maybe_json()?.unwrap_or_default(),
        settled_at: cells.maybe_at()?,
    };
    Ok((customer, item))
}
