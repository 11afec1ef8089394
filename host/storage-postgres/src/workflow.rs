//! Published workflows.

use regua_domain::id::TenantId;
use regua_storage::record::to_json;
use regua_storage::{StoreError, WorkflowRow};
use sqlx::{PgConnection, PgExecutor};

use crate::cells::Cells;
use crate::error::{backend, is_taken};

pub(crate) async fn publish(
    connection: &mut PgConnection,
    tenant: TenantId,
    row: &WorkflowRow,
) -> Result<bool, StoreError> {
    let failed = backend("publish a workflow");
    take(connection, tenant, &row.name).await?;
    let last = sqlx::query(
        "SELECT coalesce(max(version), 0) FROM workflow WHERE tenant = $1 AND name = $2",
    )
    .bind(tenant.0)
    .bind(&row.name)
    .fetch_one(&mut *connection)
    .await
    .map_err(&failed)?;
    let last: u32 = Cells::new(&last, "workflow").int()?;
    let name = || format!("{}@{}", row.name, row.version);
    let taken = || StoreError::Taken {
        what: "workflow version",
        name: name(),
    };
    if row.version <= last {
        return Err(taken());
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
    let published = sqlx::query(
        "INSERT INTO workflow (tenant, name, version, document, plugins, templates, active,
            published_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(tenant.0)
    .bind(&row.name)
    .bind(i64::from(row.version))
    .bind(to_json("workflow", &row.document)?)
    .bind(to_json("workflow", &row.plugins)?)
    .bind(to_json("workflow", &row.templates)?)
    .bind(row.active)
    .bind(row.published_at.0)
    .execute(&mut *connection)
    .await;
    match published {
        Ok(_) => Ok(true),
        // Another node published the first one meanwhile.
        Err(error) if is_taken(&error) => Err(taken()),
        Err(error) => Err(failed(error)),
    }
}

/// Takes the rows of a workflow's versions, so that what two nodes do to them comes one after
/// the other.
async fn take(
    connection: &mut PgConnection,
    tenant: TenantId,
    name: &str,
) -> Result<(), StoreError> {
    sqlx::query("SELECT FROM workflow WHERE tenant = $1 AND name = $2 ORDER BY version FOR UPDATE")
        .bind(tenant.0)
        .bind(name)
        .execute(connection)
        .await
        .map_err(backend("activate a workflow"))?;
    Ok(())
}

async fn deactivate(
    connection: &mut PgConnection,
    tenant: TenantId,
    name: &str,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE workflow SET active = false WHERE tenant = $1 AND name = $2 AND active")
        .bind(tenant.0)
        .bind(name)
        .execute(connection)
        .await
        .map_err(backend("activate a workflow"))?;
    Ok(())
}

pub(crate) async fn activate(
    connection: &mut PgConnection,
    tenant: TenantId,
    name: &str,
    version: u32,
) -> Result<bool, StoreError> {
    take(connection, tenant, name).await?;
    deactivate(connection, tenant, name).await?;
    let changed = sqlx::query(
        "UPDATE workflow SET active = true WHERE tenant = $1 AND name = $2 AND version = $3",
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

pub(crate) async fn all(
    reader: impl PgExecutor<'_>,
    tenant: TenantId,
) -> Result<Vec<WorkflowRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT name, version, document, plugins, templates, active, published_at
        FROM workflow WHERE tenant = $1 ORDER BY name, version",
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
