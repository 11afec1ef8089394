//! The template engine, set up to be harmless.

use std::borrow::Cow;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

use super::address::web_addresses;
use super::context::{Context, Links};
use super::error::Fault;
use super::html;
use super::scan::LINK;
use super::source::with_stand_ins;
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
    // Only through a namespace can a value hold itself, and what prints or drops such a one
    // never ends.
    environment.remove_global("namespace");
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
/// or a carrier of links that are not the host's. Source checks see what is typed, not what
/// is put together from pieces or comes in a value.
pub(super) fn check_output(part: Part, text: &str, context: &Context) -> Result<(), Fault> {
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
    let links = context.links.as_ref().map_or_else(Vec::new, Links::all);
    let mut plain: Cow<'_, str> = if part == Part::Html {
        let html = html::read(text, &|value| links.contains(&value));
        if let Some((_, fault)) = html.faults.into_iter().next() {
            return Err(fault);
        }
        html.text.into()
    } else {
        text.into()
    };
    for link in links {
        plain = plain.replace(link, LINK.encode_utf8(&mut [0; 4])).into();
    }
    let found = web_addresses(&with_stand_ins(&plain));
    if found.iter().all(|address| is_a_name(address, context)) {
        Ok(())
    } else {
        Err(Fault::UrlInOutput)
    }
}

/// Whether what reads as an address is how somebody or something is called: a tenant may be
/// named after its web site, and an item be numbered `A.BC/7`. It is that as it stands, with
/// nothing before or behind it, and no more than a host where a debtor may have chosen it.
fn is_a_name(address: &str, context: &Context) -> bool {
    let is_in = |text: &str| web_addresses(text).iter().any(|known| known == address);
    !address.contains([':', '@', '?', '#'])
        && (context.references().any(is_in)
            || (!address.contains('/') && context.names().into_iter().any(is_in)))
}

fn is_html(name: &str) -> bool {
    name.ends_with("/html")
}
