//! A simulation that somebody stops.

use std::process::{Command, Stdio};
use std::time::Duration;

use super::{desk, json};

/// Whether a process does something of its own on SIGINT, as Linux tells it.
fn catches_interrupts(process: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    u64::from_str_radix(caught.unwrap().trim(), 16).unwrap() & 1 << (2 - 1) != 0
}

#[test]
fn a_simulation_that_is_interrupted_tells_what_it_has_and_that_it_is_not_all() {
    let desk = desk();
    let endless = "simulate --setup setup.yaml --customers 10000000 --days 30 --json told.json \
                   --csv told.csv --html told.html";
    let endless: Vec<_> = endless.split_whitespace().collect();
    let mut command = desk.command(&endless);
    let simulating = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut simulating = simulating.unwrap();
    // It plays from then on.
    while !catches_interrupts(simulating.id()) {
        assert!(simulating.try_wait().unwrap().is_none(), "it ended");
        std::thread::sleep(Duration::from_millis(20));
    }
    let process = simulating.id().to_string();
    let told = Command::new("kill").args(["-INT", &process]).status();
    assert!(told.unwrap().success());

    let ended = simulating.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(130), "{said}");
    let told = json(&desk, "told.json");
    let payers = told["payers"].as_u64().unwrap();
    assert!(payers < 10_000_000, "{payers}");
    assert_eq!(told["asked"], 10_000_000);
    assert_eq!(told["stopped"], true);
    let stopped = format!("stopped: {payers} of 10000000 payers were played");
    assert!(said.contains(&stopped), "{said}");
    let out = String::from_utf8(ended.stdout).unwrap();
    let first = format!("{payers} of 10000000 payers (stopped), 30 days");
    assert!(out.starts_with(&first), "{out}");
    let rows = std::fs::read_to_string(desk.path("told.csv")).unwrap();
    assert!(rows.contains(",asked,,10000000\n") && rows.contains(",stopped,,true\n"));
    let page = std::fs::read_to_string(desk.path("told.html")).unwrap();
    assert!(page.contains("of 10,000,000: stopped"));
}

#[test]
fn a_second_interrupt_ends_it_at_once() {
    let desk = desk();
    // An invoice a day, and none is paid: to play one payer to the end takes longer than anybody waits.
    let hazard = "{ share: 1, hazard: [0, 0, 0, 0, 0, 0, 0, 0, 0] }";
    let payers =
        format!("model: {{ billing: {{ every_days: 1 }}, segments: {{ all: {hazard} }} }}\n");
    desk.write("payers.yaml", &payers);
    let endless = "simulate --setup setup.yaml --days 3650 --payers payers.yaml --json told.json";
    let endless: Vec<_> = endless.split(' ').collect();
    let mut simulating = desk
        .command(&endless)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !catches_interrupts(simulating.id()) {
        assert!(simulating.try_wait().unwrap().is_none(), "it ended");
        std::thread::sleep(Duration::from_millis(20));
    }
    // Of two that come close to one another one may be lost: they are sent until the end.
    let process = simulating.id().to_string();
    while simulating.try_wait().unwrap().is_none() {
        let _ = Command::new("kill").args(["-INT", &process]).output();
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(simulating.wait().unwrap().code(), Some(130));
    assert!(!desk.path("told.json").exists(), "it told what it had");
}
