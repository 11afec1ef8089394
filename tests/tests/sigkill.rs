//! A node is killed again and again in the middle of a wave: nothing is lost, nothing is
//! done twice.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use regua_domain::contract::EffectState;
use regua_domain::id::CaseId;
use regua_domain::time::Timestamp;
use regua_engine::Settings;
use regua_storage::{CasesQuery, Wanted};
use regua_tests::{sample, wave};

const CASES: u64 = 16_000;
const KILLS: u32 = 50;
/// A node lives at most so long after it began to work, milliseconds.
const LIFE_MS_MAX: u64 = 90;
/// Leases end after a minute.
const LEASE_SECONDS: u32 = 61;

fn start(file: &Path, life: u32) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_node"))
        .arg(file)
        .arg((life * LEASE_SECONDS).to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the node starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it has an output"));
    let mut line = String::new();
    lines.read_line(&mut line).expect("it says that it works");
    assert_eq!(line, "working\n");
    (child, lines)
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
    let file = folder.path().join("wave.sqlite");
    let tokio = tokio::runtime::Runtime::new().expect("a runtime");
    tokio
        .block_on(wave::fill(&file, CASES, CASES))
        .expect("a filled store");

    let mut killed = 0;
    let mut lives = 0;
    while killed < KILLS {
        lives += 1;
        assert!(
            lives <= KILLS * 2,
            "the wave was over after {killed} kills: make it larger"
        );
        let (mut child, _lines) = start(&file, lives);
        std::thread::sleep(Duration::from_millis(chance(lives) % LIFE_MS_MAX));
        if child.try_wait().expect("its state").is_none() {
            child.kill().expect("SIGKILL");
            killed += 1;
        }
        child.wait().expect("it is gone");
    }
    let (mut child, mut lines) = start(&file, lives + 1);
    let mut line = String::new();
    lines.read_line(&mut line).expect("it says that it is done");
    assert_eq!(line, "done\n");
    assert!(child.wait().expect("it ends").success());

    tokio.block_on(check(&file));
}

async fn check(file: &Path) {
    let (engine, open) = wave::engine(file, sample::now(), Settings::shipped())
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
