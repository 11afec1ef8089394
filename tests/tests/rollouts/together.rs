//! Versions that are activated while others are tried: whoever decided by what another call
//! changed meanwhile loses.

use std::sync::Arc;

use regua_domain::rollout::{Limits, Rollout, Running, Shadow, StageMap};
use regua_engine::rollout::{CanaryWanted, RolloutError};
use regua_engine::{EngineError, Open};
use regua_storage::StoreError;

use crate::kit::{WORKFLOW, World, alike, wanted};

/// Activations of each of two versions.
const ROUNDS: u32 = 60;

/// What became of a call: it was done, it lost against another, or its version was active.
fn settled(result: Result<Rollout, RolloutError>) -> Option<Rollout> {
    match result {
        Ok(rollout) => Some(rollout),
        Err(
            RolloutError::Faults(_)
            | RolloutError::NotTried { .. }
            | RolloutError::Engine(EngineError::Store(StoreError::Changed { .. })),
        ) => None,
        Err(error) => panic!("{error:?}"),
    }
}

/// That what was written goes with the version that was active when it was.
fn goes_together(rollout: &Rollout) {
    let active = rollout.activations[0].version;
    let tried = rollout.canary.as_ref().map(|canary| canary.version);
    let shadow = rollout.shadow.as_ref().map(|shadow| shadow.version);
    assert!(tried != Some(active), "{rollout:?}");
    assert!(shadow != Some(active), "{rollout:?}");
    let ended = rollout.ended_canary.as_ref();
    assert!(ended.is_none_or(|ended| ended.canary.version == 2));
    for known in &rollout.successions {
        assert!(known.from != known.to, "{rollout:?}");
    }
    // The last first.
    for two in rollout.activations.windows(2) {
        let [later, earlier] = two else { continue };
        if later.version != earlier.version {
            assert_eq!(later.former, Some(earlier.version), "{rollout:?}");
        }
    }
}

async fn activates(world: &World, open: &Arc<Open>) {
    for version in (0..ROUNDS).flat_map(|_| [2, 1]) {
        let wanted = wanted(version, Running::Keep, &[]);
        let done = world.engine.activate(open, world.now(), &wanted, false);
        if let Some(rollout) = settled(done.await.map(|done| done.rollout)) {
            goes_together(&rollout);
        }
    }
}

async fn tries(world: &World, open: &Arc<Open>) {
    let canary = CanaryWanted {
        wanted: wanted(2, Running::Migrate, &[]),
        percent: 50,
        limits: Limits::shipped(),
    };
    for _ in 0..2 * ROUNDS {
        let begun = world.engine.begin_canary(open, world.now(), &canary).await;
        settled(begun).iter().for_each(goes_together);
        let ended = world.engine.end_canary(open, WORKFLOW, "key".to_owned());
        settled(ended.await).iter().for_each(goes_together);
    }
}

async fn shadows(world: &World, open: &Open) {
    for _ in 0..2 * ROUNDS {
        let shadow = Shadow {
            version: 2,
            stages: StageMap::new(),
            since: world.now(),
        };
        let begun = world.engine.begin_shadow(open, WORKFLOW, shadow).await;
        settled(begun).iter().for_each(goes_together);
        let ended = world.engine.end_shadow(open, WORKFLOW).await;
        settled(ended).iter().for_each(goes_together);
    }
}

async fn none_decides_by_what_is_no_more(world: World) {
    world.publish(&alike("first-day-late")).await;
    let open = world.open().await;
    let first = wanted(1, Running::Keep, &[]);
    let first = world.engine.activate(&open, world.now(), &first, false);
    first.await.unwrap();
    tokio::join!(
        activates(&world, &open),
        tries(&world, &open),
        shadows(&world, &open)
    );
    let rollout = world.engine.rollout(&open, WORKFLOW).await.unwrap();
    goes_together(&rollout);
    let rows = open.store.workflows().await.unwrap();
    let active = rows.iter().find(|row| row.active).unwrap();
    assert_eq!(active.version, rollout.activations[0].version);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_file_none_decides_by_what_is_no_more() {
    none_decides_by_what_is_no_more(World::in_file(1).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_database_none_decides_by_what_is_no_more() {
    none_decides_by_what_is_no_more(World::in_database(1).await).await;
}
