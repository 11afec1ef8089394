//! Cases.

use regua_domain::case::{Case, CaseState, Pace, WorkflowRef};
use regua_domain::id::{CaseId, CustomerId, TenantId};
use regua_storage::{CaseRow, CasesQuery, Pinned, StoreError};
use sqlx::sqlite::SqliteRow;
use sqlx::{SqliteConnection, SqliteExecutor};

use crate::cells::{Cells, days, json};
use crate::error::backend;
use crate::rows::{Broken, Rows, Table, Value, write};

macro_rules! table {
    ($tail:literal) => {
        Table {
            name: "dunning_case",
            head: "INSERT OR FAIL INTO dunning_case (tenant, customer, case_id, currency, workflow,
                    workflow_version, opened_at, ended_at, sequence, anchor, state, memory, visits,
                    left_previous, pace_day, pace_count) VALUES",
            columns: 16,
            tail: concat!(
                "ON CONFLICT (tenant, customer, case_id) DO UPDATE SET
                    workflow = excluded.workflow, workflow_version = excluded.workflow_version,
                    sequence = excluded.sequence, anchor = excluded.anchor,
                    state = excluded.state, memory = excluded.memory, visits = excluded.visits,
                    left_previous = excluded.left_previous, pace_day = excluded.pace_day,
                    pace_count = excluded.pace_count",
                $tail
            ),
        }
    };
}

/// Ended and reopened cases: their `ended_at` changes, and with it two indexes.
const ENDING: Table = table!(", ended_at = excluded.ended_at");

/// Cases that were open and stay it, by far the most: no index is touched.
const OPEN: Table = table!(" WHERE dunning_case.ended_at IS NULL");

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.customer, c.case_id, c.currency, c.workflow, c.workflow_version,
                c.opened_at, c.ended_at, c.sequence, c.anchor, c.state, c.memory, c.visits,
                c.left_previous, c.pace_day, c.pace_count",
            $rest
        )
    };
}

/// Open cases, and those ended since an instant, of a list of customers.
pub(crate) const RECENT: &str = select!(
    " FROM dunning_case c
    WHERE c.tenant = ? AND (c.ended_at IS NULL OR c.ended_at >= ?) AND c.customer IN"
);

/// Writes cases: `open` ones and `ended` ones.
pub(crate) async fn put_all(
    connection: &mut SqliteConnection,
    open: &[&Rows],
    ended: &[&Rows],
    most: usize,
) -> Result<(), Broken> {
    // First those that end: another case in the currency may be opened in the same breath.
    write(connection, &ENDING, ended, most).await?;
    let count: usize = open.iter().map(|rows| rows.0.len() / OPEN.columns).sum();
    let changed = write(connection, &OPEN, open, most).await?;
    if changed != count as u64 {
        // One of them had ended, and is reopened.
        write(connection, &ENDING, open, most).await?;
    }
    Ok(())
}

pub(crate) fn put(
    rows: &mut Rows,
    key: (TenantId, CustomerId),
    case: &Case,
) -> Result<(), StoreError> {
    let ended_at = match &case.state {
        CaseState::Ended { at, .. } => Some(at.0),
        CaseState::Waiting(_) | CaseState::Visiting(_) => None,
    };
    // A stage's memory is bytes: it would be long as JSON.
    let (state, memory) = match &case.state {
        CaseState::Visiting(visit) if !visit.memory.is_empty() => {
            let mut visit = visit.clone();
            let memory = std::mem::take(&mut visit.memory);
            (
                json("case", &CaseState::Visiting(visit))?,
                Value::Blob(memory),
            )
        }
        state => (json("case", state)?, Value::Null),
    };
    rows.row(
        key,
        [
            case.id.0.into(),
            case.currency.code().into(),
            case.workflow.name.as_str().into(),
            case.workflow.version.into(),
            case.opened_at.0.into(),
            ended_at.into(),
            case.sequence.into(),
            case.anchor.map_or(Value::Null, days),
            state,
            memory,
            json("case", &case.visits)?,
            case.left_previous.map(|at| at.0).into(),
            days(case.pace.day),
            u32::from(case.pace.count).into(),
        ],
    );
    Ok(())
}

/// A row of [`RECENT`].
pub(crate) fn read(row: &SqliteRow) -> Result<(CustomerId, Case), StoreError> {
    read_cells(&mut Cells::new(row, "case"))
}

fn read_cells(cells: &mut Cells<'_>) -> Result<(CustomerId, Case), StoreError> {
    let customer = CustomerId(cells.uuid()?);
    let id = CaseId(cells.uuid()?);
    let currency = cells.currency()?;
    let workflow = WorkflowRef {
        name: cells.text()?,
        version: cells.int()?,
    };
    let opened_at = cells.at()?;
    let _ended_at = cells.maybe_at()?;
    let sequence = cells.int()?;
    let anchor = cells.maybe_date()?;
    let mut state: CaseState = cells.json()?;
    let memory = cells.maybe_bytes()?;
    if let (CaseState::Visiting(visit), Some(memory)) = (&mut state, memory) {
        memory.clone_into(&mut visit.memory);
    }
    let case = Case {
        id,
        currency,
        workflow,
        opened_at,
        sequence,
        anchor,
        state,
        visits: cells.list()?,
        left_previous: cells.maybe_at()?,
        pace: Pace {
            day: cells.date()?,
            count: cells.int()?,
        },
    };
    Ok((customer, case))
}

/// A tenant's cases, by id.
pub(crate) async fn list(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    query: &CasesQuery,
) -> Result<Vec<CaseRow>, StoreError> {
    let after = query.after.map_or([0; 16], |id| *id.0.as_bytes());
    let from = i64::from(query.after.is_some());
    let sql = match (&query.customer, query.open) {
        (None, false) => {
            select!(
                ", p.reference FROM dunning_case c
                JOIN customer p ON p.tenant = c.tenant AND p.customer = c.customer
                WHERE c.tenant = ?1 AND c.case_id >= ?2 AND (?3 = 0 OR c.case_id > ?2)
                ORDER BY c.case_id LIMIT ?4"
            )
        }
        (None, true) => {
            select!(
                ", p.reference FROM dunning_case c INDEXED BY dunning_case_open_id
                JOIN customer p ON p.tenant = c.tenant AND p.customer = c.customer
                WHERE c.tenant = ?1 AND c.case_id >= ?2 AND (?3 = 0 OR c.case_id > ?2)
                    AND c.ended_at IS NULL
                ORDER BY c.case_id LIMIT ?4"
            )
        }
        (Some(_), _) => {
            select!(
                ", p.reference FROM customer p
                JOIN dunning_case c ON p.tenant = c.tenant AND p.customer = c.customer
                WHERE p.tenant = ?1 AND p.reference = ?5 AND c.case_id >= ?2
                    AND (?3 = 0 OR c.case_id > ?2) AND (?6 = 0 OR c.ended_at IS NULL)
                ORDER BY c.case_id LIMIT ?4"
            )
        }
    };
    let mut statement = sqlx::query(sql)
        .bind(tenant.0)
        .bind(after.as_slice().to_vec())
        .bind(from)
        .bind(i64::from(query.limit));
    if let Some(customer) = &query.customer {
        statement = statement.bind(customer.clone()).bind(i64::from(query.open));
    }
    let rows = statement
        .fetch_all(reader)
        .await
        .map_err(backend("list cases"))?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::new(row, "case");
            let (customer, case) = read_cells(&mut cells)?;
            Ok(CaseRow {
                customer,
                reference: cells.text()?,
                case,
            })
        })
        .collect()
}

/// Open cases, counted by the version that they are pinned to.
pub(crate) async fn pinned(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
) -> Result<Pinned, StoreError> {
    let rows = sqlx::query(
        "SELECT workflow, workflow_version, COUNT(*)
        FROM dunning_case INDEXED BY dunning_case_open_id
        WHERE tenant = ? AND ended_at IS NULL GROUP BY workflow, workflow_version",
    )
    .bind(tenant.0)
    .fetch_all(reader)
    .await
    .map_err(backend("count cases"))?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::new(row, "case");
            let reference = WorkflowRef {
                name: cells.text()?,
                version: cells.int()?,
            };
            Ok((reference, cells.int()?))
        })
        .collect()
}

/// How many cases, open and ended, are pinned to a version. All of the tenant's are looked at:
/// this is asked when a version is to be removed, and an index would cost every case.
pub(crate) async fn pinned_to(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    name: &str,
    version: u32,
) -> Result<(u64, u64), StoreError> {
    let row = sqlx::query(
        "SELECT count(*) FILTER (WHERE ended_at IS NULL),
            count(*) FILTER (WHERE ended_at IS NOT NULL)
        FROM dunning_case WHERE tenant = ? AND workflow = ? AND workflow_version = ?",
    )
    .bind(tenant.0)
    .bind(name)
    .bind(i64::from(version))
    .fetch_one(reader)
    .await
    .map_err(backend("count cases"))?;
    let mut cells = Cells::new(&row, "case");
    Ok((cells.int()?, cells.int()?))
}
