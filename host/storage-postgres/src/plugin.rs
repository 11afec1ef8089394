//! Plugin versions and their components.

use regua_domain::case::WorkflowRef;
use regua_domain::id::TenantId;
use regua_domain::time::Timestamp;
use regua_storage::record::to_json;
use regua_storage::{PluginRow, StoreError, locked};
use sqlx::{PgConnection, PgExecutor};

use crate::cells::Cells;
use crate::error::backend;
use crate::tenant;

pub(crate) async fn add(
    connection: &mut PgConnection,
    tenant: TenantId,
    plugin: &PluginRow,
    (wasm, bytes_max): (&[u8], u64),
) -> Result<bool, StoreError> {
    let failed = backend("add a plugin");
    let (name, version) = (&plugin.manifest.name, &plugin.manifest.version);
    // What was removed comes back with the same bytes alone.
    let added = sqlx::query(
        "INSERT INTO plugin (tenant, name, version, digest, manifest, added_at, signed)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (tenant, name, version) DO UPDATE SET manifest = excluded.manifest,
            added_at = excluded.added_at, signed = excluded.signed, removed_at = NULL
        WHERE plugin.removed_at IS NOT NULL AND plugin.digest = excluded.digest",
    )
    .bind(tenant.0)
    .bind(name)
    .bind(version)
    .bind(&plugin.digest)
    .bind(to_json("plugin", &plugin.manifest)?)
    .bind(plugin.added_at.0)
    .bind(signed(plugin)?)
    .execute(&mut *connection)
    .await
    .map_err(&failed)?;
    if added.rows_affected() == 0 {
        return add_again(connection, tenant, plugin).await.map(|()| false);
    }
    let component = sqlx::query(
        "INSERT INTO component (tenant, digest, wasm) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(tenant.0)
    .bind(&plugin.digest)
    .bind(wasm)
    .execute(&mut *connection)
    .await
    .map_err(&failed)?;
    if component.rows_affected() > 0 {
        fits(connection, tenant, wasm, bytes_max).await?;
    }
    Ok(true)
}

/// That all components, with one that was just added, have so many bytes at most.
async fn fits(
    connection: &mut PgConnection,
    tenant: TenantId,
    wasm: &[u8],
    bytes_max: u64,
) -> Result<(), StoreError> {
    // Held until it is written: of two nodes that add something the second sees what the first did.
    tenant::hold(&mut *connection, tenant).await?;
    let all = component_bytes(connection, tenant).await?;
    StoreError::unless_fits(wasm.len() as u64, all, bytes_max)
}

fn signed(plugin: &PluginRow) -> Result<Option<String>, StoreError> {
    let signed = plugin.signed.as_ref();
    signed.map(|signed| to_json("plugin", signed)).transpose()
}

/// Of a version that there was before: the same bytes change nothing, but that a signature is
/// kept where there was none.
async fn add_again(
    connection: &mut PgConnection,
    tenant: TenantId,
    plugin: &PluginRow,
) -> Result<(), StoreError> {
    let (name, version) = (&plugin.manifest.name, &plugin.manifest.version);
    let same = sqlx::query(
        "UPDATE plugin SET signed = coalesce(signed, $1)
        WHERE tenant = $2 AND name = $3 AND version = $4 AND digest = $5",
    )
    .bind(signed(plugin)?)
    .bind(tenant.0)
    .bind(name)
    .bind(version)
    .bind(&plugin.digest)
    .execute(connection)
    .await
    .map_err(backend("add a plugin"))?;
    if same.rows_affected() == 0 {
        return Err(StoreError::Taken {
            what: "plugin version",
            name: format!("{name}@{version}"),
        });
    }
    Ok(())
}

pub(crate) async fn remove(
    connection: &mut PgConnection,
    tenant: TenantId,
    (name, version): (&str, &str),
    at: Timestamp,
) -> Result<bool, StoreError> {
    let failed = backend("remove a plugin");
    let found = sqlx::query(
        "SELECT digest FROM plugin
        WHERE tenant = $1 AND name = $2 AND version = $3 AND removed_at IS NULL FOR UPDATE",
    )
    .bind(tenant.0)
    .bind(name)
    .bind(version)
    .fetch_optional(&mut *connection)
    .await
    .map_err(&failed)?;
    let row = found.ok_or_else(|| StoreError::Missing {
        what: "plugin",
        name: format!("{name}@{version}"),
    })?;
    let digest = Cells::new(&row, "plugin").text()?;
    let by = locking(connection, tenant, &digest).await?;
    locked(format!("{name}@{version}"), &by)?;
    sqlx::query(
        "UPDATE plugin SET removed_at = $1, manifest = '', signed = NULL
        WHERE tenant = $2 AND name = $3 AND version = $4",
    )
    .bind(at.0)
    .bind(tenant.0)
    .bind(name)
    .bind(version)
    .execute(&mut *connection)
    .await
    .map_err(&failed)?;
    sqlx::query(
        "DELETE FROM component WHERE tenant = $1 AND digest = $2 AND NOT EXISTS (
            SELECT 1 FROM plugin WHERE tenant = $1 AND digest = $2 AND removed_at IS NULL)",
    )
    .bind(tenant.0)
    .bind(&digest)
    .execute(&mut *connection)
    .await
    .map_err(&failed)?;
    Ok(true)
}

/// The workflow versions that lock a digest. It stands in their list of plugins in quotes of its
/// own, where nothing else does: names there go on with `@` and a version.
async fn locking(
    connection: &mut PgConnection,
    tenant: TenantId,
    digest: &str,
) -> Result<Vec<WorkflowRef>, StoreError> {
    let rows = sqlx::query(
        "SELECT name, version FROM workflow
        WHERE tenant = $1 AND removed_at IS NULL AND strpos(plugins, $2) > 0
        ORDER BY name, version",
    )
    .bind(tenant.0)
    .bind(format!("\"{digest}\""))
    .fetch_all(connection)
    .await
    .map_err(backend("find what locks a plugin"))?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::new(row, "workflow");
            Ok(WorkflowRef {
                name: cells.text()?,
                version: cells.int()?,
            })
        })
        .collect()
}

/// Sees to it that a plugin that a workflow locks is there, and stays for this transaction.
pub(crate) async fn hold(
    connection: &mut PgConnection,
    tenant: TenantId,
    (label, digest): &(String, String),
) -> Result<(), StoreError> {
    let (name, version) = label.split_once('@').unwrap_or((label, ""));
    let found = sqlx::query(
        "SELECT digest FROM plugin WHERE tenant = $1 AND name = $2 AND version = $3 AND digest = $4
            AND removed_at IS NULL FOR SHARE",
    )
    .bind(tenant.0)
    .bind(name)
    .bind(version)
    .bind(digest)
    .fetch_optional(connection)
    .await
    .map_err(backend("find a plugin"))?;
    found.map(drop).ok_or_else(|| StoreError::Missing {
        what: "plugin",
        name: label.clone(),
    })
}

pub(crate) async fn all(
    reader: impl PgExecutor<'_>,
    tenant: TenantId,
) -> Result<Vec<PluginRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT manifest, digest, added_at, signed FROM plugin
        WHERE tenant = $1 AND removed_at IS NULL ORDER BY name, version",
    )
    .bind(tenant.0)
    .fetch_all(reader)
    .await
    .map_err(backend("list plugins"))?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::new(row, "plugin");
            Ok(PluginRow {
                manifest: cells.json()?,
                digest: cells.text()?,
                added_at: cells.at()?,
                signed: cells.maybe_json()?,
            })
        })
        .collect()
}

pub(crate) async fn component(
    reader: impl PgExecutor<'_>,
    tenant: TenantId,
    digest: &str,
) -> Result<Vec<u8>, StoreError> {
    let row = sqlx::query("SELECT wasm FROM component WHERE tenant = $1 AND digest = $2")
        .bind(tenant.0)
        .bind(digest)
        .fetch_optional(reader)
        .await
        .map_err(backend("read a component"))?
        .ok_or_else(|| StoreError::Missing {
            what: "component",
            name: digest.to_owned(),
        })?;
    Cells::new(&row, "component").bytes().map(<[u8]>::to_vec)
}

pub(crate) async fn any_has(reader: impl PgExecutor<'_>, digest: &str) -> Result<bool, StoreError> {
    let found =
        sqlx::query("SELECT 1 FROM plugin WHERE digest = $1 AND removed_at IS NULL LIMIT 1")
            .bind(digest)
            .fetch_optional(reader)
            .await
            .map_err(backend("look for a plugin"))?;
    Ok(found.is_some())
}

pub(crate) async fn component_bytes(
    reader: impl PgExecutor<'_>,
    tenant: TenantId,
) -> Result<u64, StoreError> {
    let row = sqlx::query(
        "SELECT coalesce(sum(octet_length(wasm)), 0)::bigint FROM component WHERE tenant = $1",
    )
    .bind(tenant.0)
    .fetch_one(reader)
    .await
    .map_err(backend("weigh the components"))?;
    Cells::new(&row, "component").int()
}
