//! A share of a batch on a stage thread, customer by customer: others have their turn between
//! two of them, and it ends in time whatever they take.

use std::time::{Duration, Instant};

use regua_runtime::SLICE;

/// After so long nothing more of a share is begun, so that what is done of it is committed and
/// leases do not end: the rest is given back, and due as it was.
const SHARE_MAX: Duration = Duration::from_secs(2);

/// What became of a share.
pub(super) struct Ran<T, R> {
    /// What its customers' runs came to.
    pub done: Vec<R>,
    /// Those that were not begun.
    pub left: Vec<T>,
    /// What it took of the thread.
    pub took: Duration,
}

/// A share that is under way.
pub(super) struct Slices<T, R> {
    work: std::vec::IntoIter<T>,
    ran: Vec<R>,
    /// Nothing is begun from then on, but a first one: the share may have waited for its turn.
    until: Instant,
    began: Option<Instant>,
    took: Duration,
}

impl<T, R> Slices<T, R> {
    /// A share that ends by `until`, if others leave it a turn by then.
    pub(super) fn of(work: Vec<T>, until: Instant) -> Self {
        Self {
            until,
            ran: Vec::with_capacity(work.len()),
            work: work.into_iter(),
            began: None,
            took: Duration::ZERO,
        }
    }

    /// Runs one customer at least, and more until the slice is over; gives what became of the
    /// share once it has come to its end.
    pub(super) fn slice(&mut self, mut run: impl FnMut(T) -> R) -> Option<Ran<T, R>> {
        let began = Instant::now();
        let share_began = *self.began.get_or_insert(began);
        let mut now = began;
        let is_over = loop {
            let Some(next) = self.work.next() else {
                break true;
            };
            self.ran.push(run(next));
            now = Instant::now();
            if now - share_began >= SHARE_MAX || now >= self.until {
                break true;
            }
            if now - began >= SLICE {
                break self.work.len() == 0;
            }
        };
        self.took += now - began;
        is_over.then(|| Ran {
            done: std::mem::take(&mut self.ran),
            left: self.work.by_ref().collect(),
            took: self.took,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn later() -> Instant {
        Instant::now() + Duration::from_hours(1)
    }

    #[test]
    fn a_share_that_takes_no_time_is_one_slice() {
        let mut slices = Slices::of((0..100).collect(), later());
        let ran = slices.slice(|nth: u32| nth * 2).unwrap();
        assert_eq!((ran.done.len(), ran.left.len()), (100, 0));
        assert_eq!(ran.done[99], 198);
    }

    #[test]
    fn each_customer_who_takes_long_is_a_slice_of_their_own_and_nobody_is_lost() {
        let mut slices = Slices::of(vec![1, 2, 3], later());
        let mut long = |nth: u32| {
            std::thread::sleep(SLICE);
            nth
        };
        assert!(slices.slice(&mut long).is_none());
        assert!(slices.slice(&mut long).is_none());
        let ran = slices.slice(&mut long).unwrap();
        assert_eq!((ran.done, ran.left), (vec![1, 2, 3], vec![]));
        assert!(ran.took >= SLICE * 3);
    }

    #[test]
    fn what_was_not_begun_in_time_is_given_back() {
        let mut began_long_ago = Slices::of(vec![1, 2, 3], later());
        began_long_ago.began = Instant::now().checked_sub(SHARE_MAX);
        let waited_for_long = Slices::of(vec![1, 2, 3], Instant::now());
        for mut slices in [began_long_ago, waited_for_long] {
            let ran = slices.slice(|nth: u32| nth).unwrap();
            assert_eq!((ran.done, ran.left), (vec![1], vec![2, 3]));
        }
    }
}
