//! Delivery: effects from the outbox, held against what is known by now, handed to a courier,
//! and what became of them written down.

mod outcomes;

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use regua_delivery::attempt::Attempt;
use regua_domain::dossier::Dossier;
use regua_domain::effect::{Effect, EffectKey};
use regua_domain::handover;
use regua_domain::id::CustomerId;
use regua_domain::time::Timestamp;
use regua_storage::{Handing, Tried, Wanted};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::announce::Notice;
use crate::tell::load;
use crate::{Engine, EngineError, Open, measure};
use outcomes::Ended;

/// Effects taken at once.
const BATCH: u32 = 128;
/// Outcomes written together: what a node that dies had handed over, and had not noted yet, is
/// handed over again.
const NOTED_AT_ONCE: usize = 32;

/// What a courier is given.
#[derive(Clone)]
pub struct Parcel {
    /// Whose it is.
    pub open: Arc<Open>,
    /// The customer as of this instant.
    pub dossier: Arc<Dossier>,
    /// What to hand over.
    pub effect: Effect,
    /// How often it was tried before.
    pub tries: u32,
    /// Now.
    pub now: Timestamp,
}

/// What became of a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// A relay or a system has it.
    Done,
    /// It is a person's to do.
    ByHand,
    /// The address does not exist.
    Bounced {
        /// What the channel said, in a word.
        code: String,
    },
    /// It cannot be done.
    Failed {
        /// Why, in a word.
        code: String,
    },
    /// Not now: again in so many milliseconds.
    Later {
        /// In how many.
        after_ms: i64,
    },
}

/// Hands effects over to the world.
#[async_trait]
pub trait Courier: Send + Sync + 'static {
    /// Hands one over. It may be the second time, under the same key: a node may have died
    /// between the world's yes and its own note of it.
    async fn hand_over(&self, parcel: Parcel) -> Handed;

    /// Tells an endpoint of an event, once. It may be the second time, under the same id.
    async fn announce(&self, notice: &Notice) -> Attempt;
}

/// What a round of delivery came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Effects taken.
    pub taken: u64,
    /// Handed over.
    pub done: u64,
    /// No longer held: cancelled.
    pub cancelled: u64,
    /// Failed for good.
    pub failed: u64,
    /// To be tried again.
    pub later: u64,
}

impl Engine {
    /// Hands over what is due in a tenant's outbox, one batch of it.
    pub async fn deliver(
        &self,
        open: &Arc<Open>,
        courier: &Arc<dyn Courier>,
        at_once: &Arc<Semaphore>,
    ) -> Result<Delivered, EngineError> {
        let now = self.clock.now();
        let handings = open
            .store
            .take_queued(now, now.plus_ms(self.settings.taken_ms), BATCH)
            .await?;
        let mut round = Round {
            engine: self,
            open,
            now,
            counts: Delivered {
                taken: handings.len() as u64,
                ..Delivered::default()
            },
            outcomes: HashMap::new(),
            put_off: Vec::new(),
        };
        if !handings.is_empty() {
            round.hand_over(handings, courier, at_once).await?;
        }
        measure::delivered(&open.row.name, &round.counts);
        Ok(round.counts)
    }
}

struct Round<'a> {
    engine: &'a Engine,
    open: &'a Arc<Open>,
    now: Timestamp,
    counts: Delivered,
    outcomes: HashMap<CustomerId, Vec<(EffectKey, Ended)>>,
    put_off: Vec<(Handing, Timestamp, Tried)>,
}

impl Round<'_> {
    async fn hand_over(
        &mut self,
        handings: Vec<Handing>,
        courier: &Arc<dyn Courier>,
        at_once: &Arc<Semaphore>,
    ) -> Result<(), EngineError> {
        let dossiers = self.dossiers(&handings).await?;
        let mut out = JoinSet::new();
        for handing in handings {
            let Some(parcel) = self.parcel(handing, &dossiers) else {
                continue;
            };
            let (courier, at_once) = (Arc::clone(courier), Arc::clone(at_once));
            out.spawn(async move {
                // An error: it was closed, and nobody waits for it any more.
                let _permit = at_once.acquire_owned().await;
                (handing, courier.hand_over(parcel).await)
            });
        }
        let mut is_noted = true;
        while let Some(joined) = out.join_next().await {
            // A courier that panicked is tried again when the effect is due again.
            let Ok((handing, handed)) = joined else {
                tracing::error!(tenant = %self.open.row.id, "a courier panicked");
                continue;
            };
            if let Handed::Later { after_ms } = handed {
                let due_at = self.now.plus_ms(after_ms.max(1));
                self.put_off.push((handing, due_at, Tried::Yes));
                self.counts.later += 1;
            } else {
                self.ended(handing, Ended::Handed(handed));
            }
            // Where it fails, what is under way is waited for all the same, and noted at the end.
            if is_noted && self.outcomes.len() >= NOTED_AT_ONCE {
                is_noted = self.write().await.is_ok();
            }
        }
        self.open.store.put_off(&self.put_off).await?;
        self.write().await
    }

    /// Dossiers that hold the effects; those of cases that ended long ago are read whole.
    async fn dossiers(
        &self,
        handings: &[Handing],
    ) -> Result<HashMap<CustomerId, Arc<Dossier>>, EngineError> {
        let mut ids: Vec<CustomerId> = handings.iter().map(|handing| handing.customer).collect();
        ids.dedup();
        let wanted: Vec<Wanted> = ids.into_iter().map(Wanted::from).collect();
        let loaded = load(self.open, &wanted, self.now, self.now).await?;
        let mut dossiers: HashMap<_, _> = loaded
            .into_iter()
            .map(|dossier| (dossier.customer.id, dossier))
            .collect();
        let lacks = |handing: &&Handing| {
            let dossier = dossiers.get(&handing.customer);
            dossier.is_some_and(|dossier| dossier.effect(handing.key).is_none())
        };
        let again: Vec<Wanted> = handings
            .iter()
            .filter(lacks)
            .map(|handing| Wanted::from(handing.customer))
            .collect();
        if !again.is_empty() {
            let ever = Timestamp(0);
            for whole in self.open.store.load(&again, ever, ever).await? {
                dossiers.insert(whole.customer.id, whole);
            }
        }
        Ok(dossiers
            .into_iter()
            .map(|(id, dossier)| (id, Arc::new(dossier)))
            .collect())
    }

    /// What a courier gets of an effect; none where it is not to be handed over now.
    fn parcel(
        &mut self,
        handing: Handing,
        dossiers: &HashMap<CustomerId, Arc<Dossier>>,
    ) -> Option<Parcel> {
        let dossier = dossiers.get(&handing.customer)?;
        let effect = handover::queued(dossier).find(|effect| effect.key == handing.key)?;
        let today = self.now.date_in(dossier.customer.time_zone);
        let tenant = &self.open.tenant;
        if let Some(because) = handover::objection(tenant, dossier, effect, today) {
            self.ended(handing, Ended::Cancelled(because));
            return None;
        }
        if let Some(until) = handover::not_before(tenant, dossier, effect, self.now) {
            self.put_off.push((handing, until, Tried::No));
            self.counts.later += 1;
            return None;
        }
        Some(Parcel {
            open: Arc::clone(self.open),
            effect: effect.clone(),
            dossier: Arc::clone(dossier),
            tries: handing.tries,
            now: self.now,
        })
    }

    fn ended(&mut self, handing: Handing, ended: Ended) {
        match &ended {
            Ended::Cancelled(_) => self.counts.cancelled += 1,
            Ended::Handed(Handed::Done | Handed::ByHand) => self.counts.done += 1,
            Ended::Handed(_) => self.counts.failed += 1,
        }
        let of_customer = self.outcomes.entry(handing.customer).or_default();
        of_customer.push((handing.key, ended));
    }
}
