//! Shapes that many answers are made of, as they are shown.

use std::fmt;

use anyhow::Context as _;
use chrono::DateTime;
use chrono_tz::Tz;
use serde::Deserialize;

/// An amount of money.
#[derive(Debug, Deserialize)]
pub(crate) struct Amount {
    amount: String,
    currency: String,
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.amount)
    }
}

/// An instant, as a clock on the wall of this zone shows it.
pub(crate) fn local_time(instant: &str, zone: Tz) -> anyhow::Result<String> {
    let at = DateTime::parse_from_rfc3339(instant)
        .with_context(|| format!("`{instant}` is no instant"))?;
    let at = at.with_timezone(&zone);
    Ok(at.format("%a %Y-%m-%d %H:%M").to_string())
}
