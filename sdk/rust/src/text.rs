//! Values that a config spells as text.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, Unexpected, Visitor};

/// Reads text and parses it inside the visitor: an error from there bears the position of
/// the text, and so the right pointer; one made after it bears that of the whole object.
pub(crate) fn parsed<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    expected: &'static str,
    parse: fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Parsed {
        expected,
        parse,
        result: PhantomData,
    })
}

struct Parsed<T> {
    expected: &'static str,
    parse: fn(&str) -> Option<T>,
    result: PhantomData<T>,
}

impl<T> Visitor<'_> for Parsed<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}
