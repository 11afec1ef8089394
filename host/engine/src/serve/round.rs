//! The round of tenants that have something due: each gets its turn.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use regua_domain::id::TenantId;
use tokio::sync::Notify;

/// What a turn came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// There may be more to do.
    More,
    /// There is nothing more for now.
    Over,
}

#[derive(Debug, Default)]
struct State {
    /// Those who wait for a turn, the next first. Each is in it once.
    waiting: VecDeque<TenantId>,
    /// Turns that are under way, by tenant.
    under_way: HashMap<TenantId, u32>,
    is_closed: bool,
}

/// The round.
#[derive(Debug)]
pub(super) struct Round {
    /// Turns of one tenant at once.
    of_tenant: u32,
    state: Mutex<State>,
    changed: Notify,
}

impl Round {
    /// With so many turns of one tenant at once.
    pub(super) fn new(of_tenant: u32) -> Self {
        Self {
            of_tenant,
            state: Mutex::default(),
            changed: Notify::new(),
        }
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tenants with something due; those who wait already keep their places.
    pub(super) fn join(&self, tenants: impl Iterator<Item = TenantId>) {
        self.with(|state| {
            for tenant in tenants {
                if !state.waiting.contains(&tenant) {
                    state.waiting.push_back(tenant);
                }
            }
        });
        self.changed.notify_waiters();
    }

    /// The tenant whose turn it is: of those with the fewest turns under way the one who waits
    /// longest; none once the round is closed. It goes to the end of the round at once, so that
    /// a lane without another to serve serves it too.
    pub(super) async fn next(&self) -> Option<TenantId> {
        loop {
            let changed = self.changed.notified();
            let next = self.with(|state| {
                if state.is_closed {
                    return Some(None);
                }
                let turns = |tenant: &TenantId| state.under_way.get(tenant).copied().unwrap_or(0);
                let places = state.waiting.iter().enumerate();
                let (place, fewest) = places
                    .map(|(place, tenant)| (place, turns(tenant)))
                    .min_by_key(|(_, turns)| *turns)?;
                if fewest >= self.of_tenant {
                    return None;
                }
                let tenant = state.waiting.remove(place)?;
                state.waiting.push_back(tenant);
                *state.under_way.entry(tenant).or_default() += 1;
                Some(Some(tenant))
            });
            match next {
                Some(next) => return next,
                None => changed.await,
            }
        }
    }

    /// Ends a turn.
    pub(super) fn give_back(&self, tenant: TenantId, turn: Turn) {
        self.with(|state| {
            if turn == Turn::Over {
                state.waiting.retain(|waiting| *waiting != tenant);
            }
            if let Some(turns) = state.under_way.get_mut(&tenant) {
                *turns -= 1;
                if *turns == 0 {
                    state.under_way.remove(&tenant);
                }
            }
        });
        self.changed.notify_waiters();
    }

    /// Nobody gets another turn.
    pub(super) fn close(&self) {
        self.with(|state| state.is_closed = true);
        self.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(number: u128) -> TenantId {
        TenantId(uuid::Uuid::from_u128(number))
    }

    #[tokio::test]
    async fn tenants_are_served_in_turn_until_they_have_no_more() {
        let round = Round::new(u32::MAX);
        let (big, small) = (tenant(1), tenant(2));
        round.join([big, small].into_iter());
        let mut served = Vec::new();
        for _ in 0..3 {
            served.push(round.next().await.unwrap());
        }
        round.give_back(small, Turn::Over);
        served.push(round.next().await.unwrap());
        assert_eq!(served, [big, small, big, big]);
    }

    #[tokio::test]
    async fn who_is_in_the_round_joins_it_no_second_time() {
        let round = Round::new(u32::MAX);
        round.join([tenant(1), tenant(2)].into_iter());
        round.join([tenant(2), tenant(3)].into_iter());
        let mut served = Vec::new();
        for _ in 0..4 {
            served.push(round.next().await.unwrap());
        }
        assert_eq!(served, [tenant(1), tenant(2), tenant(3), tenant(1)]);
    }

    #[tokio::test]
    async fn who_has_as_many_turns_as_one_may_waits_for_the_end_of_one() {
        let round = Round::new(2);
        let (big, late) = (tenant(1), tenant(2));
        round.join([big].into_iter());
        assert_eq!([round.next().await, round.next().await], [Some(big); 2]);
        let soon = std::time::Duration::from_millis(20);
        assert!(tokio::time::timeout(soon, round.next()).await.is_err());
        round.join([late].into_iter());
        assert_eq!(round.next().await, Some(late));
        round.give_back(big, Turn::More);
        // Each has one under way, and the other waited longer.
        assert_eq!(
            [round.next().await, round.next().await],
            [Some(big), Some(late)]
        );
    }

    #[tokio::test]
    async fn a_closed_round_has_no_next() {
        let round = Round::new(u32::MAX);
        round.join([tenant(1)].into_iter());
        round.close();
        assert_eq!(round.next().await, None);
    }
}
