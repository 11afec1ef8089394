//! The log of facts as they were told.

use std::collections::HashMap;

use regua_domain::dossier::LoggedFact;
use regua_domain::id::{CustomerId, FactId, TenantId};
use regua_storage::{KnownFact, Past, StoreError};
use sqlx::sqlite::SqliteRow;
use sqlx::{SqliteExecutor, SqlitePool};
use uuid::Uuid;

use crate::cells::{Cells, json};
use crate::error::backend;
use crate::list::fetch;
use crate::rows::{Rows, Table, Value};

pub(crate) const FACT: Table = Table {
    name: "fact",
    head: "INSERT OR FAIL INTO fact (tenant, customer, fact, at, taken, taken_at, body)
        VALUES",
    columns: 7,
    tail: "ON CONFLICT (tenant, customer, fact) DO UPDATE SET at = excluded.at,
            taken = excluded.taken, taken_at = excluded.taken_at, body = excluded.body",
};

/// How many facts to come a dossier holds.
pub(crate) const COMING_MAX: usize = 1_000;

/// Facts not yet taken in, of a list of customers: up to the instant of each one's 1,000th.
pub(crate) const COMING: &str = "SELECT f.customer, f.fact, f.at, f.taken_at, f.body
    FROM agenda a
    CROSS JOIN fact f INDEXED BY fact_coming
        ON f.tenant = a.tenant AND f.customer = a.customer AND f.taken = 0
        AND f.at <= ifnull((SELECT g.at FROM fact g INDEXED BY fact_coming
            WHERE g.tenant = a.tenant AND g.customer = a.customer AND g.taken = 0
            ORDER BY g.at LIMIT 1 OFFSET 999), 9223372036854775807)
    WHERE a.tenant = ? AND a.customer IN";

pub(crate) fn put(
    rows: &mut Rows,
    key: (TenantId, CustomerId),
    fact: &LoggedFact,
) -> Result<(), StoreError> {
    rows.row(
        key,
        [
            fact.id.0.into(),
            fact.at.0.into(),
            i64::from(fact.taken.is_some()).into(),
            fact.taken.map(|at| at.0).into(),
            json("logged fact", &fact.fact)?,
        ],
    );
    Ok(())
}

/// A row of [`COMING`].
pub(crate) fn read(row: &SqliteRow) -> Result<(CustomerId, LoggedFact), StoreError> {
    let mut cells = Cells::new(row, "logged fact");
    let customer = CustomerId(cells.uuid()?);
    let id = FactId(cells.uuid()?);
    let at = cells.at()?;
    let taken = cells.maybe_at()?;
    let fact = cells.json()?;
    Ok((
        customer,
        LoggedFact {
            id,
            at,
            fact,
            taken,
        },
    ))
}

/// Which of these facts were told before.
pub(crate) async fn known(
    readers: &SqlitePool,
    tenant: TenantId,
    facts: &[FactId],
) -> Result<Vec<Option<KnownFact>>, StoreError> {
    const HEAD: &str =
        "SELECT fact, customer, body FROM fact INDEXED BY fact_id WHERE tenant = ? AND fact IN";
    const DOING: &str = "look for known facts";
    let mut reader = readers.acquire().await.map_err(backend(DOING))?;
    let values: Vec<Value> = facts.iter().map(|id| Value::Id(id.0)).collect();
    let rows = fetch(&mut reader, DOING, HEAD, &[Value::Id(tenant.0)], &values).await?;
    let known = rows
        .iter()
        .map(|row| {
            let mut cells = Cells::new(row, "logged fact");
            let id = FactId(cells.uuid()?);
            let customer = CustomerId(cells.uuid()?);
            let fact = cells.json()?;
            Ok((id, KnownFact { customer, fact }))
        })
        .collect::<Result<HashMap<_, _>, StoreError>>()?;
    Ok(facts.iter().map(|id| known.get(id).cloned()).collect())
}

/// All that was told of customers, by id.
pub(crate) async fn pasts(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    after: Option<CustomerId>,
    limit: u32,
) -> Result<Vec<Past>, StoreError> {
    let rows = sqlx::query(
        "SELECT c.customer, c.reference, f.fact, f.at, f.body,
            CASE WHEN f.taken = 1 THEN coalesce(f.taken_at, f.at) END
        FROM (SELECT tenant, customer, reference FROM customer
            WHERE tenant = ? AND customer > ? ORDER BY customer LIMIT ?) AS c
        JOIN fact f ON f.tenant = c.tenant AND f.customer = c.customer
        ORDER BY c.customer",
    )
    .bind(tenant.0)
    .bind(after.map_or(Uuid::nil(), |after| after.0))
    .bind(i64::from(limit))
    .fetch_all(reader)
    .await
    .map_err(backend("read what was told"))?;
    let mut pasts: Vec<Past> = Vec::new();
    for row in &rows {
        let mut cells = Cells::new(row, "logged fact");
        let customer = CustomerId(cells.uuid()?);
        let reference = cells.str()?;
        let fact = LoggedFact {
            id: FactId(cells.uuid()?),
            at: cells.at()?,
            fact: cells.json()?,
            taken: cells.maybe_at()?,
        };
        match pasts.last_mut() {
            Some(past) if past.customer == customer => past.facts.push(fact),
            _ => pasts.push(Past {
                customer,
                reference: reference.to_owned(),
                facts: vec![fact],
            }),
        }
    }
    Ok(pasts)
}
