//! A version that a share of customers gets.

use std::collections::BTreeSet;

use regua_domain::customer::bucket;
use regua_domain::rollout::{Limits, Running};
use regua_engine::post::records::{Delivery, Endpoint};
use regua_engine::rollout::CanaryWanted;
use regua_storage::records::list;
use regua_storage::{RecordWrite, RecordsQuery, Seen};

use crate::kit::{WORKFLOW, World, alike, failing, wanted};

const CASES: u64 = 1_500;

fn canary(percent: u8, running: Running) -> CanaryWanted {
    CanaryWanted {
        wanted: wanted(2, running, &[]),
        percent,
        limits: Limits::shipped(),
    }
}

/// A system that asks to be told.
async fn listen(world: &World) {
    let endpoint = Endpoint {
        label: "ops".to_owned(),
        url: "https://ops.acme.example/".to_owned(),
        secrets: Vec::new(),
        handles: BTreeSet::default(),
        events: std::iter::once("workflow.*".to_owned()).collect(),
        created_at: world.now(),
        disabled: None,
    };
    let write = RecordWrite::put("endpoint_ops", Seen::Nothing, &endpoint, None).unwrap();
    world
        .open()
        .await
        .store
        .write_settings(vec![write])
        .await
        .unwrap();
}

async fn a_failing_one_is_taken_back(world: World) {
    listen(&world).await;
    world.publish(&failing("first-day-late")).await;
    let engine = &world.engine;
    let open = world.open().await;
    let tried = canary(20, Running::Migrate);
    let forecast = engine
        .forecast_canary(&open, world.now(), &tried)
        .await
        .unwrap();
    engine
        .begin_canary(&open, world.now(), &tried)
        .await
        .unwrap();
    world.work().await;
    let theirs = |row: &regua_storage::CaseRow| bucket(row.customer) < 2_000;
    let cases = world.cases().await;
    let moved = cases.iter().filter(|row| row.case.workflow.version == 2);
    assert!(moved.clone().all(theirs));
    assert_eq!(moved.count() as u64, forecast.moves());
    assert_eq!(
        forecast.moves(),
        cases.iter().filter(|row| theirs(row)).count() as u64
    );

    world.wave().await;
    let rollout = engine
        .rollout(&*world.open().await, WORKFLOW)
        .await
        .unwrap();
    assert_eq!(rollout.canary, None);
    let ended = rollout.ended_canary.expect("it was taken back");
    assert!(ended.trial.failures >= 50, "{ended:?}");
    assert_eq!((ended.trial.refusals, ended.by), (0, None));
    assert!(ended.because.contains("failures in"), "{}", ended.because);
    world.settle().await;
    // Everybody is where they would be without it, and the others never left.
    assert_eq!(world.pinned().await.keys().collect::<Vec<_>>(), [&1]);
    for row in world.cases().await.iter().step_by(53) {
        let transfers = if theirs(row) { 2 } else { 0 };
        assert_eq!(world.transfers(row).await, transfers, "{}", row.reference);
    }
    // It was told once.
    let open = world.open().await;
    let query = RecordsQuery {
        limit: 100,
        ..RecordsQuery::default()
    };
    let told = list::<Delivery>(&*open.store, &query).await.unwrap();
    let [told] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!(told.value.kind, "workflow.canary-taken-back");
    let payload = told.value.payload.as_deref().unwrap();
    let payload: serde_json::Value = serde_json::from_str(payload).unwrap();
    assert_eq!(payload["data"]["rollout"]["version"], 2);
    assert_eq!(payload["data"]["rollout"]["active"], 1);
    assert_eq!(payload["data"]["reason"], ended.because.as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canary_that_fails_too_often_is_taken_back_by_itself() {
    a_failing_one_is_taken_back(World::in_file(CASES).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canary_that_fails_too_often_is_taken_back_by_itself_over_postgres() {
    a_failing_one_is_taken_back(World::in_database(CASES).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canary_that_does_well_goes_on_until_it_is_activated() {
    let world = World::in_file(600).await;
    world.publish(&alike("first-day-late")).await;
    let engine = &world.engine;
    let open = world.open().await;
    let tried = canary(30, Running::Migrate);
    engine
        .begin_canary(&open, world.now(), &tried)
        .await
        .unwrap();
    world.wave().await;
    let open = world.open().await;
    let rollout = engine.rollout(&open, WORKFLOW).await.unwrap();
    let trial = engine
        .trial(&open, &rollout, WORKFLOW)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((trial.failures, trial.refusals), (0, 0));
    let pinned = world.pinned().await;
    // One call each of those whose hour has come; every call of the canary's is counted.
    let mut asked = 0;
    for row in world.cases().await {
        if row.case.workflow.version == 2 {
            asked += open
                .store
                .decisions(row.customer, row.case.id)
                .await
                .unwrap()
                .len() as u64;
        }
    }
    assert_eq!(trial.calls, asked);
    assert!(asked > 0 && pinned.len() == 2, "{pinned:?}");
    let done = engine
        .activate(&open, world.now(), &wanted(2, Running::Keep, &[]), false)
        .await;
    assert_eq!(done.unwrap().rollout.canary, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canary_is_refused_where_it_is_active_already_or_would_restart_cases() {
    let world = World::in_file(1).await;
    world.publish(&alike("first-day-late")).await;
    let open = world.open().await;
    let mut bad = canary(30, Running::Restart);
    bad.wanted.version = 1;
    let refused = world
        .engine
        .begin_canary(&open, world.now(), &bad)
        .await
        .unwrap_err();
    let regua_engine::rollout::RolloutError::Faults(faults) = refused else {
        panic!("{refused:?}")
    };
    let places: Vec<_> = faults.iter().map(|(at, _)| at.as_str()).collect();
    assert_eq!(places, ["/version", "/running"]);
    let none = world
        .engine
        .end_canary(&open, WORKFLOW, String::new())
        .await;
    assert_eq!(none.unwrap_err().to_string(), "`bench` has no canary");
}
