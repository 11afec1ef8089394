//! How each endpoint answers, as one node has seen it. Nodes do not know one another: each
//! finds out for itself.
//!
//! An endpoint that does not answer must hold up nobody: not the tenant's other endpoints, not
//! another tenant. So what a batch has goes out endpoint by endpoint, a few at a time; a lane waits
//! for them a moment and then goes on without those that take longer, and what is due for such an
//! endpoint, or for one that rests after a failure, is put off untried.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use regua_delivery::attempt::{Attempt, Next};
use regua_domain::id::TenantId;
use regua_domain::time::{MINUTE_MS, Timestamp};

use crate::places::{Place, Places};

/// Batches that a node has under way at once, of all endpoints; and of one tenant's, so that slow
/// ones of one keep nobody else's waiting.
const AT_ONCE: u32 = 64;
const OF_TENANT: u32 = 8;
/// Batches under way to one endpoint; to one that does not answer, one.
const BATCHES: u32 = 2;
/// After a first failure an endpoint is left alone for so long; after each further one in a row
/// twice as long, up to five minutes.
const REST_MS: i64 = 5_000;
const REST_MS_MAX: i64 = 5 * MINUTE_MS;
/// What is due for an endpoint that is busy with batches is looked at again after so long.
pub(crate) const BUSY_MS: i64 = 10_000;
/// How long a lane waits for a batch before it goes on without what is still on its way.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);
/// How long a batch begins to send to one endpoint; what is left of it is taken again.
pub(crate) const SHARE_MS: i64 = 10_000;
/// Endpoints whose state is kept though nothing is wrong with them.
const KNOWN_MAX: usize = 4_096;

/// What an answer says of its endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// It is there.
    Answered,
    /// It is not, or has too much to do.
    Failed,
    /// It wants nothing more.
    Gone,
}

impl Told {
    /// Whether it is the endpoint that does not answer, or one message that it does not take.
    pub(crate) const fn by(attempt: &Attempt) -> Self {
        match (attempt.next, attempt.status) {
            (Next::Done, _) => Self::Answered,
            (Next::Gone, _) => Self::Gone,
            (_, Some(429 | 500..) | None) => Self::Failed,
            (_, Some(_)) => Self::Answered,
        }
    }
}

#[derive(Debug, Default)]
struct State {
    /// Failures in a row.
    failed: u32,
    rests_until: Option<Timestamp>,
    /// Batches under way.
    under_way: u32,
}

/// One endpoint.
#[derive(Debug, Default)]
pub(crate) struct Line(Mutex<State>);

impl Line {
    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Until when nothing is sent to it; none: it may be now.
    pub(crate) fn rests(&self, now: Timestamp) -> Option<Timestamp> {
        self.with(|state| state.rests_until.filter(|until| now < *until))
    }

    /// When another batch may begin; none: now.
    pub(crate) fn not_before(&self, now: Timestamp) -> Option<Timestamp> {
        self.rests(now).or_else(|| {
            self.with(|state| {
                let most = if state.failed > 0 { 1 } else { BATCHES };
                (state.under_way >= most).then(|| now.plus_ms(BUSY_MS))
            })
        })
    }

    /// Whether it did not answer the last time.
    pub(crate) fn is_failing(&self) -> bool {
        self.with(|state| state.failed > 0)
    }

    /// Notes an answer, or that there was none.
    pub(crate) fn told(&self, told: Told, now: Timestamp) {
        self.with(|state| match told {
            Told::Answered => (state.failed, state.rests_until) = (0, None),
            // It may be enabled again: then it is asked as any other.
            Told::Gone => (state.failed, state.rests_until) = (0, Some(now.plus_ms(REST_MS))),
            // Others that were under way when it rested already say nothing new.
            Told::Failed if state.rests_until.is_some_and(|until| now < until) => {}
            Told::Failed => {
                let rest = (REST_MS << state.failed.min(16)).min(REST_MS_MAX);
                state.failed = state.failed.saturating_add(1);
                state.rests_until = Some(now.plus_ms(rest));
            }
        });
    }

    fn is_idle(&self) -> bool {
        self.with(|state| state.under_way == 0 && state.failed == 0)
    }
}

/// All endpoints that a node hands effects to, or tells of events.
#[derive(Debug)]
pub struct Lines {
    known: Mutex<HashMap<(TenantId, String), Arc<Line>>>,
    /// Batches under way.
    places: Places,
    is_closed: AtomicBool,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            known: Mutex::default(),
            places: Places::new(AT_ONCE, OF_TENANT),
            is_closed: AtomicBool::new(false),
        }
    }
}

impl Lines {
    pub(crate) fn of(&self, tenant: TenantId, endpoint: &str) -> Arc<Line> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN_MAX {
            known.retain(|_, line| !line.is_idle());
        }
        let line = known.entry((tenant, endpoint.to_owned()));
        Arc::clone(line.or_default())
    }

    /// Begins a batch; none where too many are under way.
    pub(crate) fn begin(&self, tenant: TenantId, line: Arc<Line>) -> Option<UnderWay> {
        let place = self.places.take(tenant)?;
        line.with(|state| state.under_way += 1);
        Some(UnderWay {
            line,
            _place: place,
        })
    }

    /// What is under way begins nothing more.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Relaxed)
    }

    /// Waits until nothing is under way.
    pub async fn idle(&self) {
        self.places.idle().await;
    }
}

/// A batch that is under way for as long as this is kept.
pub(crate) struct UnderWay {
    line: Arc<Line>,
    _place: Place,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.line.with(|state| state.under_way -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    #[test]
    fn who_does_not_answer_rests_longer_each_time_and_not_at_all_once_they_do() {
        let line = Line::default();
        let mut now = NOW;
        let mut rests = Vec::new();
        for _ in 0..8 {
            line.told(Told::Failed, now);
            let until = line.rests(now).unwrap();
            rests.push((until.0 - now.0) / 1_000);
            now = until;
        }
        assert_eq!(rests, [5, 10, 20, 40, 80, 160, 300, 300]);
        assert!(line.is_failing());
        line.told(Told::Answered, now);
        assert_eq!(line.not_before(now), None);
        line.told(Told::Failed, now);
        assert_eq!(line.rests(now), Some(now.plus_ms(REST_MS)));
    }

    #[test]
    fn failures_of_one_moment_count_once() {
        let line = Line::default();
        for late in 0..4 {
            line.told(Told::Failed, NOW.plus_ms(late));
        }
        assert_eq!(line.rests(NOW.plus_ms(4)), Some(NOW.plus_ms(REST_MS)));
    }

    #[tokio::test]
    async fn one_who_answers_has_two_batches_under_way_at_most_another_one() {
        let (lines, tenant) = (Lines::default(), TenantId(uuid::Uuid::nil()));
        let line = lines.of(tenant, "whe_1");
        let first = lines.begin(tenant, Arc::clone(&line)).unwrap();
        assert_eq!(line.not_before(NOW), None);
        let second = lines.begin(tenant, Arc::clone(&line)).unwrap();
        assert_eq!(line.not_before(NOW), Some(NOW.plus_ms(BUSY_MS)));
        drop(second);
        line.told(Told::Failed, NOW);
        let rested = NOW.plus_ms(REST_MS);
        assert_eq!(line.not_before(rested), Some(rested.plus_ms(BUSY_MS)));
        drop(first);
        assert_eq!(line.not_before(rested), None);
        lines.idle().await;
    }

    #[test]
    fn one_tenant_s_batches_leave_room_for_others() {
        let lines = Lines::default();
        let tenant = |number| TenantId(uuid::Uuid::from_u128(number));
        let begin = |of, nth: u32| lines.begin(of, lines.of(of, &format!("whe_{nth}")));
        let held: Vec<_> = (0..100).filter_map(|nth| begin(tenant(1), nth)).collect();
        assert_eq!(held.len() as u32, OF_TENANT);
        assert!(begin(tenant(2), 0).is_some());
        drop(held);
        assert!(begin(tenant(1), 0).is_some());
    }
}
