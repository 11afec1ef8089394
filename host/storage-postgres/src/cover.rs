//! Covers.

use regua_domain::cover::Cover;
use regua_domain::id::{CoverId, CustomerId};
use regua_storage::StoreError;
use sqlx::postgres::PgRow;

use crate::cells::{Cells, days, json, name};
use crate::rows::Kind::{Id, Int, Text};
use crate::rows::{Rows, Table, Value};

pub(crate) const COVER: Table = Table {
    name: "cover",
    head: "INSERT INTO cover (tenant, customer, cover, kind, currency, source, items, amount,
            until, schedule, baseline, began_at, state) SELECT * FROM",
    columns: &[
        Id, Id, Text, Text, Text, Text, Int, Int, Text, Int, Int, Text,
    ],
    tail: "ON CONFLICT (tenant, customer, cover) DO UPDATE SET items = excluded.items,
            amount = excluded.amount, until = excluded.until, schedule = excluded.schedule,
            baseline = excluded.baseline, state = excluded.state",
};

/// Active covers of a list of customers.
pub(crate) const ACTIVE: &str = "SELECT c.customer, c.cover, c.kind, c.currency, c.source, c.items,
        c.amount, c.until, c.schedule, c.baseline, c.began_at, c.state
    FROM unnest($1::uuid[], $2::uuid[]) AS asked (tenant, id)
    JOIN cover c ON c.tenant = asked.tenant AND c.customer = asked.id
    WHERE c.state = 'active'";

pub(crate) fn put(
    rows: &mut Rows,
    customer_id: CustomerId,
    cover: &Cover,
) -> Result<(), StoreError> {
    rows.row(
        customer_id,
        [
            cover.id.0.into(),
            name("cover", &cover.kind)?,
            cover.currency.code().into(),
            cover.source.as_str().into(),
            json("cover", &cover.items)?,
            cover.amount.into(),
            cover.until.map_or(Value::Null, days),
            json("cover", &cover.schedule)?,
            cover.baseline.into(),
            cover.began_at.0.into(),
            name("cover", &cover.state)?,
        ],
    );
    Ok(())
}

/// A row of [`ACTIVE`].
pub(crate) fn read(row: &PgRow) -> Result<(CustomerId, Cover), StoreError> {
    let mut cells = Cells::new(row, "cover");
    let customer = CustomerId(cells.uuid()?);
    let cover = Cover {
        id: CoverId(cells.uuid()?),
        kind: cells.name()?,
        currency: cells.currency()?,
        source: cells.text()?,
        items: cells.list()?,
        amount: cells.maybe_int()?,
        until: cells.maybe_date()?,
        schedule: cells.list()?,
        baseline: cells.int()?,
        began_at: cells.at()?,
        state: cells.name()?,
    };
    Ok((customer, cover))
}
