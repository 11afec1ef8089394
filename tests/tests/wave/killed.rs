//! A node is killed again and again in the middle of a wave.
//!
//! When it is killed follows from what has arrived, and then from chance; so the kills fall
//! into the wave on a fast machine and on a busy one.

use std::time::Duration;

use regua_test_kit::postgres::Database;
use regua_tests::wave::Place;

use crate::checked::check;
use crate::kit::{LEASE_SECONDS, World, chance, in_file};

const CASES: u64 = 8_000;
const KILLS: usize = 100;
/// A node is left alone until so much has arrived, at most; a life of none is killed while it
/// claims, reads and writes.
const ARRIVALS_MAX: u64 = 80;
/// … and then for so long at most, milliseconds.
const MORE_MS_MAX: u64 = 40;
/// What a node that dies may have handed over without having noted it: what it hands over at
/// once, and what each of its two lanes notes together.
const UNKNOWN_MAX: u64 = 64 + 2 * 32;

#[test]
fn a_node_killed_a_hundred_times_loses_nothing_and_does_nothing_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    is_killed_again_and_again(in_file(folder.path()));
}

#[test]
fn a_node_over_postgres_killed_a_hundred_times_loses_nothing_and_does_nothing_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::create();
    is_killed_again_and_again(Place {
        store: database.url().to_owned(),
        cache: folder.path().join("cache"),
    });
}

fn is_killed_again_and_again(place: Place) {
    let world = World::start(place, CASES);
    let mut kills_at = Vec::new();
    let mut life = 0;
    while kills_at.len() < KILLS {
        life += 1;
        let node = world.node(life * LEASE_SECONDS);
        // Lives that are short do the same again on a slow machine, before it is noted: each second
        // one goes further than those before.
        match chance(life) % (ARRIVALS_MAX + 1) {
            arrivals if life % 2 == 0 => world.wait_for_new(1 + arrivals / 8),
            arrivals => world.wait_for_more(arrivals),
        }
        let more = chance(life + 1_000) % MORE_MS_MAX;
        std::thread::sleep(Duration::from_millis(more));
        if node.kill() {
            kills_at.push(world.keys().len() as u64);
        }
    }
    // The kills fell into the wave: it went on from one to the next, and was never over.
    let partly = kills_at.iter().filter(|&&done| 0 < done && done < CASES);
    assert!(partly.count() > KILLS * 3 / 4, "{kills_at:?}");
    let moves = kills_at.windows(2).filter(|pair| pair[0] < pair[1]);
    assert!(moves.count() > KILLS / 3, "{kills_at:?}");

    world.node((life + 1) * LEASE_SECONDS).finish();
    check(&world);
    let again = world.arrivals() - CASES;
    println!("{again} of {CASES} letters arrived again, with {KILLS} kills");
    assert!(again <= KILLS as u64 * UNKNOWN_MAX);
}
