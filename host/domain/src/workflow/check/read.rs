//! From text to JSON, and from pointers to lines.

use std::collections::{BTreeMap, btree_map::Entry};
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_saphyr::{Location, Spanned};

use super::problem::{Problem, join};
use crate::strict::Strict;
use crate::yaml;

/// The longest document.
pub const DOCUMENT_BYTES_MAX: usize = 256 * 1024;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// YAML 1.2: `no` and `on` are text.
    Yaml,
    /// JSON.
    Json,
}

/// Reads a document. A member given twice is a fault, never the last one's win.
pub fn read(text: &str, form: Form) -> Result<Value, Vec<Problem>> {
    if text.len() > DOCUMENT_BYTES_MAX {
        let text = format!(
            "the document has {} bytes, at most {DOCUMENT_BYTES_MAX} are possible",
            text.len()
        );
        return Err(vec![Problem::new("", text)]);
    }
    let strict = match form {
        Form::Yaml => serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
            let place = error.location().map(|at| place(at.line(), at.column()));
            (place, format!("not YAML: {}", yaml::reason(&error)))
        }),
        Form::Json => serde_json::from_str(text).map_err(|error| {
            let place = Some((error.line(), error.column()));
            (place, format!("not JSON: {error}"))
        }),
    };
    strict.map(|Strict(value)| value).map_err(|(place, text)| {
        let place = place.filter(|(line, _)| *line > 0);
        vec![Problem {
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column.max(1)),
            ..Problem::new("", text)
        }]
    })
}

/// Line and column, as numbers of this machine.
fn place(line: u64, column: u64) -> (usize, usize) {
    let number = |number| usize::try_from(number).unwrap_or(usize::MAX);
    (number(line), number(column))
}

/// On which line of its text, and where in it, each part of a document begins.
#[derive(Debug, Clone, Default)]
pub struct Lines(BTreeMap<String, (usize, usize)>);

impl Lines {
    /// Lays out a text, YAML or JSON; empty where that fails.
    pub fn of(text: &str) -> Self {
        let mut lines = BTreeMap::new();
        if let Ok(root) = serde_saphyr::from_str_with_options::<Shape>(text, options()) {
            root.lay_out("", &mut lines);
        }
        Self(lines)
    }

    /// Line and column of the part, or of the innermost part around it that there is.
    pub fn place(&self, pointer: &str) -> Option<(usize, usize)> {
        let mut pointer = pointer;
        loop {
            if let Some(place) = self.0.get(pointer) {
                return Some(*place);
            }
            pointer = &pointer[..pointer.rfind('/')?];
        }
    }

    /// Gives every problem its line and column.
    pub fn number(&self, problems: &mut [Problem]) {
        for problem in problems.iter_mut().filter(|problem| problem.line.is_none()) {
            let place = self.place(&problem.pointer);
            problem.line = place.map(|(line, _)| line);
            problem.column = place.map(|(_, column)| column);
        }
    }
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! { strict_booleans: true, with_snippet: false }
}

/// A document's bones: where its parts begin.
enum Shape {
    Leaf,
    Items(Vec<Spanned<Self>>),
    Members(Vec<(Spanned<String>, Self)>),
}

impl Shape {
    fn lay_out(&self, pointer: &str, lines: &mut BTreeMap<String, (usize, usize)>) {
        let mut put = |pointer: &str, at: Location| {
            if let Entry::Vacant(entry) = lines.entry(pointer.to_owned()) {
                entry.insert(place(at.line(), at.column()));
            }
        };
        match self {
            Self::Leaf => {}
            Self::Items(items) => {
                for (index, item) in items.iter().enumerate() {
                    let pointer = format!("{pointer}/{index}");
                    put(&pointer, item.referenced);
                }
                for (index, item) in items.iter().enumerate() {
                    item.value.lay_out(&format!("{pointer}/{index}"), lines);
                }
            }
            Self::Members(members) => {
                for (name, _) in members {
                    put(&join(pointer, &name.value), name.referenced);
                }
                for (name, value) in members {
                    value.lay_out(&join(pointer, &name.value), lines);
                }
            }
        }
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value of YAML")
    }

    fn visit_unit<E: Error>(self) -> Result<Shape, E> {
        Ok(Shape::Leaf)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Shape, E> {
        Ok(Shape::Leaf)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Shape, E> {
        Ok(Shape::Leaf)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Shape, E> {
        Ok(Shape::Leaf)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Shape, E> {
        Ok(Shape::Leaf)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Shape, E> {
        Ok(Shape::Leaf)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Shape, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Shape::Items(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Shape, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Shape::Members(members))
    }
}
