//! Samples: now and then a decision that is recorded is taken again, by a fresh instance, and by one
//! that is asked twice in a row. A plugin that answers otherwise is marked and its owner told:
//! nothing that it decides can be decided again.
//!
//! It is done behind everything else, and nothing comes of it but the mark.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use regua_domain::contract::{Answer, Situation};
use regua_domain::determinism::{How, NonDeterminism};
use regua_domain::id::{CaseId, TenantId};
use regua_domain::timeline::DecisionRecord;
use regua_runtime::Stage;
use regua_storage::records::list;
use regua_storage::{Record, RecordWrite, Seen, StoreError, TenantStore};

use crate::compare::{Difference, difference};
use crate::open::{chain, everything};
use crate::{Engine, Open, notices};

/// Of so many decisions of a plugin version that a process records, one is taken again: the first,
/// and then each so many'th.
const OF: u64 = 1_024;
/// Samples that wait at once, of all tenants.
const WAITING_MAX: u32 = 256;
/// How long a process that ends waits for what is left.
const SETTLED_WITHIN: Duration = Duration::from_mins(1);
/// How often it looks.
const LOOK: Duration = Duration::from_millis(10);

impl Record for NonDeterminismOf {
    const KIND: &'static str = "non-determinism";
}

/// As it is kept: by `name@version`.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
struct NonDeterminismOf(NonDeterminism);

/// Plugin versions of a tenant that were found to answer differently to equal input, by
/// `name@version`.
pub async fn non_deterministic(
    store: &dyn TenantStore,
) -> Result<HashMap<String, NonDeterminism>, StoreError> {
    let kept = list::<NonDeterminismOf>(store, &everything()).await?;
    let found = kept.into_iter().map(|kept| (kept.id, kept.value.0));
    Ok(found.collect())
}

/// What was counted, and how many samples are under way.
#[derive(Default)]
pub(crate) struct Samples {
    /// Decisions by tenant and digest.
    recorded: Mutex<HashMap<TenantId, HashMap<String, u64>>>,
    under_way: Arc<AtomicU32>,
}

impl Samples {
    /// Whether a decision of a plugin version, of which one more is recorded, is a sample.
    fn is_one(&self, tenant: TenantId, digest: &str) -> bool {
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        let of_tenant = recorded.entry(tenant).or_default();
        let Some(count) = of_tenant.get_mut(digest) else {
            of_tenant.insert(digest.to_owned(), 1);
            return true;
        };
        *count += 1;
        *count % OF == 0
    }

    /// The sample that a recorded decision is, where it is one.
    pub(crate) fn of(&self, open: &Open, record: &DecisionRecord) -> Option<Sample> {
        let answered = matches!(record.call.answer, Answer::Decision(_) | Answer::Refusal(_));
        if !answered || !self.is_one(open.row.id, &record.digest) {
            return None;
        }
        let workflows = open.tenant.workflows.values();
        let mut stages = workflows.flat_map(|workflow| &workflow.stages);
        let stage = stages.find(|stage| stage.config_digest == record.config_digest)?;
        Some(Sample {
            component: Arc::clone(open.stages.get(&record.digest)?),
            config: Arc::clone(&stage.config),
            situation: record.situation.clone(),
            recorded: record.call.answer.clone(),
            plugin: record.plugin.clone(),
            case: record.case,
            sequence: record.sequence,
            stage: record.stage.clone(),
        })
    }

    /// Waits until nothing is under way, for a minute at most: for a process that ends.
    pub(crate) async fn settled(&self) {
        let until = Instant::now() + SETTLED_WITHIN;
        while self.under_way.load(Ordering::Acquire) > 0 && Instant::now() < until {
            tokio::time::sleep(LOOK).await;
        }
    }

    /// A place among those that wait; none where there are too many, which is no harm.
    fn enter(&self) -> Option<UnderWay> {
        let before = self.under_way.fetch_add(1, Ordering::AcqRel);
        let entered = UnderWay(Arc::clone(&self.under_way));
        (before < WAITING_MAX).then_some(entered)
    }
}

/// It counts for as long as it lives.
struct UnderWay(Arc<AtomicU32>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A recorded decision that is taken again.
pub(crate) struct Sample {
    component: Arc<Stage>,
    config: Arc<str>,
    situation: Situation,
    recorded: Answer,
    plugin: String,
    case: CaseId,
    sequence: u64,
    stage: String,
}

impl Sample {
    /// How the plugin is found out, if it is.
    fn look(&self) -> Option<(How, Difference)> {
        let differs = |answer: &Answer| match answer {
            Answer::Decision(_) | Answer::Refusal(_) => difference(&self.recorded, answer),
            // What failed this time may be the machine's doing, or what a second call in one
            // instance has left of its memory.
            Answer::Failure { .. } | Answer::Inconclusive | Answer::HostFault { .. } => None,
        };
        let again = self.component.decide(&self.situation, &self.config).answer;
        if let Some(found) = differs(&again) {
            return Some((How::Again, found));
        }
        let in_a_row = self
            .component
            .decide_in_a_row(&self.situation, &self.config);
        let mut found = in_a_row.iter().filter_map(differs);
        found.next().map(|found| (How::InARow, found))
    }
}

impl Engine {
    /// Takes decisions again that were recorded, behind everything else.
    pub(crate) fn take_again(&self, open: &Arc<Open>, samples: Vec<Sample>) {
        if samples.is_empty() {
            return;
        }
        let Some(thread) = self.behind.thread() else {
            return;
        };
        let runtime = tokio::runtime::Handle::current();
        for sample in samples {
            let Some(under_way) = self.samples.enter() else {
                return;
            };
            let (engine, of, runtime) = (self.clone(), Arc::clone(open), runtime.clone());
            // Nobody waits for it.
            drop(thread.run_for(open.whose(), move || {
                if let Some((how, found)) = sample.look() {
                    runtime.spawn(async move {
                        engine.mark(&of, sample, how, found).await;
                        drop(under_way);
                    });
                }
            }));
        }
    }

    /// Marks a version, once: what was found first stays.
    async fn mark(&self, open: &Open, sample: Sample, how: How, found: Difference) {
        let plugin = sample.plugin.clone();
        let found = NonDeterminism {
            plugin: sample.plugin,
            digest: sample.component.digest().to_owned(),
            at: self.clock.now(),
            case: sample.case,
            sequence: sample.sequence,
            stage: sample.stage,
            how,
            differs: found.kind.name().to_owned(),
            recorded: found.active,
            again: found.other,
        };
        let (tenant, how) = (&open.row.name, how.name());
        let differs = &found.differs;
        tracing::warn!(%tenant, plugin, how, differs, "a plugin answers differently to equal input");
        if let Err(error) = write_mark(open, &found).await {
            let error = chain(&error);
            tracing::error!(
                error,
                plugin,
                "that a plugin is not deterministic was not noted"
            );
        }
    }
}

async fn write_mark(open: &Open, found: &NonDeterminism) -> Result<(), StoreError> {
    let mut writes = notices::of_non_determinism(open, found)?;
    let kept = NonDeterminismOf(found.clone());
    writes.push(RecordWrite::put(&found.plugin, Seen::Nothing, &kept, None)?);
    match open.store.write_records(writes).await {
        Err(StoreError::Changed { .. }) => Ok(()),
        done => done,
    }
}
