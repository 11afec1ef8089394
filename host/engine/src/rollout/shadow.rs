//! Shadow: another version's stages are asked about live situations, once these are committed,
//! on a thread that gives way to everybody. What they answer is compared and counted; nothing
//! comes of it. Where more comes than that thread can do, the rest is passed over, and counted.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use regua_domain::contract::{Answer, FailureKind, Situation};
use regua_domain::id::TenantId;
use regua_domain::rollout::{Rollout, Shadow};
use regua_domain::time::Timestamp;
use regua_domain::timeline::DecisionRecord;
use regua_runtime::{Stage, Workers};
use regua_storage::records::get;
use regua_storage::{Record, RecordWrite, Seen, Store, StoreError, TenantStore};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::compare::{Difference, Kind, difference};
use super::{RolloutError, TRIES, Versions};
use crate::open::chain;
use crate::{Engine, Open};

/// Calls that wait to be compared, of all tenants together.
const QUEUE: usize = 2_048;
/// What was compared is written so often, at most.
const WRITTEN_EVERY: Duration = Duration::from_secs(1);
/// Examples kept of each kind of difference.
const EXAMPLES_MAX: usize = 10;

/// A call of the active version, to be compared.
pub(super) struct Call {
    tenant: TenantId,
    workflow: String,
    since: Timestamp,
    other: Other,
    situation: Situation,
    answer: Answer,
    about: About,
    /// How many were passed over since the last that was not.
    passed_over: u64,
}

/// What the other version has at a stage.
enum Other {
    /// No such stage.
    Nothing,
    /// A component that is not to be asked any more.
    Revoked,
    /// A component, and its config.
    Stage(Arc<Stage>, Arc<str>),
}

/// Which decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct About {
    case: String,
    sequence: u64,
    stage: String,
}

/// A decision that the other version would have taken otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// Of which case.
    pub case: String,
    /// Which of its transitions.
    pub sequence: u64,
    /// At which stage.
    pub stage: String,
    /// In what they differ.
    #[serde(flatten)]
    pub difference: Difference,
}

/// What a shadow came to so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Decisions that were compared.
    pub compared: u64,
    /// Of these, equal in everything.
    pub equal: u64,
    /// Of these, different, by in what.
    #[serde(default)]
    pub different: BTreeMap<Kind, u64>,
    /// Decisions that were not compared, for there were too many at a time, or the host could
    /// not make the call.
    pub passed_over: u64,
    /// The first of each kind of difference.
    #[serde(default)]
    pub examples: Vec<Example>,
}

/// As it is kept: by the workflow's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Reports {
    /// Of the shadow that began then.
    since: Timestamp,
    report: Report,
}

impl Record for Reports {
    const KIND: &'static str = "shadow";
}

/// What a comparison came to.
enum Compared {
    Equal,
    Different(Difference),
    /// The host could not make the call.
    Not,
}

impl Report {
    fn note(&mut self, about: About, compared: Compared) {
        let difference = match compared {
            Compared::Not => {
                self.passed_over += 1;
                return;
            }
            Compared::Equal => {
                self.compared += 1;
                self.equal += 1;
                return;
            }
            Compared::Different(difference) => difference,
        };
        self.compared += 1;
        *self.different.entry(difference.kind).or_default() += 1;
        self.keep(Example {
            case: about.case,
            sequence: about.sequence,
            stage: about.stage,
            difference,
        });
    }

    fn keep(&mut self, example: Example) {
        let kind = example.difference.kind;
        let known = self.examples.iter();
        let count = known.filter(|known| known.difference.kind == kind).count();
        if count < EXAMPLES_MAX {
            self.examples.push(example);
        }
    }

    fn add(&mut self, other: Self) {
        self.compared += other.compared;
        self.equal += other.equal;
        self.passed_over += other.passed_over;
        for (kind, count) in other.different {
            *self.different.entry(kind).or_default() += count;
        }
        other
            .examples
            .into_iter()
            .for_each(|example| self.keep(example));
    }
}

impl Call {
    /// The call of the other version that a decision is compared with.
    pub(super) fn of(
        open: &Open,
        workflow: &str,
        shadow: &Shadow,
        record: &DecisionRecord,
    ) -> Option<Self> {
        let mut versions = open.tenant.workflows.values();
        let other = versions.find(|known| {
            known.reference.name == workflow && known.reference.version == shadow.version
        })?;
        let called = shadow.stages.get(&record.stage).unwrap_or(&record.stage);
        let mut situation = record.situation.clone();
        let stage = other.stage(called);
        let component = stage.and_then(|stage| open.stages.get(&stage.plugin.digest));
        let other = match stage.zip(component) {
            None => Other::Nothing,
            Some((stage, _)) if open.tenant.is_revoked(stage) => Other::Revoked,
            Some((stage, component)) => {
                if !remembers(open, record, stage) {
                    situation.stage.memory.clear();
                }
                Other::Stage(Arc::clone(component), Arc::clone(&stage.config))
            }
        };
        Some(Self {
            tenant: open.row.id,
            workflow: workflow.to_owned(),
            since: shadow.since,
            other,
            situation,
            answer: record.call.answer.clone(),
            about: About {
                case: record.case.to_string(),
                sequence: record.sequence,
                stage: record.stage.clone(),
            },
            passed_over: 0,
        })
    }

    /// Asks the other version.
    fn compare(&self) -> Compared {
        let answer = match &self.other {
            Other::Nothing => {
                return Compared::Different(Difference {
                    kind: Kind::Stage,
                    active: self.about.stage.clone(),
                    other: String::new(),
                });
            }
            Other::Revoked => Answer::Failure {
                kind: FailureKind::Revoked,
                detail: String::new(),
            },
            Other::Stage(component, config) => component.decide(&self.situation, config).answer,
        };
        if matches!(answer, Answer::HostFault { .. } | Answer::Inconclusive) {
            return Compared::Not;
        }
        difference(&self.answer, &answer).map_or(Compared::Equal, Compared::Different)
    }
}

/// Whether what the active version's plugin left is what the other's would have left.
fn remembers(open: &Open, record: &DecisionRecord, other: &regua_domain::workflow::Stage) -> bool {
    let Some(active) = open.stages.get(&record.digest) else {
        return false;
    };
    let (a, b) = (active.manifest(), &other.plugin.manifest);
    a.name == b.name && a.memory_version == b.memory_version
}

/// The way to the thread that compares. It is started when there is something to compare.
#[derive(Default)]
pub(crate) struct Shadows {
    sender: OnceLock<Option<mpsc::Sender<Call>>>,
    passed_over: AtomicU64,
}

impl Shadows {
    /// Takes calls to be compared; those that do not fit are passed over.
    pub(super) fn take(&self, store: &Arc<dyn Store>, calls: Vec<Call>) {
        if calls.is_empty() {
            return;
        }
        let start = || match Workers::start_behind() {
            Ok(workers) => {
                let (sender, receiver) = mpsc::channel(QUEUE);
                tokio::spawn(run(Arc::clone(store), workers, receiver));
                Some(sender)
            }
            Err(error) => {
                tracing::error!(%error, "there is no thread for shadows");
                None
            }
        };
        let sender = self.sender.get_or_init(start);
        for mut call in calls {
            // A call that finds no place is told with the next that does.
            let passed_over = self.passed_over.swap(0, Ordering::Relaxed);
            call.passed_over = passed_over;
            let sent = sender
                .as_ref()
                .is_some_and(|sender| sender.try_send(call).is_ok());
            if !sent {
                self.passed_over
                    .fetch_add(passed_over + 1, Ordering::Relaxed);
            }
        }
    }
}

type Pending = BTreeMap<(TenantId, String, Timestamp), Report>;

async fn run(store: Arc<dyn Store>, workers: Workers, mut calls: mpsc::Receiver<Call>) {
    let mut pending = Pending::new();
    let mut written = tokio::time::Instant::now();
    loop {
        let next = tokio::time::timeout_at(written + WRITTEN_EVERY, calls.recv()).await;
        let is_over = matches!(next, Ok(None));
        if let Ok(Some(call)) = next {
            let compared = workers.run(move || (call.compare(), call));
            // An error: the comparison panicked, and the log says so.
            if let Ok((found, call)) = compared.into_recv_async().await {
                let key = (call.tenant, call.workflow, call.since);
                let report = pending.entry(key).or_default();
                report.passed_over += call.passed_over;
                report.note(call.about, found);
            }
        }
        if is_over || written.elapsed() >= WRITTEN_EVERY {
            for ((tenant, workflow, since), report) in std::mem::take(&mut pending) {
                let store = store.tenant(tenant);
                if let Err(error) = write(&*store, &workflow, since, report).await {
                    tracing::error!(error = chain(&error), workflow, "a shadow was not counted");
                }
            }
            written = tokio::time::Instant::now();
        }
        if is_over {
            return;
        }
    }
}

/// Adds up over all nodes.
async fn write(
    store: &dyn TenantStore,
    workflow: &str,
    since: Timestamp,
    more: Report,
) -> Result<(), StoreError> {
    let mut tries = 0;
    loop {
        let kept = get::<Reports>(store, workflow).await?;
        // Another shadow began meanwhile, or this one ended.
        let Some(mut kept) = kept.filter(|kept| kept.value.since == since) else {
            return Ok(());
        };
        kept.value.report.add(more.clone());
        let seen = Seen::Version(kept.version);
        let write = RecordWrite::put(workflow, seen, &kept.value, None)?;
        match store.write_records(vec![write]).await {
            Err(StoreError::Changed { .. }) if tries < TRIES * 4 => tries += 1,
            done => return done,
        }
    }
}

impl Engine {
    /// Begins to ask a version beside the active one; what was counted of another is gone.
    pub async fn begin_shadow(
        &self,
        open: &Open,
        workflow: &str,
        shadow: Shadow,
    ) -> Result<Rollout, RolloutError> {
        let store = &*open.store;
        let versions = Versions::read(store, workflow).await?;
        versions.check(shadow.version, &shadow.stages)?;
        if versions.active().is_none() {
            return Err(RolloutError::NotActive(workflow.to_owned()));
        }
        if versions.active() == Some(shadow.version) {
            let text = format!("{workflow}@{} is active already", shadow.version);
            return Err(RolloutError::Faults(vec![("/version".to_owned(), text)]));
        }
        let reports = Reports {
            since: shadow.since,
            report: Report::default(),
        };
        let mut rollout = versions.rollout();
        rollout.shadow = Some(shadow);
        let writes = vec![RecordWrite::put(workflow, Seen::Anything, &reports, None)?];
        self.put_rollout(store, &versions, &rollout, writes).await?;
        Ok(rollout)
    }

    /// Ends a shadow; its report stays until the next begins.
    pub async fn end_shadow(&self, open: &Open, workflow: &str) -> Result<Rollout, RolloutError> {
        let store = &*open.store;
        let versions = Versions::read(store, workflow).await?;
        let mut rollout = versions.rollout();
        if rollout.shadow.take().is_none() {
            return Err(RolloutError::NotTried {
                workflow: workflow.to_owned(),
                what: "shadow",
            });
        }
        self.put_rollout(store, &versions, &rollout, Vec::new())
            .await?;
        Ok(rollout)
    }

    /// What the last shadow of a workflow came to so far; none where there was none.
    pub async fn shadowed(
        &self,
        open: &Open,
        workflow: &str,
    ) -> Result<Option<Report>, StoreError> {
        let kept = get::<Reports>(&*open.store, workflow).await?;
        Ok(kept.map(|kept| kept.value.report))
    }
}
