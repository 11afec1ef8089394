//! Versions of plugins, and which of them a document's `name@1` means.

use std::cmp::Ordering;
use std::fmt;

/// A semantic version. Build metadata is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
    /// Empty for a release.
    before: Vec<String>,
}

impl Version {
    /// Reads `1.2.3` or `1.2.3-rc.1`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let (numbers, before) = match text.split_once('-') {
            Some((numbers, before)) => (numbers, before.split('.').map(str::to_owned).collect()),
            None => (text, Vec::new()),
        };
        let numbers = parse_numbers(numbers)?.try_into().ok()?;
        before
            .iter()
            .all(|part: &String| !part.is_empty())
            .then_some(Self { numbers, before })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Source: Semantic Versioning 2.0.0, section 11.
impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let identifiers = || {
            let pairs = self.before.iter().zip(&other.before);
            let first =
                pairs.map(
                    |(left, right)| match (left.parse::<u64>(), right.parse::<u64>()) {
                        (Ok(left), Ok(right)) => left.cmp(&right),
                        (Ok(_), Err(_)) => Ordering::Less,
                        (Err(_), Ok(_)) => Ordering::Greater,
                        (Err(_), Err(_)) => left.cmp(right),
                    },
                );
            first
                .fold(Ordering::Equal, Ordering::then)
                .then(self.before.len().cmp(&other.before.len()))
        };
        self.numbers.cmp(&other.numbers).then_with(|| {
            match (self.before.is_empty(), other.before.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => identifiers(),
            }
        })
    }
}

/// What stands behind the `@`: `1`, `1.2`, or an exact version. A pre-release is only
/// meant by its exact version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// The beginning of a version.
    Prefix(Vec<u64>),
    /// The whole of it.
    Exact(Version),
}

impl Requirement {
    /// Reads what stands behind the `@`.
    pub fn parse(text: &str) -> Option<Self> {
        Version::parse(text).map(Self::Exact).or_else(|| {
            let numbers = parse_numbers(text)?;
            (numbers.len() < 3).then_some(Self::Prefix(numbers))
        })
    }

    /// Whether a version is meant.
    pub fn allows(&self, version: &Version) -> bool {
        match self {
            Self::Prefix(prefix) => {
                version.before.is_empty() && version.numbers.starts_with(prefix)
            }
            Self::Exact(exact) => exact == version,
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dotted = |numbers: &[u64]| {
            numbers
                .iter()
                .map(u64::to_string)
                .collect::<Vec<_>>()
                .join(".")
        };
        match self {
            Self::Prefix(prefix) => f.write_str(&dotted(prefix)),
            Self::Exact(Version { numbers, before }) if before.is_empty() => {
                f.write_str(&dotted(numbers))
            }
            Self::Exact(Version { numbers, before }) => {
                write!(f, "{}-{}", dotted(numbers), before.join("."))
            }
        }
    }
}

/// The highest of the versions that a requirement means, as it was written.
pub fn highest<'a>(
    requirement: &Requirement,
    versions: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    versions
        .into_iter()
        .filter_map(|text| Version::parse(text).map(|version| (version, text)))
        .filter(|(version, _)| requirement.allows(version))
        .max_by(|left, right| left.0.cmp(&right.0))
        .map(|(_, text)| text)
}

/// Numbers between dots, without signs or leading zeros.
fn parse_numbers(text: &str) -> Option<Vec<u64>> {
    let number = |part: &str| {
        let plain = part.bytes().all(|byte| byte.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'));
        if plain { part.parse().ok() } else { None }
    };
    text.split('.').map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick<'a>(requirement: &str, versions: &[&'a str]) -> Option<&'a str> {
        highest(&Requirement::parse(requirement)?, versions.iter().copied())
    }

    #[test]
    fn the_highest_match_wins() {
        let versions = ["1.9.0", "1.10.1", "1.10.0", "2.0.0", "2.1.0-rc.1", "10.0.0"];
        assert_eq!(pick("1", &versions), Some("1.10.1"));
        assert_eq!(pick("1.9", &versions), Some("1.9.0"));
        assert_eq!(pick("1.10.0", &versions), Some("1.10.0"));
        assert_eq!(pick("2", &versions), Some("2.0.0"));
        assert_eq!(pick("2.1.0-rc.1", &versions), Some("2.1.0-rc.1"));
        assert_eq!(pick("3", &versions), None);
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in ["", "1.", "v1", "01", "1.2.3.4", "^1", "*", "1.2.3-", "+1"] {
            assert_eq!(Requirement::parse(text), None, "{text}");
        }
    }

    #[test]
    fn versions_are_ordered_as_semver_orders_them() {
        let texts = [
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
        ];
        let versions: Vec<_> = texts
            .iter()
            .filter_map(|text| Version::parse(text))
            .collect();
        assert_eq!(versions.len(), 6);
        assert!(versions.is_sorted());
    }
}
