//! "Did you mean …?"

/// Names longer than this are not guessed at: nobody misspells them by a letter, and the
/// distance of two takes time in proportion to the product of their lengths.
const CHARS_MAX: usize = 64;
/// At most so many candidates are looked at.
const CANDIDATES_MAX: usize = 200;

/// The candidate that a name was probably meant to be: the closest by edit distance, where
/// that is at most a third of the name's length (at least 1).
pub(super) fn closest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let chars = count(name)?;
    let most = (chars / 3).max(1);
    candidates
        .into_iter()
        .take(CANDIDATES_MAX)
        .filter(|candidate| count(candidate).is_some_and(|other| other.abs_diff(chars) <= most))
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many characters a name has, where it may be guessed at.
fn count(name: &str) -> Option<usize> {
    let chars = name.chars().take(CHARS_MAX + 1).count();
    (chars <= CHARS_MAX).then_some(chars)
}

/// `: did you mean …?`, or nothing.
pub(super) fn hint<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    closest(name, candidates).map_or_else(String::new, did_you_mean)
}

/// What is said of a name that was found.
pub(super) fn did_you_mean(found: &str) -> String {
    format!(": did you mean `{found}`?")
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}
