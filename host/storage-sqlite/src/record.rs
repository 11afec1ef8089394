//! Records of a tenant.

use regua_domain::id::TenantId;
use regua_domain::time::Timestamp;
use regua_storage::record::from_json;
use regua_storage::records::parts;
use regua_storage::{NewRecord, Record, RecordRow, RecordWrite, RecordsQuery, Seen, StoreError};
use sqlx::sqlite::SqliteRow;
use sqlx::{SqliteConnection, SqliteExecutor, SqlitePool};

use crate::cells::Cells;
use crate::error::backend;
use crate::list::fetch;
use crate::rows::{Rows, Table, Value};

/// Records that are written with a commit.
pub(crate) const RECORD: Table = Table {
    name: "record",
    head: "INSERT OR FAIL INTO record (tenant, kind, id, version, body, due_at) VALUES",
    columns: 6,
    tail: "ON CONFLICT (tenant, kind, id) DO NOTHING",
};

pub(crate) fn put(rows: &mut Rows, tenant: TenantId, record: &NewRecord) {
    let key = (record.kind, record.id.as_str());
    row(rows, tenant, key, &record.body, record.due_at);
}

fn row(
    rows: &mut Rows,
    tenant: TenantId,
    (kind, id): (&str, &str),
    body: &str,
    due_at: Option<Timestamp>,
) {
    rows.own(
        tenant,
        [
            kind.into(),
            id.into(),
            1_i64.into(),
            body.into(),
            due_at.map(|at| at.0).into(),
        ],
    );
}

pub(crate) async fn these(
    readers: &SqlitePool,
    tenant: TenantId,
    kind: &str,
    ids: &[&str],
) -> Result<Vec<RecordRow>, StoreError> {
    const HEAD: &str =
        "SELECT id, version, body, due_at FROM record WHERE tenant = ? AND kind = ? AND id IN";
    const DOING: &str = "read records";
    let mut reader = readers.acquire().await.map_err(backend(DOING))?;
    let ids: Vec<Value> = ids.iter().map(|id| (*id).into()).collect();
    let rows = fetch(
        &mut reader,
        DOING,
        HEAD,
        &[tenant.0.into(), kind.into()],
        &ids,
    )
    .await?;
    rows.iter().map(read).collect()
}

pub(crate) async fn list(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    kind: &str,
    query: &RecordsQuery,
) -> Result<Vec<RecordRow>, StoreError> {
    let sql = if query.backwards {
        "SELECT id, version, body, due_at FROM record
        WHERE tenant = ? AND kind = ? AND (?3 IS NULL OR id < ?3) ORDER BY id DESC LIMIT ?4"
    } else {
        "SELECT id, version, body, due_at FROM record
        WHERE tenant = ? AND kind = ? AND (?3 IS NULL OR id > ?3) ORDER BY id LIMIT ?4"
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
    connection: &mut SqliteConnection,
    tenant: TenantId,
    id: &str,
) -> Result<Option<R>, StoreError> {
    let body: Option<String> = sqlx::query_scalar(
        "UPDATE record SET version = version + 1
        WHERE tenant = ? AND kind = ? AND id = ? RETURNING body",
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
    connection: &mut SqliteConnection,
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
    connection: &mut SqliteConnection,
    tenant: TenantId,
    puts: &[RecordWrite],
) -> Result<(), StoreError> {
    let mut rows = Rows::default();
    for put in puts {
        let (body, due_at) = put.leaves();
        let body = body.unwrap_or_default();
        row(&mut rows, tenant, (put.kind, &put.id), body, due_at);
    }
    let written = crate::rows::write(connection, &PUT, &[&rows], usize::MAX).await;
    written
        .map(drop)
        .map_err(|broken| backend(WRITE)(broken.source))
}

const WRITE: &str = "write records";

async fn write_one(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    write: &RecordWrite,
) -> Result<u64, StoreError> {
    let sql = match (&write.value, write.seen) {
        (Some(_), Seen::Nothing) => {
            "INSERT INTO record (tenant, kind, id, version, body, due_at)
            VALUES (?1, ?2, ?3, 1, ?5, ?6) ON CONFLICT DO NOTHING"
        }
        (Some(_), Seen::Version(_)) => {
            "UPDATE record SET version = version + 1, body = ?5, due_at = ?6
            WHERE tenant = ?1 AND kind = ?2 AND id = ?3 AND version = ?4"
        }
        (Some(_), Seen::Anything) => {
            "INSERT INTO record (tenant, kind, id, version, body, due_at)
            VALUES (?1, ?2, ?3, 1, ?5, ?6)
            ON CONFLICT (tenant, kind, id) DO UPDATE SET version = record.version + 1,
                body = excluded.body, due_at = excluded.due_at"
        }
        (None, Seen::Version(_)) => {
            "DELETE FROM record WHERE tenant = ?1 AND kind = ?2 AND id = ?3 AND version = ?4"
        }
        (None, _) => "DELETE FROM record WHERE tenant = ?1 AND kind = ?2 AND id = ?3",
    };
    let seen = match write.seen {
        Seen::Version(version) => i64::try_from(version).unwrap_or(i64::MAX),
        Seen::Nothing | Seen::Anything => 0,
    };
    let (body, due_at) = write.leaves();
    let done = sqlx::query(sql)
        .bind(tenant.0)
        .bind(write.kind)
        .bind(&write.id)
        .bind(seen)
        .bind(body)
        .bind(due_at.map(|at| at.0))
        .execute(connection)
        .await
        .map_err(backend(WRITE))?;
    Ok(done.rows_affected())
}

/// Takes due records within the open transaction.
pub(crate) async fn take_due(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    kind: &str,
    (now, until): (Timestamp, Timestamp),
    limit: u32,
) -> Result<Vec<RecordRow>, StoreError> {
    let rows = sqlx::query(
        "UPDATE record SET due_at = ?1, version = version + 1
        WHERE tenant = ?2 AND kind = ?3 AND id IN (
            SELECT id FROM record INDEXED BY record_due
            WHERE tenant = ?2 AND kind = ?3 AND due_at <= ?4 ORDER BY due_at, id LIMIT ?5)
        RETURNING id, version, body, due_at",
    )
    .bind(until.0)
    .bind(tenant.0)
    .bind(kind)
    .bind(now.0)
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .map_err(backend("take due records"))?;
    let mut rows = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(rows)
}

fn read(row: &SqliteRow) -> Result<RecordRow, StoreError> {
    let mut cells = Cells::new(row, "record");
    Ok(RecordRow {
        id: cells.text()?,
        version: cells.int()?,
        body: cells.text()?,
        due_at: cells.maybe_at()?,
    })
}
