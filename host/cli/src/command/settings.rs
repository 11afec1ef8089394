//! `regua settings`.

use crate::out::{put, say};
use crate::settings::Settings;

/// Prints every setting.
pub(crate) fn run(settings: &Settings) {
    for (doc, value, origin) in settings.rows() {
        let value = if value.is_empty() { "(none)" } else { &value };
        say!("{} = {value}", doc.key);
        let flag = if doc.flag.is_empty() {
            String::new()
        } else {
            format!("{}, ", doc.flag)
        };
        say!(
            "    from {origin}; set by {flag}{} or `{}` in regua.toml",
            doc.variable,
            doc.key
        );
        put!("    {}\n\n", doc.text);
    }
}
