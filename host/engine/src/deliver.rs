//! Delivery: effects from the outbox, held against what is known by now, handed to the post,
//! and what became of them written down.

mod logs;
mod outcomes;
mod round;
mod share;

use std::collections::BTreeMap;
use std::sync::Arc;

use regua_domain::dossier::Dossier;
use regua_domain::effect::Effect;
use regua_domain::time::Timestamp;
use regua_storage::Handing;
use tokio::task::JoinSet;

use crate::lines::{BUSY_MS, Lines, PATIENCE};
use crate::post::Post;
use crate::post::outlets::Way;
use crate::post::records::Delivery;
use crate::{Engine, EngineError, Open};
use round::Round;
use share::Share;

/// Effects taken at once.
const BATCH: u32 = 128;
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

impl Delivered {
    const fn and(self, other: Self) -> Self {
        Self {
            taken: self.taken + other.taken,
            done: self.done + other.done,
            cancelled: self.cancelled + other.cancelled,
            failed: self.failed + other.failed,
            later: self.later + other.later,
        }
    }
}

impl Engine {
    /// Hands over what is due in a tenant's outbox, one batch of it; what takes long goes on
    /// behind it ([`Lines::idle`]), and is not counted.
    pub async fn deliver(
        &self,
        open: &Arc<Open>,
        post: &Arc<Post>,
        lines: &Arc<Lines>,
    ) -> Result<Delivered, EngineError> {
        let now = self.clock.now();
        let handings = open
            .store
            .take_queued(now, now.plus_ms(self.settings.taken_ms), BATCH)
            .await?;
        let taken = handings.len() as u64;
        if handings.is_empty() {
            return Ok(Delivered::default());
        }
        let mut round = Round::new(self, open, now);
        let parcels = match round.prepared(&handings).await {
            Ok(parcels) => parcels,
            Err(error) => {
                round.give_back(handings);
                return Err(error);
            }
        };
        let mut out = JoinSet::new();
        for (outlet, parcels) in by_outlet(parcels) {
            let line = lines.of(open.row.id, &outlet);
            if let Some(until) = line.not_before(now) {
                round.put_off(parcels, until);
                continue;
            }
            // Before it begins: whoever takes the next batch sees that this one is under way.
            let Some(under_way) = lines.begin(open.row.id, Arc::clone(&line)) else {
                round.put_off(parcels, now.plus_ms(BUSY_MS));
                continue;
            };
            let share = Share {
                round: Round::new(self, open, now),
                post: Arc::clone(post),
                lines: Arc::clone(lines),
                line,
            };
            out.spawn(async move {
                let counts = share.hand_over(parcels).await;
                drop(under_way);
                counts
            });
        }
        round.write_down().await?;
        let mut counts = round.counted();
        counts.taken = taken;
        let all = async {
            while let Some(share) = out.join_next().await {
                counts = counts.and(share.unwrap_or_default());
            }
        };
        if tokio::time::timeout(PATIENCE, all).await.is_err() {
            out.detach_all();
        }
        Ok(counts)
    }
}

/// What a batch has, by where it goes.
fn by_outlet(parcels: Vec<Parcel>) -> BTreeMap<String, Vec<Parcel>> {
    let mut shares: BTreeMap<_, Vec<Parcel>> = BTreeMap::new();
    for parcel in parcels {
        let outlet = match parcel.open.outlets.way(&parcel.effect) {
            Way::Hook(endpoint) => endpoint.id.clone(),
            Way::Mail => "mail".to_owned(),
            Way::ByHand | Way::Nowhere => "nowhere".to_owned(),
        };
        shares.entry(outlet).or_default().push(parcel);
    }
    shares
}
