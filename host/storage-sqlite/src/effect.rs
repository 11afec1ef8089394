//! Effects: what decisions did, and the outbox.

use regua_domain::contract::EffectState;
use regua_domain::effect::{Effect, EffectKey};
use regua_domain::id::{CaseId, CustomerId, TenantId};
use regua_storage::StoreError;
use sqlx::SqliteExecutor;
use sqlx::sqlite::SqliteRow;

use crate::cells::{Cells, days, json, name};
use crate::error::backend;
use crate::rows::{Rows, Table, Value};

pub(crate) const EFFECT: Table = Table {
    name: "effect",
    head: "INSERT OR FAIL INTO effect (tenant, customer, case_id, sequence, idx, state, code, at, until,
            proposal, stage, visit, action, letter, due_at) VALUES",
    columns: 15,
    tail: "ON CONFLICT (tenant, customer, case_id, sequence, idx) DO UPDATE SET
            state = excluded.state, code = excluded.code,
            due_at = CASE WHEN excluded.state = 'queued' THEN effect.due_at END,
            until = excluded.until, action = excluded.action, letter = excluded.letter",
};

macro_rules! columns {
    () => {
        "e.customer, e.case_id, e.sequence, e.idx, e.state, e.code, e.at, e.until, e.proposal,
            e.stage, e.visit, e.action, e.letter"
    };
}

/// What [`read`] reads.
pub(crate) const COLUMNS: &str = columns!();

/// Effects of a list of customers: of their open and recently ended cases, and every
/// message since an instant.
pub(crate) const RECENT: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM effect e
    WHERE e.tenant = ?
        AND (EXISTS (SELECT 1 FROM dunning_case c
                WHERE c.tenant = e.tenant AND c.customer = e.customer
                    AND c.case_id = e.case_id AND (c.ended_at IS NULL OR c.ended_at >= ?))
            OR (e.at >= ? AND e.letter IS NOT NULL))
        AND e.customer IN"
);

pub(crate) fn put(
    rows: &mut Rows,
    key: (TenantId, CustomerId),
    effect: &Effect,
) -> Result<(), StoreError> {
    let letter = effect
        .letter
        .as_ref()
        .map(|letter| json("letter", letter))
        .transpose()?;
    rows.row(
        key,
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
pub(crate) fn read(row: &SqliteRow) -> Result<(CustomerId, Effect), StoreError> {
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

/// Customers with effects still queued, those that wait longest first.
pub(crate) async fn queued(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    limit: u32,
) -> Result<Vec<CustomerId>, StoreError> {
    let rows = sqlx::query(
        "SELECT DISTINCT customer FROM (SELECT customer FROM effect INDEXED BY effect_queued
            WHERE tenant = ? AND state = 'queued' ORDER BY due_at)
        LIMIT ?",
    )
    .bind(tenant.0)
    .bind(i64::from(limit))
    .fetch_all(reader)
    .await
    .map_err(backend("list the outbox"))?;
    rows.iter()
        .map(|row| Cells::new(row, "effect").uuid().map(CustomerId))
        .collect()
}
