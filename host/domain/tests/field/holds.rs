//! A hold ends on a case that waits for its next rung.

use regua_domain::contract::FailureKind;
use regua_domain::fact::Fact;

use crate::kit::*;

/// The first letter left on 3 March, the second is planned for the 9th; the account is held
/// from the 4th on.
fn held(late_entry: &str, until: &str) -> World {
    let head = [("late_entry", late_entry), ("catch_up", "collapse")];
    let names = ["first", "second", "third"];
    let mut world = World::new(
        &rungs(&head),
        names.map(|name| plugin(name, mails)).to_vec(),
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-04 08:00", hold(until));
    world
}

/// What became of the case from the hold on.
fn goes_on(mut world: World) -> Vec<String> {
    world.until("2026-05-15");
    world.lines(&["passed", "entered"])[1..].to_vec()
}

#[test]
fn a_case_held_for_20_or_40_days_goes_on_where_its_age_puts_it() {
    for (until, on) in [("2026-03-23", "03-24"), ("2026-04-12", "04-13")] {
        assert_eq!(
            goes_on(held("by_age", until)),
            [
                format!("{on} passed over second: late entry by age"),
                format!("{on} entered third, visit 0"),
            ]
        );
    }
}

#[test]
fn a_case_held_for_20_or_40_days_goes_on_where_it_stood_if_the_late_start_at_the_bottom() {
    for (until, second, third) in [
        ("2026-03-23", "03-24", "03-27"),
        ("2026-04-12", "04-13", "04-16"),
    ] {
        assert_eq!(
            goes_on(held("first", until)),
            [
                format!("{second} entered second, visit 0"),
                format!("{third} entered third, visit 0"),
            ]
        );
    }
}

#[test]
fn a_case_whose_next_rung_is_the_only_one_it_reached_goes_on_there() {
    for late_entry in ["by_age", "first"] {
        assert_eq!(
            goes_on(held(late_entry, "2026-03-12")),
            [
                "03-13 entered second, visit 0",
                "03-23 entered third, visit 0"
            ]
        );
    }
}

#[test]
fn a_hold_that_is_lifted_early_ends_like_one_that_runs_out() {
    for (lifted, on) in [("2026-03-24", "03-24"), ("2026-04-13", "04-13")] {
        let lift = |late_entry| {
            let mut world = held(late_entry, "2026-06-30");
            world.tell(&format!("{lifted} 08:00"), Fact::HoldLifted);
            goes_on(world)
        };
        assert_eq!(
            lift("by_age"),
            [
                format!("{on} passed over second: late entry by age"),
                format!("{on} entered third, visit 0"),
            ]
        );
        assert_eq!(lift("first")[0], format!("{on} entered second, visit 0"));
    }
}

#[test]
fn a_held_case_is_planned_for_the_day_after_its_hold() {
    let world = held("by_age", "2026-03-23");
    assert_eq!(
        world.lines(&["next second"]).last().unwrap(),
        "03-04 next second on 03-24"
    );
}

#[test]
fn a_rung_without_a_day_that_is_passed_over_after_a_hold_is_told() {
    let head = [("late_entry", "by_age"), ("catch_up", "collapse")];
    let ladder = document(
        &head,
        &[
            stage("first", "first", "{ days_overdue: 1 }", "second"),
            stage("second", "second", "{ after_previous: 3d }", "third"),
            stage("third", "third", "{ days_overdue: 5 }", CLOSED),
        ],
    );
    let names = ["first", "second", "third"];
    let plugins = names.map(|name| plugin(name, mails));
    let mut world = World::new(&ladder, plugins.to_vec());
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-04 08:00", hold("2026-03-23"));
    assert_eq!(
        goes_on(world),
        [
            "03-24 passed over second: late entry by age",
            "03-24 entered third, visit 0",
        ]
    );
}

#[test]
fn what_becomes_late_below_the_tolerance_during_a_hold_ends_its_case_on_that_day() {
    let ladder = document(
        &[],
        &[stage("only", "only", "{ days_overdue: -2 }", CLOSED)],
    );
    let breaks = answering("only", |_| failure(FailureKind::Trap));
    let mut world = World::new(&ladder, vec![breaks]);
    // 5.00 is the tolerance; the failure holds the account for a week.
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 4.00", "2026-03-05"))
        .until("2026-03-20");
    assert_eq!(world.lines(&["ended"]), ["03-06 ended: resolved"]);
}
