//! Hostile guests: whatever a component does, the host stays up, the case is where
//! `on_failure` says, and the timeline tells why.
//!
//! Nothing here asserts on time. Guests end by fuel, with a deadline no busy machine
//! reaches; the one suite about the deadline gives its guest fuel for years.

mod admission;
mod bombs;
mod calls;
mod compiler;
mod crimes;
mod engine;
mod logs;
mod table;
mod up;
mod wave;

use std::sync::Arc;

use regua_domain::contract::{Answer, Call, Decision, FailureKind, Situation};
use regua_runtime::{Limits, Runtime, Stage};
use regua_tests::{Debtor, Shelf, built, patient, runtime};

/// A runtime that never admitted anything, whose calls end by fuel.
struct Gate {
    runtime: Arc<Runtime>,
    /// Deleted with it.
    cache: tempfile::TempDir,
}

impl Gate {
    fn new() -> Self {
        let cache = tempfile::tempdir().unwrap();
        let limits = Limits {
            fuel_max: 1_000_000,
            deadline_ms: 600_000,
            ..Limits::shipped()
        };
        let runtime = runtime(cache.path(), limits);
        Self { runtime, cache }
    }
}

/// A host of its own, with the hostile guest on its shelf.
struct Host {
    shelf: Shelf,
    hostile: Arc<Stage>,
    situation: Situation,
    /// Deleted with the host.
    _cache: tempfile::TempDir,
}

impl Host {
    fn new() -> Self {
        let cache = tempfile::tempdir().unwrap();
        let mut shelf = Shelf::new(patient(cache.path()));
        let hostile = shelf.admit(built::guest("hostile")).unwrap();
        let ran = Debtor::late_with(&shelf, &Debtor::ladder("hostile@1", "nothing")).run();
        let situation = ran.journal.decisions[0].situation.clone();
        Self {
            shelf,
            hostile,
            situation,
            _cache: cache,
        }
    }

    fn decide(&self, wanted: &str) -> Call {
        self.ask(&self.hostile, wanted)
    }

    /// On a stage thread, as the engine does.
    fn ask(&self, stage: &Arc<Stage>, wanted: &str) -> Call {
        let (stage, situation) = (Arc::clone(stage), self.situation.clone());
        let config = format!(r#"{{"do":"{wanted}"}}"#);
        let call = move || stage.decide(&situation, &config);
        self.shelf.workers().run(call).recv().unwrap()
    }
}

fn failure(call: &Call) -> (FailureKind, &str) {
    match &call.answer {
        Answer::Failure { kind, detail } => (*kind, detail),
        other => panic!("{other:?}"),
    }
}

fn decision(call: &Call) -> &Decision {
    match &call.answer {
        Answer::Decision(decision) => decision,
        other => panic!("{other:?}"),
    }
}
