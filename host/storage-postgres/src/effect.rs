//! Effects: what decisions did, and the outbox.

use std::collections::HashSet;

use regua_domain::contract::EffectState;
use regua_domain::effect::{Effect, EffectKey};
use regua_domain::id::{CaseId, CustomerId, TenantId};
use regua_storage::StoreError;
use sqlx::PgPool;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::cells::{Cells, days, json, name};
use crate::error::backend;
use crate::rows::Kind::{Id, Int, Text};
use crate::rows::{Rows, Table, Value};

pub(crate) const EFFECT: Table = Table {
    name: "effect",
    head: "INSERT INTO effect (tenant, customer, case_id, sequence, idx, state, code, at, until,
            proposal, stage, visit, action, letter, due_at) SELECT * FROM",
    columns: &[
        Id, Id, Int, Int, Text, Text, Int, Int, Text, Text, Int, Text, Text, Int,
    ],
    tail: "ON CONFLICT (tenant, customer, case_id, sequence, idx) DO UPDATE SET
            state = excluded.state, code = excluded.code,
            due_at = CASE WHEN excluded.state = 'queued' THEN effect.due_at END,
            until = excluded.until, action = excluded.action, letter = excluded.letter",
};

macro_rules! columns {
    () => {
        "e.customer, e.case_id, e.sequence, e.idx, e.state,
        e.code, e.at, e.until, e.proposal, e.stage, e.visit, e.action, e.letter"
    };
}

/// What [`read`] reads.
pub(crate) const COLUMNS: &str = columns!();

/// Effects of a list of customers: of their open and recently ended cases, and every
/// message since an instant.
pub(crate) const RECENT: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM unnest($1::uuid[], $2::uuid[]) AS asked (tenant, id)
    JOIN dunning_case c ON c.tenant = asked.tenant AND c.customer = asked.id
    JOIN effect e ON e.tenant = c.tenant AND e.customer = c.customer AND e.case_id = c.case_id
    WHERE c.ended_at IS NULL OR c.ended_at >= $3 OR (e.at >= $4 AND e.letter IS NOT NULL)"
);

pub(crate) fn put(
    rows: &mut Rows,
    customer_id: CustomerId,
    effect: &Effect,
) -> Result<(), StoreError> {
    let letter = effect
        .letter
        .as_ref()
        .map(|letter| json("letter", letter))
        .transpose()?;
    rows.row(
        customer_id,
        [
            effect.key.case.0.into(),
            effect.key.sequence.into(),
            effect.key.index.into(),
            name("effect", &effect.state)?,
            effect.code.as_str().into(),
            effect.at.0.into(),
            effect.until.map_or(Value::Null, days),
            effect.proposal.as_str().into(),
            effect.stage.as_str().into(),
            effect.visit.into(),
            json("action", &effect.action)?,
            letter.into(),
            // Committed to be handed over: at once. Later instants are the outbox's own.
            (effect.state == EffectState::Queued)
                .then_some(effect.at.0)
                .into(),
        ],
    );
    Ok(())
}

/// A row of [`RECENT`].
pub(crate) fn read(row: &PgRow) -> Result<(CustomerId, Effect), StoreError> {
    let mut cells = Cells::new(row, "effect");
    let customer = CustomerId(cells.uuid()?);
    let effect = Effect {
        key: EffectKey {
            case: CaseId(cells.uuid()?),
            sequence: cells.int()?,
            index: cells.int()?,
        },
        state: cells.name()?,
        code: cells.text()?,
        at: cells.at()?,
        until: cells.maybe_date()?,
        proposal: cells.text()?,
        stage: cells.text()?,
        visit: cells.int()?,
        action: cells.json()?,
        letter: cells.maybe_json()?,
    };
    Ok((customer, effect))
}

/// A page of the outbox: who waits longest, behind an instant and customer.
pub(crate) const QUEUED: &str = "SELECT customer, due_at FROM effect
    WHERE tenant = $1 AND state = 'queued' AND (due_at, customer) > ($2, $3)
    ORDER BY due_at, customer LIMIT $4";

/// Customers with effects still queued, those that wait longest first. Read in pages, for
/// one customer's effects may be many: no backlog is walked to its end for its first few.
pub(crate) async fn queued(
    pool: &PgPool,
    tenant: TenantId,
    limit: u32,
) -> Result<Vec<CustomerId>, StoreError> {
    let mut all = Vec::new();
    let mut known = HashSet::new();
    let mut after = (i64::MIN, Uuid::nil());
    loop {
        let rows = sqlx::query(QUEUED)
            .bind(tenant.0)
            .bind(after.0)
            .bind(after.1)
            .bind(i64::from(limit))
            .fetch_all(pool)
            .await
            .map_err(backend("list the outbox"))?;
        for row in &rows {
            let mut cells = Cells::new(row, "effect");
            let customer = cells.uuid()?;
            after = (cells.int()?, customer);
            if all.len() < limit as usize && known.insert(customer) {
                all.push(CustomerId(customer));
            }
        }
        if all.len() == limit as usize || rows.len() < limit as usize {
            return Ok(all);
        }
    }
}
