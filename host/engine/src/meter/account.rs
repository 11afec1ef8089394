//! What one tenant used, as a process knows it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use regua_domain::time::{Date, MINUTE_MS, Timestamp};

use super::quota::{Limit, Quota};
use super::usage::{Called, Day, Usage, Waited};

/// How long a batch should take of the threads, nanoseconds: one of a tenant whose customers take
/// long has few of them, so that neither its leases end nor anybody waits for a place.
const BATCH_NS: u64 = 400_000_000;

/// How many customers a batch has before it is known how long one takes.
const FIRST: u64 = 32;

/// How long a customer's run should take a thread at a time, nanoseconds: one that asks stages that
/// take long again and again, as in a sandbox that goes through a year, is cut off, and goes on in
/// the next batch where it stopped.
const RUN_NS: u64 = 400_000_000;
/// The fewest steps that a run is cut off after.
const STEPS_MIN: u64 = 2;

/// What is not written yet.
#[derive(Debug, Default)]
pub(super) struct News {
    /// By day and digest.
    pub usage: BTreeMap<(Date, String), Usage>,
    pub days: BTreeMap<Date, Day>,
}

impl News {
    pub(super) fn is_empty(&self) -> bool {
        self.usage.is_empty() && self.days.is_empty()
    }

    /// Takes back what could not be written.
    fn add(&mut self, other: Self) {
        for (key, usage) in other.usage {
            self.usage.entry(key).or_default().add(&usage);
        }
        for (date, day) in other.days {
            self.days.entry(date).or_default().add(&day);
        }
    }
}

#[derive(Debug, Default)]
struct State {
    news: News,
    /// A day as the store had it last, all nodes together.
    known: Option<(Date, Day)>,
    /// What a customer takes of the threads, nanoseconds.
    customer_ns: u64,
    /// What a call burns.
    call_fuel: u64,
    /// What a call takes of a thread, nanoseconds.
    call_ns: u64,
    /// Calls that may be made now, where there is a limit on their rate.
    calls_left: i64,
}

impl State {
    /// What was used on a day by what is known.
    fn used<T>(&self, date: Date, of: impl Fn(&Day) -> T) -> T
    where
        T: std::ops::Add<Output = T> + Default,
    {
        let known = self.known.as_ref().filter(|(known, _)| *known == date);
        let known = known.map_or_else(T::default, |(_, day)| of(day));
        known + self.news.days.get(&date).map_or_else(T::default, &of)
    }
}

/// A tenant's account.
#[derive(Debug, Default)]
pub struct Account(Mutex<State>);

/// A mean that rises at once and falls slowly.
const fn mean(before: u64, now: u64) -> u64 {
    let mixed = before / 4 * 3 + now / 4;
    if now > mixed { now } else { mixed }
}

impl Account {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn has_news(&self) -> bool {
        !self.lock().news.is_empty()
    }

    pub(super) fn take_news(&self) -> News {
        std::mem::take(&mut self.lock().news)
    }

    pub(super) fn give_back(&self, news: News) {
        self.lock().news.add(news);
    }

    /// Whether it is known what was used on a day.
    pub(super) fn knows(&self, date: Date) -> bool {
        let state = self.lock();
        state
            .known
            .as_ref()
            .is_some_and(|(known, _)| *known == date)
    }

    /// Learns what all nodes used on a day, by what they have written. Who reads and who writes
    /// may learn at once: it never becomes less.
    pub(super) fn learn(&self, date: Date, day: Day) {
        let mut state = self.lock();
        let is_news =
            |(known, of): &(Date, Day)| *known < date || (*known == date && of.calls <= day.calls);
        if state.known.as_ref().is_none_or(is_news) {
            state.known = Some((date, day));
        }
    }

    /// Counts what a batch called: those calls whose customers' runs were committed, and those
    /// that were for nothing.
    pub(crate) fn count(&self, date: Date, calls: &[Called], undone: &[Called]) {
        let mut state = self.lock();
        let State { news, .. } = &mut *state;
        let usage = |called: &Called| (date, called.digest.clone());
        for called in calls {
            let of = news.usage.entry(usage(called)).or_default();
            if of.plugin.is_empty() {
                of.plugin.clone_from(&called.plugin);
            }
            of.count(called);
            news.days.entry(date).or_default().count(called);
        }
        for called in undone {
            let of = news.usage.entry(usage(called)).or_default();
            of.plugin.clone_from(&called.plugin);
            of.count_undone(called);
        }
        let fuel = calls.iter().map(|called| called.fuel).max();
        if let Some(fuel) = fuel {
            state.call_fuel = mean(state.call_fuel, fuel);
        }
        let wall_us: u64 = calls.iter().map(|called| called.wall_us).sum();
        if let Some(wall_us) = wall_us.checked_div(calls.len() as u64) {
            state.call_ns = mean(state.call_ns, wall_us.saturating_mul(1_000));
        }
    }

    /// Notes what a batch took of the threads.
    pub(crate) fn ran(&self, customers: usize, took: Duration) {
        let took = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        if let Some(one) = took.checked_div(customers as u64) {
            let mut state = self.lock();
            state.customer_ns = mean(state.customer_ns, one);
        }
    }

    /// Fuel that may still be burned on a day.
    pub(super) fn fuel_left(&self, date: Date, quota: &Quota) -> u64 {
        let used = self.lock().used(date, |day| day.fuel);
        quota.fuel_per_day.saturating_sub(used)
    }

    /// How many customers a batch has, of so many at most: by what one takes of the threads, of
    /// which it may have `percent`, and by what is left of the day's fuel. Before it is known what a
    /// call burns, it is taken to burn all that one may, `fuel_max`.
    pub(super) fn batch(&self, most: u32, percent: u8, (fuel_left, fuel_max): (u64, u64)) -> u32 {
        let state = self.lock();
        let batch_ns = BATCH_NS * u64::from(percent.clamp(1, 100)) / 100;
        let by_time = batch_ns.checked_div(state.customer_ns).unwrap_or(FIRST);
        let call_fuel = match state.call_fuel {
            0 => fuel_max,
            known => known,
        };
        let by_fuel = fuel_left.checked_div(call_fuel).unwrap_or(u64::MAX);
        let most = u64::from(most).min(by_time).min(by_fuel).max(1);
        u32::try_from(most).unwrap_or(u32::MAX)
    }

    /// How many steps a customer's run makes before it is cut off, of so many at most.
    pub(crate) fn steps(&self, most: u32) -> u32 {
        let by_time = RUN_NS.checked_div(self.lock().call_ns);
        let steps = by_time.map_or(u64::from(most), |steps| steps.max(STEPS_MIN));
        u32::try_from(steps).unwrap_or(u32::MAX).min(most)
    }

    /// Adds calls that may be made.
    pub(super) fn may_call(&self, calls: i64) {
        self.lock().calls_left += calls;
    }

    /// Takes so many calls at most of those that may be made; what was taken and not made is
    /// given back by [`Account::may_call`].
    pub(super) fn take_calls(&self, most: u32) -> u32 {
        let mut state = self.lock();
        let taken = state.calls_left.clamp(0, i64::from(most));
        state.calls_left -= taken;
        u32::try_from(taken).unwrap_or_default()
    }

    /// Bytes of log lines that may still be kept on a day.
    pub(super) fn log_bytes_left(&self, date: Date, quota: &Quota) -> u64 {
        let used = self.lock().used(date, |day| day.log_bytes);
        quota.log_bytes_per_day.saturating_sub(used)
    }

    /// Notes that cases wait; answers whether it is the first time in a minute.
    pub(super) fn wait(&self, limit: Limit, now: Timestamp, date: Date) -> bool {
        let minute = Timestamp(now.0 - now.0.rem_euclid(MINUTE_MS));
        let mut state = self.lock();
        let of = |day: &Day| day.waits.get(&limit).copied();
        let known = state.known.as_ref().filter(|(known, _)| *known == date);
        let known = known.and_then(|(_, day)| of(day));
        let news = state.news.days.get(&date).and_then(of);
        if [known, news]
            .into_iter()
            .flatten()
            .any(|waited| waited.last_at >= minute)
        {
            return false;
        }
        let waited = Waited {
            first_at: now,
            last_at: now,
        };
        state.news.days.entry(date).or_default().wait(limit, waited);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More fuel than any batch burns, and what a call may burn.
    const PLENTY: (u64, u64) = (u64::MAX, 200);

    #[test]
    fn a_batch_burns_no_more_than_is_left_also_where_nothing_is_known_of_a_call() {
        let account = Account::default();
        assert_eq!(account.batch(512, 100, (1_000, 200)), 5);
        assert_eq!(account.batch(512, 100, (20, 200)), 1, "one is made");
        account.lock().call_fuel = 10;
        assert_eq!(account.batch(512, 100, (20, 200)), 2);
    }

    #[test]
    fn a_batch_of_customers_who_take_long_is_small_and_grows_again_slowly() {
        let account = Account::default();
        let batch = || account.batch(512, 100, PLENTY);
        assert_eq!(batch(), 32, "nothing is known yet");
        account.ran(512, Duration::from_millis(30));
        assert_eq!(batch(), 512);
        assert_eq!(account.batch(512, 10, PLENTY), 512, "of a share");
        assert_eq!(account.batch(512, 1, PLENTY), 68, "of a small share");
        account.ran(2, Duration::from_millis(300));
        assert_eq!(batch(), 2);
        account.ran(2, Duration::from_micros(100));
        assert!(batch() < 10, "{}", batch());
    }

    #[test]
    fn runs_that_ask_stages_that_take_long_are_cut_off_after_a_few_steps() {
        let account = Account::default();
        assert_eq!(account.steps(4_096), 4_096);
        account.lock().call_ns = 60_000;
        assert_eq!(account.steps(4_096), 4_096);
        account.lock().call_ns = 150_000_000;
        assert_eq!(account.steps(4_096), 2);
    }

    #[test]
    fn calls_are_taken_from_what_may_be_made_and_never_more() {
        let account = Account::default();
        assert_eq!(account.take_calls(5), 0);
        account.may_call(7);
        assert_eq!(account.take_calls(5), 5);
        assert_eq!(account.take_calls(5), 2);
        // A customer was asked about three times.
        account.may_call(-2);
        account.may_call(1);
        assert_eq!(account.take_calls(5), 0);
    }

    #[test]
    fn cases_that_wait_are_noted_once_a_minute() {
        let account = Account::default();
        let at = |ms: i64| Timestamp(1_772_452_800_000 + ms);
        let waits = |ms| account.wait(Limit::FuelPerDay, at(ms), super::super::day_of(at(ms)));
        assert_eq!(
            [waits(30_000), waits(59_000), waits(61_000)],
            [true, false, true]
        );
        let noted = account
            .take_news()
            .days
            .remove(&super::super::day_of(at(0)));
        let noted = noted.expect("a day").waits[&Limit::FuelPerDay];
        assert_eq!((noted.first_at, noted.last_at), (at(30_000), at(61_000)));
    }
}
