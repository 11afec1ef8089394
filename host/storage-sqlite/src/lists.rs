//! Lists that people look through, and whose a thing is.

use regua_domain::customer::Customer;
use regua_domain::effect::{Effect, EffectKey, Task};
use regua_domain::id::{CaseId, CustomerId, TaskId, TenantId};
use regua_domain::ledger::{Item, Payment};
use regua_storage::{EffectsOf, Of, Page, StoreError};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, AssertSqlSafe, SqliteExecutor};

use crate::cells::Cells;
use crate::error::backend;
use crate::rows::Value;
use crate::{customer, effect, item, payment, task};

/// The rows of `head` for the values given: `?1` the tenant, then the others.
async fn fetch(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    sql: String,
    values: &[Value],
) -> Result<Vec<SqliteRow>, StoreError> {
    let failed = backend("list");
    let mut arguments = SqliteArguments::default();
    arguments.reserve(values.len() + 1, 0);
    for value in std::iter::once(&Value::Id(tenant.0)).chain(values) {
        value.bind(&mut arguments).map_err(&failed)?;
    }
    sqlx::query_with(AssertSqlSafe(sql), arguments)
        .fetch_all(reader)
        .await
        .map_err(&failed)
}

/// A row's value with whose it is; the customer's reference is its last column.
fn of<T>(
    row: &SqliteRow,
    read: fn(&SqliteRow) -> Result<(CustomerId, T), StoreError>,
) -> Result<Of<T>, StoreError> {
    let (customer, value) = read(row)?;
    Ok(Of {
        customer,
        reference: Cells::last(row, "customer").text()?,
        value,
    })
}

/// `SELECT … , the customer's reference FROM table`, page by page by a key of one column. One
/// customer's rows are few, and found by them; of all, the key's index is walked.
fn page_sql<K>(
    page: &Page<K>,
    (select, table, key): (&str, &str, &str),
    index: &str,
    only: &str,
) -> String {
    let (index, whose) = if page.customer.is_some() {
        (String::new(), "t.customer = ?2")
    } else {
        (format!("INDEXED BY {index}"), "?2 IS NULL")
    };
    format!(
        "SELECT {select}, p.reference AS customer_reference FROM {table} t {index}
        JOIN customer p ON p.tenant = t.tenant AND p.customer = t.customer
        WHERE t.tenant = ?1 AND {whose} AND (?3 IS NULL OR t.{key} > ?3)
            {only} ORDER BY t.{key} LIMIT ?4"
    )
}

fn page_values<K>(page: &Page<K>, key: impl Fn(&K) -> Value) -> [Value; 3] {
    [
        page.customer.map(|id| id.0).into(),
        page.after.as_ref().map_or(Value::Null, key),
        page.limit.into(),
    ]
}

pub(crate) async fn customers(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    page: &Page<String>,
) -> Result<Vec<Customer>, StoreError> {
    let sql = format!(
        "SELECT {} FROM customer c INDEXED BY customer_reference
        JOIN agenda a ON a.tenant = c.tenant AND a.customer = c.customer
        WHERE c.tenant = ?1 AND (?2 IS NULL OR c.customer = ?2)
            AND (?3 IS NULL OR c.reference > ?3) ORDER BY c.reference LIMIT ?4",
        customer::COLUMNS
    );
    let values = page_values(page, |key| key.as_str().into());
    let rows = fetch(reader, tenant, sql, &values).await?;
    let read = |row| customer::read(row).map(|(customer, _, _)| customer);
    rows.iter().map(read).collect()
}

pub(crate) async fn items(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    page: &Page<String>,
) -> Result<Vec<Of<Item>>, StoreError> {
    let from = (item::COLUMNS, "item", "reference");
    let sql = page_sql(page, from, "item_reference", "");
    let values = page_values(page, |key| key.as_str().into());
    let rows = fetch(reader, tenant, sql, &values).await?;
    rows.iter().map(|row| of(row, item::read)).collect()
}

pub(crate) async fn payments(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    page: &Page<String>,
) -> Result<Vec<Of<Payment>>, StoreError> {
    let from = (payment::COLUMNS, "payment", "reference");
    let sql = page_sql(page, from, "payment_reference", "");
    let values = page_values(page, |key| key.as_str().into());
    let rows = fetch(reader, tenant, sql, &values).await?;
    rows.iter().map(|row| of(row, payment::read)).collect()
}

pub(crate) async fn tasks(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    page: &Page<TaskId>,
) -> Result<Vec<Of<Task>>, StoreError> {
    let open = "AND t.state IN ('open', 'approved')";
    let from = ("t.customer, t.body", "task", "task");
    let sql = page_sql(page, from, "task_open", open);
    let rows = fetch(reader, tenant, sql, &page_values(page, |id| id.0.into())).await?;
    rows.iter().map(|row| of(row, task::read)).collect()
}

pub(crate) async fn effects(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    what: EffectsOf,
    after: Option<EffectKey>,
    limit: u32,
) -> Result<Vec<Of<Effect>>, StoreError> {
    let which = match what {
        EffectsOf::Case(_) => {
            "effect e JOIN dunning_case c INDEXED BY dunning_case_id
                ON c.tenant = ?1 AND c.case_id = ?2 AND e.tenant = c.tenant
                AND e.customer = c.customer AND e.case_id = c.case_id
            JOIN customer p ON p.tenant = e.tenant AND p.customer = e.customer
            WHERE ?2 IS NOT NULL"
        }
        EffectsOf::Placements => {
            "effect e INDEXED BY effect_placed
            JOIN customer p ON p.tenant = e.tenant AND p.customer = e.customer
            WHERE e.tenant = ?1 AND ?2 IS NULL AND e.action LIKE '{\"place-with-agency\"%'"
        }
    };
    let sql = format!(
        "SELECT {}, p.reference AS customer_reference FROM {which}
            AND (?3 IS NULL OR (e.case_id, e.sequence, e.idx) > (?3, ?4, ?5))
        ORDER BY e.case_id, e.sequence, e.idx LIMIT ?6",
        effect::COLUMNS
    );
    let case = match what {
        EffectsOf::Case(case) => Some(case.0),
        EffectsOf::Placements => None,
    };
    let values = [
        case.into(),
        after.map(|key| key.case.0).into(),
        after.map(|key| key.sequence).into(),
        after.map(|key| key.index).into(),
        limit.into(),
    ];
    let rows = fetch(reader, tenant, sql, &values).await?;
    rows.iter().map(|row| of(row, effect::read)).collect()
}

/// The one row of a table with this key.
async fn one<T>(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    (select, table, key): (&str, &str, &str),
    value: Value,
    read: fn(&SqliteRow) -> Result<(CustomerId, T), StoreError>,
) -> Result<Option<Of<T>>, StoreError> {
    let sql = format!(
        "SELECT {select}, p.reference AS customer_reference FROM {table} t
        JOIN customer p ON p.tenant = t.tenant AND p.customer = t.customer
        WHERE t.tenant = ?1 AND t.{key} = ?2"
    );
    let rows = fetch(reader, tenant, sql, &[value]).await?;
    rows.first().map(|row| of(row, read)).transpose()
}

pub(crate) async fn item(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    reference: &str,
) -> Result<Option<Of<Item>>, StoreError> {
    let from = (item::COLUMNS, "item", "reference");
    one(reader, tenant, from, reference.into(), item::read).await
}

pub(crate) async fn payment(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    reference: &str,
) -> Result<Option<Of<Payment>>, StoreError> {
    let from = (payment::COLUMNS, "payment", "reference");
    one(reader, tenant, from, reference.into(), payment::read).await
}

pub(crate) async fn task(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    id: TaskId,
) -> Result<Option<Of<Task>>, StoreError> {
    let from = ("t.customer, t.body", "task", "task");
    one(reader, tenant, from, id.0.into(), task::read).await
}

pub(crate) async fn case_of(
    reader: impl SqliteExecutor<'_>,
    tenant: TenantId,
    case: CaseId,
) -> Result<Option<Of<()>>, StoreError> {
    let from = ("t.customer", "dunning_case", "case_id");
    let read = |row: &SqliteRow| Ok((CustomerId(Cells::new(row, "case").uuid()?), ()));
    one(reader, tenant, from, case.0.into(), read).await
}
