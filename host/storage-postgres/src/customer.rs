//! Customers.

use std::collections::HashMap;

use regua_domain::customer::{Customer, Standing};
use regua_domain::id::{CustomerId, TenantId};
use regua_storage::StoreError;
use regua_storage::record::corrupt;
use sqlx::PgPool;
use sqlx::postgres::PgRow;

use crate::cells::{Cells, days, json, name};
use crate::error::backend;
use crate::list::{List, fetch, names};
use crate::rows::Kind::{Id, Int, Text};
use crate::rows::{Rows, Table};

pub(crate) const CUSTOMER: Table = Table {
    name: "customer",
    head: "INSERT INTO customer (tenant, customer, reference, name, tax_number, kind, locale,
            jurisdiction, time_zone, segments, attributes, methods, contacts, since) SELECT * FROM",
    columns: &[
        Id, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Int,
    ],
    tail: "ON CONFLICT (tenant, customer) DO UPDATE SET reference = excluded.reference,
            name = excluded.name, tax_number = excluded.tax_number, kind = excluded.kind,
            locale = excluded.locale, jurisdiction = excluded.jurisdiction,
            time_zone = excluded.time_zone, segments = excluded.segments,
            attributes = excluded.attributes, methods = excluded.methods,
            contacts = excluded.contacts, since = excluded.since",
};

macro_rules! columns {
    () => {
        "c.customer, a.version, a.standing, c.reference, c.name,
        c.tax_number, c.kind, c.locale, c.jurisdiction, c.time_zone, c.segments, c.attributes,
        c.methods, c.contacts, c.since"
    };
}

/// What [`read`] reads.
pub(crate) const COLUMNS: &str = columns!();

/// Customers with their versions and standings, by a list of ids.
pub(crate) const BY_IDS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM unnest($1::uuid[], $2::uuid[]) AS asked (tenant, id)
    JOIN customer c ON c.tenant = asked.tenant AND c.customer = asked.id
    JOIN agenda a ON a.tenant = asked.tenant AND a.customer = asked.id"
);

pub(crate) fn put(
    rows: &mut Rows,
    customer_id: CustomerId,
    customer: &Customer,
) -> Result<(), StoreError> {
    rows.row(
        customer_id,
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
            customer.since.map(days).into(),
        ],
    );
    Ok(())
}

/// A row of [`BY_IDS`].
pub(crate) fn read(row: &PgRow) -> Result<(Customer, u64, Standing), StoreError> {
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

/// Customers by a list of references.
pub(crate) const BY_REFERENCE: &str = "SELECT c.customer, c.reference
    FROM unnest($1::uuid[], $2::text[]) AS asked (tenant, name)
    JOIN customer c ON c.tenant = asked.tenant AND c.reference = asked.name";

/// The customers of these references.
pub(crate) async fn find(
    pool: &PgPool,
    tenant: TenantId,
    references: &[String],
) -> Result<Vec<Option<CustomerId>>, StoreError> {
    const DOING: &str = "find customers";
    let mut connection = pool.acquire().await.map_err(backend(DOING))?;
    let asked = names(references.iter().map(String::as_str));
    let list = List::Names(&asked);
    let rows = fetch(&mut connection, DOING, tenant, BY_REFERENCE, list, &[]).await?;
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
