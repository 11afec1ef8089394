//! A live tenant whose cases wait for their first stage, over a store of either kind.

use std::sync::Arc;

use regua_domain::case::CaseState;
use regua_domain::contract::Channel;
use regua_domain::rollout::{Running, StageMap};
use regua_domain::time::{HOUR_MS, Timestamp};
use regua_domain::timeline::{Happening, TimelineEntry};
use regua_domain::workflow::check::Form;
use regua_engine::rollout::Wanted;
use regua_engine::{Engine, ManualClock, Open, Settings};
use regua_storage::{CaseRow, CasesQuery, Standing};
use regua_test_kit::postgres::Database;
use regua_tests::wave::{self, Place};
use regua_tests::{built, sample};

/// The workflow of the first version, which is the wave's.
pub const WORKFLOW: &str = "bench";

/// Its second version with one stage of this name and plugin, and these lines about it.
pub fn document(stage: &str, plugin: &str, lines: &str) -> String {
    let document = sample::WORKFLOW.replace("id: first-day-late", &format!("id: {stage}"));
    let document = document.replace("first-day-late-email@1", plugin);
    let (head, _) = document.split_once("    config:").expect("a config");
    format!("{head}{lines}\n    on_failure: {{ hold: 7d, task: \"Look at this case\" }}\n")
}

/// A second version that decides as the first does.
pub fn alike(stage: &str) -> String {
    document(stage, "first-day-late-email@1", ALIKE)
}

pub const ALIKE: &str = "    config: { template: first-day-late }
    on: { sent: { end: closed }, unreachable: { end: closed } }";

/// A second version that fails whenever it is asked.
pub fn failing(stage: &str) -> String {
    let lines = "    config: { do: trap }
    on: { done: { end: closed } }";
    document(stage, "hostile@1", lines)
}

/// A live tenant.
pub struct World {
    pub engine: Engine,
    pub clock: Arc<ManualClock>,
    /// What goes when the world does.
    _folder: tempfile::TempDir,
    _database: Option<Database>,
}

impl World {
    /// In a file.
    pub async fn in_file(cases: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::file(&folder.path().join("store.sqlite"));
        Self::start(place, folder, None, cases).await
    }

    /// In a database.
    pub async fn in_database(cases: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Database::create();
        let place = Place {
            store: database.url().to_owned(),
            cache: folder.path().join("cache"),
        };
        Self::start(place, folder, Some(database), cases).await
    }

    async fn start(
        place: Place,
        folder: tempfile::TempDir,
        database: Option<Database>,
        cases: u64,
    ) -> Self {
        wave::fill(&place, cases, cases, &[Channel::Email])
            .await
            .expect("a filled store");
        // Three hours before the first stage's hour.
        let clock = Arc::new(ManualClock::at(sample::now().plus_ms(-8 * HOUR_MS)));
        let (engine, open) =
            wave::engine(&place, Arc::clone(&clock) as Arc<_>, Settings::shipped())
                .await
                .expect("an engine");
        engine
            .add_plugin(&open.store, built::guest("hostile"))
            .await
            .expect("a plugin");
        Self {
            engine,
            clock,
            _folder: folder,
            _database: database,
        }
    }

    /// The tenant as it is now.
    pub async fn open(&self) -> Arc<Open> {
        let open = self.engine.open(wave::TENANT).await;
        open.expect("the store answers").expect("the tenant")
    }

    /// Publishes a version.
    pub async fn publish(&self, document: &str) -> u32 {
        let open = self.open().await;
        let published = self.engine.publish(&open.store, document, Form::Yaml).await;
        let published = published.unwrap_or_else(|error| panic!("{error:?}"));
        published.workflow.reference.version
    }

    pub fn now(&self) -> Timestamp {
        regua_engine::Clock::now(&*self.clock)
    }

    /// Does all that is due at the wave's instant.
    pub async fn wave(&self) {
        self.clock.set(sample::now());
        self.work().await;
    }

    /// Wakes who was put off again by a run that began before a change, and does what is due.
    pub async fn settle(&self) {
        let lease_ms = Settings::shipped().lease_ms;
        self.clock.set(self.now().plus_ms(lease_ms));
        let open = self.open().await;
        self.engine.sweep_due(open.row.id).await.expect("a sweep");
        self.work().await;
    }

    /// Does all that is due now.
    pub async fn work(&self) {
        let (open, now) = (self.open().await, self.now());
        let worked = self.engine.work(&open, now, now, None).await;
        assert_eq!(worked.expect("it works").faults, 0);
    }

    pub async fn cases(&self) -> Vec<CaseRow> {
        let query = CasesQuery {
            limit: 10_000,
            ..CasesQuery::default()
        };
        let open = self.open().await;
        open.store.cases(&query).await.expect("cases")
    }

    /// How many cases are pinned to each version, and how many of them are open.
    pub async fn pinned(&self) -> std::collections::BTreeMap<u32, (usize, usize)> {
        let mut pinned = std::collections::BTreeMap::<_, (usize, usize)>::new();
        for row in self.cases().await {
            let count = pinned.entry(row.case.workflow.version).or_default();
            count.0 += 1;
            count.1 += usize::from(!matches!(row.case.state, CaseState::Ended { .. }));
        }
        pinned
    }

    /// How many customers are due, and how many effects wait in the outbox.
    pub async fn standing(&self) -> Standing {
        let tenant = self.open().await.row.id;
        let standing = self.engine.store().standing(tenant, self.now()).await;
        standing.expect("a count")
    }

    /// A customer's timeline.
    pub async fn timeline(&self, row: &CaseRow) -> Vec<TimelineEntry> {
        let open = self.open().await;
        let timeline = open.store.timeline(row.customer, 0, 100).await;
        timeline.expect("a timeline")
    }

    /// How often a customer's case went on under another version.
    pub async fn transfers(&self, row: &CaseRow) -> usize {
        let timeline = self.timeline(row).await;
        let is_one = |entry: &&TimelineEntry| matches!(entry.what, Happening::Transferred { .. });
        timeline.iter().filter(is_one).count()
    }
}

/// What is wanted of the workflow.
pub fn wanted(version: u32, running: Running, stages: &[(&str, &str)]) -> Wanted {
    let own = |text: &str| text.to_owned();
    let stages: StageMap = stages
        .iter()
        .map(|(from, to)| (own(from), own(to)))
        .collect();
    Wanted {
        workflow: WORKFLOW.to_owned(),
        version,
        running,
        stages,
        by: "key".to_owned(),
    }
}
