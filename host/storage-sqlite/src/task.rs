//! Tasks, and the inbox of facts.

use regua_domain::dossier::Waiting;
use regua_domain::effect::{Task, TaskState};
use regua_domain::id::{CustomerId, TenantId};
use regua_storage::StoreError;
use sqlx::sqlite::SqliteRow;

use crate::cells::{Cells, json};
use crate::rows::{Rows, Table};

pub(crate) const TASK: Table = Table {
    name: "task",
    head: "INSERT OR FAIL INTO task (tenant, customer, task, state, opened_at, body) VALUES",
    columns: 6,
    tail: "ON CONFLICT (tenant, customer, task) DO UPDATE SET state = excluded.state,
            body = excluded.body",
};

/// Open and approved tasks of a list of customers.
pub(crate) const OPEN: &str = "SELECT customer, body FROM task
    WHERE tenant = ? AND state IN ('open', 'approved') AND customer IN";

pub(crate) fn put(
    rows: &mut Rows,
    key: (TenantId, CustomerId),
    task: &Task,
) -> Result<(), StoreError> {
    let state = match task.state {
        TaskState::Open => "open",
        TaskState::Approved { .. } => "approved",
        TaskState::Completed { .. } => "completed",
        TaskState::Dropped => "dropped",
    };
    rows.row(
        key,
        [
            task.id.0.into(),
            state.into(),
            task.opened_at.0.into(),
            json("task", task)?,
        ],
    );
    Ok(())
}

/// A row of [`OPEN`].
pub(crate) fn read(row: &SqliteRow) -> Result<(CustomerId, Task), StoreError> {
    let mut cells = Cells::new(row, "task");
    Ok((CustomerId(cells.uuid()?), cells.json()?))
}

pub(crate) const INBOX: Table = Table {
    name: "inbox",
    head: "INSERT OR FAIL INTO inbox (tenant, customer, number, currency, event) VALUES",
    columns: 5,
    tail: "",
};

/// Facts that were looked at.
pub(crate) const TAKEN: Table = Table {
    name: "inbox",
    head: "DELETE FROM inbox WHERE (tenant, customer, number) IN (VALUES",
    columns: 3,
    tail: ")",
};

/// Facts waiting, of a list of customers.
pub(crate) const WAITING: &str =
    "SELECT customer, number, currency, event FROM inbox WHERE tenant = ? AND customer IN";

pub(crate) fn put_fact(
    rows: &mut Rows,
    key: (TenantId, CustomerId),
    fact: &Waiting,
) -> Result<(), StoreError> {
    let currency = fact.currency.map(|currency| currency.code().to_owned());
    rows.row(
        key,
        [
            fact.number.into(),
            currency.into(),
            json("fact", &fact.event)?,
        ],
    );
    Ok(())
}

/// A row of [`WAITING`].
pub(crate) fn read_fact(row: &SqliteRow) -> Result<(CustomerId, Waiting), StoreError> {
    let mut cells = Cells::new(row, "fact");
    let customer = CustomerId(cells.uuid()?);
    let number = cells.int()?;
    let currency = cells.maybe_currency()?;
    let event = cells.json()?;
    Ok((
        customer,
        Waiting {
            number,
            currency,
            event,
        },
    ))
}
