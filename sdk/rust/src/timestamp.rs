//! Instants.

use serde::{Deserialize, Serialize};

const MINUTE_MS: i64 = 60_000;

/// Milliseconds since 1970-01-01T00:00:00Z. Never a day: policy counts in
/// [`Date`](crate::Date)s, which the host derives in the customer's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// So many minutes later, or earlier if negative.
    #[must_use]
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0.saturating_add(minutes.saturating_mul(MINUTE_MS)))
    }

    /// Minutes from this instant to the other, a begun one counted whole; 0 if it has passed.
    pub fn minutes_until(self, other: Self) -> u64 {
        other
            .0
            .saturating_sub(self.0)
            .max(0)
            .unsigned_abs()
            .div_ceil(MINUTE_MS.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begun_minutes_count_whole() {
        let now = Timestamp(1_000);
        assert_eq!(now.minutes_until(Timestamp(1_000)), 0);
        assert_eq!(now.minutes_until(Timestamp(1_001)), 1);
        assert_eq!(now.minutes_until(now.plus_minutes(15)), 15);
        assert_eq!(now.minutes_until(Timestamp(0)), 0);
    }
}
