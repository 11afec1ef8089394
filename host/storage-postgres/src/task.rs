//! Tasks, and the inbox of facts.

use regua_domain::dossier::Waiting;
use regua_domain::effect::{Task, TaskState};
use regua_domain::id::CustomerId;
use regua_storage::StoreError;
use sqlx::postgres::PgRow;

use crate::cells::{Cells, json};
use crate::rows::Kind::{Id, Int, Text};
use crate::rows::{Rows, Table};

pub(crate) const TASK: Table = Table {
    name: "task",
    head: "INSERT INTO task (tenant, customer, task, state, opened_at, body) SELECT * FROM",
    columns: &[Id, Id, Text, Int, Text],
    tail: "ON CONFLICT (tenant, customer, task) DO UPDATE SET state = excluded.state,
            body = excluded.body",
};

/// Open and approved tasks of a list of customers. Said so that the planner does not see the
/// condition of `task_open` in it, and walk the tenant's whole worklist for each of them.
pub(crate) const OPEN: &str = "SELECT t.customer, t.body
    FROM unnest($1::uuid[], $2::uuid[]) AS asked (tenant, id)
    JOIN task t ON t.tenant = asked.tenant AND t.customer = asked.id
    WHERE t.state <> 'completed' AND t.state <> 'dropped'";

pub(crate) fn put(rows: &mut Rows, customer_id: CustomerId, task: &Task) -> Result<(), StoreError> {
    let state = match task.state {
        TaskState::Open => "open",
        TaskState::Approved { .. } => "approved",
        TaskState::Completed { .. } => "completed",
        TaskState::Dropped => "dropped",
    };
    rows.row(
        customer_id,
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
pub(crate) fn read(row: &PgRow) -> Result<(CustomerId, Task), StoreError> {
    let mut cells = Cells::new(row, "task");
    Ok((CustomerId(cells.uuid()?), cells.json()?))
}

pub(crate) const INBOX: Table = Table {
    name: "inbox",
    head: "INSERT INTO inbox (tenant, customer, number, currency, event) SELECT * FROM",
    columns: &[Id, Int, Text, Text],
    tail: "",
};

/// Facts that were looked at.
pub(crate) const TAKEN: Table = Table {
    name: "inbox",
    head: "DELETE FROM inbox USING",
    columns: &[Id, Int],
    tail: "AS old (tenant, customer, number)
        WHERE inbox.tenant = old.tenant AND inbox.customer = old.customer AND inbox.number = old.number",
};

/// Facts waiting, of a list of customers.
pub(crate) const WAITING: &str = "SELECT i.customer, i.number, i.currency, i.event
    FROM unnest($1::uuid[], $2::uuid[]) AS asked (tenant, id)
    JOIN inbox i ON i.tenant = asked.tenant AND i.customer = asked.id";

pub(crate) fn put_fact(
    rows: &mut Rows,
    customer_id: CustomerId,
    fact: &Waiting,
) -> Result<(), StoreError> {
    let currency = fact.currency.map(|currency| currency.code().to_owned());
    rows.row(
        customer_id,
        [
            fact.number.into(),
            currency.into(),
            json("fact", &fact.event)?,
        ],
    );
    Ok(())
}

/// A row of [`WAITING`].
pub(crate) fn read_fact(row: &PgRow) -> Result<(CustomerId, Waiting), StoreError> {
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
