//! Reading a row's columns one after the other; nothing that is stored is trusted.

use regua_domain::money::Currency;
use regua_domain::time::{Date, Timestamp, from_epoch_days, to_epoch_days};
use regua_storage::StoreError;
use regua_storage::record::{corrupt, from_json};
use serde::Serialize;
use serde::de::value::{Error as NameError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::rows::Value;

/// A column that does not hold what it should.
#[derive(Debug, thiserror::Error)]
#[error("column {column} {fault}")]
struct BadCell {
    column: usize,
    fault: &'static str,
}

/// A row being read, column by column.
pub(crate) struct Cells<'r> {
    row: &'r PgRow,
    what: &'static str,
    next: usize,
}

impl<'r> Cells<'r> {
    pub(crate) fn new(row: &'r PgRow, what: &'static str) -> Self {
        Self { row, what, next: 0 }
    }

    /// To read a row's last column alone.
    pub(crate) fn last(row: &'r PgRow, what: &'static str) -> Self {
        let next = row.len() - 1;
        Self { row, what, next }
    }

    fn get<T>(&mut self) -> Result<T, StoreError>
    where
        T: sqlx::Decode<'r, sqlx::Postgres>,
    {
        let column = self.next;
        self.next += 1;
        // Unchecked: an integer is read whatever its width, and then bounded.
        self.row
            .try_get_unchecked(column)
            .map_err(|source| corrupt(self.what, source))
    }

    fn bad(&self, fault: &'static str) -> StoreError {
        let column = self.next - 1;
        corrupt(self.what, BadCell { column, fault })
    }

    pub(crate) fn maybe_uuid(&mut self) -> Result<Option<Uuid>, StoreError> {
        self.get()
    }

    pub(crate) fn uuid(&mut self) -> Result<Uuid, StoreError> {
        self.maybe_uuid()?.ok_or_else(|| self.bad("is null"))
    }

    pub(crate) fn maybe_int(&mut self) -> Result<Option<i64>, StoreError> {
        self.get()
    }

    pub(crate) fn int<T: TryFrom<i64>>(&mut self) -> Result<T, StoreError> {
        let value = self.maybe_int()?.ok_or_else(|| self.bad("is null"))?;
        T::try_from(value).map_err(|_| self.bad("is out of range"))
    }

    pub(crate) fn flag(&mut self) -> Result<bool, StoreError> {
        self.get::<Option<bool>>()?
            .ok_or_else(|| self.bad("is null"))
    }

    pub(crate) fn at(&mut self) -> Result<Timestamp, StoreError> {
        self.int().map(Timestamp)
    }

    pub(crate) fn maybe_at(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.maybe_int()?.map(Timestamp))
    }

    pub(crate) fn maybe_date(&mut self) -> Result<Option<Date>, StoreError> {
        self.maybe_int()?
            .map(|days| {
                i32::try_from(days)
                    .ok()
                    .and_then(from_epoch_days)
                    .ok_or_else(|| self.bad("is no date"))
            })
            .transpose()
    }

    pub(crate) fn date(&mut self) -> Result<Date, StoreError> {
        self.maybe_date()?.ok_or_else(|| self.bad("is null"))
    }

    pub(crate) fn maybe_str(&mut self) -> Result<Option<&'r str>, StoreError> {
        self.get()
    }

    pub(crate) fn str(&mut self) -> Result<&'r str, StoreError> {
        self.maybe_str()?.ok_or_else(|| self.bad("is null"))
    }

    pub(crate) fn text(&mut self) -> Result<String, StoreError> {
        self.str().map(str::to_owned)
    }

    pub(crate) fn maybe_text(&mut self) -> Result<Option<String>, StoreError> {
        Ok(self.maybe_str()?.map(str::to_owned))
    }

    pub(crate) fn maybe_bytes(&mut self) -> Result<Option<&'r [u8]>, StoreError> {
        self.get()
    }

    pub(crate) fn bytes(&mut self) -> Result<&'r [u8], StoreError> {
        self.maybe_bytes()?.ok_or_else(|| self.bad("is null"))
    }

    /// One of an enum's kebab-case names.
    pub(crate) fn name<T: DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        let text = self.str()?;
        let reader: StrDeserializer<'_, NameError> = text.into_deserializer();
        T::deserialize(reader).map_err(|source| corrupt(self.what, source))
    }

    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        from_json(self.what, self.str()?)
    }

    pub(crate) fn maybe_json<T: DeserializeOwned>(&mut self) -> Result<Option<T>, StoreError> {
        self.maybe_str()?
            .map(|text| from_json(self.what, text))
            .transpose()
    }

    /// A list, which is most often empty.
    pub(crate) fn list<T: DeserializeOwned>(&mut self) -> Result<Vec<T>, StoreError> {
        match self.str()? {
            "[]" => Ok(Vec::new()),
            text => from_json(self.what, text),
        }
    }

    pub(crate) fn maybe_currency(&mut self) -> Result<Option<Currency>, StoreError> {
        self.maybe_str()?
            .map(|code| Currency::parse(code).map_err(|source| corrupt(self.what, source)))
            .transpose()
    }

    pub(crate) fn currency(&mut self) -> Result<Currency, StoreError> {
        self.maybe_currency()?.ok_or_else(|| self.bad("is null"))
    }
}

/// A date on its way into a column.
pub(crate) fn days(date: Date) -> Value {
    Value::Int(to_epoch_days(date).into())
}

/// A nested value on its way into a column.
pub(crate) fn json<T: Serialize>(what: &'static str, value: &T) -> Result<Value, StoreError> {
    regua_storage::record::to_json(what, value).map(Value::Text)
}

/// An enum's kebab-case name on its way into a column.
pub(crate) fn name<T: Serialize>(what: &'static str, value: &T) -> Result<Value, StoreError> {
    let quoted = regua_storage::record::to_json(what, value)?;
    Ok(Value::Text(quoted.trim_matches('"').to_owned()))
}
