//! Tenants' own rows.

use regua_domain::id::TenantId;
use regua_domain::policy::Policy;
use regua_domain::time::Timestamp;
use regua_storage::record::to_json;
use regua_storage::{StoreError, TenantRow};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgExecutor};

use crate::cells::Cells;
use crate::error::{backend, is_taken};

pub(crate) async fn create(
    connection: &mut PgConnection,
    row: &TenantRow,
) -> Result<bool, StoreError> {
    let result =
        sqlx::query("INSERT INTO tenant (tenant, name, policy, clock) VALUES ($1, $2, $3, $4)")
            .bind(row.id.0)
            .bind(&row.name)
            .bind(to_json("tenant", &row.policy)?)
            .bind(row.clock.map(|at| at.0))
            .execute(connection)
            .await;
    match result {
        Ok(_) => Ok(true),
        Err(error) if is_taken(&error) => Err(StoreError::Taken {
            what: "tenant",
            name: row.name.clone(),
        }),
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
    connection: &mut PgConnection,
    tenant: TenantId,
    policy: &Policy,
    seen: Option<u64>,
) -> Result<bool, StoreError> {
    let row = one(&mut *connection, tenant).await?;
    let changed = |name| StoreError::Changed {
        what: "tenant",
        name,
    };
    let seen = match seen {
        Some(seen) if seen != row.revision => return Err(changed(row.name)),
        seen => seen.map(|seen| i64::try_from(seen).unwrap_or(i64::MAX)),
    };
    let done = sqlx::query(
        "UPDATE tenant SET policy = $1 WHERE tenant = $2 AND ($3 IS NULL OR revision = $3)",
    )
    .bind(to_json("tenant", policy)?)
    .bind(tenant.0)
    .bind(seen)
    .execute(connection)
    .await
    .map_err(backend("put settings"))?;
    if done.rows_affected() == 0 {
        return Err(changed(row.name));
    }
    Ok(true)
}

/// Counts a change of settings or shelf.
pub(crate) async fn revise(
    connection: &mut PgConnection,
    tenant: TenantId,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE tenant SET revision = revision + 1 WHERE tenant = $1")
        .bind(tenant.0)
        .execute(connection)
        .await
        .map(drop)
        .map_err(backend("count a change of the shelf"))
}

pub(crate) async fn set_clock(
    connection: &mut PgConnection,
    tenant: TenantId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    // Held until it is written: two nodes do not move it past each other.
    let row = sqlx::query("SELECT clock FROM tenant WHERE tenant = $1 FOR UPDATE")
        .bind(tenant.0)
        .fetch_optional(&mut *connection)
        .await
        .map_err(backend("set a clock"))?
        .ok_or_else(|| missing(tenant))?;
    match Cells::new(&row, "tenant").maybe_at()? {
        None => return Err(StoreError::Clock("only a sandbox has a clock of its own")),
        Some(at) if now < at => return Err(StoreError::Clock("it only moves forward")),
        Some(_) => {}
    }
    sqlx::query("UPDATE tenant SET clock = $1 WHERE tenant = $2")
        .bind(now.0)
        .bind(tenant.0)
        .execute(connection)
        .await
        .map_err(backend("set a clock"))?;
    Ok(true)
}

/// Holds a tenant's row for as long as the open transaction is.
pub(crate) async fn hold(
    connection: &mut PgConnection,
    tenant: TenantId,
) -> Result<(), StoreError> {
    sqlx::query("SELECT 1 FROM tenant WHERE tenant = $1 FOR NO KEY UPDATE")
        .bind(tenant.0)
        .execute(connection)
        .await
        .map_err(backend("hold a tenant"))?;
    Ok(())
}

pub(crate) async fn one(
    reader: impl PgExecutor<'_>,
    tenant: TenantId,
) -> Result<TenantRow, StoreError> {
    let row =
        sqlx::query("SELECT tenant, name, policy, clock, revision FROM tenant WHERE tenant = $1")
            .bind(tenant.0)
            .fetch_optional(reader)
            .await
            .map_err(backend("read a tenant"))?
            .ok_or_else(|| missing(tenant))?;
    read(&row)
}

pub(crate) async fn all(reader: impl PgExecutor<'_>) -> Result<Vec<TenantRow>, StoreError> {
    let rows =
        sqlx::query("SELECT tenant, name, policy, clock, revision FROM tenant ORDER BY name")
            .fetch_all(reader)
            .await
            .map_err(backend("list tenants"))?;
    rows.iter().map(read).collect()
}

fn read(row: &PgRow) -> Result<TenantRow, StoreError> {
    let mut cells = Cells::new(row, "tenant");
    Ok(TenantRow {
        id: TenantId(cells.uuid()?),
        name: cells.text()?,
        policy: cells.json()?,
        clock: cells.maybe_at()?,
        revision: cells.int()?,
    })
}
