//! `regua settings`.

use crate::out::{put, say};
use crate::settings::Settings;

/// Prints every setting.
pub(crate) fn run(settings: &Settings) {
    for (doc, value, origin) in settings.rows() {
        let value = if value.is_empty() { "(none)" } else { &value };
        say!("{} = {value}", doc.key);
        say!("    from {origin}; set by {}", doc.set_by());
        put!("    {}\n\n", doc.text);
    }
}
