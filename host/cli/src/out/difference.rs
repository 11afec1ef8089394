//! How two texts differ.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

/// The lines in which what came differs from what was expected, with three around each; `-` is
/// what was expected, `+` what came.
pub(crate) fn difference(wanted: &str, found: &str) -> String {
    let diff = TextDiff::from_lines(wanted, found);
    let mut text = String::new();
    for (at, group) in diff.grouped_ops(3).iter().enumerate() {
        if at > 0 {
            text.push_str("    …\n");
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            let _ = writeln!(text, "  {sign} {}", change.value().trim_end());
        }
    }
    text
}
