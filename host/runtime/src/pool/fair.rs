//! Whose work is done next: who was given least of the threads so far.
//!
//! Start-time fair queueing. What each has used of the processors is counted as they use it, and the
//! next slice is theirs who have used least; whoever comes after a pause begins where the others
//! are, so that nobody saves up. What a slice will take is guessed from those before it, and one
//! thread stays free of what is known to take long, while there is anybody whose slices do not:
//! they come and go, and would else find every thread taken each time.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// Lines that are remembered before those without work are let go.
const LINES_MAX: usize = 1_024;
/// A slice that is expected to take longer than this takes long, nanoseconds: several times as long
/// as it should.
const LONG_NS: u64 = 25_000_000;
/// Whoever wanted a thread within this time is expected to want one again.
const LATELY: Duration = Duration::from_secs(1);
/// What one with a share of the threads may use at once after a pause.
const BURST_NS: i64 = 50_000_000;

/// Whose work it is, and how much of the threads they may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whose {
    /// Tells them apart.
    pub id: u128,
    /// Of all threads' time, percent, 1 to 100: a bound, also where nobody else wants any.
    pub percent: u8,
}

impl Whose {
    /// The host's own work.
    pub const HOST: Self = Self {
        id: 0,
        percent: 100,
    };
}

/// What waits of one.
#[derive(Debug)]
struct Line<J> {
    jobs: VecDeque<J>,
    under_way: u32,
    /// Nanoseconds of threads used, counted from where the others were when it began.
    used: u64,
    /// What a slice takes by what the last ones took, nanoseconds.
    expected: u64,
    /// When it last wanted a thread, or had one.
    last: Duration,
    percent: u8,
    /// What of its share it may still use, nanoseconds, as of `seen`.
    left: i64,
    seen: Duration,
}

/// What there is to do.
#[derive(Debug)]
pub(super) enum Next<J> {
    /// A slice of somebody's.
    Job(u128, J),
    /// Nothing before somebody may use threads again, if anybody waits for that.
    Nothing(Option<Duration>),
}

/// Jobs that wait, by whose they are.
#[derive(Debug)]
pub(super) struct Fair<J> {
    threads: u32,
    lines: HashMap<u128, Line<J>>,
    /// Where the one stood who was served last.
    reached: u64,
    waiting: usize,
}

impl<J> Line<J> {
    fn is_idle(&self) -> bool {
        self.jobs.is_empty() && self.under_way == 0
    }

    fn takes_long(&self) -> bool {
        self.expected > LONG_NS
    }

    /// Until when it is expected to want a thread.
    fn wants_until(&self, now: Duration) -> Duration {
        let last = if self.is_idle() { self.last } else { now };
        last + LATELY
    }

    /// Where it will stand once what is under way is done.
    fn stands(&self) -> u64 {
        self.used + self.expected * u64::from(self.under_way)
    }

    /// How many nanoseconds of its share come to it in a nanosecond, times 100.
    fn rate(&self, threads: u32) -> i64 {
        i64::from(self.percent.clamp(1, 100)) * i64::from(threads)
    }

    /// Brings what it may use up to `now`; answers when it may use any, where that is later.
    fn waits_until(&mut self, threads: u32, now: Duration) -> Option<Duration> {
        if self.percent >= 100 {
            return None;
        }
        let rate = self.rate(threads);
        let gone = ns(now.saturating_sub(self.seen));
        self.left = BURST_NS.min(self.left.saturating_add(gone.saturating_mul(rate) / 100));
        self.seen = now;
        // What is under way is paid for once it is done.
        let under_way = i64::try_from(self.expected).unwrap_or(i64::MAX / 64);
        let left = self.left - under_way.saturating_mul(i64::from(self.under_way));
        let missing = u64::try_from(1 - left).unwrap_or(0);
        (missing > 0)
            .then(|| now + Duration::from_nanos(missing.saturating_mul(100) / rate.unsigned_abs()))
    }
}

fn ns(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

impl<J> Fair<J> {
    pub(super) fn new(threads: u32) -> Self {
        Self {
            threads,
            lines: HashMap::new(),
            reached: 0,
            waiting: 0,
        }
    }

    /// How many jobs wait.
    pub(super) const fn waiting(&self) -> usize {
        self.waiting
    }

    /// A new job, behind the others of the same.
    pub(super) fn push(&mut self, whose: Whose, job: J, now: Duration) {
        if self.lines.len() >= LINES_MAX {
            let reached = self.reached;
            self.lines.retain(|_, line| {
                !line.is_idle() || line.used > reached || (line.percent < 100 && line.left < 0)
            });
        }
        let reached = self.reached;
        let line = self.lines.entry(whose.id).or_insert_with(|| Line {
            jobs: VecDeque::new(),
            under_way: 0,
            used: reached,
            expected: 0,
            last: now,
            percent: whose.percent,
            left: BURST_NS,
            seen: now,
        });
        if line.is_idle() {
            line.used = line.used.max(reached);
        }
        if line.percent != whose.percent {
            // What was used under another share is not owed to this one.
            line.percent = whose.percent;
            line.left = BURST_NS;
            line.seen = now;
        }
        line.last = now;
        line.jobs.push_back(job);
        self.waiting += 1;
    }

    /// Takes the next slice.
    pub(super) fn next(&mut self, now: Duration) -> Next<J> {
        let (mut first, mut earliest) = (None, None::<Duration>);
        let no_more_long = self.no_more_long(now);
        for (id, line) in &mut self.lines {
            if line.jobs.is_empty() {
                continue;
            }
            if let Some(until) = no_more_long.filter(|_| line.takes_long()) {
                earliest = Some(earliest.map_or(until, |earliest| earliest.min(until)));
                continue;
            }
            if let Some(until) = line.waits_until(self.threads, now) {
                earliest = Some(earliest.map_or(until, |earliest| earliest.min(until)));
                continue;
            }
            let place = (line.stands(), *id);
            if first.is_none_or(|first| place < first) {
                first = Some(place);
            }
        }
        let line = first.and_then(|(_, id)| Some((id, self.lines.get_mut(&id)?)));
        let Some((id, line)) = line else {
            return Next::Nothing(earliest);
        };
        let Some(job) = line.jobs.pop_front() else {
            return Next::Nothing(earliest);
        };
        line.under_way += 1;
        line.last = now;
        self.reached = self.reached.max(line.used);
        self.waiting -= 1;
        Next::Job(id, job)
    }

    /// Whether nothing more is begun that takes long, and until when at least.
    fn no_more_long(&self, now: Duration) -> Option<Duration> {
        let lines = self.lines.values();
        let long = lines.filter(|line| line.takes_long());
        let under_way: u32 = long.map(|line| line.under_way).sum();
        if self.threads == 1 || under_way < self.threads - 1 {
            return None;
        }
        let short = self.lines.values().filter(|line| !line.takes_long());
        let until = short.map(|line| line.wants_until(now)).max();
        until.filter(|until| *until > now)
    }

    /// Ends a slice that took so long; what is left of the job comes before the others of the
    /// same.
    pub(super) fn done(&mut self, id: u128, took: Duration, rest: Option<J>) {
        let Some(line) = self.lines.get_mut(&id) else {
            return;
        };
        let nanoseconds = ns(took).max(1).unsigned_abs();
        line.under_way -= 1;
        line.used = line.used.saturating_add(nanoseconds);
        line.expected = (line.expected * 3 + nanoseconds) / 4;
        line.left = line.left.saturating_sub(ns(took));
        if let Some(rest) = rest {
            line.jobs.push_front(rest);
            self.waiting += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn whose(id: u128, percent: u8) -> Whose {
        Whose { id, percent }
    }

    /// Lets a number of threads serve for a while, each job going on for ever and each slice
    /// taking as long as its owner's do; what each got of the threads, milliseconds.
    fn serve(fair: &mut Fair<()>, threads: u32, slices: &[(u128, u32)], ms: u32) -> Vec<u32> {
        let takes = |id: u128| slices.iter().find(|(of, _)| *of == id).unwrap().1;
        let mut busy: Vec<Option<(u128, u32)>> = vec![None; threads as usize];
        let mut got = vec![0; slices.len()];
        for now in 0..ms {
            for thread in &mut busy {
                if let Some((id, until)) = *thread
                    && until <= now
                {
                    fair.done(id, MS * takes(id), Some(()));
                    *thread = None;
                }
                if thread.is_none()
                    && let Next::Job(id, ()) = fair.next(MS * now)
                {
                    *thread = Some((id, now + takes(id)));
                }
                if let Some((id, _)) = *thread {
                    got[slices.iter().position(|(of, _)| *of == id).unwrap()] += 1;
                }
            }
        }
        for (id, _) in busy.into_iter().flatten() {
            fair.done(id, MS * takes(id), Some(()));
        }
        got
    }

    fn of(threads: u32, all: &[Whose]) -> Fair<()> {
        let mut fair = Fair::new(threads);
        for whose in all {
            // As many as there are threads: one could take all of them.
            (0..threads).for_each(|_| fair.push(*whose, (), Duration::ZERO));
        }
        fair
    }

    #[test]
    fn one_whose_slices_take_long_gets_as_much_as_one_whose_do_not() {
        let mut fair = of(2, &[whose(1, 100), whose(2, 100)]);
        let got = serve(&mut fair, 2, &[(1, 200), (2, 5)], 40_000);
        assert!(got[0].abs_diff(got[1]) < 2_000, "{got:?}");
    }

    #[test]
    fn of_two_threads_one_stays_free_of_slices_that_are_known_to_take_long() {
        let mut fair = of(2, &[whose(1, 100), whose(2, 100)]);
        // Once it is known what they take.
        serve(&mut fair, 2, &[(1, 200), (2, 5)], 4_000);
        let mut busy = [None::<(u128, u32)>; 2];
        let mut all_long = 0;
        for now in 0..20_000 {
            for thread in &mut busy {
                if let Some((id, until)) = *thread
                    && until <= now
                {
                    fair.done(id, MS * if id == 1 { 200 } else { 5 }, Some(()));
                    *thread = None;
                }
                if thread.is_none()
                    && let Next::Job(id, ()) = fair.next(MS * now)
                {
                    *thread = Some((id, now + if id == 1 { 200 } else { 5 }));
                }
            }
            all_long += u32::from(busy.iter().flatten().all(|(id, _)| *id == 1));
        }
        assert!(all_long < 1_000, "{all_long} of 20000 ms");
    }

    #[test]
    fn whoever_comes_and_goes_finds_a_thread_free_of_what_takes_long() {
        let mut fair = of(2, &[whose(1, 100)]);
        serve(&mut fair, 2, &[(1, 200)], 4_000);
        let (mut busy, mut waited, mut got) = ([None::<(u128, u32)>; 2], 0, [0, 0, 0]);
        for now in 4_000..24_000 {
            for thread in &mut busy {
                if let Some((id, until)) = *thread
                    && until <= now
                {
                    // One goes on for ever; the other is asked 10 times a second.
                    fair.done(
                        id,
                        MS * if id == 1 { 200 } else { 5 },
                        (id == 1).then_some(()),
                    );
                    *thread = None;
                }
            }
            if now % 100 == 0 {
                fair.push(whose(2, 100), (), MS * now);
            }
            for thread in &mut busy {
                if thread.is_none()
                    && let Next::Job(id, ()) = fair.next(MS * now)
                {
                    *thread = Some((id, now + if id == 1 { 200 } else { 5 }));
                }
                got[thread.map_or(0, |(id, _)| id as usize)] += 1;
            }
            // In the first moments one slice that was begun before is waited for.
            waited += u32::from(now > 4_500 && !fair.lines[&2].jobs.is_empty());
        }
        assert_eq!(waited, 0);
        assert!(got[1] > 19_000 && got[2] > 950, "{got:?}");
        // Once nobody else wants any more, it may have both.
        assert!(fair.no_more_long(MS * 24_000).is_some());
        assert_eq!(fair.no_more_long(MS * 26_000), None);
    }

    #[test]
    fn nobody_saves_up_while_they_want_nothing() {
        let mut fair = of(1, &[whose(1, 100)]);
        serve(&mut fair, 1, &[(1, 5)], 10_000);
        fair.push(whose(2, 100), (), MS * 10_000);
        let got = serve(&mut fair, 1, &[(1, 5), (2, 5)], 1_000);
        assert!(got[0].abs_diff(got[1]) <= 10, "{got:?}");
    }

    #[test]
    fn whoever_has_a_share_gets_no_more_of_idle_threads() {
        let mut fair = of(2, &[whose(1, 25)]);
        let got = serve(&mut fair, 2, &[(1, 5)], 20_000);
        // A quarter of two threads is half of one.
        assert!(got[0].abs_diff(10_000) < 500, "{got:?}");
        assert!(matches!(fair.next(MS * 20_000), Next::Nothing(Some(_))));
    }

    #[test]
    fn whoever_had_all_threads_owes_nothing_of_that_once_they_have_a_share() {
        let mut fair = of(2, &[whose(1, 100)]);
        serve(&mut fair, 2, &[(1, 5)], 10_000);
        fair.push(whose(1, 25), (), MS * 10_000);
        let next = fair.next(MS * 10_000);
        assert!(matches!(next, Next::Job(1, ())), "{next:?}");
    }
}
