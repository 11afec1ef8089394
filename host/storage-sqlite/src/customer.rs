//! Customers.

use std::collections::HashMap;

use regua_domain::customer::{Customer, Standing};
use regua_domain::id::{CustomerId, TenantId};
use regua_storage::StoreError;
use regua_storage::record::corrupt;
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteRow;

use crate::cells::{Cells, days, json, name};
use crate::error::backend;
use crate::list::fetch;
use crate::rows::{Rows, Table, Value};

pub(crate) const CUSTOMER: Table = Table {
    name: "customer",
    head:
        "INSERT OR FAIL INTO customer (tenant, customer, reference, name, tax_number, kind, locale,
            jurisdiction, time_zone, segments, attributes, methods, contacts, since) VALUES",
    columns: 14,
    tail: "ON CONFLICT (tenant, customer) DO UPDATE SET reference = excluded.reference,
            name = excluded.name, tax_number = excluded.tax_number, kind = excluded.kind,
            locale = excluded.locale, jurisdiction = excluded.jurisdiction,
            time_zone = excluded.time_zone, segments = excluded.segments,
            attributes = excluded.attributes, methods = excluded.methods,
            contacts = excluded.contacts, since = excluded.since",
};

macro_rules! columns {
    () => {
        "c.customer, a.version, a.standing, c.reference, c.name, c.tax_number, c.kind, c.locale,
            c.jurisdiction, c.time_zone, c.segments, c.attributes, c.methods, c.contacts, c.since"
    };
}

/// What [`read`] reads.
pub(crate) const COLUMNS: &str = columns!();

/// Customers with their versions and standings, by a list of ids.
pub(crate) const BY_IDS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM customer c
    JOIN agenda a ON a.tenant = c.tenant AND a.customer = c.customer
    WHERE c.tenant = ? AND c.customer IN"
);

pub(crate) fn put(
    rows: &mut Rows,
    key: (TenantId, CustomerId),
    customer: &Customer,
) -> Result<(), StoreError> {
    rows.row(
        key,
        [
            customer.reference.as_str().into(),
            customer.name.as_str().into(),
            customer.tax_number.clone().into(),
            name("customer", &customer.kind)?,
            customer.locale.as_str().into(),
            customer.jurisdiction.as_str().into(),
            customer.time_zone.name().into(),
            json("customer", &customer.segments)?,
            json("customer", &customer.attributes)?,
            json("customer", &customer.methods)?,
            json("customer", &customer.contacts)?,
            customer.since.map_or(Value::Null, days),
        ],
    );
    Ok(())
}

/// A row of [`BY_IDS`].
pub(crate) fn read(row: &SqliteRow) -> Result<(Customer, u64, Standing), StoreError> {
    let mut cells = Cells::new(row, "customer");
    let id = CustomerId(cells.uuid()?);
    let version = cells.int()?;
    let standing = cells.maybe_json()?.unwrap_or_default();
    let customer = Customer {
        id,
        reference: cells.text()?,
        name: cells.text()?,
        tax_number: cells.maybe_text()?,
        kind: cells.name()?,
        locale: cells.text()?,
        jurisdiction: cells.text()?,
        time_zone: cells
            .str()?
            .parse()
            .map_err(|source| corrupt("customer", source))?,
        segments: cells.list()?,
        attributes: cells.json()?,
        methods: cells.list()?,
        contacts: cells.list()?,
        since: cells.maybe_date()?,
    };
    Ok((customer, version, standing))
}

/// The customers of these references.
pub(crate) async fn find(
    readers: &SqlitePool,
    tenant: TenantId,
    references: &[String],
) -> Result<Vec<Option<CustomerId>>, StoreError> {
    const HEAD: &str = "SELECT customer, reference FROM customer INDEXED BY customer_reference
        WHERE tenant = ? AND reference IN";
    const DOING: &str = "find customers";
    let mut reader = readers.acquire().await.map_err(backend(DOING))?;
    let values: Vec<Value> = references
        .iter()
        .map(|reference| reference.as_str().into())
        .collect();
    let rows = fetch(&mut reader, DOING, HEAD, &[Value::Id(tenant.0)], &values).await?;
    let mut known = HashMap::with_capacity(rows.len());
    for row in &rows {
        let mut cells = Cells::new(row, "customer");
        let id = CustomerId(cells.uuid()?);
        known.insert(cells.str()?, id);
    }
    Ok(references
        .iter()
        .map(|reference| known.get(reference.as_str()).copied())
        .collect())
}
