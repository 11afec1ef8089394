//! Lists that people look through, and whose a thing is.

use regua_domain::customer::Customer;
use regua_domain::effect::{Effect, EffectKey, Task};
use regua_domain::id::{CaseId, CustomerId, TaskId, TenantId};
use regua_domain::ledger::{Item, Payment};
use regua_storage::{EffectsOf, Of, Page, StoreError};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, PgPool, Postgres};

use crate::cells::Cells;
use crate::error::backend;
use crate::{customer, effect, item, payment, task};

/// Reads a row: whose it is, and what.
type Read<T> = fn(&PgRow) -> Result<(CustomerId, T), StoreError>;

type Statement = Query<'static, Postgres, PgArguments>;

/// A row's value with whose it is; the customer's reference is its last column.
fn of<T>(row: &PgRow, read: Read<T>) -> Result<Of<T>, StoreError> {
    let (customer, value) = read(row)?;
    Ok(Of {
        customer,
        reference: Cells::last(row, "customer").text()?,
        value,
    })
}

async fn fetch(pool: &PgPool, statement: Statement) -> Result<Vec<PgRow>, StoreError> {
    statement.fetch_all(pool).await.map_err(backend("list"))
}

/// What is listed: its columns, its table with the alias they name, its key, and what else
/// holds of its rows.
#[derive(Clone, Copy)]
struct What {
    columns: &'static str,
    from: &'static str,
    alias: &'static str,
    key: &'static str,
    only: &'static str,
}

const ITEMS: What = What {
    columns: item::COLUMNS,
    from: "item i",
    alias: "i",
    key: "reference",
    only: "",
};

const PAYMENTS: What = What {
    columns: payment::COLUMNS,
    from: "payment p",
    alias: "p",
    key: "reference",
    only: "",
};

const TASKS: What = What {
    columns: "t.customer, t.body",
    from: "task t",
    alias: "t",
    key: "task",
    only: "AND t.state IN ('open', 'approved')",
};

/// A page, with the tenant and the customer (where one is meant) bound; then come the key
/// behind which it begins, and how long it is.
fn page<K>(tenant: TenantId, what: What, page: &Page<K>) -> Statement {
    let What {
        columns,
        from,
        alias,
        key,
        only,
    } = what;
    // One customer's rows are few, and found by them; of all, the key's index is walked.
    let whose = if page.customer.is_some() {
        "= $2"
    } else {
        "IS NOT NULL AND $2::uuid IS NULL"
    };
    let sql = format!(
        "SELECT {columns}, whose.reference FROM {from}
        JOIN customer whose ON whose.tenant = {alias}.tenant AND whose.customer = {alias}.customer
        WHERE {alias}.tenant = $1 AND {alias}.customer {whose} {only}
            AND ($3 IS NULL OR {alias}.{key} > $3) ORDER BY {alias}.{key} LIMIT $4"
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(tenant.0)
        .bind(page.customer.map(|id| id.0))
}

pub(crate) async fn customers(
    pool: &PgPool,
    tenant: TenantId,
    page: &Page<String>,
) -> Result<Vec<Customer>, StoreError> {
    let sql = format!(
        "SELECT {} FROM customer c
        JOIN agenda a ON a.tenant = c.tenant AND a.customer = c.customer
        WHERE c.tenant = $1 AND ($2::uuid IS NULL OR c.customer = $2)
            AND ($3::text IS NULL OR c.reference > $3) ORDER BY c.reference LIMIT $4",
        customer::COLUMNS
    );
    let statement = sqlx::query(AssertSqlSafe(sql))
        .bind(tenant.0)
        .bind(page.customer.map(|id| id.0))
        .bind(page.after.clone())
        .bind(i64::from(page.limit));
    let rows = fetch(pool, statement).await?;
    let read = |row| customer::read(row).map(|(customer, _, _)| customer);
    rows.iter().map(read).collect()
}

async fn by_reference<T>(
    pool: &PgPool,
    tenant: TenantId,
    (what, read): (What, Read<T>),
    wanted: &Page<String>,
) -> Result<Vec<Of<T>>, StoreError> {
    let statement = page(tenant, what, wanted)
        .bind(wanted.after.clone())
        .bind(i64::from(wanted.limit));
    let rows = fetch(pool, statement).await?;
    rows.iter().map(|row| of(row, read)).collect()
}

pub(crate) async fn items(
    pool: &PgPool,
    tenant: TenantId,
    page: &Page<String>,
) -> Result<Vec<Of<Item>>, StoreError> {
    by_reference(pool, tenant, (ITEMS, item::read), page).await
}

pub(crate) async fn payments(
    pool: &PgPool,
    tenant: TenantId,
    page: &Page<String>,
) -> Result<Vec<Of<Payment>>, StoreError> {
    by_reference(pool, tenant, (PAYMENTS, payment::read), page).await
}

pub(crate) async fn tasks(
    pool: &PgPool,
    tenant: TenantId,
    wanted: &Page<TaskId>,
) -> Result<Vec<Of<Task>>, StoreError> {
    let statement = page(tenant, TASKS, wanted)
        .bind(wanted.after.map(|id| id.0))
        .bind(i64::from(wanted.limit));
    let rows = fetch(pool, statement).await?;
    rows.iter().map(|row| of(row, task::read)).collect()
}

pub(crate) async fn effects(
    pool: &PgPool,
    tenant: TenantId,
    what: EffectsOf,
    after: Option<EffectKey>,
    limit: u32,
) -> Result<Vec<Of<Effect>>, StoreError> {
    let from = match what {
        EffectsOf::Case(_) => {
            "dunning_case c
            JOIN effect e ON e.tenant = c.tenant AND e.customer = c.customer
                AND e.case_id = c.case_id
            JOIN customer whose ON whose.tenant = e.tenant AND whose.customer = e.customer
            WHERE c.tenant = $1 AND c.case_id = $2"
        }
        EffectsOf::Placements => {
            "effect e
            JOIN customer whose ON whose.tenant = e.tenant AND whose.customer = e.customer
            WHERE e.tenant = $1 AND $2::uuid IS NULL AND e.action LIKE '{\"place-with-agency\"%'"
        }
    };
    let sql = format!(
        "SELECT {}, whose.reference FROM {from}
            AND ($3::uuid IS NULL OR (e.case_id, e.sequence, e.idx) > ($3, $4, $5))
        ORDER BY e.case_id, e.sequence, e.idx LIMIT $6",
        effect::COLUMNS
    );
    let case = match what {
        EffectsOf::Case(case) => Some(case.0),
        EffectsOf::Placements => None,
    };
    let statement = sqlx::query(AssertSqlSafe(sql))
        .bind(tenant.0)
        .bind(case)
        .bind(after.map(|key| key.case.0))
        .bind(after.map(|key| i64::try_from(key.sequence).unwrap_or(i64::MAX)))
        .bind(after.map(|key| i64::from(key.index)))
        .bind(i64::from(limit));
    let rows = fetch(pool, statement).await?;
    rows.iter().map(|row| of(row, effect::read)).collect()
}

/// The one row with a key, with the tenant bound; then comes the key.
fn one(tenant: TenantId, what: What) -> Statement {
    let What {
        columns,
        from,
        alias,
        key,
        ..
    } = what;
    let sql = format!(
        "SELECT {columns}, whose.reference FROM {from}
        JOIN customer whose ON whose.tenant = {alias}.tenant AND whose.customer = {alias}.customer
        WHERE {alias}.tenant = $1 AND {alias}.{key} = $2"
    );
    sqlx::query(AssertSqlSafe(sql)).bind(tenant.0)
}

async fn first<T>(
    pool: &PgPool,
    statement: Statement,
    read: Read<T>,
) -> Result<Option<Of<T>>, StoreError> {
    let rows = fetch(pool, statement).await?;
    rows.first().map(|row| of(row, read)).transpose()
}

pub(crate) async fn item(
    pool: &PgPool,
    tenant: TenantId,
    reference: &str,
) -> Result<Option<Of<Item>>, StoreError> {
    let statement = one(tenant, ITEMS).bind(reference.to_owned());
    first(pool, statement, item::read).await
}

pub(crate) async fn payment(
    pool: &PgPool,
    tenant: TenantId,
    reference: &str,
) -> Result<Option<Of<Payment>>, StoreError> {
    let statement = one(tenant, PAYMENTS).bind(reference.to_owned());
    first(pool, statement, payment::read).await
}

pub(crate) async fn task(
    pool: &PgPool,
    tenant: TenantId,
    id: TaskId,
) -> Result<Option<Of<Task>>, StoreError> {
    first(pool, one(tenant, TASKS).bind(id.0), task::read).await
}

pub(crate) async fn case_of(
    pool: &PgPool,
    tenant: TenantId,
    case: CaseId,
) -> Result<Option<Of<()>>, StoreError> {
    let cases = What {
        columns: "c.customer",
        from: "dunning_case c",
        alias: "c",
        key: "case_id",
        only: "",
    };
    let read = |row: &PgRow| Ok((CustomerId(Cells::new(row, "case").uuid()?), ()));
    first(pool, one(tenant, cases).bind(case.0), read).await
}
