//! What a guest gave, quoted within bounds: a name may be a mebibyte long, a list have a
//! hundred thousand entries, and what is told stays on a timeline for ever.

/// Bytes of a name that is quoted.
const NAME_BYTES_MAX: usize = 100;
/// More problems than fit on a screen help nobody.
const PROBLEMS_MAX: usize = 8;
/// Bytes of a text as a whole.
const DETAIL_BYTES_MAX: usize = 2 << 10;

/// A name to be quoted: its beginning, where it is long.
pub(crate) fn name(name: &str) -> String {
    cut(name.to_owned(), NAME_BYTES_MAX)
}

/// A detail: its beginning, where it is long.
pub(crate) fn detail(text: String) -> String {
    cut(text, DETAIL_BYTES_MAX)
}

/// The first problems, and how many more there are; each of bounded length.
pub(crate) fn problems(mut problems: Vec<String>) -> Vec<String> {
    let more = problems.len().saturating_sub(PROBLEMS_MAX);
    problems.truncate(PROBLEMS_MAX);
    let mut told: Vec<String> = problems.into_iter().map(detail).collect();
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    told
}

/// Cuts a text at a character and says that it was cut.
fn cut(mut text: String, bytes_max: usize) -> String {
    if text.len() > bytes_max {
        text.truncate(text.floor_char_boundary(bytes_max));
        text.push('…');
        text.shrink_to_fit();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_at_a_character() {
        assert_eq!(name("wasi:clocks"), "wasi:clocks");
        assert_eq!(name(&"é".repeat(51)), "é".repeat(50) + "…");
        assert_eq!(
            name(&("x".to_owned() + &"é".repeat(50))),
            "x".to_owned() + &"é".repeat(49) + "…"
        );
    }

    #[test]
    fn the_first_problems_are_told_and_the_rest_counted() {
        let many = (0..10).map(|n| n.to_string()).collect();
        let told = problems(many);
        assert_eq!(told.len(), 9);
        assert_eq!(told[7..], ["7", "and 2 more"]);
    }
}
