//! Many rows in one statement: each column is bound as an array, so that a statement has one
//! text, and is prepared once a connection, however many rows it is about.

use regua_domain::id::{CustomerId, TenantId};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments as _, AssertSqlSafe, PgConnection};
use uuid::Uuid;

/// A value on its way into a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Flag(bool),
    Id(Uuid),
    Text(String),
    Bytes(Vec<u8>),
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

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Flag(value)
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

/// What a column is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Id,
    Int,
    Flag,
    Text,
    Bytes,
}

impl Kind {
    fn array(self) -> &'static str {
        match self {
            Self::Id => "uuid[]",
            // Dates too: what is too wide for a column is refused on its way into it.
            Self::Int => "bigint[]",
            Self::Flag => "boolean[]",
            Self::Text => "text[]",
            Self::Bytes => "bytea[]",
        }
    }
}

/// How a table's rows are written: the tenant, and then its columns.
#[derive(Debug)]
pub(crate) struct Table {
    /// The table's name, for errors.
    pub name: &'static str,
    /// What comes before the rows.
    pub head: &'static str,
    /// What a row is made of, behind the tenant.
    pub columns: &'static [Kind],
    /// What comes behind the rows.
    pub tail: &'static str,
}

impl Table {
    /// The statement, for any number of rows.
    pub(crate) fn statement(&self) -> String {
        let kinds = std::iter::once(&Kind::Id).chain(self.columns);
        let arrays: Vec<String> = kinds
            .enumerate()
            .map(|(place, kind)| format!("${}::{}", place + 1, kind.array()))
            .collect();
        format!("{} unnest({}) {}", self.head, arrays.join(", "), self.tail)
    }

    fn arguments(&self, tenant: TenantId, rows: &[&[Value]]) -> Result<PgArguments, sqlx::Error> {
        let mut arguments = PgArguments::default();
        let tenants = vec![tenant.0; rows.len()];
        arguments.add(tenants).map_err(sqlx::Error::Encode)?;
        for (place, kind) in self.columns.iter().enumerate() {
            bind(&mut arguments, *kind, rows.iter().map(|row| &row[place]))
                .map_err(sqlx::Error::Encode)?;
        }
        Ok(arguments)
    }
}

fn bind<'v>(
    arguments: &mut PgArguments,
    kind: Kind,
    values: impl Iterator<Item = &'v Value>,
) -> Result<(), sqlx::error::BoxDynError> {
    macro_rules! column {
        ($variant:ident, $read:expr) => {{
            let read = $read;
            let column: Vec<_> = values
                .map(|value| match value {
                    Value::$variant(value) => Some(read(value)),
                    _ => None,
                })
                .collect();
            arguments.add(column)
        }};
    }
    match kind {
        Kind::Id => column!(Id, |id: &Uuid| *id),
        Kind::Int => column!(Int, |int: &i64| *int),
        Kind::Flag => column!(Flag, |flag: &bool| *flag),
        Kind::Text => column!(Text, String::as_str),
        Kind::Bytes => column!(Bytes, Vec::as_slice),
    }
}

/// Values of one table's rows, one after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows(Vec<Value>);

impl Rows {
    /// Begins a row with its customer.
    pub(crate) fn row<const N: usize>(&mut self, customer: CustomerId, values: [Value; N]) {
        self.0.reserve(N + 1);
        self.0.push(Value::Id(customer.0));
        self.0.extend(values);
    }

    /// Begins a row of the tenant's own.
    pub(crate) fn own<const N: usize>(&mut self, values: [Value; N]) {
        self.0.extend(values);
    }

    /// The rows of a table.
    pub(crate) fn of<'r>(&'r self, table: &Table) -> impl Iterator<Item = &'r [Value]> + use<'r> {
        self.0.chunks_exact(table.columns.len())
    }
}

/// A statement that failed, and the first row it was about.
#[derive(Debug)]
pub(crate) struct Broken {
    pub table: &'static str,
    pub row: Vec<Value>,
    pub source: sqlx::Error,
}

/// Writes rows into a table, in their order; answers what the statement returns.
pub(crate) async fn write(
    connection: &mut PgConnection,
    tenant: TenantId,
    table: &Table,
    rows: &[&[Value]],
) -> Result<Vec<PgRow>, Broken> {
    let Some(first) = rows.first() else {
        return Ok(Vec::new());
    };
    let broken = |source| Broken {
        table: table.name,
        row: first.to_vec(),
        source,
    };
    let arguments = table.arguments(tenant, rows).map_err(broken)?;
    sqlx::query_with(AssertSqlSafe(table.statement()), arguments)
        .fetch_all(connection)
        .await
        .map_err(broken)
}
