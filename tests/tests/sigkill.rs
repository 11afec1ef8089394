//! A node is killed again and again in the middle of a wave: nothing is lost, nothing is
//! done twice.
//!
//! When it is killed follows from what it says it has committed, and then from chance; so
//! the kills fall into the wave on a fast machine and on a busy one.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use regua_domain::contract::EffectState;
use regua_domain::id::CaseId;
use regua_domain::time::Timestamp;
use regua_engine::Settings;
use regua_storage::{CasesQuery, Wanted};
use regua_test_kit::postgres::Database;
use regua_tests::wave::Place;
use regua_tests::{sample, wave};

const CASES: u64 = 16_000;
const KILLS: u32 = 50;
/// A node is left alone until it has said so often that it committed something, at most;
/// a life of none is killed while it claims and reads.
const BATCHES_MAX: u64 = 3;
/// … and then for so long at most, milliseconds.
const MORE_MS_MAX: u64 = 12;
/// Leases end after a minute.
const LEASE_SECONDS: u32 = 61;

/// A node at work.
struct Life {
    child: Child,
    lines: BufReader<ChildStdout>,
    /// What it found done when it began.
    found: u64,
    /// What it said it has committed, the most of it.
    committed: u64,
}

impl Life {
    fn start(place: &Place, life: u32) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_node"))
            .arg(&place.store)
            .arg(&place.cache)
            .arg((life * LEASE_SECONDS).to_string())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the node starts");
        let mut lines = BufReader::new(child.stdout.take().expect("it has an output"));
        let mut line = String::new();
        lines.read_line(&mut line).expect("it says that it works");
        let found = number(&line, "working ").expect("it says what it found");
        Self {
            child,
            lines,
            found,
            committed: 0,
        }
    }

    /// Hears its next word: whether it has committed more, and is not done yet.
    fn hears_more(&mut self) -> bool {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("its output");
        let committed = number(&line, "committed ");
        self.committed = self.committed.max(committed.unwrap_or(0));
        committed.is_some()
    }

    /// Kills it; whether there was something left to kill.
    fn kill(&mut self) -> bool {
        let is_alive = self.child.try_wait().expect("its state").is_none();
        if is_alive {
            self.child.kill().expect("SIGKILL");
        }
        self.child.wait().expect("it is gone");
        // What it had said by then, and nobody had heard yet.
        while self.hears_more() {}
        is_alive
    }
}

fn number(line: &str, after: &str) -> Option<u64> {
    line.strip_prefix(after)?.trim_end().parse().ok()
}

/// Numbers that look like chance and are the same in every run.
fn chance(nth: u32) -> u64 {
    let mut state = u64::from(nth).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    state ^= state >> 31;
    state = state.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state ^ (state >> 29)
}

#[test]
fn a_node_killed_fifty_times_loses_nothing_and_does_nothing_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    is_killed_again_and_again(&Place::file(&folder.path().join("wave.sqlite")));
}

#[test]
fn a_node_over_postgres_killed_fifty_times_loses_nothing_and_does_nothing_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::create();
    is_killed_again_and_again(&Place {
        store: database.url().to_owned(),
        cache: folder.path().join("cache"),
    });
}

fn is_killed_again_and_again(place: &Place) {
    let tokio = tokio::runtime::Runtime::new().expect("a runtime");
    tokio
        .block_on(wave::fill(place, CASES, CASES))
        .expect("a filled store");

    // What each life is known to have left behind: nothing of it may be gone in the next.
    let mut durable = 0;
    let mut kills_at = Vec::new();
    let mut life = 0;
    while kills_at.len() < KILLS as usize {
        life += 1;
        let mut node = Life::start(place, life);
        assert!(
            node.found >= durable,
            "life {life} found {} done where {durable} had been committed",
            node.found
        );
        assert!(
            node.found < CASES,
            "the wave was over after {} kills: make it larger",
            kills_at.len()
        );
        for _ in 0..chance(life) % (BATCHES_MAX + 1) {
            node.hears_more();
        }
        std::thread::sleep(Duration::from_millis(
            chance(life + KILLS * 2) % MORE_MS_MAX,
        ));
        if node.kill() {
            kills_at.push(node.found + node.committed);
        }
        durable = node.found + node.committed;
    }
    // The kills fell into the wave: it went on from one to the next, and was never over.
    let partly = kills_at.iter().filter(|&&done| 0 < done && done < CASES);
    assert!(partly.count() > kills_at.len() * 3 / 4, "{kills_at:?}");
    let moves = kills_at.windows(2).filter(|pair| pair[0] < pair[1]);
    assert!(moves.count() > kills_at.len() / 2, "{kills_at:?}");

    let mut node = Life::start(place, life + 1);
    assert!(node.found >= durable && node.found < CASES, "{kills_at:?}");
    while node.hears_more() {}
    assert!(node.child.wait().expect("it ends").success());
    assert_eq!(node.found + node.committed, CASES);

    tokio.block_on(check(place));
}

async fn check(place: &Place) {
    let (engine, open) = wave::engine(place, sample::now(), Settings::shipped())
        .await
        .expect("the store opens");
    let mut after: Option<CaseId> = None;
    let mut seen = 0;
    let mut keys = BTreeSet::new();
    loop {
        let query = CasesQuery {
            after,
            limit: 512,
            ..CasesQuery::default()
        };
        let page = open.store.cases(&query).await.expect("cases");
        let Some(last) = page.last() else { break };
        after = Some(last.case.id);
        let wanted: Vec<Wanted> = page.iter().map(|row| row.customer.into()).collect();
        let dossiers = open
            .store
            .load(&wanted, Timestamp(0), Timestamp(0))
            .await
            .expect("dossiers");
        assert_eq!(dossiers.len(), page.len());
        for dossier in dossiers {
            seen += 1;
            let reference = &dossier.customer.reference;
            assert_eq!(dossier.cases.len(), 1, "{reference}");
            let case = &dossier.cases[0];
            let [letter] = dossier.effects.as_slice() else {
                panic!(
                    "{reference} has {} effects instead of one letter",
                    dossier.effects.len()
                );
            };
            assert_eq!(letter.state, EffectState::Queued, "{reference}");
            assert!(keys.insert(letter.key), "{} stands twice", letter.key);
            let customer = dossier.customer.id;
            let decisions = open
                .store
                .decisions(customer, case.id)
                .await
                .expect("decisions");
            let sequences: Vec<u64> = decisions.iter().map(|decision| decision.sequence).collect();
            assert_eq!(
                sequences,
                [letter.key.sequence],
                "{reference}: one decision, the letter's"
            );
            assert_eq!(
                case.sequence,
                letter.key.sequence + 1,
                "{reference}: no transition besides"
            );
            let timeline = open
                .store
                .timeline(customer, 0, 100)
                .await
                .expect("a timeline");
            let numbers: Vec<u64> = timeline.iter().map(|entry| entry.number).collect();
            let contiguous: Vec<u64> = (numbers[0]..numbers[0] + numbers.len() as u64).collect();
            assert_eq!(numbers, contiguous, "{reference}");
        }
    }
    assert_eq!(seen, CASES);
    engine.store().close().await;
}
