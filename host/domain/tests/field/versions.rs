//! A workflow is published anew beside its open cases.

use crate::kit::*;

#[test]
fn a_new_workflow_version_does_not_stop_dunning_for_open_cases() {
    let names = ["first", "second", "third"];
    let mut world = World::new(&rungs(&[]), names.map(|name| plugin(name, mails)).to_vec());
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    // The stage that the open case waits for is gone from it.
    let shorter = document(
        &[],
        &[stage("last", "third", "{ days_overdue: 1 }", CLOSED)],
    );
    world.publish(2, &shorter);
    world.activate(2);
    world
        .tell("2026-03-05 08:00", invoice("B", "JPY 9000", "2026-03-05"))
        .until("2026-04-01");
    assert_eq!(
        world.letters(),
        [
            "2026-03-03 first: BRL 100.00",
            "2026-03-06 last: JPY 9,000",
            "2026-03-09 second: BRL 100.00",
            "2026-03-23 third: BRL 100.00",
        ]
    );
    let versions = world.dossier.cases.iter().map(|case| case.workflow.version);
    assert_eq!(versions.collect::<Vec<_>>(), [1, 2]);
}
