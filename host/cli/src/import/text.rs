//! Texts with placeholders, and the cells they are filled from.

use std::collections::BTreeMap;

use csv::StringRecord;

/// Why a cell could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CellFault {
    pub(super) column: Option<String>,
    pub(super) reason: String,
}

impl CellFault {
    pub(super) fn at(column: &str, reason: impl Into<String>) -> Self {
        Self {
            column: Some(column.to_owned()),
            reason: reason.into(),
        }
    }
}

/// A table that a column's values are looked up in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The column.
    pub column: String,
    /// Fields by value.
    pub table: BTreeMap<String, BTreeMap<String, String>>,
    /// For values that the table does not have; none: the row has a fault.
    pub otherwise: Option<BTreeMap<String, String>>,
}

/// One row's cells, by heading.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells<'a> {
    pub(super) headings: &'a BTreeMap<String, usize>,
    pub(super) lookups: &'a BTreeMap<String, Lookup>,
    pub(super) record: &'a StringRecord,
}

impl<'a> Cells<'a> {
    /// A cell's text, trimmed; empty where there is none.
    pub(super) fn get(&self, column: &str) -> &'a str {
        self.headings
            .get(column)
            .and_then(|at| self.record.get(*at))
            .map_or("", str::trim)
    }

    fn look_up(&self, name: &str, field: &str) -> Result<&'a str, CellFault> {
        let Some(lookup) = self.lookups.get(name) else {
            return Ok("");
        };
        let value = self.get(&lookup.column);
        let found = lookup.table.get(value).or(lookup.otherwise.as_ref());
        let fields = found.ok_or_else(|| {
            CellFault::at(
                &lookup.column,
                format!("`{value}` is not in the table `{name}`"),
            )
        })?;
        fields.get(field).map(String::as_str).ok_or_else(|| {
            CellFault::at(
                &lookup.column,
                format!("`{value}` has no `{field}` in the table `{name}`"),
            )
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Column(String, Case),
    Field(String, String, Case),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Kept,
    Lower,
    Upper,
}

/// A text with placeholders: `{column}`, `{lookup.field}`, each with `|lower` or `|upper`
/// where wanted; `{{` is a brace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(Vec<Piece>);

impl Text {
    /// Reads one; every fault is told.
    pub(super) fn parse(text: &str, lookups: &BTreeMap<String, Lookup>) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            literal.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('{') {
                literal.push('{');
                rest = after;
                continue;
            }
            let end = rest
                .find('}')
                .ok_or_else(|| format!("`{text}` has a {{ without a }}"))?;
            if !literal.is_empty() {
                pieces.push(Piece::Literal(std::mem::take(&mut literal)));
            }
            pieces.push(placeholder(&rest[..end], lookups)?);
            rest = &rest[end + 1..];
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Ok(Self(pieces))
    }

    /// The columns it names itself.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Column(column, _) => Some(column.as_str()),
            _ => None,
        })
    }

    /// Its text in a row; none where a placeholder is empty.
    pub(super) fn optional(&self, cells: Cells<'_>) -> Result<Option<String>, CellFault> {
        match self.fill(cells)? {
            Ok(text) => Ok(Some(text)),
            Err(_) => Ok(None),
        }
    }

    /// Its text in a row, where an empty placeholder is a fault.
    pub(super) fn required(&self, cells: Cells<'_>) -> Result<String, CellFault> {
        self.fill(cells)?
            .map_err(|column| CellFault::at(column, "is empty"))
    }

    /// The column that a fault of it is told of: the first it names.
    pub(super) fn column(&self) -> Option<&str> {
        self.columns().next()
    }

    fn fill<'a>(&'a self, cells: Cells<'a>) -> Result<Result<String, &'a str>, CellFault> {
        let mut text = String::new();
        for piece in &self.0 {
            let (value, case, column) = match piece {
                Piece::Literal(literal) => {
                    text.push_str(literal);
                    continue;
                }
                Piece::Column(column, case) => (cells.get(column), *case, column.as_str()),
                Piece::Field(lookup, field, case) => {
                    (cells.look_up(lookup, field)?, *case, lookup.as_str())
                }
            };
            if value.is_empty() {
                return Ok(Err(column));
            }
            match case {
                Case::Kept => text.push_str(value),
                Case::Lower => text.push_str(&value.to_lowercase()),
                Case::Upper => text.push_str(&value.to_uppercase()),
            }
        }
        Ok(Ok(text))
    }
}

fn placeholder(text: &str, lookups: &BTreeMap<String, Lookup>) -> Result<Piece, String> {
    let (name, case) = match text.rsplit_once('|') {
        Some((name, "lower")) => (name, Case::Lower),
        Some((name, "upper")) => (name, Case::Upper),
        Some((_, other)) => return Err(format!("`|{other}` is neither |lower nor |upper")),
        None => (text, Case::Kept),
    };
    let name = name.trim();
    if name.is_empty() {
        return Err("`{}` names no column".to_owned());
    }
    let Some((lookup, field)) = name.split_once('.') else {
        return Ok(Piece::Column(name.to_owned(), case));
    };
    let Some(table) = lookups.get(lookup) else {
        return Ok(Piece::Column(name.to_owned(), case));
    };
    let rows = table
        .table
        .iter()
        .map(|(value, fields)| (value.as_str(), fields));
    let otherwise = table.otherwise.iter().map(|fields| ("otherwise", fields));
    let lacking: Vec<_> = rows
        .chain(otherwise)
        .filter(|(_, fields)| !fields.contains_key(field))
        .map(|(value, _)| value)
        .collect();
    if !lacking.is_empty() {
        let lacking = lacking.join(", ");
        return Err(format!(
            "`{field}` is not in the table `{lookup}` at {lacking}"
        ));
    }
    Ok(Piece::Field(lookup.to_owned(), field.to_owned(), case))
}
