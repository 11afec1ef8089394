//! Plugin versions and their components.

use regua_domain::id::TenantId;
use regua_storage::record::to_json;
use regua_storage::{PluginRow, StoreError};
use sqlx::{SqliteConnection, SqliteExecutor};

use crate::cells::Cells;
use crate::error::backend;

pub(crate) async fn add(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    plugin: &PluginRow,
    wasm: &[u8],
) -> Result<bool, StoreError> {
    let failed = backend("add a plugin");
    let (name, version) = (&plugin.manifest.name, &plugin.manifest.version);
    let known =
        sqlx::query("SELECT digest FROM plugin WHERE tenant = ? AND name = ? AND version = ?")
            .bind(tenant.0)
            .bind(name)
            .bind(version)
            .fetch_optional(&mut *connection)
            .await
            .map_err(&failed)?;
    if let Some(row) = known {
        if Cells::new(&row, "plugin").str()? == plugin.digest {
            return Ok(false);
        }
        return Err(StoreError::Taken {
            what: "plugin version",
            name: format!("{name}@{version}"),
        });
    }
    sqlx::query(
        "INSERT INTO component (tenant, digest, wasm) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(tenant.0)
    .bind(&plugin.digest)
    .bind(wasm)
    .execute(&mut *connection)
    .await
    .map_err(&failed)?;
    sqlx::query(
        "INSERT INTO plugin (tenant, name, version, digest, manifest, added_at)
        VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(tenant.0)
    .bind(name)
    .bind(version)
    .bind(&plugin.digest)
    .bind(to_json("plugin", &plugin.manifest)?)
    .bind(plugin.added_at.0)
    .execute(&mut *connection)
    .await
    .map_err(&failed)?;
    Ok(true)
}

pub(crate) async fn all(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
) -> Result<Vec<PluginRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT manifest, digest, added_at FROM plugin WHERE tenant = ? ORDER BY name, version",
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
            })
        })
        .collect()
}

pub(crate) async fn component(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    digest: &str,
) -> Result<Vec<u8>, StoreError> {
    let row = sqlx::query("SELECT wasm FROM component WHERE tenant = ? AND digest = ?")
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

pub(crate) async fn component_bytes(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT coalesce(sum(length(wasm)), 0) FROM component WHERE tenant = ?")
        .bind(tenant.0)
        .fetch_one(reader)
        .await
        .map_err(backend("weigh the components"))?;
    Cells::new(&row, "component").int()
}
