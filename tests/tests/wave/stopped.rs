//! Two nodes: one is stopped in the middle of what it does, for longer than its leases last,
//! and then goes on as if no time had gone by.

use regua_engine::Settings;
use regua_test_kit::postgres::Database;
use regua_tests::sample;
use regua_tests::wave::{self, Place};

use crate::checked::check;
use crate::kit::{LEASE_SECONDS, World, chance};

const CASES: u64 = 12_000;
const ROUNDS: u32 = 8;
/// Arrivals after which the first node is stopped, and those that the second one sees to.
const ARRIVALS: u64 = 150;

#[test]
fn a_node_stopped_beyond_its_leases_does_nothing_that_another_did() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::create();
    let world = World::start(
        Place {
            store: database.url().to_owned(),
            cache: folder.path().join("cache"),
        },
        CASES,
    );
    let mut held = 0;
    for round in 0..ROUNDS {
        let sleeper = world.node(2 * round * LEASE_SECONDS);
        world.wait_for_more(1 + chance(round) % ARRIVALS);
        sleeper.signal("STOP");
        held += leased(&world);
        // For this one the sleeper's leases are over: it takes what the sleeper still holds.
        let other = world.node((2 * round + 1) * LEASE_SECONDS);
        world.wait_for_more(ARRIVALS);
        sleeper.signal("CONT");
        world.wait_for_more(ARRIVALS);
        sleeper.ends();
        other.ends();
    }
    assert!(held > 0, "no node was stopped while it held a lease");
    assert!((world.keys().len() as u64) < CASES, "the wave was over");

    world.node(2 * ROUNDS * LEASE_SECONDS).finish();
    check(&world);
}

/// Customers under a lease.
fn leased(world: &World) -> u64 {
    world.wait(async {
        let opened = wave::engine(&world.place, wave::still(), Settings::shipped()).await;
        let (engine, open) = opened.expect("the store opens");
        let standing = engine.store().standing(open.row.id, sample::now()).await;
        engine.store().close().await;
        standing.expect("its standing").leased
    })
}
