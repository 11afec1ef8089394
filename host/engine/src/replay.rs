//! Replay: recorded decisions are taken again, by the same components about the same situations,
//! and held against what was decided then. Nothing comes of it.

mod bench;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use regua_domain::time::Timestamp;
use regua_storage::{CallPlace, Recorded, StoreError};

use crate::compare::{Difference, Kind};
use crate::places::Place;
use crate::{Engine, EngineError, Open};
use bench::{Again, Bench, Share};

/// Decisions that are read at once.
const PAGE: u32 = 2_048;
/// Examples that are told of each kind of difference.
const EXAMPLES_MAX: usize = 10;

/// Replays at once, in all and of one tenant.
pub(crate) const REPLAYS: (u32, u32) = (4, 1);

/// Which decisions are taken again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Which {
    /// Those behind this place.
    pub after: Option<CallPlace>,
    /// Those since then.
    pub since: Option<Timestamp>,
    /// No longer than this, about: then it is told where it stopped.
    pub at_most: Option<Duration>,
}

/// A decision that is taken otherwise now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Where it stands.
    pub place: CallPlace,
    /// The stage that was asked.
    pub stage: String,
    /// `name@version` of its plugin.
    pub plugin: String,
    /// In what they differ: `active` is what was recorded.
    pub difference: Difference,
}

/// What a replay came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Decisions that were taken again.
    pub compared: u64,
    /// Of these, equal to the byte.
    pub equal: u64,
    /// Of these, different, by in what.
    pub different: BTreeMap<Kind, u64>,
    /// The first of each kind of difference.
    pub examples: Vec<Example>,
    /// Decisions that were not taken again, by why.
    pub passed_over: BTreeMap<&'static str, u64>,
    /// Of those that were compared: recorded by another engine than this one, by which.
    pub other_engines: BTreeMap<String, u64>,
    /// Where it stopped before the end, if it did.
    pub stopped_at: Option<CallPlace>,
}

impl Replayed {
    fn note(&mut self, recorded: &Recorded, engine: &str, again: Again) {
        let record = &recorded.record;
        let difference = match again {
            Again::Not(because) => {
                *self.passed_over.entry(because).or_default() += 1;
                return;
            }
            Again::Compared(difference) => difference,
        };
        self.compared += 1;
        if record.engine != engine {
            let known = self.other_engines.entry(record.engine.clone());
            *known.or_default() += 1;
        }
        let Some(difference) = difference else {
            self.equal += 1;
            return;
        };
        let count = self.different.entry(difference.kind).or_default();
        *count += 1;
        if *count <= EXAMPLES_MAX as u64 {
            self.examples.push(Example {
                place: recorded.place(),
                stage: record.stage.clone(),
                plugin: record.plugin.clone(),
                difference,
            });
        }
    }

    fn add(&mut self, other: Self) {
        self.compared += other.compared;
        self.equal += other.equal;
        for (kind, count) in other.different {
            *self.different.entry(kind).or_default() += count;
        }
        for (because, count) in other.passed_over {
            *self.passed_over.entry(because).or_default() += count;
        }
        for (engine, count) in other.other_engines {
            *self.other_engines.entry(engine).or_default() += count;
        }
        for example in other.examples {
            let kind = example.difference.kind;
            let known = self.examples.iter();
            let known = known.filter(|known| known.difference.kind == kind);
            if known.count() < EXAMPLES_MAX {
                self.examples.push(example);
            }
        }
    }
}

/// Why nothing was taken again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// There is one already.
    #[error("another replay is under way: wait for it")]
    Busy,
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<StoreError> for ReplayError {
    fn from(error: StoreError) -> Self {
        Self::Engine(error.into())
    }
}

impl Engine {
    /// Takes decisions again that are at hand.
    pub async fn replay_these(
        &self,
        open: &Arc<Open>,
        records: Vec<Recorded>,
    ) -> Result<Replayed, ReplayError> {
        let place = self.replays.take(open.row.id).ok_or(ReplayError::Busy)?;
        let bench = self.bench(open, &records, None).await?;
        Ok(self
            .share_out(open, &Arc::new(place), bench, records)
            .await?)
    }

    /// Takes decisions again, in the order of their places.
    pub async fn replay(&self, open: &Arc<Open>, which: Which) -> Result<Replayed, ReplayError> {
        let place = self.replays.take(open.row.id).ok_or(ReplayError::Busy)?;
        let place = Arc::new(place);
        let began = Instant::now();
        let read = |after| {
            let store = Arc::clone(&open.store);
            tokio::spawn(async move { store.decisions_after(after, PAGE).await })
        };
        let (mut replayed, mut known) = (Replayed::default(), None);
        let mut page = Some(read(which.after));
        while let Some(records) = page.take() {
            let mut records = records.await.map_err(|_| EngineError::Workers)??;
            if let Some(last) = records.last().map(Recorded::place)
                && records.len() == PAGE as usize
            {
                if which.at_most.is_some_and(|most| began.elapsed() >= most) {
                    replayed.stopped_at = Some(last);
                } else {
                    // While these are taken again, the next are read.
                    page = Some(read(Some(last)));
                }
            }
            records.retain(|recorded| which.since.is_none_or(|since| recorded.record.at >= since));
            let bench = self.bench(open, &records, known.take()).await?;
            known = Some(Arc::clone(&bench));
            replayed.add(self.share_out(open, &place, bench, records).await?);
        }
        Ok(replayed)
    }

    /// All that is needed for some decisions, with what is at hand already.
    async fn bench(
        &self,
        open: &Arc<Open>,
        records: &[Recorded],
        known: Option<Arc<Bench>>,
    ) -> Result<Arc<Bench>, EngineError> {
        let mut missing: Vec<_> = records
            .iter()
            .map(|recorded| &recorded.record.digest)
            .filter(|digest| {
                let known = known.as_ref();
                known.is_none_or(|bench| !bench.stages.contains_key(*digest))
            })
            .cloned()
            .collect();
        missing.sort_unstable();
        missing.dedup();
        if let Some(known) = &known
            && missing.is_empty()
        {
            return Ok(Arc::clone(known));
        }
        let mut stages = known.map_or_else(HashMap::new, |bench| bench.stages.clone());
        for digest in missing {
            let stage = match self.load(&open.store, &digest).await {
                Ok(stage) => Some(stage),
                // Another version of the host admitted it: the others can be taken again.
                Err(EngineError::Plugin { because, .. }) => {
                    tracing::warn!(
                        digest,
                        because,
                        "a recorded component is not loaded any more"
                    );
                    None
                }
                Err(error) => return Err(error),
            };
            stages.insert(digest, stage);
        }
        let workflows = open.tenant.workflows.values();
        let configs = workflows.flat_map(|workflow| &workflow.stages);
        let configs = configs.map(|stage| (stage.config_digest.clone(), Arc::clone(&stage.config)));
        Ok(Arc::new(Bench {
            engine: self.runtime.engine_hash().to_owned(),
            stages,
            configs: configs.collect(),
        }))
    }

    async fn share_out(
        &self,
        open: &Arc<Open>,
        place: &Arc<Place>,
        bench: Arc<Bench>,
        mut records: Vec<Recorded>,
    ) -> Result<Replayed, EngineError> {
        let share = records.len().div_ceil(self.workers.threads()).max(1);
        let mut shares = Vec::new();
        while !records.is_empty() {
            let rest = records.split_off(share.min(records.len()));
            let mut share = Share {
                bench: Arc::clone(&bench),
                place: Some(Arc::clone(place)),
                left: std::mem::replace(&mut records, rest).into_iter(),
                replayed: Replayed::default(),
            };
            let slice = move || share.slice();
            shares.push(self.workers.run_in_slices(open.whose(), slice));
        }
        let mut replayed = Replayed::default();
        for share in shares {
            let share = share.into_recv_async().await;
            replayed.add(share.map_err(|_| EngineError::Workers)?);
        }
        Ok(replayed)
    }
}
