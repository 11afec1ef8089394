//! The log of facts as they were told.

use std::collections::HashMap;

use regua_domain::dossier::LoggedFact;
use regua_domain::id::{CustomerId, FactId, TenantId};
use regua_storage::{KnownFact, Past, StoreError};
use sqlx::postgres::PgRow;
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use crate::cells::{Cells, json};
use crate::error::backend;
use crate::list::{List, fetch};
use crate::rows::Kind::{Flag, Id, Int, Text};
use crate::rows::{Rows, Table};

pub(crate) const FACT: Table = Table {
    name: "fact",
    head: "INSERT INTO fact (tenant, customer, fact, at, taken, taken_at, body) SELECT * FROM",
    columns: &[Id, Id, Int, Flag, Int, Text],
    tail: "ON CONFLICT (tenant, customer, fact) DO UPDATE SET at = excluded.at,
            taken = excluded.taken, taken_at = excluded.taken_at, body = excluded.body",
};

/// How many facts to come a dossier holds.
pub(crate) const COMING_MAX: usize = 1_000;

/// Facts not yet taken in, of a list of customers: each one's first 1,000.
pub(crate) const COMING: &str = "SELECT f.customer, f.fact, f.at, f.taken_at, f.body
    FROM unnest($1::uuid[], $2::uuid[]) AS c (tenant, customer)
    CROSS JOIN LATERAL (SELECT * FROM fact g
        WHERE g.tenant = c.tenant AND g.customer = c.customer AND NOT g.taken
        ORDER BY g.at, g.fact LIMIT 1000) AS f";

/// Facts by a list of ids.
pub(crate) const BY_IDS: &str = "SELECT f.fact, f.customer, f.body
    FROM unnest($1::uuid[], $2::uuid[]) AS asked (tenant, id)
    JOIN fact f ON f.tenant = asked.tenant AND f.fact = asked.id";

pub(crate) fn put(
    rows: &mut Rows,
    customer_id: CustomerId,
    fact: &LoggedFact,
) -> Result<(), StoreError> {
    rows.row(
        customer_id,
        [
            fact.id.0.into(),
            fact.at.0.into(),
            fact.taken.is_some().into(),
            fact.taken.map(|at| at.0).into(),
            json("logged fact", &fact.fact)?,
        ],
    );
    Ok(())
}

/// A row of [`COMING`].
pub(crate) fn read(row: &PgRow) -> Result<(CustomerId, LoggedFact), StoreError> {
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
    pool: &PgPool,
    tenant: TenantId,
    facts: &[FactId],
) -> Result<Vec<Option<KnownFact>>, StoreError> {
    const DOING: &str = "look for known facts";
    let mut connection = pool.acquire().await.map_err(backend(DOING))?;
    let ids: Vec<Uuid> = facts.iter().map(|id| id.0).collect();
    let rows = fetch(&mut connection, DOING, tenant, BY_IDS, List::Ids(&ids), &[]).await?;
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
    reader: impl PgExecutor<'_>,
    tenant: TenantId,
    after: Option<CustomerId>,
    limit: u32,
) -> Result<Vec<Past>, StoreError> {
    let rows = sqlx::query(
        "SELECT c.customer, c.reference, f.fact, f.at, f.body,
            CASE WHEN f.taken THEN coalesce(f.taken_at, f.at) END
        FROM (SELECT tenant, customer, reference FROM customer
            WHERE tenant = $1 AND customer > $2 ORDER BY customer LIMIT $3) AS c
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
