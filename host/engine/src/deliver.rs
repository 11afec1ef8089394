//! Delivery: effects from the outbox, held against what is known by now, handed to the post,
//! and what became of them written down.

mod logs;
mod outcomes;

use std::collections::HashMap;
use std::sync::Arc;

use regua_domain::dossier::Dossier;
use regua_domain::effect::{Effect, EffectKey};
use regua_domain::handover;
use regua_domain::id::CustomerId;
use regua_domain::time::Timestamp;
use regua_storage::{Handing, RecordWrite, Tried, Wanted};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::post::Post;
use crate::post::records::Delivery;
use crate::tell::load;
use crate::{Engine, EngineError, Open, measure};
use outcomes::Ended;

/// Effects taken at once.
const BATCH: u32 = 128;
/// What became of effects is written together: what a node that dies had handed over, and had
/// not noted yet, is handed over again.
const NOTED_AT_ONCE: usize = 32;

/// What the post is given.
pub(crate) struct Parcel {
    /// Whose it is, as of the last look.
    pub open: Arc<Open>,
    /// The customer as of this instant.
    pub dossier: Arc<Dossier>,
    /// What to hand over.
    pub effect: Effect,
    /// Where it lies in the outbox, and how often it was tried before.
    pub handing: Handing,
    /// What became of it so far.
    pub log: Delivery,
    /// Now.
    pub now: Timestamp,
}

/// What became of a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Handed {
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
        post: &Arc<Post>,
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
            logs: Vec::new(),
        };
        if !handings.is_empty() {
            round.hand_over(handings, post, at_once).await?;
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
    /// Tries that are not in the log yet.
    logs: Vec<RecordWrite>,
}

impl Round<'_> {
    async fn hand_over(
        &mut self,
        handings: Vec<Handing>,
        post: &Arc<Post>,
        at_once: &Arc<Semaphore>,
    ) -> Result<(), EngineError> {
        let dossiers = self.dossiers(&handings).await?;
        let parcels = handings.into_iter();
        let mut parcels: Vec<Parcel> = parcels
            .filter_map(|handing| self.parcel(handing, &dossiers))
            .collect();
        self.prepare(&mut parcels).await?;
        let mut out = JoinSet::new();
        for mut parcel in parcels {
            let (engine, post) = (self.engine.clone(), Arc::clone(post));
            let at_once = Arc::clone(at_once);
            out.spawn(async move {
                // An error: it was closed, and nobody waits for it any more.
                let _permit = at_once.acquire_owned().await;
                let handed = post.hand_over(&engine, &mut parcel).await;
                (parcel, handed)
            });
        }
        let mut is_noted = true;
        while let Some(joined) = out.join_next().await {
            // What panicked is tried again when the effect is due again.
            let Ok((parcel, handed)) = joined else {
                tracing::error!(tenant = %self.open.row.id, "a hand-over panicked");
                continue;
            };
            self.log(&parcel);
            if let Handed::Later { after_ms } = handed {
                let due_at = self.now.plus_ms(after_ms.max(1));
                self.put_off.push((parcel.handing, due_at, Tried::Yes));
                self.counts.later += 1;
            } else {
                self.ended(parcel.handing, Ended::Handed(handed));
            }
            // Where it fails, what is under way is waited for all the same, and noted at the end.
            if is_noted && self.outcomes.len() + self.put_off.len() >= NOTED_AT_ONCE {
                is_noted = self.write_down().await.is_ok();
            }
        }
        self.write_down().await
    }

    /// Writes down what became of what was handed over.
    async fn write_down(&mut self) -> Result<(), EngineError> {
        self.write_logs().await;
        self.write_outcomes().await?;
        self.open.store.put_off(&self.put_off).await?;
        self.put_off.clear();
        Ok(())
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

    /// What the post gets of an effect; none where it is not to be handed over now.
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
            handing,
            log: Delivery::of(effect),
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
