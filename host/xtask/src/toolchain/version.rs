use std::{fmt, str::FromStr};

use anyhow::{Context, Error};

/// A release of Rust; patch releases make no difference here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u32,
    minor: u32,
}

impl FromStr for Version {
    type Err = Error;

    /// Reads `1.95`, `1.95.0` and a Debian package's `1.96.0+dfsg1-1~deb12u2`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut numbers = text
            .trim()
            .split(|c: char| !c.is_ascii_digit())
            .map(str::parse::<u32>);
        let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
            return Err(Error::msg("expected two numbers")).context(format!("version `{text}`"));
        };
        Ok(Self { major, minor })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_debian_package_version_compares_with_the_manifests() {
        let oldest: Version = "1.95".parse().unwrap();
        let packaged: Version = "1.96.0+dfsg1-1~deb12u2".parse().unwrap();
        let stable: Version = "1.63.0+dfsg1-2".parse().unwrap();
        assert!(stable < oldest && oldest < packaged);
    }

    #[test]
    fn a_text_without_a_version_is_an_error() {
        assert!("(none)".parse::<Version>().is_err());
    }
}
