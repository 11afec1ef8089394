//! What is counted first is what happens; and back again.

use regua_domain::rollout::Running;
use regua_engine::rollout::{Forecast, Place, RolloutError};

use crate::kit::{WORKFLOW, World, alike, wanted};

const CASES: u64 = 700;

fn place(forecast: &Forecast, version: u32, stage: &str) -> Place {
    let place = forecast.places.get(&(version, stage.to_owned()));
    place.copied().unwrap_or_default()
}

async fn is_counted_moved_and_taken_back(world: World) {
    let renamed = world.publish(&alike("nudge")).await;
    assert_eq!(renamed, 2);
    let (engine, now) = (&world.engine, world.now());
    let open = world.open().await;

    // Without a map nobody has a place in it: nothing is done.
    let without = wanted(2, Running::Migrate, &[]);
    let forecast = engine.forecast(&open, now, &without).await.unwrap();
    let counted = place(&forecast, 1, "first-day-late");
    assert_eq!((counted.moves, counted.strands), (0, CASES));
    let refused = engine.activate(&open, now, &without, false).await;
    let Err(RolloutError::Stranded { forecast, .. }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(forecast.strands(), CASES);
    assert_eq!(world.pinned().await, [(1, (700, 700))].into());
    assert_eq!(
        engine.rollout(&open, WORKFLOW).await.unwrap().activations,
        []
    );

    // With it all move; at this hour no letter is due.
    let with = wanted(2, Running::Migrate, &[("first-day-late", "nudge")]);
    let forecast = engine.forecast(&open, now, &with).await.unwrap();
    assert_eq!(place(&forecast, 1, "first-day-late").moves, CASES);
    assert_eq!((forecast.effects.len(), forecast.asked), (0, CASES));
    assert_eq!(
        world.pinned().await,
        [(1, (700, 700))].into(),
        "a forecast writes nothing"
    );
    engine.activate(&open, now, &with, false).await.unwrap();
    world.work().await;
    assert_eq!(world.pinned().await, [(2, (700, 700))].into());

    // Going back is one call, with the same count, by the map turned round.
    let open = world.open().await;
    let back = engine
        .way_back(&open, WORKFLOW, Running::Migrate, "key".to_owned())
        .await;
    let back = back.unwrap();
    assert_eq!(back.version, 1);
    let forecast = engine.forecast(&open, now, &back).await.unwrap();
    assert_eq!(place(&forecast, 2, "nudge").moves, CASES);
    engine.activate(&open, now, &back, false).await.unwrap();
    world.work().await;
    assert_eq!(world.pinned().await, [(1, (700, 700))].into());
    for row in world.cases().await.iter().step_by(97) {
        assert_eq!(row.case.stage(), "first-day-late");
        assert_eq!(world.transfers(row).await, 2);
    }

    // A restart at the wave's hour: each letter would be due at once, and then is.
    world.clock.set(regua_tests::sample::now());
    let open = world.open().await;
    let restart = wanted(2, Running::Restart, &[]);
    let forecast = engine.forecast(&open, world.now(), &restart).await.unwrap();
    let effects: Vec<_> = forecast.effects.iter().collect();
    let [(due, count)] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert_eq!((due.stage.as_str(), due.kind), ("nudge", "send-message"));
    engine
        .activate(&open, world.now(), &restart, false)
        .await
        .unwrap();
    world.work().await;
    assert_eq!(world.standing().await.queued, **count);
    assert_eq!(world.pinned().await.keys().collect::<Vec<_>>(), [&2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_move_as_they_were_counted_and_back_again() {
    is_counted_moved_and_taken_back(World::in_file(CASES).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_move_as_they_were_counted_and_back_again_over_postgres() {
    is_counted_moved_and_taken_back(World::in_database(CASES).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_forces_it_leaves_cases_where_they_are_and_the_record_says_how_many() {
    let world = World::in_file(20).await;
    world.publish(&alike("nudge")).await;
    let (engine, now) = (&world.engine, world.now());
    let open = world.open().await;
    let forced = wanted(2, Running::Migrate, &[]);
    let done = engine.activate(&open, now, &forced, true).await.unwrap();
    assert_eq!(done.rollout.activations[0].stranded, 20);
    world.wave().await;
    // They went their way under the version that they have.
    assert_eq!(world.pinned().await.keys().collect::<Vec<_>>(), [&1]);
    assert!(world.standing().await.queued > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_map_of_stages_that_are_not_there_is_refused_with_each_of_them() {
    let world = World::in_file(1).await;
    world.publish(&alike("nudge")).await;
    let open = world.open().await;
    let bad = wanted(
        2,
        Running::Migrate,
        &[("first-day-late", "nodge"), ("a/b", "nudge")],
    );
    let refused = world.engine.activate(&open, world.now(), &bad, false).await;
    let Err(RolloutError::Faults(faults)) = refused else {
        panic!("{refused:?}")
    };
    let told: Vec<_> = faults
        .iter()
        .map(|(at, text)| format!("{at}: {text}"))
        .collect();
    assert_eq!(
        told,
        [
            "/stages/a~1b: no other version has a stage `a/b`",
            "/stages/first-day-late: bench@2 has no stage `nodge`",
        ]
    );
    let unknown = wanted(9, Running::Keep, &[]);
    let refused = world
        .engine
        .activate(&open, world.now(), &unknown, false)
        .await;
    assert_eq!(refused.unwrap_err().to_string(), "bench@9 is not published");
    let back = world
        .engine
        .way_back(&open, WORKFLOW, Running::Keep, "key".to_owned())
        .await;
    let text = back.unwrap_err().to_string();
    assert_eq!(text, "no other version of `bench` was active before");
}

/// Revokes the first stage's plugin; the reason that is kept.
async fn revoke(world: &World, because: &str) -> String {
    let open = world.open().await;
    let mut plugins = open.store.plugins().await.unwrap().into_iter();
    let plugin = plugins.find(|row| row.manifest.name == "first-day-late-email");
    let plugin = plugin.unwrap();
    let (by, because) = ("key".to_owned(), because.to_owned());
    let revoked = world.engine.revoke(&*open.store, &plugin, by, because);
    revoked.await.unwrap().because
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_case_is_at_a_stage_of_what_is_revoked_is_looked_at_again() {
    let world = World::in_file(50).await;
    world.wave().await;
    assert_eq!(world.standing().await.due, 0);
    revoke(&world, "it rings at night").await;
    assert_eq!(world.standing().await.due, 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_revoked_is_asked_no_more() {
    let world = World::in_file(50).await;
    revoke(&world, "it rings at night").await;
    // What is revoked stays so, for the reason that was given first.
    assert_eq!(revoke(&world, "another").await, "it rings at night");
    world.wave().await;
    for row in world.cases().await {
        let timeline = world.timeline(&row).await;
        let failed = timeline.iter().filter_map(|entry| match &entry.what {
            regua_domain::timeline::Happening::StageFailed { kind, .. } => Some(kind.name()),
            _ => None,
        });
        let failed: Vec<_> = failed.collect();
        assert_eq!(failed, ["revoked"]);
    }
    assert_eq!(world.standing().await.queued, 0);
}
