//! Plugin versions and their components.

use regua_domain::id::TenantId;
use regua_storage::record::to_json;
use regua_storage::{PluginRow, StoreError};
use sqlx::{PgConnection, PgExecutor};

use crate::cells::Cells;
use crate::error::{backend, is_taken};

pub(crate) async fn add(
    connection: &mut PgConnection,
    tenant: TenantId,
    plugin: &PluginRow,
    wasm: &[u8],
) -> Result<bool, StoreError> {
    let failed = backend("add a plugin");
    let (name, version) = (&plugin.manifest.name, &plugin.manifest.version);
    let taken = || StoreError::Taken {
        what: "plugin version",
        name: format!("{name}@{version}"),
    };
    let known =
        sqlx::query("SELECT digest FROM plugin WHERE tenant = $1 AND name = $2 AND version = $3")
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
        return Err(taken());
    }
    sqlx::query(
        "INSERT INTO component (tenant, digest, wasm) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(tenant.0)
    .bind(&plugin.digest)
    .bind(wasm)
    .execute(&mut *connection)
    .await
    .map_err(&failed)?;
    let added = sqlx::query(
        "INSERT INTO plugin (tenant, name, version, digest, manifest, added_at)
        VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(tenant.0)
    .bind(name)
    .bind(version)
    .bind(&plugin.digest)
    .bind(to_json("plugin", &plugin.manifest)?)
    .bind(plugin.added_at.0)
    .execute(&mut *connection)
    .await;
    match added {
        Ok(_) => Ok(true),
        // Another node added one meanwhile.
        Err(error) if is_taken(&error) => Err(taken()),
        Err(error) => Err(failed(error)),
    }
}

pub(crate) async fn all(
    reader: impl PgExecutor<'_>,
    tenant: TenantId,
) -> Result<Vec<PluginRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT manifest, digest, added_at FROM plugin WHERE tenant = $1 ORDER BY name, version",
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
