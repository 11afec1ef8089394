//! Records of a tenant.

use regua_domain::id::TenantId;
use regua_domain::time::Timestamp;
use regua_storage::record::from_json;
use regua_storage::records::parts;
use regua_storage::{NewRecord, Record, RecordRow, RecordWrite, RecordsQuery, Seen, StoreError};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgExecutor};

use crate::cells::Cells;
use crate::error::backend;
use crate::list::names;
use crate::rows::Kind::{Int, Text};
use crate::rows::{Rows, Table};

/// Records that are written with a commit.
pub(crate) const RECORD: Table = Table {
    name: "record",
    head: "INSERT INTO record (tenant, kind, id, version, body, due_at) SELECT * FROM",
    columns: &[Text, Text, Int, Text, Int],
    tail: "ON CONFLICT (tenant, kind, id) DO NOTHING",
};

pub(crate) fn put(rows: &mut Rows, record: &NewRecord) {
    row(rows, record.kind, &record.id, &record.body, record.due_at);
}

fn row(rows: &mut Rows, kind: &str, id: &str, body: &str, due_at: Option<Timestamp>) {
    rows.own([
        kind.into(),
        id.into(),
        1_i64.into(),
        body.into(),
        due_at.map(|at| at.0).into(),
    ]);
}

/// Records by a list of kinds and ids.
pub(crate) const BY_IDS: &str = "SELECT r.id, r.version, r.body, r.due_at
    FROM unnest($1::uuid[], $2::text[], $3::text[]) AS asked (tenant, kind, id)
    JOIN record r ON r.tenant = asked.tenant AND r.kind = asked.kind AND r.id = asked.id";

pub(crate) async fn these(
    reader: impl PgExecutor<'_>,
    tenant: TenantId,
    kind: &str,
    ids: &[&str],
) -> Result<Vec<RecordRow>, StoreError> {
    let ids = names(ids.iter().copied());
    let rows = sqlx::query(BY_IDS)
        .bind(vec![tenant.0; ids.len()])
        .bind(vec![kind; ids.len()])
        .bind(ids)
        .fetch_all(reader)
        .await
        .map_err(backend("read records"))?;
    rows.iter().map(read).collect()
}

pub(crate) async fn list(
    reader: impl PgExecutor<'_>,
    tenant: TenantId,
    kind: &str,
    query: &RecordsQuery,
) -> Result<Vec<RecordRow>, StoreError> {
    let sql = if query.backwards {
        "SELECT id, version, body, due_at FROM record
        WHERE tenant = $1 AND kind = $2 AND ($3::text IS NULL OR id < $3) ORDER BY id DESC LIMIT $4"
    } else {
        "SELECT id, version, body, due_at FROM record
        WHERE tenant = $1 AND kind = $2 AND ($3::text IS NULL OR id > $3) ORDER BY id LIMIT $4"
    };
    let rows = sqlx::query(sql)
        .bind(tenant.0)
        .bind(kind)
        .bind(query.after.as_deref())
        .bind(i64::from(query.limit))
        .fetch_all(reader)
        .await
        .map_err(backend("list records"))?;
    rows.iter().map(read).collect()
}

/// One record, within the open transaction: whoever has read it before cannot write it any more.
pub(crate) async fn take<R: Record>(
    connection: &mut PgConnection,
    tenant: TenantId,
    id: &str,
) -> Result<Option<R>, StoreError> {
    let body: Option<String> = sqlx::query_scalar(
        "UPDATE record SET version = version + 1
        WHERE tenant = $1 AND kind = $2 AND id = $3 RETURNING body",
    )
    .bind(tenant.0)
    .bind(R::KIND)
    .bind(id)
    .fetch_optional(connection)
    .await
    .map_err(backend("take a record"))?;
    body.map(|body| from_json(R::KIND, &body)).transpose()
}

/// Writes records within the open transaction; the first that is not as expected ends it.
pub(crate) async fn write(
    connection: &mut PgConnection,
    tenant: TenantId,
    writes: &[RecordWrite],
) -> Result<(), StoreError> {
    for part in parts(writes) {
        let [write] = part else {
            put_all(connection, tenant, part).await?;
            continue;
        };
        let changed = write_one(connection, tenant, write).await?;
        if changed == 0 && (write.value.is_some() || write.seen != Seen::Anything) {
            return Err(StoreError::Changed {
                what: write.kind,
                name: write.id.clone(),
            });
        }
    }
    Ok(())
}

/// Puts records, whatever there is.
const PUT: Table = Table {
    name: RECORD.name,
    head: RECORD.head,
    columns: RECORD.columns,
    tail: "ON CONFLICT (tenant, kind, id) DO UPDATE SET version = record.version + 1,
        body = excluded.body, due_at = excluded.due_at",
};

async fn put_all(
    connection: &mut PgConnection,
    tenant: TenantId,
    puts: &[RecordWrite],
) -> Result<(), StoreError> {
    let mut rows = Rows::default();
    for put in puts {
        let (body, due_at) = put.leaves();
        let body = body.unwrap_or_default();
        row(&mut rows, put.kind, &put.id, body, due_at);
    }
    let rows: Vec<_> = rows.of(&PUT).collect();
    let written = crate::rows::write(connection, tenant, &PUT, &rows).await;
    written
        .map(drop)
        .map_err(|broken| backend(WRITE)(broken.source))
}

const WRITE: &str = "write records";

async fn write_one(
    connection: &mut PgConnection,
    tenant: TenantId,
    write: &RecordWrite,
) -> Result<u64, StoreError> {
    let seen = match write.seen {
        Seen::Version(version) => Some(i64::try_from(version).unwrap_or(i64::MAX)),
        Seen::Nothing | Seen::Anything => None,
    };
    let statement = if let Some((body, due_at)) = &write.value {
        let sql = match write.seen {
            Seen::Nothing => {
                "INSERT INTO record (tenant, kind, id, version, body, due_at)
                VALUES ($1, $2, $3, coalesce($6::bigint, 1), $4, $5)
                ON CONFLICT (tenant, kind, id) DO NOTHING"
            }
            Seen::Version(_) => {
                "UPDATE record SET version = version + 1, body = $4, due_at = $5
                WHERE tenant = $1 AND kind = $2 AND id = $3 AND version = $6"
            }
            Seen::Anything => {
                "INSERT INTO record (tenant, kind, id, version, body, due_at)
                VALUES ($1, $2, $3, coalesce($6::bigint, 1), $4, $5)
                ON CONFLICT (tenant, kind, id) DO UPDATE SET version = record.version + 1,
                    body = excluded.body, due_at = excluded.due_at"
            }
        };
        let key = sqlx::query(sql)
            .bind(tenant.0)
            .bind(write.kind)
            .bind(&write.id);
        key.bind(body).bind(due_at.map(|at| at.0)).bind(seen)
    } else {
        let sql = "DELETE FROM record
            WHERE tenant = $1 AND kind = $2 AND id = $3 AND ($4::bigint IS NULL OR version = $4)";
        let key = sqlx::query(sql).bind(tenant.0).bind(write.kind);
        key.bind(&write.id).bind(seen)
    };
    let done = statement
        .execute(connection)
        .await
        .map_err(backend(WRITE))?;
    Ok(done.rows_affected())
}

/// Takes due records; those that another node takes at this moment are left to it.
pub(crate) async fn take_due(
    executor: impl PgExecutor<'_>,
    tenant: TenantId,
    kind: &str,
    (now, until): (Timestamp, Timestamp),
    limit: u32,
) -> Result<Vec<RecordRow>, StoreError> {
    let rows = sqlx::query(
        // Looked for once, see the outbox.
        "WITH due AS MATERIALIZED (
            SELECT id FROM record WHERE tenant = $2 AND kind = $3 AND due_at <= $4
            ORDER BY due_at, id LIMIT $5 FOR UPDATE SKIP LOCKED)
        UPDATE record SET due_at = $1, version = version + 1 FROM due
        WHERE record.tenant = $2 AND record.kind = $3 AND record.id = due.id
        RETURNING record.id, record.version, record.body, record.due_at",
    )
    .bind(until.0)
    .bind(tenant.0)
    .bind(kind)
    .bind(now.0)
    .bind(i64::from(limit))
    .fetch_all(executor)
    .await
    .map_err(backend("take due records"))?;
    let mut rows = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(rows)
}

fn read(row: &PgRow) -> Result<RecordRow, StoreError> {
    let mut cells = Cells::new(row, "record");
    Ok(RecordRow {
        id: cells.text()?,
        version: cells.int()?,
        body: cells.text()?,
        due_at: cells.maybe_at()?,
    })
}
