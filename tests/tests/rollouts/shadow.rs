//! A version that is asked beside the active one, with no effect.

use regua_domain::rollout::{Shadow, StageMap};
use regua_engine::DifferenceKind;
use regua_engine::rollout::Report;

use crate::kit::{WORKFLOW, World, alike, document, failing};

const CASES: u64 = 900;

/// Begins a shadow, lets the wave pass, and waits until every decision of it was compared or
/// passed over.
async fn shadowed(world: &World, document: &str) -> Report {
    let version = world.publish(document).await;
    let (engine, open) = (&world.engine, world.open().await);
    let shadow = Shadow {
        version,
        stages: StageMap::new(),
        since: world.now(),
    };
    engine.begin_shadow(&open, WORKFLOW, shadow).await.unwrap();
    world.wave().await;
    let open = world.open().await;
    let mut decisions = 0;
    for row in world.cases().await {
        let all = open
            .store
            .decisions(row.customer, row.case.id)
            .await
            .unwrap();
        decisions += all.iter().filter(|record| record.attempt == 0).count() as u64;
        assert_eq!(row.case.workflow.version, 1);
    }
    assert!(decisions > 0);
    // As a process does that ends.
    engine.settled().await;
    let report = engine.shadowed(&open, WORKFLOW).await.unwrap().unwrap();
    assert_eq!(report.compared + report.passed_over, decisions);
    report
}

async fn one_that_decides_alike(world: World) {
    let report = shadowed(&world, &alike("first-day-late")).await;
    assert!(report.compared > 0, "{report:?}");
    assert_eq!((report.equal, report.different.len()), (report.compared, 0));
    assert_eq!(report.examples, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shadow_that_decides_alike_is_told_to() {
    one_that_decides_alike(World::in_file(CASES).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shadow_that_decides_alike_is_told_to_over_postgres() {
    one_that_decides_alike(World::in_database(CASES).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_shadow_would_do_otherwise_is_counted_by_kind_with_examples_and_has_no_effect() {
    let world = World::in_file(CASES).await;
    let report = shadowed(&world, &failing("first-day-late")).await;
    assert_eq!(report.equal, 0);
    assert_eq!(
        report.different,
        [(DifferenceKind::Ending, report.compared)].into()
    );
    assert_eq!(report.examples.len(), 10);
    let example = &report.examples[0];
    assert_eq!(example.stage, "first-day-late");
    let ends = (
        example.difference.active.as_str(),
        example.difference.other.as_str(),
    );
    assert_eq!(ends, ("\"decision\"", "\"trap\""));
    // Its failures are nobody's: each who was asked has a letter.
    let open = world.open().await;
    assert_eq!(
        world.standing().await.queued,
        report.compared + report.passed_over
    );
    // Once it is ended, it is not asked any more.
    world.engine.end_shadow(&open, WORKFLOW).await.unwrap();
    let none = world
        .engine
        .end_shadow(&*world.open().await, WORKFLOW)
        .await;
    assert_eq!(none.unwrap_err().to_string(), "`bench` has no shadow");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shadow_that_lacks_the_stage_is_told_so() {
    let world = World::in_file(60).await;
    let lines = crate::kit::ALIKE;
    let other = document("another", "first-day-late-email@1", lines);
    let report = shadowed(&world, &other).await;
    assert_eq!(
        report.different.keys().collect::<Vec<_>>(),
        [&DifferenceKind::Stage]
    );
}
