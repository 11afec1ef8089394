//! When to try again.

use regua_domain::time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};

/// What is drawn of chance is added to a step, at most this share of it: many deliveries
/// that failed together do not come back together.
const JITTER_PERCENT: u64 = 10;

/// The longest that a receiver can ask to be left alone.
const ASKED_MS_MAX: i64 = DAY_MS;

/// The steps between tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Milliseconds before each try, the first included.
    steps_ms: Vec<i64>,
}

impl Schedule {
    /// Tries, and the milliseconds before each.
    pub const fn new(steps_ms: Vec<i64>) -> Self {
        Self { steps_ms }
    }

    /// Of webhooks: ten tries in a bit more than three days. Source: the Standard Webhooks
    /// specification 1.0.0.
    pub fn of_webhooks() -> Self {
        Self::new(vec![
            0,
            5_000,
            5 * MINUTE_MS,
            30 * MINUTE_MS,
            2 * HOUR_MS,
            5 * HOUR_MS,
            10 * HOUR_MS,
            14 * HOUR_MS,
            20 * HOUR_MS,
            24 * HOUR_MS,
        ])
    }

    /// Of e-mail: greylisting lets a second try in after some minutes; what is not taken in
    /// three days will not be. RFC 5321 (4.5.4.1) asks for 30 minutes between tries, with
    /// shorter ones at first.
    pub fn of_email() -> Self {
        Self::new(vec![
            0,
            MINUTE_MS,
            5 * MINUTE_MS,
            15 * MINUTE_MS,
            30 * MINUTE_MS,
            HOUR_MS,
            2 * HOUR_MS,
            4 * HOUR_MS,
            8 * HOUR_MS,
            12 * HOUR_MS,
            24 * HOUR_MS,
            24 * HOUR_MS,
        ])
    }

    /// How many tries there are.
    pub fn tries(&self) -> usize {
        self.steps_ms.len()
    }

    /// The instant of the next try, after so many that failed (1 or more); none where that was
    /// the last. `asked_ms` is what the receiver asked to wait: it may make a step longer, up
    /// to a day, never shorter. `chance` is any random number.
    pub fn next(
        &self,
        failed: u32,
        asked_ms: Option<i64>,
        now: Timestamp,
        chance: u64,
    ) -> Option<Timestamp> {
        let step = *self.steps_ms.get(usize::try_from(failed).ok()?)?;
        Some(now.plus_ms(wait(step, asked_ms, chance)))
    }

    /// As [`Schedule::next`]; behind its end it goes on at the last step for ever.
    pub fn next_for_ever(&self, failed: u32, now: Timestamp, chance: u64) -> Timestamp {
        let step = usize::try_from(failed)
            .ok()
            .and_then(|failed| self.steps_ms.get(failed))
            .or(self.steps_ms.last())
            .copied()
            .unwrap_or(DAY_MS);
        now.plus_ms(wait(step, None, chance))
    }
}

fn wait(step_ms: i64, asked_ms: Option<i64>, chance: u64) -> i64 {
    let least = step_ms.max(asked_ms.unwrap_or(0).min(ASKED_MS_MAX));
    let spread = u64::try_from(least).unwrap_or(0) * JITTER_PERCENT / 100;
    // One more than the spread is never 0.
    least + i64::try_from(chance % (spread + 1)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    #[test]
    fn a_webhook_is_tried_ten_times_as_the_specification_says() {
        let schedule = Schedule::of_webhooks();
        let waits: Vec<_> = (1..=10)
            .map(|failed| schedule.next(failed, None, NOW, 0).map(|at| at.0 - NOW.0))
            .collect();
        let minutes = |count: i64| Some(count * MINUTE_MS);
        let expected = [
            Some(5_000),
            minutes(5),
            minutes(30),
            minutes(120),
            minutes(300),
            minutes(600),
            minutes(840),
            minutes(1200),
            minutes(1440),
            None,
        ];
        assert_eq!(waits, expected);
    }

    #[test]
    fn chance_makes_a_wait_longer_by_a_tenth_at_most() {
        let schedule = Schedule::of_webhooks();
        for chance in [0, 1, 499, 500, 501, 12_345_678, u64::MAX] {
            let wait = schedule.next(1, None, NOW, chance).unwrap().0 - NOW.0;
            assert!((5_000..=5_500).contains(&wait), "{wait}");
        }
    }

    #[test]
    fn a_receiver_may_ask_for_a_day_at_most_and_never_for_less_than_the_step() {
        let schedule = Schedule::of_webhooks();
        let wait = |asked| schedule.next(2, Some(asked), NOW, 0).unwrap().0 - NOW.0;
        assert_eq!(wait(1_000), 5 * MINUTE_MS);
        assert_eq!(wait(HOUR_MS), HOUR_MS);
        assert_eq!(wait(i64::MAX), DAY_MS);
        assert_eq!(wait(-1), 5 * MINUTE_MS);
    }

    #[test]
    fn what_is_nobodys_fault_but_the_operators_is_tried_for_ever() {
        let schedule = Schedule::of_email();
        let at = schedule.next_for_ever(1_000_000, NOW, 0);
        assert_eq!(at, NOW.plus_ms(DAY_MS));
        assert_eq!(schedule.next(1_000_000, None, NOW, 0), None);
    }
}
