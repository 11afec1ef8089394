//! Published workflows.

use regua_domain::id::TenantId;
use regua_storage::record::to_json;
use regua_storage::{StoreError, WorkflowRow};
use sqlx::{SqliteConnection, SqliteExecutor};

use crate::cells::Cells;
use crate::error::backend;

pub(crate) async fn publish(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    row: &WorkflowRow,
) -> Result<bool, StoreError> {
    let failed = backend("publish a workflow");
    let last =
        sqlx::query("SELECT ifnull(max(version), 0) FROM workflow WHERE tenant = ? AND name = ?")
            .bind(tenant.0)
            .bind(&row.name)
            .fetch_one(&mut *connection)
            .await
            .map_err(&failed)?;
    let last: u32 = Cells::new(&last, "workflow").int()?;
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
    if row.active {
        deactivate(connection, tenant, &row.name).await?;
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
    .bind(i64::from(row.active))
    .bind(row.published_at.0)
    .execute(&mut *connection)
    .await
    .map_err(&failed)?;
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
    let changed =
        sqlx::query("UPDATE workflow SET active = 1 WHERE tenant = ? AND name = ? AND version = ?")
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

pub(crate) async fn all(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
) -> Result<Vec<WorkflowRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT name, version, document, plugins, templates, active, published_at
        FROM workflow WHERE tenant = ? ORDER BY name, version",
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
