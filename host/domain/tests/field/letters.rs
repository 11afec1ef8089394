//! What a debtor reads.

use regua_domain::contract::Purpose;

use crate::kit::*;

/// Asked three days before the due date, with a list of what it asks for.
fn lists(purpose: Purpose) -> World {
    let rung = stage("only", "only", "{ days_overdue: -3 }", CLOSED);
    let lister = plugin("only", move |_| {
        leave(vec![by_template(purpose, "list")], "sent")
    });
    World::new(
        &document(&[], &[with_template(&rung, "list")]),
        vec![lister.with_template()],
    )
}

#[test]
fn a_reminder_before_the_due_date_lists_what_is_coming_due_and_its_sum() {
    let mut world = lists(Purpose::Reminder);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-06"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-09"))
        .tell("2026-03-02 08:00", dispute("B", Some("BRL 20.00")))
        .until("2026-03-04");
    let text =
        "BRL 130.00: A BRL 100.00 by 6 March 2026, 0 days; B BRL 30.00 by 9 March 2026, 0 days;";
    assert_eq!(world.letters(), [format!("2026-03-03 only: {text}")]);
}

#[test]
fn a_reminder_after_the_due_date_lists_what_is_past_due_alone() {
    let mut world = lists(Purpose::Reminder);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-02-27"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-09"))
        .until("2026-03-04");
    let text = "BRL 100.00: A BRL 100.00 by 27 February 2026, 3 days;";
    assert_eq!(world.letters(), [format!("2026-03-02 only: {text}")]);
}
