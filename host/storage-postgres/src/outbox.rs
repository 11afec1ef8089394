//! The outbox, and which tenants have something due.

use regua_domain::effect::EffectKey;
use regua_domain::id::{CaseId, CustomerId, TenantId};
use regua_domain::time::Timestamp;
use regua_storage::{Due, Handing, StoreError, Tried};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgExecutor};

use crate::cells::Cells;
use crate::error::backend;

/// The queued that are due, but for those that another node takes at this moment. Looked for
/// once: a plan that looked again for each row would take more than the limit.
pub(crate) const TAKE: &str = "WITH due AS MATERIALIZED (
        SELECT customer, case_id, sequence, idx FROM effect
        WHERE tenant = $2 AND state = 'queued' AND due_at <= $3
        ORDER BY due_at, customer LIMIT $4 FOR UPDATE SKIP LOCKED)
    UPDATE effect SET due_at = $1, tries = tries + 1 FROM due
    WHERE effect.tenant = $2 AND effect.customer = due.customer
        AND effect.case_id = due.case_id AND effect.sequence = due.sequence
        AND effect.idx = due.idx
    RETURNING effect.customer, effect.case_id, effect.sequence, effect.idx, effect.tries";

/// Takes queued effects.
pub(crate) async fn take(
    executor: impl PgExecutor<'_>,
    tenant: TenantId,
    (now, until): (Timestamp, Timestamp),
    limit: u32,
) -> Result<Vec<Handing>, StoreError> {
    let rows = sqlx::query(TAKE)
        .bind(until.0)
        .bind(tenant.0)
        .bind(now.0)
        .bind(i64::from(limit))
        .fetch_all(executor)
        .await
        .map_err(backend("take queued effects"))?;
    let mut handings = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    handings.sort_by_key(|handing| (handing.customer, handing.key));
    Ok(handings)
}

fn read(row: &PgRow) -> Result<Handing, StoreError> {
    let mut cells = Cells::new(row, "effect");
    Ok(Handing {
        customer: CustomerId(cells.uuid()?),
        key: EffectKey {
            case: CaseId(cells.uuid()?),
            sequence: cells.int()?,
            index: cells.int()?,
        },
        tries: cells.int::<u32>()?.saturating_sub(1),
    })
}

/// Makes effects due again within the open transaction.
pub(crate) async fn put_off(
    connection: &mut PgConnection,
    tenant: TenantId,
    handings: &[(Handing, Timestamp, Tried)],
) -> Result<(), StoreError> {
    for (handing, due_at, tried) in handings {
        sqlx::query(
            "UPDATE effect SET due_at = $1, tries = greatest(tries - $2, 0)
            WHERE tenant = $3 AND customer = $4 AND case_id = $5 AND sequence = $6 AND idx = $7
                AND state = 'queued'",
        )
        .bind(due_at.0)
        .bind(i64::from(*tried == Tried::No))
        .bind(tenant.0)
        .bind(handing.customer.0)
        .bind(handing.key.case.0)
        .bind(i64::try_from(handing.key.sequence).unwrap_or(i64::MAX))
        .bind(i64::from(handing.key.index))
        .execute(&mut *connection)
        .await
        .map_err(backend("put effects off"))?;
    }
    Ok(())
}

/// Three looks into an index a tenant, for one row each: an `EXISTS` the server would answer by
/// reading all that is due of all tenants into a table, and twice where it is named twice.
pub(crate) const DUE: &str = "WITH seen AS MATERIALIZED (SELECT t.tenant, t.revision,
        t.clock IS NULL AND coalesce(
            (SELECT true FROM agenda a WHERE a.tenant = t.tenant
                AND a.lease_until IS NULL AND a.wake_at <= $1 LIMIT 1),
            (SELECT true FROM agenda a WHERE a.tenant = t.tenant
                AND a.lease_until < $1 AND a.wake_at <= $1 LIMIT 1),
            false) AS customers,
        t.clock IS NULL AND coalesce(
            (SELECT true FROM effect e WHERE e.tenant = t.tenant
                AND e.state = 'queued' AND e.due_at <= $1 LIMIT 1),
            false) AS effects,
        coalesce(
            (SELECT true FROM record r WHERE r.tenant = t.tenant AND r.due_at <= $1 LIMIT 1),
            false) AS records
        FROM tenant t)
    SELECT tenant, revision, customers, effects, records FROM seen
    WHERE customers OR effects OR records ORDER BY tenant";

pub(crate) async fn due(
    reader: impl PgExecutor<'_>,
    now: Timestamp,
) -> Result<Vec<Due>, StoreError> {
    let rows = sqlx::query(DUE)
        .bind(now.0)
        .fetch_all(reader)
        .await
        .map_err(backend("look for what is due"))?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::new(row, "tenant");
            Ok(Due {
                tenant: TenantId(cells.uuid()?),
                revision: cells.int()?,
                customers: cells.flag()?,
                effects: cells.flag()?,
                records: cells.flag()?,
            })
        })
        .collect()
}
