//! Templates as of now.

use regua_domain::id::TenantId;
use regua_domain::template::Template;
use regua_storage::record::to_json;
use regua_storage::{StoreError, TemplateRow};
use sqlx::{PgConnection, PgExecutor};

use crate::cells::Cells;
use crate::error::backend;

pub(crate) async fn put(
    connection: &mut PgConnection,
    tenant: TenantId,
    rows: &[TemplateRow],
) -> Result<bool, StoreError> {
    for row in rows {
        sqlx::query(
            "INSERT INTO template (tenant, name, locale, parts, put_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant, name, locale) DO UPDATE SET parts = excluded.parts,
                put_at = excluded.put_at",
        )
        .bind(tenant.0)
        .bind(&row.template.name)
        .bind(&row.template.locale)
        .bind(to_json("template", &row.template.parts)?)
        .bind(row.put_at.0)
        .execute(&mut *connection)
        .await
        .map_err(backend("put templates"))?;
    }
    Ok(!rows.is_empty())
}

pub(crate) async fn all(
    reader: impl PgExecutor<'_>,
    tenant: TenantId,
) -> Result<Vec<TemplateRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT name, locale, parts, put_at FROM template WHERE tenant = $1 ORDER BY name, locale",
    )
    .bind(tenant.0)
    .fetch_all(reader)
    .await
    .map_err(backend("list templates"))?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::new(row, "template");
            Ok(TemplateRow {
                template: Template {
                    name: cells.text()?,
                    locale: cells.text()?,
                    parts: cells.json()?,
                },
                put_at: cells.at()?,
            })
        })
        .collect()
}
