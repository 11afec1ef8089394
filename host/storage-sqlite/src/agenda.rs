//! The agenda: versions, standings, leases and wake-ups; the guard of every commit.

use std::collections::HashSet;

use async_trait::async_trait;
use regua_domain::id::{CaseId, CustomerId, TenantId};
use regua_domain::time::Timestamp;
use regua_storage::{Agenda, Held, Lease, StoreError};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection, SqlitePool};
use uuid::Uuid;

use crate::cells::Cells;
use crate::commit::Prepared;
use crate::error::backend;
use crate::rows::{Table, Value, arguments, chunks};
use crate::writer::Writer;

/// Raises the versions of those whose seen version, and lease if they bear one, still hold.
/// No standing (null): it did not change.
pub(crate) const GUARD: Table = Table {
    name: "agenda",
    head: "UPDATE OR FAIL agenda SET version = agenda.version + 1, wake_at = new.column5,
            lease_until = CASE WHEN new.column6 THEN NULL ELSE agenda.lease_until END,
            faults = 0, standing = ifnull(new.column7, agenda.standing)
        FROM (VALUES",
    columns: 7,
    tail: ") AS new
        WHERE agenda.tenant = new.column1 AND agenda.customer = new.column2
            AND agenda.version = new.column3
            AND (new.column4 IS NULL
                OR (agenda.lease_epoch = new.column4 AND agenda.lease_until IS NOT NULL))
        RETURNING agenda.tenant, agenda.customer",
};

/// New customers. One whose id is known was not new.
const NEW: Table = Table {
    name: "agenda",
    head: "INSERT OR FAIL INTO agenda (tenant, customer, version, wake_at, standing) VALUES",
    columns: 5,
    tail: "ON CONFLICT DO NOTHING RETURNING tenant, customer",
};

/// Leases that ended by themselves.
pub(crate) const EXPIRE: &str = "UPDATE agenda INDEXED BY agenda_leased SET lease_until = NULL
    WHERE tenant = ? AND lease_until < ?";

/// The due that nobody holds.
pub(crate) const CLAIM: &str = "UPDATE agenda SET lease_epoch = lease_epoch + 1, lease_until = ?1
    WHERE tenant = ?2 AND customer IN (
        SELECT customer FROM agenda INDEXED BY agenda_due
        WHERE tenant = ?2 AND lease_until IS NULL AND wake_at <= ?3
        ORDER BY wake_at LIMIT ?4)
    RETURNING customer, lease_epoch, wake_at, faults";

/// The due that are leased, apart by whether they rest.
pub(crate) const HELD: &str = "SELECT count(*) FILTER (WHERE faults = 0),
        max(lease_until) FILTER (WHERE faults = 0), count(*) FILTER (WHERE faults > 0)
    FROM agenda INDEXED BY agenda_leased
    WHERE tenant = ? AND lease_until >= ? AND wake_at <= ?";

/// A wake-up as it is stored: never is null.
pub(crate) fn wake_of(wake: Timestamp) -> Option<i64> {
    (wake != Timestamp::NEVER).then_some(wake.0)
}

/// Which of these commits, all of distinct customers, may be written. Their versions are
/// raised and their wake-ups set.
pub(crate) async fn guard(
    connection: &mut SqliteConnection,
    commits: &[&Prepared],
    most: usize,
) -> Result<HashSet<(TenantId, CustomerId)>, sqlx::Error> {
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for commit in commits {
        let (tenant, customer) = (commit.key.0.0.into(), commit.key.1.0.into());
        let wake = commit.wake.into();
        let standing = commit.standing.clone();
        match commit.seen {
            Some(seen) => old.push(vec![
                tenant,
                customer,
                seen.into(),
                commit.epoch.into(),
                wake,
                i64::from(commit.release).into(),
                standing,
            ]),
            None => new.push(vec![tenant, customer, Value::Int(1), wake, standing]),
        }
    }
    let mut won = HashSet::with_capacity(commits.len());
    for (table, rows) in [(&GUARD, &old), (&NEW, &new)] {
        let rows: Vec<&[Value]> = rows.iter().map(Vec::as_slice).collect();
        for chunk in chunks(&rows, most) {
            let sql = AssertSqlSafe(table.statement(chunk.len()));
            let rows = sqlx::query_with(sql, arguments(chunk)?)
                .fetch_all(&mut *connection)
                .await?;
            for row in rows {
                let id = |column| -> Result<Uuid, sqlx::Error> { row.try_get(column) };
                won.insert((TenantId(id(0)?), CustomerId(id(1)?)));
            }
        }
    }
    Ok(won)
}

/// Whose cases are pinned to versions of a workflow.
#[derive(Debug)]
pub(crate) struct Pinned {
    pub workflow: String,
    /// JSON.
    pub versions: String,
    pub after: Option<CaseId>,
    pub at: Timestamp,
    pub limit: u32,
}

/// Cases that are pinned to versions of a workflow, by id, and who they are of.
pub(crate) const PINNED: &str =
    "SELECT case_id, customer FROM dunning_case INDEXED BY dunning_case_open_id
    WHERE tenant = ?1 AND ended_at IS NULL AND case_id > ?2
        AND workflow = ?3 AND workflow_version IN (SELECT value FROM json_each(?4))
    ORDER BY case_id LIMIT ?5";

/// Makes customers due whose cases are pinned, within the open transaction.
pub(crate) async fn wake_pinned(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    pinned: &Pinned,
) -> Result<Option<CaseId>, StoreError> {
    let failed = backend("wake customers");
    let rows = sqlx::query(PINNED)
        .bind(tenant.0)
        .bind(pinned.after.map_or(Uuid::nil(), |case| case.0))
        .bind(&pinned.workflow)
        .bind(&pinned.versions)
        .bind(i64::from(pinned.limit))
        .fetch_all(&mut *connection)
        .await
        .map_err(&failed)?;
    let mut last = None;
    for row in &rows {
        last = Some(CaseId(row.try_get(0).map_err(&failed)?));
        let customer: Uuid = row.try_get(1).map_err(&failed)?;
        sqlx::query(
            "UPDATE agenda SET wake_at = ?1
            WHERE tenant = ?2 AND customer = ?3 AND (wake_at IS NULL OR wake_at > ?1)",
        )
        .bind(pinned.at.0)
        .bind(tenant.0)
        .bind(customer)
        .execute(&mut *connection)
        .await
        .map_err(&failed)?;
    }
    Ok(last)
}

/// A claim to be carried out by the writer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim {
    pub tenant: TenantId,
    pub now: Timestamp,
    pub host_now: Timestamp,
    pub until: Timestamp,
    pub limit: u32,
}

/// Claims the due, within the open transaction.
pub(crate) async fn claim(
    connection: &mut SqliteConnection,
    claim: Claim,
) -> Result<Vec<Lease>, sqlx::Error> {
    sqlx::query(EXPIRE)
        .bind(claim.tenant.0)
        .bind(claim.host_now.0)
        .execute(&mut *connection)
        .await?;
    let rows = sqlx::query(CLAIM)
        .bind(claim.until.0)
        .bind(claim.tenant.0)
        .bind(claim.now.0)
        .bind(i64::from(claim.limit))
        .fetch_all(&mut *connection)
        .await?;
    let read = |row: &SqliteRow| -> Result<_, sqlx::Error> {
        Ok(Lease {
            customer: CustomerId(row.try_get(0)?),
            epoch: row.try_get::<i64, _>(1)?.unsigned_abs(),
            wake: Timestamp(row.try_get(2)?),
            faults: row.try_get(3)?,
        })
    };
    let mut leases = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    leases.sort_by_key(|lease| (lease.wake, lease.customer));
    Ok(leases)
}

/// Gives leases back, within the open transaction: at once, or after a fault at an instant.
pub(crate) async fn release(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    leases: &[(Lease, Option<Timestamp>)],
) -> Result<(), sqlx::Error> {
    for (lease, rests_until) in leases {
        // The wake-up stays as it is: a fact that was committed meanwhile may have set it.
        sqlx::query(
            "UPDATE agenda SET lease_until = ?1, faults = faults + (?1 IS NOT NULL)
            WHERE tenant = ?2 AND customer = ?3 AND lease_epoch = ?4
                AND lease_until IS NOT NULL",
        )
        .bind(rests_until.map(|until| until.0))
        .bind(tenant.0)
        .bind(lease.customer.0)
        .bind(i64::try_from(lease.epoch).unwrap_or(i64::MAX))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Due work of all tenants.
#[derive(Debug, Clone)]
pub(crate) struct SqliteAgenda {
    pub readers: SqlitePool,
    pub writer: Writer,
}

#[async_trait]
impl Agenda for SqliteAgenda {
    async fn claim(
        &self,
        tenant: TenantId,
        now: Timestamp,
        host_now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Lease>, StoreError> {
        let claim = Claim {
            tenant,
            now,
            host_now,
            until,
            limit,
        };
        self.writer.claim(claim).await
    }

    async fn held(
        &self,
        tenant: TenantId,
        until: Timestamp,
        host_now: Timestamp,
    ) -> Result<Held, StoreError> {
        let failed = backend("look for who is held");
        let row = sqlx::query(HELD)
            .bind(tenant.0)
            .bind(host_now.0)
            .bind(until.0)
            .fetch_one(&self.readers)
            .await
            .map_err(&failed)?;
        let count = |column| -> Result<u64, sqlx::Error> {
            Ok(row.try_get::<i64, _>(column)?.unsigned_abs())
        };
        let ends: Option<i64> = row.try_get(1).map_err(&failed)?;
        Ok(Held {
            worked_on: count(0).map_err(&failed)?,
            ends: ends.map(Timestamp),
            resting: count(2).map_err(&failed)?,
        })
    }

    async fn next_wake(&self, tenant: TenantId) -> Result<Option<Timestamp>, StoreError> {
        let row = sqlx::query(
            "SELECT min(wake_at) FROM (
                SELECT * FROM (SELECT wake_at FROM agenda INDEXED BY agenda_due
                    WHERE tenant = ?1 AND lease_until IS NULL AND wake_at IS NOT NULL
                    ORDER BY wake_at LIMIT 1)
                UNION ALL
                SELECT min(wake_at) FROM agenda INDEXED BY agenda_leased
                    WHERE tenant = ?1 AND lease_until IS NOT NULL)",
        )
        .bind(tenant.0)
        .fetch_one(&self.readers)
        .await
        .map_err(backend("look for the next wake-up"))?;
        Cells::new(&row, "wake-up").maybe_at()
    }
}
