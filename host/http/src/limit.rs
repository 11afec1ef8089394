//! How often a key may call.

use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::problem::{Kind, Problem};

/// Keys that are remembered before those that called long ago are let go.
const KEYS_MAX: usize = 10_000;

/// Calls a second, each key by itself; a second's worth may come at once.
pub(crate) struct Limits(DefaultKeyedRateLimiter<String>);

impl Limits {
    pub(crate) fn new(calls_per_second: NonZeroU32) -> Self {
        Self(RateLimiter::keyed(Quota::per_second(calls_per_second)))
    }

    pub(crate) fn check(&self, key: &String) -> Result<(), Problem> {
        if self.0.len() > KEYS_MAX {
            self.0.retain_recent();
        }
        self.0.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            Problem {
                retry_after: Some(wait.as_secs() + 1),
                ..Problem::new(Kind::TooManyRequests, "slow down")
            }
        })
    }
}
