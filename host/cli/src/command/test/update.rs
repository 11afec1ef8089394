//! Writing what came into a scenario, and leaving all else in it as it is.

mod places;

use std::cmp::Reverse;

use anyhow::{Context as _, bail, ensure};
use regua_domain::workflow::check::{Form, read};
use regua_rehearsal::scenario::{Mismatch, scenario};
use serde_json::Value;

use places::{Place, Places};

/// The text with what came in place of what was expected. What would not be read again as what came
/// is an error: nothing is written then.
pub(super) fn updated(text: &str, mismatches: &[Mismatch]) -> anyhow::Result<String> {
    let places = Places::of(text)?;
    let mut wanted = read(text, Form::Yaml).map_err(|_| anyhow::anyhow!("it is no YAML"))?;
    let mut edits = Vec::new();
    for mismatch in mismatches {
        let pointer = format!("{}/expect", mismatch.pointer);
        let place = places.get(&pointer);
        let value = wanted.pointer_mut(&pointer);
        let (place, value) = place.zip(value).context("`expect` is not to be found")?;
        *value = writable(&mismatch.expected, &mismatch.came)?;
        edits.push((place, value.clone()));
    }
    // From the end, so that what is above stays where it is.
    edits.sort_by_key(|(place, _)| Reverse(place.start));
    let mut written = text.to_owned();
    for (place, came) in edits {
        put(&mut written, place, &came)?;
    }
    let reads = read(&written, Form::Yaml).is_ok_and(|value| value == wanted);
    let by_hand = "what came does not fit into how it is written: write it by hand";
    ensure!(reads && scenario(&written, Form::Yaml).is_ok(), by_hand);
    Ok(written)
}

/// What came, as an expectation may say it.
fn writable(expected: &Value, came: &Value) -> anyhow::Result<Value> {
    for bound in ["no_contact_since", "no_demand_since"] {
        if expected.get(bound) != came.get(bound) {
            bail!("`{bound}` was not kept: that is mended by hand");
        }
    }
    Ok(told_whole(came))
}

/// A text that lacks some of the pieces it should have is told whole.
fn told_whole(came: &Value) -> Value {
    match came {
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| match (name.as_str(), value) {
                    ("has", Value::String(_)) => ("text".to_owned(), value.clone()),
                    _ => (name.clone(), told_whole(value)),
                });
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(told_whole).collect(),
        other => other.clone(),
    }
}

/// Puts a value in the place of another.
fn put(text: &mut String, place: &Place, came: &Value) -> anyhow::Result<()> {
    if place.in_flow {
        text.replace_range(place.start..place.end, &came.to_string());
        return Ok(());
    }
    let end_of_line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let indent = if place.is_block {
        place.column
    } else {
        place.indent + 2
    };
    let begin = format!("{end_of_line}{:indent$}", "");
    let yaml = yaml(came)?;
    let lines: Vec<_> = yaml.trim_end().lines().collect();
    let block = lines.join(&begin);
    // Behind it, on its line, is a comment or nothing.
    let line = text[place.end..].find(['\r', '\n']);
    let line = line.map_or(text.len(), |at| place.end + at);
    let comment = text[place.end..line].trim().to_owned();
    let said = |text: &str| {
        if text.is_empty() {
            String::new()
        } else {
            format!("{begin}{text}")
        }
    };
    if place.is_block {
        text.replace_range(place.start..line, &(block + &said(&comment)));
    } else {
        let start = text[..place.start].trim_end_matches(' ').len();
        text.replace_range(start..line, &(said(&comment) + &begin + &block));
    }
    Ok(())
}

/// A value as YAML.
pub(super) fn yaml(value: &Value) -> anyhow::Result<String> {
    serde_saphyr::to_string(value).context("a value cannot be written as YAML")
}

#[cfg(test)]
mod tests;
