//! The round of tenants that have something due: each gets its turn.

use std::collections::VecDeque;
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
    is_closed: bool,
}

/// The round.
#[derive(Debug, Default)]
pub(super) struct Round {
    state: Mutex<State>,
    changed: Notify,
}

impl Round {
    pub(super) fn new() -> Self {
        Self::default()
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

    /// The tenant whose turn it is; none once the round is closed. It goes to the end of the
    /// round at once, so that a lane without another to serve serves it too.
    pub(super) async fn next(&self) -> Option<TenantId> {
        loop {
            let changed = self.changed.notified();
            let next = self.with(|state| {
                if state.is_closed {
                    return Some(None);
                }
                let tenant = state.waiting.pop_front()?;
                state.waiting.push_back(tenant);
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
        if turn == Turn::Over {
            self.with(|state| state.waiting.retain(|waiting| *waiting != tenant));
        }
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
        let round = Round::new();
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
        let round = Round::new();
        round.join([tenant(1), tenant(2)].into_iter());
        round.join([tenant(2), tenant(3)].into_iter());
        let mut served = Vec::new();
        for _ in 0..4 {
            served.push(round.next().await.unwrap());
        }
        assert_eq!(served, [tenant(1), tenant(2), tenant(3), tenant(1)]);
    }

    #[tokio::test]
    async fn a_closed_round_has_no_next() {
        let round = Round::new();
        round.join([tenant(1)].into_iter());
        round.close();
        assert_eq!(round.next().await, None);
    }
}
