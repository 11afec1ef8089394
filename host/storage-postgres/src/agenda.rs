//! The agenda: versions, standings, leases and wake-ups; the guard of every commit.

use std::collections::HashSet;
use std::time::Duration;

use async_trait::async_trait;
use regua_domain::id::{CaseId, CustomerId, TenantId};
use regua_domain::time::Timestamp;
use regua_storage::{Agenda, Held, Lease, StoreError};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row as _};
use uuid::Uuid;

use crate::cells::Cells;
use crate::commit::Prepared;
use crate::error::backend;
use crate::retry::Tries;
use crate::rows::Kind::{Flag, Id, Int, Text};
use crate::rows::{Broken, Table, Value, write};

/// Raises the versions of those whose seen version, and lease if they bear one, still hold.
/// No standing (null): it did not change. A row that another node writes at this moment is
/// waited for, and looked at again as it is then.
pub(crate) const GUARD: Table = Table {
    name: "agenda",
    head: "UPDATE agenda AS a SET version = a.version + 1, wake_at = new.wake,
            lease_until = CASE WHEN new.release THEN NULL ELSE a.lease_until END,
            faults = 0, standing = coalesce(new.standing, a.standing)
        FROM",
    columns: &[Id, Int, Int, Int, Flag, Text],
    tail: "AS new (tenant, customer, version, epoch, wake, release, standing)
        WHERE a.tenant = new.tenant AND a.customer = new.customer AND a.version = new.version
            AND (new.epoch IS NULL
                OR (a.lease_epoch = new.epoch AND a.lease_until IS NOT NULL))
        RETURNING a.customer",
};

/// New customers. One whose id is known was not new.
pub(crate) const NEW: Table = Table {
    name: "agenda",
    head: "INSERT INTO agenda (tenant, customer, version, wake_at, standing)
        SELECT * FROM",
    columns: &[Id, Int, Int, Text],
    tail: "ON CONFLICT DO NOTHING RETURNING customer",
};

/// Takes the rows of these customers, in the order in which every node takes them.
pub(crate) const TAKE: &str = "SELECT FROM unnest($1::uuid[], $2::uuid[]) AS asked (tenant, id)
    JOIN agenda a ON a.tenant = asked.tenant AND a.customer = asked.id
    ORDER BY a.customer FOR UPDATE OF a";

/// Leases that ended by themselves. What somebody works on at this moment is left for the next
/// claim.
pub(crate) const EXPIRE: &str = "WITH ended AS MATERIALIZED (
        SELECT tenant, customer FROM agenda WHERE tenant = $1 AND lease_until < $2
        FOR UPDATE SKIP LOCKED)
    UPDATE agenda AS a SET lease_until = NULL FROM ended
    WHERE a.tenant = ended.tenant AND a.customer = ended.customer";

/// The due that nobody holds, nor takes at this moment.
pub(crate) const CLAIM: &str = "WITH due AS MATERIALIZED (
        SELECT tenant, customer FROM agenda
        WHERE tenant = $1 AND lease_until IS NULL AND wake_at <= $2
        ORDER BY wake_at, customer LIMIT $3
        FOR UPDATE SKIP LOCKED)
    UPDATE agenda AS a SET lease_epoch = a.lease_epoch + 1, lease_until = $4 FROM due
    WHERE a.tenant = due.tenant AND a.customer = due.customer
    RETURNING a.customer, a.lease_epoch, a.wake_at, a.faults";

/// Whether anybody is due whom nobody holds.
pub(crate) const IS_DUE: &str = "SELECT EXISTS (SELECT FROM agenda
    WHERE tenant = $1 AND lease_until IS NULL AND wake_at <= $2)";

/// The due that are leased, apart by whether they rest.
pub(crate) const HELD: &str = "SELECT count(*) FILTER (WHERE faults = 0),
        max(lease_until) FILTER (WHERE faults = 0), count(*) FILTER (WHERE faults > 0)
    FROM agenda
    WHERE tenant = $1 AND lease_until IS NOT NULL AND lease_until >= $2 AND wake_at <= $3";

/// The earliest wake-up, leased or not.
pub(crate) const NEXT_WAKE: &str = "SELECT least(
    (SELECT wake_at FROM agenda
        WHERE tenant = $1 AND lease_until IS NULL AND wake_at IS NOT NULL
        ORDER BY wake_at LIMIT 1),
    (SELECT min(wake_at) FROM agenda WHERE tenant = $1 AND lease_until IS NOT NULL))";

/// Gives leases back; the wake-up stays as it is: a fact that was committed meanwhile may
/// have set it.
pub(crate) const RELEASE: Table = Table {
    name: "agenda",
    head: "UPDATE agenda AS a SET lease_until = old.rests_until,
            faults = a.faults + (old.rests_until IS NOT NULL)::int
        FROM",
    columns: &[Id, Int, Int],
    tail: "AS old (tenant, customer, epoch, rests_until)
        WHERE a.tenant = old.tenant AND a.customer = old.customer AND a.lease_epoch = old.epoch
            AND a.lease_until IS NOT NULL",
};

/// Cases that are pinned to versions of a workflow, by id, and who they are of.
pub(crate) const PINNED: &str = "SELECT case_id, customer FROM dunning_case
    WHERE tenant = $1 AND ended_at IS NULL AND case_id > $2
        AND workflow = $3 AND workflow_version = ANY($4::bigint[])
    ORDER BY case_id LIMIT $5";

/// Makes customers due, in the order in which every node takes them.
pub(crate) const WAKE: &str = "WITH late AS MATERIALIZED (
        SELECT tenant, customer FROM agenda
        WHERE tenant = $1 AND customer = ANY($2::uuid[]) AND (wake_at IS NULL OR wake_at > $3)
        ORDER BY customer FOR UPDATE)
    UPDATE agenda AS a SET wake_at = $3 FROM late
    WHERE a.tenant = late.tenant AND a.customer = late.customer";

/// How often a claim that got nobody although somebody is due is made again, and the pause
/// before it, milliseconds: transactions are shorter than all of this together.
const CLAIMS: u32 = 40;
const CLAIM_PAUSE_MS: u64 = 5;

/// A wake-up as it is stored: never is null.
pub(crate) fn wake_of(wake: Timestamp) -> Option<i64> {
    (wake != Timestamp::NEVER).then_some(wake.0)
}

/// Which of these commits, all of distinct customers and in the customers' order, may be
/// written. Their versions are raised and their wake-ups set.
pub(crate) async fn guard(
    connection: &mut PgConnection,
    tenant: TenantId,
    commits: &[&Prepared],
) -> Result<HashSet<CustomerId>, Broken> {
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for commit in commits {
        let (customer, wake) = (commit.customer.0.into(), commit.wake.into());
        let standing = commit.standing.clone();
        match commit.seen {
            Some(seen) => old.push(vec![
                customer,
                seen.into(),
                commit.epoch.into(),
                wake,
                commit.release.into(),
                standing,
            ]),
            None => new.push(vec![customer, Value::Int(1), wake, standing]),
        }
    }
    let mut won = HashSet::with_capacity(commits.len());
    for (table, rows) in [(&GUARD, &old), (&NEW, &new)] {
        let rows: Vec<&[Value]> = rows.iter().map(Vec::as_slice).collect();
        for row in write(connection, tenant, table, &rows).await? {
            let id: Uuid = row.try_get(0).map_err(|source| Broken {
                table: table.name,
                row: Vec::new(),
                source,
            })?;
            won.insert(CustomerId(id));
        }
    }
    Ok(won)
}

/// Gives leases back: at once, or after a fault at an instant.
pub(crate) async fn release(
    pool: &PgPool,
    tenant: TenantId,
    leases: impl Iterator<Item = (Lease, Option<Timestamp>)>,
) -> Result<(), StoreError> {
    let mut rows: Vec<[Value; 3]> = leases
        .map(|(lease, rests_until)| {
            [
                lease.customer.0.into(),
                lease.epoch.into(),
                rests_until.map(|until| until.0).into(),
            ]
        })
        .collect();
    // The order in which every node takes rows.
    rows.sort_by_key(|row| match row[0] {
        Value::Id(id) => id,
        _ => Uuid::nil(),
    });
    let rows: Vec<&[Value]> = rows.iter().map(<[Value; 3]>::as_slice).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let failed = backend("release leases");
    let mut tries = Tries::default();
    loop {
        let mut connection = pool.acquire().await.map_err(&failed)?;
        match write(&mut connection, tenant, &RELEASE, &rows).await {
            Err(broken) if tries.again(&broken.source).await => {}
            result => return result.map(drop).map_err(|broken| failed(broken.source)),
        }
    }
}

/// Makes customers due whose cases are pinned to versions of a workflow.
pub(crate) async fn wake_pinned(
    pool: &PgPool,
    tenant: TenantId,
    (workflow, versions): (&str, &[u32]),
    after: Option<CaseId>,
    (at, limit): (Timestamp, u32),
) -> Result<Option<CaseId>, StoreError> {
    let failed = backend("wake customers");
    let versions: Vec<_> = versions.iter().map(|version| i64::from(*version)).collect();
    let rows = sqlx::query(PINNED)
        .bind(tenant.0)
        .bind(after.map_or(Uuid::nil(), |case| case.0))
        .bind(workflow)
        .bind(versions)
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await
        .map_err(&failed)?;
    let (mut last, mut customers) = (None, Vec::with_capacity(rows.len()));
    for row in &rows {
        let mut cells = Cells::new(row, "case");
        last = Some(CaseId(cells.uuid()?));
        customers.push(cells.uuid()?);
    }
    let mut tries = Tries::default();
    loop {
        let woken = sqlx::query(WAKE)
            .bind(tenant.0)
            .bind(&customers)
            .bind(at.0)
            .execute(pool)
            .await;
        match woken {
            Ok(_) => return Ok(last),
            Err(error) if tries.again(&error).await => {}
            Err(error) => return Err(failed(error)),
        }
    }
}

/// Due work of all tenants.
#[derive(Debug, Clone)]
pub(crate) struct PgAgenda {
    pub pool: PgPool,
}

impl PgAgenda {
    /// One try; `None`: nobody was to be had, although somebody is due.
    async fn try_claim(
        &self,
        tenant: TenantId,
        (now, host_now, until): (Timestamp, Timestamp, Timestamp),
        limit: u32,
    ) -> Result<Option<Vec<PgRow>>, sqlx::Error> {
        let mut connection = self.pool.acquire().await?;
        sqlx::query(EXPIRE)
            .bind(tenant.0)
            .bind(host_now.0)
            .execute(&mut *connection)
            .await?;
        let rows = sqlx::query(CLAIM)
            .bind(tenant.0)
            .bind(now.0)
            .bind(i64::from(limit))
            .bind(until.0)
            .fetch_all(&mut *connection)
            .await?;
        if !rows.is_empty() || limit == 0 {
            return Ok(Some(rows));
        }
        // Rows that somebody writes at this moment were passed over: a fact that is taken in,
        // or another node's claim that may yet fail. An empty answer says that nothing is due.
        let row = sqlx::query(IS_DUE)
            .bind(tenant.0)
            .bind(now.0)
            .fetch_one(&mut *connection)
            .await?;
        let is_due: bool = row.try_get(0)?;
        Ok((!is_due).then_some(rows))
    }
}

#[async_trait]
impl Agenda for PgAgenda {
    async fn claim(
        &self,
        tenant: TenantId,
        now: Timestamp,
        host_now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Lease>, StoreError> {
        let (mut tries, mut claims) = (Tries::default(), 0);
        let rows = loop {
            match self.try_claim(tenant, (now, host_now, until), limit).await {
                Ok(Some(rows)) => break rows,
                Ok(None) if claims == CLAIMS => break Vec::new(),
                Ok(None) => {
                    claims += 1;
                    tokio::time::sleep(Duration::from_millis(CLAIM_PAUSE_MS)).await;
                }
                Err(error) if tries.again(&error).await => {}
                Err(error) => return Err(backend("claim due customers")(error)),
            }
        };
        let read = |row: &PgRow| -> Result<_, StoreError> {
            let mut cells = Cells::new(row, "lease");
            Ok(Lease {
                customer: CustomerId(cells.uuid()?),
                epoch: cells.int()?,
                wake: cells.at()?,
                faults: cells.int()?,
            })
        };
        let mut leases = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        leases.sort_by_key(|lease| (lease.wake, lease.customer));
        Ok(leases)
    }

    async fn held(
        &self,
        tenant: TenantId,
        until: Timestamp,
        host_now: Timestamp,
    ) -> Result<Held, StoreError> {
        let row = sqlx::query(HELD)
            .bind(tenant.0)
            .bind(host_now.0)
            .bind(until.0)
            .fetch_one(&self.pool)
            .await
            .map_err(backend("look for who is held"))?;
        let mut cells = Cells::new(&row, "lease");
        Ok(Held {
            worked_on: cells.int()?,
            ends: cells.maybe_at()?,
            resting: cells.int()?,
        })
    }

    async fn next_wake(&self, tenant: TenantId) -> Result<Option<Timestamp>, StoreError> {
        let row = sqlx::query(NEXT_WAKE)
            .bind(tenant.0)
            .fetch_one(&self.pool)
            .await
            .map_err(backend("look for the next wake-up"))?;
        Cells::new(&row, "wake-up").maybe_at()
    }
}
