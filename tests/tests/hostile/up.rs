//! After all of it, the host answers as before.

use std::sync::Arc;

use regua_runtime::Stage;
use regua_tests::built;

use crate::crimes::CRIMES;
use crate::{Host, decision, failure};

const GOOD: &str = r#"{"template":"first-day-late"}"#;

/// Hostile calls of the test on memory.
const CALLS: usize = 200;
/// What the process may grow by meanwhile: far less than one call in a hundred would
/// leave behind, were a hog's memory not given back.
const GROWTH_MAX_BYTES: u64 = 128 << 20;

fn good(host: &mut Host) -> Arc<Stage> {
    let plugin = built::plugin("first-day-late-email");
    host.shelf.admit(plugin).unwrap()
}

#[test]
fn a_good_stage_decides_after_every_crime_as_before() {
    let mut host = Host::new();
    let stage = good(&mut host);
    let before = stage.decide(&host.situation, GOOD);
    assert_eq!(decision(&before).proposals.len(), 1);
    for (wanted, ..) in CRIMES {
        failure(&host.decide(wanted));
        let after = stage.decide(&host.situation, GOOD);
        assert_eq!(after.answer, before.answer, "after {wanted}");
        assert_eq!(after.fuel, before.fuel, "after {wanted}");
        assert_eq!(after.memory_peak, before.memory_peak, "after {wanted}");
    }
}

#[test]
fn a_good_stage_decides_beside_crimes_as_alone() {
    let mut host = Host::new();
    let stage = good(&mut host);
    let alone = stage.decide(&host.situation, GOOD);
    let crimes: Vec<_> = CRIMES
        .iter()
        .map(|(wanted, ..)| {
            let (hostile, situation) = (Arc::clone(&host.hostile), host.situation.clone());
            let config = format!(r#"{{"do":"{wanted}"}}"#);
            let crime = move || hostile.decide(&situation, &config);
            host.shelf.workers().run(crime)
        })
        .collect();
    while crimes.iter().any(|crime| !crime.is_full()) {
        let beside = stage.decide(&host.situation, GOOD);
        assert_eq!(
            (beside.answer, beside.fuel),
            (alone.answer.clone(), alone.fuel)
        );
    }
    for (crime, (wanted, kind, _)) in crimes.iter().zip(CRIMES) {
        assert_eq!(failure(&crime.recv().unwrap()).0, *kind, "{wanted}");
    }
}

#[test]
fn memory_is_given_back() {
    let host = Host::new();
    // What is made once, is made now.
    for (wanted, ..) in CRIMES {
        host.decide(wanted);
    }
    let before = resident_bytes();
    for wanted in ["memory", "huge-output", "trap", "recursion"]
        .iter()
        .cycle()
        .take(CALLS)
    {
        failure(&host.decide(wanted));
    }
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < GROWTH_MAX_BYTES, "grown by {grown} bytes");
}

/// Bytes of this process that are in memory, from the second field of `statm`: pages.
pub fn resident_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = statm.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4_096
}
