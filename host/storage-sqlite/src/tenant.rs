//! Tenants' own rows.

use regua_domain::id::TenantId;
use regua_domain::policy::Policy;
use regua_domain::time::Timestamp;
use regua_storage::record::to_json;
use regua_storage::{StoreError, TenantRow};
use sqlx::sqlite::SqliteRow;
use sqlx::{SqliteConnection, SqliteExecutor};

use crate::cells::Cells;
use crate::error::{backend, is_rule};

pub(crate) async fn create(
    connection: &mut SqliteConnection,
    row: &TenantRow,
) -> Result<bool, StoreError> {
    let result =
        sqlx::query("INSERT INTO tenant (tenant, name, policy, clock) VALUES (?, ?, ?, ?)")
            .bind(row.id.0)
            .bind(&row.name)
            .bind(to_json("tenant", &row.policy)?)
            .bind(row.clock.map(|at| at.0))
            .execute(connection)
            .await;
    match result {
        Ok(_) => Ok(true),
        Err(error) if is_rule(&error) && error.to_string().contains("UNIQUE") => {
            Err(StoreError::Taken {
                what: "tenant",
                name: row.name.clone(),
            })
        }
        Err(error) => Err(backend("create a tenant")(error)),
    }
}

fn missing(tenant: TenantId) -> StoreError {
    StoreError::Missing {
        what: "tenant",
        name: tenant.to_string(),
    }
}

pub(crate) async fn put_policy(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    policy: &Policy,
    seen: Option<u64>,
) -> Result<bool, StoreError> {
    let row = one(&mut *connection, tenant).await?;
    if seen.is_some_and(|seen| seen != row.revision) {
        return Err(StoreError::Changed {
            what: "tenant",
            name: row.name,
        });
    }
    sqlx::query("UPDATE tenant SET policy = ? WHERE tenant = ?")
        .bind(to_json("tenant", policy)?)
        .bind(tenant.0)
        .execute(connection)
        .await
        .map_err(backend("put settings"))?;
    Ok(true)
}

/// Counts a change of settings or shelf.
pub(crate) async fn revise(
    connection: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE tenant SET revision = revision + 1 WHERE tenant = ?")
        .bind(tenant.0)
        .execute(connection)
        .await
        .map(drop)
        .map_err(backend("count a change of the shelf"))
}

pub(crate) async fn set_clock(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let row = one(&mut *connection, tenant).await?;
    match row.clock {
        None => return Err(StoreError::Clock("only a sandbox has a clock of its own")),
        Some(at) if now < at => return Err(StoreError::Clock("it only moves forward")),
        Some(_) => {}
    }
    sqlx::query("UPDATE tenant SET clock = ? WHERE tenant = ?")
        .bind(now.0)
        .bind(tenant.0)
        .execute(connection)
        .await
        .map_err(backend("set a clock"))?;
    Ok(true)
}

pub(crate) async fn one(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
) -> Result<TenantRow, StoreError> {
    let row =
        sqlx::query("SELECT tenant, name, policy, clock, revision FROM tenant WHERE tenant = ?")
            .bind(tenant.0)
            .fetch_optional(reader)
            .await
            .map_err(backend("read a tenant"))?
            .ok_or_else(|| missing(tenant))?;
    read(&row)
}

pub(crate) async fn all(reader: impl SqliteExecutor<'_>) -> Result<Vec<TenantRow>, StoreError> {
    let rows =
        sqlx::query("SELECT tenant, name, policy, clock, revision FROM tenant ORDER BY name")
            .fetch_all(reader)
            .await
            .map_err(backend("list tenants"))?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<TenantRow, StoreError> {
    let mut cells = Cells::new(row, "tenant");
    Ok(TenantRow {
        id: TenantId(cells.uuid()?),
        name: cells.text()?,
        policy: cells.json()?,
        clock: cells.maybe_at()?,
        revision: cells.int()?,
    })
}
