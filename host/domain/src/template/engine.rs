//! The template engine, set up to be harmless.

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};

use super::error::Fault;
use super::{HTML_BYTES_MAX, Part, SHORT_CHARS_MAX, SUBJECT_CHARS_MAX, TEXT_BYTES_MAX};

/// One unit pays for an instruction or 64 bytes: about 1 MB and a millisecond or two.
const FUEL_MAX: u64 = 20_000;
const DEPTH_MAX: usize = 64;

/// An environment without templates. Parts are named `<anything>/<part>`.
pub(super) fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL_MAX));
    environment.set_recursion_limit(DEPTH_MAX);
    // Only so does the engine say which variable is undefined.
    environment.set_debug(true);
    // A loop on lines of its own leaves no empty lines in a plain text.
    if let Ok(syntax) = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
    {
        environment.set_syntax(syntax);
    }
    environment.set_auto_escape_callback(|name| {
        if is_html(name) {
            AutoEscape::Html
        } else {
            AutoEscape::None
        }
    });
    // Values are the debtor's: nothing may declare them safe. `safe` goes, and a block
    // that switches escaping off is an error when it prints.
    environment.remove_filter("safe");
    environment.remove_global("debug");
    environment.set_formatter(|out, state, value| {
        if is_html(state.name()) && *state.auto_escape() != AutoEscape::Html {
            return Err(Error::new(
                ErrorKind::InvalidOperation,
                "html is always escaped",
            ));
        }
        minijinja::escape_formatter(out, state, value)
    });
    environment
}

/// What a rendered part may not be: too long, of more than one line where it is a subject,
/// or a carrier of links that are not the host's.
pub(super) fn check_output(part: Part, text: &str, root: &Value) -> Result<(), Fault> {
    let (len, max, unit) = match part {
        Part::Subject => (text.chars().count(), SUBJECT_CHARS_MAX, "characters"),
        Part::Short => (text.chars().count(), SHORT_CHARS_MAX, "characters"),
        Part::Text => (text.len(), TEXT_BYTES_MAX, "bytes"),
        Part::Html => (text.len(), HTML_BYTES_MAX, "bytes"),
    };
    if len > max {
        return Err(Fault::TooLong { len, max, unit });
    }
    if part == Part::Subject
        && text.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
    {
        return Err(Fault::SubjectLines);
    }
    if text.contains("//") || (part == Part::Html && text.contains(SLASHES_IN_HTML)) {
        only_host_links(part, text, root)?;
    }
    Ok(())
}

/// How `//` looks once it is escaped.
const SLASHES_IN_HTML: &str = "&#x2f;&#x2f;";

/// Source checks see what is typed, not what is put together from pieces or comes in a
/// value: once the host's links are taken out, no URL may be left.
fn only_host_links(part: Part, text: &str, root: &Value) -> Result<(), Fault> {
    let mut rest = text.to_owned();
    if let Ok(links) = root.get_attr("links") {
        // Longer ones first: one link may be the beginning of another.
        let mut known: Vec<String> = links
            .try_iter()
            .into_iter()
            .flatten()
            .filter_map(|key| links.get_item(&key).ok()?.as_str().map(str::to_owned))
            .filter(|link| !link.is_empty())
            .collect();
        known.sort_by_key(|link| std::cmp::Reverse(link.len()));
        for link in known {
            rest = rest.replace(&link, " ");
            if part == Part::Html {
                rest = rest.replace(&minijinja::HtmlEscape(&link).to_string(), " ");
            }
        }
    }
    if rest.contains("://")
        || (part == Part::Html && rest.contains(SLASHES_IN_HTML) && rest.contains(":&#x2f;"))
    {
        return Err(Fault::UrlInOutput);
    }
    Ok(())
}

fn is_html(name: &str) -> bool {
    name.ends_with("/html")
}
