//! How the store stands, and whether what is in it adds up.

use async_trait::async_trait;
use regua_domain::id::{CaseId, TenantId};
use regua_domain::time::{HOUR_MS, Timestamp};
use regua_storage::{FINDINGS_MAX, Finding, Standing, StoreError, Upkeep};

use crate::cells::Cells;
use crate::error::backend;
use crate::store::SqliteStore;

const STANDING: &str = "SELECT
    (SELECT count(*) FROM customer WHERE tenant = ?1),
    (SELECT count(*) FROM dunning_case WHERE tenant = ?1 AND ended_at IS NULL),
    (SELECT count(*) FROM agenda
        WHERE tenant = ?1 AND lease_until IS NULL AND wake_at <= ?2),
    (SELECT count(*) FROM agenda WHERE tenant = ?1 AND lease_until IS NOT NULL),
    (SELECT count(*) FROM effect WHERE tenant = ?1 AND state = 'queued'),
    (SELECT min(at) FROM effect WHERE tenant = ?1 AND state = 'queued')";

const ITEMS: &str = "SELECT i.reference, i.outstanding, coalesce(l.total, 0)
    FROM item i LEFT JOIN (SELECT customer, item, sum(amount) AS total FROM ledger
        WHERE tenant = ?1 AND item IS NOT NULL GROUP BY customer, item) l
        ON l.customer = i.customer AND l.item = i.item
    WHERE i.tenant = ?1 AND i.outstanding <> coalesce(l.total, 0)
    ORDER BY i.reference LIMIT ?2";

const CREDITS: &str = "SELECT c.reference, a.currency, a.credit, -coalesce(l.total, 0)
    FROM account a JOIN customer c ON c.tenant = a.tenant AND c.customer = a.customer
    LEFT JOIN (SELECT customer, currency, sum(amount) AS total FROM ledger
        WHERE tenant = ?1 AND item IS NULL GROUP BY customer, currency) l
        ON l.customer = a.customer AND l.currency = a.currency
    WHERE a.tenant = ?1 AND a.credit <> -coalesce(l.total, 0)
    ORDER BY c.reference, a.currency LIMIT ?2";

const ORPHANS: &str = "SELECT e.case_id, count(*) FROM effect e
    WHERE e.tenant = ?1 AND NOT EXISTS (SELECT 1 FROM dunning_case c
        WHERE c.tenant = e.tenant AND c.customer = e.customer AND c.case_id = e.case_id)
    GROUP BY e.case_id ORDER BY e.case_id LIMIT ?2";

const LEASES: &str = "SELECT count(*) FROM agenda
    WHERE tenant = ?1 AND lease_until > ?2 AND faults = 0";

#[async_trait]
impl Upkeep for SqliteStore {
    async fn standing(&self, tenant: TenantId, now: Timestamp) -> Result<Standing, StoreError> {
        let row = sqlx::query(STANDING)
            .bind(tenant.0)
            .bind(now.0)
            .fetch_one(self.readers())
            .await
            .map_err(backend("look how a tenant stands"))?;
        let mut cells = Cells::new(&row, "standing");
        Ok(Standing {
            tenant,
            customers: cells.int()?,
            open_cases: cells.int()?,
            due: cells.int()?,
            leased: cells.int()?,
            queued: cells.int()?,
            queued_since: cells.maybe_at()?,
        })
    }

    async fn check(&self, tenant: TenantId, now: Timestamp) -> Result<Vec<Finding>, StoreError> {
        let mut findings = Vec::new();
        for row in self.rows(ITEMS, tenant, FINDINGS_MAX).await? {
            let mut cells = Cells::new(&row, "item");
            findings.push(Finding::Item {
                tenant,
                item: cells.text()?,
                outstanding: cells.int()?,
                ledger: cells.int()?,
            });
        }
        for row in self.rows(CREDITS, tenant, FINDINGS_MAX).await? {
            let mut cells = Cells::new(&row, "account");
            findings.push(Finding::Credit {
                tenant,
                customer: cells.text()?,
                currency: cells.text()?,
                credit: cells.int()?,
                ledger: cells.int()?,
            });
        }
        for row in self.rows(ORPHANS, tenant, FINDINGS_MAX).await? {
            let mut cells = Cells::new(&row, "effect");
            findings.push(Finding::Orphans {
                tenant,
                case: CaseId(cells.uuid()?).to_string(),
                effects: cells.int()?,
            });
        }
        let until = now.plus_ms(HOUR_MS).0;
        for row in self.rows(LEASES, tenant, until).await? {
            let customers = Cells::new(&row, "lease").int()?;
            if customers > 0 {
                findings.push(Finding::Leases { tenant, customers });
            }
        }
        Ok(findings)
    }
}

impl SqliteStore {
    async fn rows(
        &self,
        sql: &'static str,
        tenant: TenantId,
        value: i64,
    ) -> Result<Vec<sqlx::sqlite::SqliteRow>, StoreError> {
        sqlx::query(sql)
            .bind(tenant.0)
            .bind(value)
            .fetch_all(self.readers())
            .await
            .map_err(backend("check what adds up"))
    }
}
