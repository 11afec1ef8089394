//! Calls a second, of all nodes together: what may be called is taken from one record, some of it
//! at a time, so that most batches need not look.

use regua_domain::time::Timestamp;
use regua_storage::{Record, RecordWrite, Seen, StoreError, TenantStore, records};
use serde::{Deserialize, Serialize};

const ID: &str = "calls";
/// Thousandths of a call.
const CALL: i64 = 1_000;
/// How often it is tried where other nodes take some at the same moment.
const TRIES: u32 = 4;

/// What may be called by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Bucket {
    /// Thousandths of calls.
    level: i64,
    /// As of when.
    at: Timestamp,
}

impl Record for Bucket {
    const KIND: &'static str = "rate";
}

impl Bucket {
    /// A second's worth.
    fn full(rate: u32, now: Timestamp) -> Self {
        Self {
            level: i64::from(rate) * CALL,
            at: now,
        }
    }

    /// As it is at `now`: what came since, up to a second's worth. A clock that went back brings
    /// nothing.
    fn filled(self, rate: u32, now: Timestamp) -> Self {
        let ms = (now.0 - self.at.0).clamp(0, 1_000);
        let full = Self::full(rate, now);
        Self {
            level: full.level.min(self.level + ms * i64::from(rate)),
            at: self.at.max(now),
        }
    }

    /// Takes whole calls, so many at most.
    fn take(&mut self, most: i64) -> i64 {
        let calls = (self.level / CALL).clamp(0, most);
        self.level -= calls * CALL;
        calls
    }
}

/// Takes calls that may be made at `now`, a quarter of a second's worth at most; none: not yet.
pub(super) async fn take(
    store: &dyn TenantStore,
    rate: u32,
    now: Timestamp,
) -> Result<i64, StoreError> {
    for _ in 0..TRIES {
        let kept = records::get::<Bucket>(store, ID).await?;
        let (mut bucket, seen) = match kept {
            Some(kept) => (kept.value.filled(rate, now), Seen::Version(kept.version)),
            None => (Bucket::full(rate, now), Seen::Nothing),
        };
        let calls = bucket.take((i64::from(rate) / 4).max(1));
        if calls == 0 {
            return Ok(0);
        }
        let write = RecordWrite::put(ID, seen, &bucket, None)?;
        match store.write_records(vec![write]).await {
            Err(StoreError::Changed { .. }) => {}
            written => return written.map(|()| calls),
        }
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_a_seconds_worth_and_then_as_much_as_comes() {
        let now = Timestamp(1_000_000);
        let mut bucket = Bucket::full(100, now);
        assert_eq!(
            [bucket.take(80), bucket.take(80), bucket.take(80)],
            [80, 20, 0]
        );
        let mut bucket = bucket.filled(100, now.plus_ms(55));
        assert_eq!(bucket.take(80), 5);
        // The half of a call that was left over, and the one that came.
        let mut bucket = bucket.filled(100, now.plus_ms(60));
        assert_eq!(bucket.take(80), 1);
        let mut bucket = bucket.filled(100, now.plus_ms(3_600_000));
        assert_eq!(bucket.take(800), 100);
        let mut bucket = bucket.filled(100, now);
        assert_eq!(bucket.take(800), 0, "the clock went back");
    }
}
