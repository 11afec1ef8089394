//! What came of a batch, or of a part of it, until it is written down.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use regua_domain::dossier::Dossier;
use regua_domain::effect::EffectKey;
use regua_domain::handover;
use regua_domain::id::CustomerId;
use regua_domain::time::Timestamp;
use regua_storage::{Handing, RecordWrite, Tried, Wanted};

use super::outcomes::Ended;
use super::{Delivered, Handed, Parcel};
use crate::open::chain;
use crate::post::records::Delivery;
use crate::tell::load;
use crate::{Engine, EngineError, Open, measure};

/// What became of effects is written together: what a node that dies had handed over, and had
/// not noted yet, is handed over again.
const NOTED_AT_ONCE: usize = 32;

/// Pauses before it is written down again: each is twice the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LAST_PAUSE: Duration = Duration::from_secs(32);

pub(super) struct Round {
    pub engine: Engine,
    pub open: Arc<Open>,
    /// When the batch was taken.
    now: Timestamp,
    counts: Delivered,
    pub outcomes: HashMap<CustomerId, Vec<(EffectKey, Ended)>>,
    put_off: Vec<(Handing, Timestamp, Tried)>,
    /// Tries that are not in the log yet.
    pub logs: Vec<RecordWrite>,
}

impl Round {
    pub(super) fn new(engine: &Engine, open: &Arc<Open>, now: Timestamp) -> Self {
        Self {
            engine: engine.clone(),
            open: Arc::clone(open),
            now,
            counts: Delivered::default(),
            outcomes: HashMap::new(),
            put_off: Vec::new(),
            logs: Vec::new(),
        }
    }

    /// The instant, as of now.
    pub(super) fn clock(&self) -> Timestamp {
        self.engine.clock.now()
    }

    /// What it came to; told to whoever watches the host, once.
    pub(super) fn counted(self) -> Delivered {
        measure::delivered(&self.open.row.name, &self.counts);
        self.counts
    }

    /// Whether it is time to write down what came of it.
    pub(super) fn is_full(&self) -> bool {
        self.outcomes.len() + self.put_off.len() >= NOTED_AT_ONCE
    }

    /// Effects with what they are to be handed over with, but for those that are not to be now.
    pub(super) async fn prepared(
        &mut self,
        handings: &[Handing],
    ) -> Result<Vec<Parcel>, EngineError> {
        let dossiers = self.dossiers(handings).await?;
        let handings = handings.iter().copied();
        let mut parcels: Vec<Parcel> = handings
            .filter_map(|handing| self.parcel(handing, &dossiers))
            .collect();
        self.prepare(&mut parcels).await?;
        Ok(parcels)
    }

    /// Notes what came of a try.
    pub(super) fn handed(&mut self, parcel: &Parcel, handed: Handed) {
        self.log(parcel);
        if let Handed::Later { after_ms } = handed {
            let due_at = self.now.plus_ms(after_ms.max(1));
            self.put_off.push((parcel.handing, due_at, Tried::Yes));
            self.counts.later += 1;
        } else {
            self.ended(parcel.handing, Ended::Handed(handed));
        }
    }

    /// Puts off what is not tried now.
    pub(super) fn put_off(&mut self, parcels: impl IntoIterator<Item = Parcel>, until: Timestamp) {
        for parcel in parcels {
            self.put_off.push((parcel.handing, until, Tried::No));
            self.counts.later += 1;
        }
    }

    /// Gives back what was taken and cannot be looked at: the store is away.
    pub(super) fn give_back(mut self, handings: Vec<Handing>) {
        let handings = handings.into_iter();
        let back = handings.map(|handing| (handing, self.now, Tried::No));
        self.put_off.extend(back);
        tokio::spawn(async move { self.settle().await });
    }

    /// Writes it down, also where the store is away for a while: what was taken would wait for a
    /// quarter of an hour.
    pub(super) async fn settle(&mut self) {
        let mut pause = FIRST_PAUSE;
        while let Err(error) = self.write_down().await {
            let (tenant, error) = (&self.open.row.name, chain(&error));
            if pause > LAST_PAUSE {
                tracing::error!(tenant, error, "what became of effects is not written");
                return;
            }
            tracing::warn!(tenant, error, "what became of effects is written once more");
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }

    /// Writes down what became of what was handed over.
    pub(super) async fn write_down(&mut self) -> Result<(), EngineError> {
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
        let loaded = load(&self.open, &wanted, self.now, self.now).await?;
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
            open: Arc::clone(&self.open),
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
