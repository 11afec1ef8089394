//! One policy or two, side by side.

use std::collections::BTreeMap;

/// Of the two policies that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The one that is live.
    Champion,
    /// The one that is tried.
    Challenger,
}

impl Whose {
    /// The class of what is of it in the page.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Champion => "champion",
            Self::Challenger => "challenger",
        }
    }
}

/// What is known of a policy.
#[derive(Debug)]
pub(crate) struct Side<'a, T> {
    /// Which.
    pub(crate) whose: Whose,
    /// What it is called.
    pub(crate) name: &'static str,
    /// What it did.
    pub(crate) of: &'a T,
}

/// The head of a table with a column for each policy, behind what its rows are of.
pub(crate) fn head<T>(sides: &[Side<'_, T>], first: &str) -> Vec<String> {
    let names = sides.iter().map(|side| capital(side.name));
    std::iter::once(first.to_owned()).chain(names).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Names that any policy has counts of, with the counts of each: the largest first, of equal ones by
/// name. What a ladder does to cases makes this the order of its rungs.
pub(crate) fn counts<'a, T>(
    sides: &[Side<'a, T>],
    counts: impl Fn(&'a T) -> &'a BTreeMap<String, u64>,
) -> Vec<(&'a str, Vec<u64>)> {
    let mut names: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for (at, side) in sides.iter().enumerate() {
        for (name, count) in counts(side.of) {
            names.entry(name).or_insert_with(|| vec![0; sides.len()])[at] = *count;
        }
    }
    let mut rows: Vec<_> = names.into_iter().collect();
    rows.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.iter().copied().max()));
    rows
}
