//! The timeline and the recorded calls.

use regua_domain::id::{CaseId, CustomerId, TenantId};
use regua_domain::timeline::{DecisionRecord, TimelineEntry};
use regua_storage::record::{from_bytes, to_bytes};
use regua_storage::{CallPlace, Recorded, StoreError};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::cells::{Cells, json};
use crate::error::backend;
use crate::rows::Kind::{Bytes, Id, Int, Text};
use crate::rows::{Rows, Table, Value};

pub(crate) const TIMELINE: Table = Table {
    name: "timeline",
    head: "INSERT INTO timeline (tenant, customer, number, case_id, sequence, at, what) SELECT * FROM",
    columns: &[Id, Int, Id, Int, Int, Text],
    tail: "",
};

pub(crate) const DECISION: Table = Table {
    name: "decision",
    head: "INSERT INTO decision (tenant, customer, case_id, sequence, attempt, record) SELECT * FROM",
    columns: &[Id, Id, Int, Int, Bytes],
    tail: "",
};

pub(crate) fn put(
    rows: &mut Rows,
    customer_id: CustomerId,
    entry: &TimelineEntry,
) -> Result<(), StoreError> {
    rows.row(
        customer_id,
        [
            entry.number.into(),
            entry.case.map(|id| id.0).into(),
            entry.sequence.into(),
            entry.at.0.into(),
            json("timeline entry", &entry.what)?,
        ],
    );
    Ok(())
}

pub(crate) fn put_decision(
    rows: &mut Rows,
    customer_id: CustomerId,
    record: &DecisionRecord,
) -> Result<(), StoreError> {
    rows.row(
        customer_id,
        [
            record.case.0.into(),
            record.sequence.into(),
            u32::from(record.attempt).into(),
            Value::Bytes(to_bytes(record)?),
        ],
    );
    Ok(())
}

/// A customer's timeline from an entry on.
pub(crate) async fn of(
    reader: impl PgExecutor<'_>,
    tenant: TenantId,
    customer: CustomerId,
    from: u64,
    limit: u32,
) -> Result<Vec<TimelineEntry>, StoreError> {
    let rows = sqlx::query(
        "SELECT number, case_id, sequence, at, what FROM timeline
        WHERE tenant = $1 AND customer = $2 AND number >= $3 ORDER BY number LIMIT $4",
    )
    .bind(tenant.0)
    .bind(customer.0)
    .bind(i64::try_from(from).unwrap_or(i64::MAX))
    .bind(i64::from(limit))
    .fetch_all(reader)
    .await
    .map_err(backend("read a timeline"))?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::new(row, "timeline entry");
            Ok(TimelineEntry {
                number: cells.int()?,
                case: cells.maybe_uuid()?.map(CaseId),
                sequence: cells.int()?,
                at: cells.at()?,
                what: cells.json()?,
            })
        })
        .collect()
}

/// The recorded calls of a case, in order.
pub(crate) async fn decisions(
    reader: impl PgExecutor<'_>,
    tenant: TenantId,
    customer: CustomerId,
    case: CaseId,
) -> Result<Vec<DecisionRecord>, StoreError> {
    let rows = sqlx::query(
        "SELECT record FROM decision WHERE tenant = $1 AND customer = $2 AND case_id = $3
        ORDER BY sequence, attempt",
    )
    .bind(tenant.0)
    .bind(customer.0)
    .bind(case.0)
    .fetch_all(reader)
    .await
    .map_err(backend("read decisions"))?;
    rows.iter()
        .map(|row| from_bytes(Cells::new(row, "decision record").bytes()?))
        .collect()
}

/// The recorded calls of all cases, by their places.
pub(crate) async fn decisions_after(
    reader: impl PgExecutor<'_>,
    tenant: TenantId,
    after: Option<CallPlace>,
    limit: u32,
) -> Result<Vec<Recorded>, StoreError> {
    // Before the first of all.
    let (customer, case, sequence, attempt) =
        after.map_or((Uuid::nil(), Uuid::nil(), -1, -1_i64), |after| {
            let sequence = i64::try_from(after.sequence).unwrap_or(i64::MAX);
            (
                after.customer.0,
                after.case.0,
                sequence,
                i64::from(after.attempt),
            )
        });
    let rows = sqlx::query(
        "SELECT customer, record FROM decision
        WHERE tenant = $1 AND (customer, case_id, sequence, attempt) > ($2, $3, $4, $5)
        ORDER BY customer, case_id, sequence, attempt LIMIT $6",
    )
    .bind(tenant.0)
    .bind(customer)
    .bind(case)
    .bind(sequence)
    .bind(attempt)
    .bind(i64::from(limit))
    .fetch_all(reader)
    .await
    .map_err(backend("read decisions"))?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::new(row, "decision record");
            Ok(Recorded {
                customer: CustomerId(cells.uuid()?),
                record: from_bytes(cells.bytes()?)?,
            })
        })
        .collect()
}
