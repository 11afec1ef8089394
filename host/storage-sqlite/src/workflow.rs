//! Published workflows.

use regua_domain::id::TenantId;
use regua_domain::rollout::Rollout;
use regua_domain::time::Timestamp;
use regua_storage::record::to_json;
use regua_storage::{StoreError, Uses, WorkflowRow};
use sqlx::{SqliteConnection, SqliteExecutor};

use crate::case;
use crate::cells::Cells;
use crate::error::backend;
use crate::{plugin, record};

/// The last version that a workflow was published as, removed or not; 0: none ever was.
pub(crate) async fn last(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    name: &str,
) -> Result<u32, StoreError> {
    let row =
        sqlx::query("SELECT ifnull(max(version), 0) FROM workflow WHERE tenant = ? AND name = ?")
            .bind(tenant.0)
            .bind(name)
            .fetch_one(reader)
            .await
            .map_err(backend("count a workflow's versions"))?;
    Cells::new(&row, "workflow").int()
}

pub(crate) async fn publish(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    row: &WorkflowRow,
) -> Result<bool, StoreError> {
    let failed = backend("publish a workflow");
    let last = last(&mut *connection, tenant, &row.name).await?;
    let name = || format!("{}@{}", row.name, row.version);
    if row.version <= last {
        return Err(StoreError::Taken {
            what: "workflow version",
            name: name(),
        });
    }
    if row.version != last + 1 {
        return Err(StoreError::Missing {
            what: "the version before workflow",
            name: name(),
        });
    }
    for lock in &row.plugins {
        plugin::hold(connection, tenant, lock).await?;
    }
    sqlx::query(
        "INSERT INTO workflow (tenant, name, version, document, plugins, templates, active,
            published_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(tenant.0)
    .bind(&row.name)
    .bind(i64::from(row.version))
    .bind(to_json("workflow", &row.document)?)
    .bind(to_json("workflow", &row.plugins)?)
    .bind(to_json("workflow", &row.templates)?)
    .bind(0)
    .bind(row.published_at.0)
    .execute(&mut *connection)
    .await
    .map_err(&failed)?;
    if row.active {
        activate(connection, tenant, &row.name, row.version).await?;
    }
    Ok(true)
}

async fn deactivate(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    name: &str,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE workflow SET active = 0 WHERE tenant = ? AND name = ? AND active = 1")
        .bind(tenant.0)
        .bind(name)
        .execute(connection)
        .await
        .map_err(backend("activate a workflow"))?;
    Ok(())
}

pub(crate) async fn activate(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    name: &str,
    version: u32,
) -> Result<bool, StoreError> {
    deactivate(connection, tenant, name).await?;
    let changed = sqlx::query(
        "UPDATE workflow SET active = 1, was_active = 1
        WHERE tenant = ?1 AND name = ?2 AND version = ?3 AND removed_at IS NULL",
    )
    .bind(tenant.0)
    .bind(name)
    .bind(i64::from(version))
    .execute(connection)
    .await
    .map_err(backend("activate a workflow"))?
    .rows_affected();
    if changed == 0 {
        return Err(StoreError::Missing {
            what: "workflow",
            name: format!("{name}@{version}"),
        });
    }
    Ok(true)
}

pub(crate) async fn remove(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    (name, version): (&str, u32),
    at: Timestamp,
) -> Result<bool, StoreError> {
    let failed = backend("remove a workflow");
    let row = sqlx::query(
        "SELECT active, was_active FROM workflow
        WHERE tenant = ? AND name = ? AND version = ? AND removed_at IS NULL",
    )
    .bind(tenant.0)
    .bind(name)
    .bind(i64::from(version))
    .fetch_optional(&mut *connection)
    .await
    .map_err(&failed)?
    .ok_or_else(|| StoreError::Missing {
        what: "workflow",
        name: format!("{name}@{version}"),
    })?;
    let mut cells = Cells::new(&row, "workflow");
    let (is_active, was_active) = (cells.flag()?, cells.flag()?);
    let (open_cases, ended_cases) =
        case::pinned_to(&mut *connection, tenant, name, version).await?;
    let rollout = record::take::<Rollout>(&mut *connection, tenant, name).await?;
    let uses = Uses {
        is_active,
        was_active: was_active && !is_active,
        is_in_rollout: rollout.is_some_and(|rollout| rollout.names(version)),
        open_cases,
        ended_cases,
    };
    uses.allow_removal(name, version)?;
    sqlx::query(
        "UPDATE workflow SET removed_at = ?, document = '', plugins = '', templates = ''
        WHERE tenant = ? AND name = ? AND version = ?",
    )
    .bind(at.0)
    .bind(tenant.0)
    .bind(name)
    .bind(i64::from(version))
    .execute(connection)
    .await
    .map_err(&failed)?;
    Ok(true)
}

pub(crate) async fn all(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
) -> Result<Vec<WorkflowRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT name, version, document, plugins, templates, active, published_at
        FROM workflow WHERE tenant = ? AND removed_at IS NULL ORDER BY name, version",
    )
    .bind(tenant.0)
    .fetch_all(reader)
    .await
    .map_err(backend("list workflows"))?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::new(row, "workflow");
            Ok(WorkflowRow {
                name: cells.text()?,
                version: cells.int()?,
                document: cells.json()?,
                plugins: cells.json()?,
                templates: cells.json()?,
                active: cells.flag()?,
                published_at: cells.at()?,
            })
        })
        .collect()
}
