//! The server is started anew, its backends are killed and its connections are taken away in
//! the middle of a wave: the node goes on by itself, and nothing is lost.

use std::sync::Arc;

use regua_test_kit::postgres::{Database, Server, Sitters, Sync};
use regua_tests::wave::Place;

use crate::checked::check;
use crate::kit::World;

const CASES: u64 = 12_000;
const ROUNDS: usize = 5;
/// What has to arrive before the next thing befalls the server.
const ARRIVALS: u64 = 200;
/// Few connections are soon taken.
const CONNECTIONS: &str = "max_connections=24";
/// Ends everybody's connections.
const TERMINATE: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";

#[test]
fn a_node_goes_on_when_the_server_is_there_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Arc::new(Server::start(Sync::On, &[CONNECTIONS]));
    let database = Database::create_on(&server);
    let world = World::start(
        Place {
            store: database.url().to_owned(),
            cache: folder.path().join("cache"),
        },
        CASES,
    );
    let node = world.node(0);
    for _ in 0..ROUNDS {
        world.wait_for_more(ARRIVALS);
        assert!(
            database
                .run(TERMINATE)
                .trim()
                .parse::<u32>()
                .is_ok_and(|ended| ended > 0)
        );
        world.wait_for_more(ARRIVALS);
        // The node loses its connections to others, who stay for a while.
        let sitters = Sitters::take_all(&database);
        drop(sitters);
        world.wait_for_more(ARRIVALS);
        server.kill();
        server.up();
        world.wait_for_more(ARRIVALS);
    }
    assert!((world.keys().len() as u64) < CASES, "the wave was over");
    // The same process, to the end.
    node.finish();
    check(&world);
}
