//! Versions take each other's place in the middle of a wave, and the node that makes them do so is
//! killed again and again: an activation is wholly before or wholly after.

use std::collections::BTreeSet;
use std::time::Duration;

use regua_domain::case::CaseState;
use regua_domain::contract::EffectState;
use regua_domain::time::Timestamp;
use regua_domain::timeline::Happening;
use regua_engine::{Engine, ManualClock, Open, Settings};
use regua_storage::{CasesQuery, Wanted};
use regua_test_kit::postgres::Database;
use regua_tests::wave::Place;
use regua_tests::{sample, swap, wave};

use crate::kit::{LEASE_SECONDS, World, chance, in_file};

const CASES: u64 = 3_000;
const KILLS: u32 = 25;
/// A node is left alone until so much has arrived, at most, and for so long more, milliseconds.
const ARRIVALS_MAX: u64 = 40;
const MORE_MS_MAX: u64 = 60;

#[test]
fn versions_swapped_by_a_node_that_is_killed_strand_no_case() {
    let folder = tempfile::tempdir().expect("a folder");
    is_swapped_and_killed(in_file(folder.path()));
}

#[test]
fn versions_swapped_by_a_node_over_postgres_that_is_killed_strand_no_case() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::create();
    is_swapped_and_killed(Place {
        store: database.url().to_owned(),
        cache: folder.path().join("cache"),
    });
}

fn is_swapped_and_killed(place: Place) {
    let world = World::start(place, CASES);
    world.wait(async {
        let opened = wave::engine(&world.place, wave::still(), Settings::shipped()).await;
        let (engine, open) = opened.expect("the store opens");
        swap::prepare(&engine, &open).await.expect("two versions");
        engine.store().close().await;
    });
    let mut activations = BTreeSet::new();
    for life in 1..=KILLS {
        let node = world.swapping_node(life * LEASE_SECONDS);
        world.wait_for_more(chance(life) % (ARRIVALS_MAX + 1));
        // Every other one is left alone until it has swapped once, at least.
        if life.is_multiple_of(2) {
            node.until_it_says("swapped");
        }
        let more = chance(life + 1_000) % MORE_MS_MAX;
        std::thread::sleep(Duration::from_millis(more));
        assert!(node.kill(), "it ended by itself");
        activations.extend(world.wait(is_whole(&world)));
        // A good part of them falls into the wave.
        assert!(life > KILLS / 4 || (world.keys().len() as u64) < CASES);
    }
    println!("{} activations with {KILLS} kills", activations.len());
    assert!(activations.len() as u32 >= KILLS / 2);
    let life = (KILLS + 1) * LEASE_SECONDS;
    world.node(life).finish();
    world.wait(settle(&world, life + LEASE_SECONDS));
}

/// What is active is what was activated last, and where cases go is there; answers when it was
/// activated.
async fn is_whole(world: &World) -> Vec<Timestamp> {
    let (engine, open) = opened(world, 0).await;
    let rows = open.store.workflows().await.expect("versions");
    let active = rows.iter().find(|row| row.active).expect("an active one");
    let rollout = engine.rollout(&open, "bench").await.expect("a rollout");
    let last = rollout.activations.first().expect("an activation");
    assert_eq!(active.version, last.version);
    let to: BTreeSet<_> = rollout.successions.iter().map(|known| known.to).collect();
    assert_eq!(to, [active.version].into());
    assert_eq!(rollout.successions.len(), 2, "of each other version, one");
    engine.store().close().await;
    rollout.activations.iter().map(|known| known.at).collect()
}

async fn opened(world: &World, seconds: u32) -> (Engine, std::sync::Arc<Open>) {
    let clock = ManualClock::at(sample::now().plus_ms(i64::from(seconds) * 1_000));
    let clock = std::sync::Arc::new(clock);
    let opened = wave::engine(&world.place, clock, Settings::shipped()).await;
    opened.expect("the store opens")
}

/// Once every sweep was made, each customer has one case, under the active version, one letter that
/// arrived once under its key, and one decision.
async fn settle(world: &World, seconds: u32) {
    // Far enough for every sweep to be due.
    let (engine, open) = opened(world, seconds + 3_600).await;
    while engine.sweep_due(open.row.id).await.expect("a sweep") {}
    let now = engine.clock().now();
    let worked = engine.work(&open, now, now, None).await.expect("it works");
    assert_eq!(worked.faults, 0);
    let rows = open.store.workflows().await.expect("versions");
    let active = rows
        .iter()
        .find(|row| row.active)
        .expect("an active one")
        .version;
    let last = swap::LAST[swap::VERSIONS
        .iter()
        .position(|known| *known == active)
        .expect("one of both")];
    let query = CasesQuery {
        limit: 10_000,
        ..CasesQuery::default()
    };
    let cases = open.store.cases(&query).await.expect("cases");
    assert_eq!(cases.len() as u64, CASES);
    let mut keys = BTreeSet::new();
    let mut transfers = 0;
    for page in cases.chunks(512) {
        let wanted: Vec<Wanted> = page.iter().map(|row| row.customer.into()).collect();
        let dossiers = open.store.load(&wanted, Timestamp(0), Timestamp(0)).await;
        for dossier in dossiers.expect("dossiers") {
            let reference = &dossier.customer.reference;
            let ([case], [letter]) = (dossier.cases.as_slice(), dossier.effects.as_slice()) else {
                panic!("{reference}: {:?} {:?}", dossier.cases, dossier.effects)
            };
            assert_eq!(case.workflow.version, active, "{reference}");
            let CaseState::Waiting(waiting) = &case.state else {
                panic!("{reference}: {:?}", case.state)
            };
            assert_eq!(waiting.stage, last, "{reference}");
            assert_eq!(letter.state, EffectState::Done, "{reference}");
            keys.insert(letter.key.to_string());
            let timeline = open.store.timeline(dossier.customer.id, 0, 10_000).await;
            let timeline = timeline.expect("a timeline");
            // Each transfer begins where the one before ended.
            let mut at = 1;
            for entry in &timeline {
                if let Happening::Transferred { from, to, .. } = &entry.what {
                    assert_eq!(from.version, at, "{reference}");
                    at = to.version;
                    transfers += 1;
                }
            }
            assert_eq!(at, active, "{reference}");
            let decisions = open.store.decisions(dossier.customer.id, case.id).await;
            assert_eq!(decisions.expect("decisions").len(), 1, "{reference}");
        }
    }
    world.assert_unchanged();
    assert_eq!(keys, world.keys());
    println!("{transfers} transfers of {CASES} cases, with {KILLS} kills");
    engine.store().close().await;
}
