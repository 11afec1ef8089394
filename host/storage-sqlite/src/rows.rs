//! Many rows in few statements: values for a table, written in chunks of a few fixed
//! sizes, so that every statement is prepared once a connection.

use regua_domain::id::{CustomerId, TenantId};
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments as _, AssertSqlSafe, SqliteConnection};
use uuid::Uuid;

/// Rows of one statement, largest first.
const CHUNKS: [usize; 4] = [128, 32, 8, 1];

/// A value on its way into a column.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Id(Uuid),
    Text(String),
    Blob(Vec<u8>),
}

impl Value {
    pub(crate) fn bind(&self, arguments: &mut SqliteArguments) -> Result<(), sqlx::Error> {
        match self {
            Self::Null => arguments.add(None::<i64>),
            Self::Int(value) => arguments.add(*value),
            Self::Id(value) => arguments.add(value.as_bytes().as_slice()),
            Self::Text(value) => arguments.add(value.as_str()),
            Self::Blob(value) => arguments.add(value.as_slice()),
        }
        .map_err(sqlx::Error::Encode)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        // Counters; a column's CHECK refuses what wrapped around.
        Self::Int(value as i64)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<Uuid> for Value {
    fn from(value: Uuid) -> Self {
        Self::Id(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// How a table's rows are written.
#[derive(Debug)]
pub(crate) struct Table {
    /// The table's name, for errors.
    pub name: &'static str,
    /// What comes before the rows.
    pub head: &'static str,
    /// How many values a row has.
    pub columns: usize,
    /// What comes behind the rows.
    pub tail: &'static str,
}

impl Table {
    /// The statement for so many rows.
    pub(crate) fn statement(&self, rows: usize) -> String {
        let row = format!("({})", vec!["?"; self.columns].join(","));
        format!(
            "{} {} {}",
            self.head,
            vec![row.as_str(); rows].join(","),
            self.tail
        )
    }
}

/// Values of one table's rows, one after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows(pub(crate) Vec<Value>);

impl Rows {
    /// Begins a row with its customer's key.
    pub(crate) fn row<const N: usize>(
        &mut self,
        (tenant, customer): (TenantId, CustomerId),
        values: [Value; N],
    ) {
        self.0.reserve(N + 2);
        self.0.push(Value::Id(tenant.0));
        self.0.push(Value::Id(customer.0));
        self.0.extend(values);
    }

    /// Begins a row of the tenant's own.
    pub(crate) fn own<const N: usize>(&mut self, tenant: TenantId, values: [Value; N]) {
        self.0.reserve(N + 1);
        self.0.push(Value::Id(tenant.0));
        self.0.extend(values);
    }
}

/// A statement that failed, and the first row it was about.
pub(crate) struct Broken {
    pub table: &'static str,
    pub row: Vec<Value>,
    pub source: sqlx::Error,
}

/// Writes rows of several commits into a table; at most `most` of them in one statement.
/// Answers how many rows were changed.
pub(crate) async fn write(
    connection: &mut SqliteConnection,
    table: &Table,
    rows: &[&Rows],
    most: usize,
) -> Result<u64, Broken> {
    let rows: Vec<&[Value]> = rows
        .iter()
        .flat_map(|rows| rows.0.chunks_exact(table.columns))
        .collect();
    let mut changed = 0;
    for chunk in chunks(&rows, most) {
        let broken = |source| Broken {
            table: table.name,
            row: chunk[0].to_vec(),
            source,
        };
        let arguments = arguments(chunk).map_err(broken)?;
        changed += sqlx::query_with(AssertSqlSafe(table.statement(chunk.len())), arguments)
            .execute(&mut *connection)
            .await
            .map_err(broken)?
            .rows_affected();
    }
    Ok(changed)
}

/// The rows' values as a statement's arguments.
pub(crate) fn arguments(rows: &[&[Value]]) -> Result<SqliteArguments, sqlx::Error> {
    let mut arguments = SqliteArguments::default();
    arguments.reserve(rows.iter().map(|row| row.len()).sum(), 0);
    for value in rows.iter().copied().flatten() {
        value.bind(&mut arguments)?;
    }
    Ok(arguments)
}

/// Cuts rows into chunks of the fixed sizes.
pub(crate) fn chunks<T>(mut rows: &[T], most: usize) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = CHUNKS
            .into_iter()
            .find(|size| *size <= rows.len() && *size <= most)?;
        let (chunk, rest) = rows.split_at(size);
        rows = rest;
        Some(chunk)
    })
}
