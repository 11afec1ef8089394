//! A stage's own plain text: placeholders and nothing else.

use std::sync::OnceLock;

use minijinja::Environment;
use minijinja::value::{Serde, Value};

use super::context::Context;
use super::{Fault, Part, PartSet, RenderError, Rendered, engine, source};

/// The name under which faults of inline text are told.
const NAME: &str = "inline";

/// Checks a stage's own text: no URL, no template syntax but placeholders.
pub fn check_inline(locale: &str, subject: &str, body: &str) -> Result<(), RenderError> {
    check_part(locale, Part::Subject, subject)?;
    check_part(locale, Part::Text, body)
}

/// Checks and renders a stage's own text for a reader of `locale`. A channel without a
/// subject leaves it out; there is no HTML.
pub fn render_inline(
    locale: &str,
    subject: &str,
    body: &str,
    parts: PartSet,
    context: &Context,
) -> Result<Rendered, RenderError> {
    let subject = match parts {
        PartSet::Email | PartSet::Letter => {
            Some(render_part(locale, Part::Subject, subject, context)?)
        }
        PartSet::Message | PartSet::Script => None,
    };
    let part = if parts == PartSet::Message {
        Part::Short
    } else {
        Part::Text
    };
    let text = render_part(locale, part, body, context)?;
    Ok(Rendered {
        subject,
        text,
        html: None,
    })
}

fn render_part(
    locale: &str,
    part: Part,
    text: &str,
    context: &Context,
) -> Result<String, RenderError> {
    static ENGINE: OnceLock<Environment<'static>> = OnceLock::new();
    check_part(locale, part, text)?;
    let rendered = ENGINE
        .get_or_init(engine::environment)
        .render_named_str(&format!("{NAME}/{part}"), text, Value::from(Serde(context)))
        .map_err(|error| RenderError::from_engine(NAME, locale, part, &error))?;
    engine::check_output(part, &rendered, context)
        .map_err(|fault| RenderError::new(NAME, locale, Some(part), None, fault))?;
    Ok(rendered)
}

fn check_part(locale: &str, part: Part, text: &str) -> Result<(), RenderError> {
    let (line, fault) = match source::faults(part, text).into_iter().next() {
        Some(found) => found,
        None => match first_not_a_placeholder(text) {
            Some((line, found)) => (Some(line), Fault::NotAPlaceholder { found }),
            None => return Ok(()),
        },
    };
    Err(RenderError::new(NAME, locale, Some(part), line, fault))
}

/// The first piece of template syntax that is not `{{ dotted.name }}`, and its line.
fn first_not_a_placeholder(text: &str) -> Option<(usize, String)> {
    let mut from = 0;
    while let Some(start) = text[from..].find('{').map(|found| from + found) {
        let rest = &text[start..];
        if let Some(inner) = rest.strip_prefix("{{") {
            let name = inner.split_once("}}").map(|(name, _)| name);
            if !name.is_some_and(|name| is_path(name.trim_matches(' '))) {
                return Some((line_of(text, start), rest.chars().take(40).collect()));
            }
            from = start + 4 + name.map_or(0, str::len);
        } else if rest.starts_with("{%") || rest.starts_with("{#") {
            return Some((line_of(text, start), rest.chars().take(40).collect()));
        } else {
            from = start + 1;
        }
    }
    None
}

fn is_path(name: &str) -> bool {
    name.split('.').all(|step| {
        step.starts_with(|c: char| c.is_ascii_lowercase())
            && step
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    })
}

fn line_of(text: &str, position: usize) -> usize {
    text[..position].matches('\n').count() + 1
}
