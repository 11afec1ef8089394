//! Timers, windows, zones, catch-up.

use regua_domain::contract::{Trigger, Wake};
use regua_domain::time::{DAY_MS, MINUTE_MS};

use crate::kit::*;

fn three() -> Vec<Plugin> {
    vec![
        plugin("first", mails),
        plugin("second", mails),
        plugin("third", mails),
    ]
}

fn behind(head: &[(&str, &str)], skips: bool) -> World {
    let mut text = rungs(head);
    if skips {
        text = document(
            head,
            &[
                skippable("first", "first", "{ days_overdue: 1 }", "second"),
                skippable(
                    "second",
                    "second",
                    "{ days_overdue: 5, after_previous: 3d }",
                    "third",
                ),
                skippable("third", "third", "{ days_overdue: 20 }", CLOSED),
            ],
        );
    }
    let mut world = World::new(&text, three());
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04")
        .asleep_until("2026-03-24 10:00")
        .until("2026-03-24 12:00");
    world
}

#[test]
fn a_missed_day_runs_and_the_rest_follows_in_its_turn() {
    let mut world = behind(&[("catch_up", "run")], false);
    world.until("2026-03-31");
    assert_eq!(
        world.lines(&["passed", "entered"]),
        [
            "03-03 entered first, visit 0",
            "03-24 entered second, visit 0",
            "03-27 entered third, visit 0",
        ]
    );
}

#[test]
fn a_missed_day_collapses_into_the_last_stage_whose_day_has_come() {
    let world = behind(&[("catch_up", "collapse")], false);
    assert_eq!(
        world.lines(&["passed", "entered"]),
        [
            "03-03 entered first, visit 0",
            "03-24 passed over second: the timer was late: collapsed",
            "03-24 entered third, visit 0",
        ]
    );
}

#[test]
fn a_missed_day_skips_by_a_mapped_outcome() {
    let world = behind(&[("catch_up", "skip")], true);
    assert_eq!(
        world.lines(&["passed", "entered", "left second"]),
        [
            "03-03 entered first, visit 0",
            "03-24 passed over second: the timer was late: skipped",
            "03-24 left second: skipped",
            "03-24 entered third, visit 0",
        ]
    );
}

#[test]
fn a_late_timer_is_told_planned_and_actual_time() {
    let mut world = World::new(
        &single(),
        vec![plugin("only", |_| stay(vec![], Wake::AfterDays(2)))],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    let planned = world.wake;
    world
        .asleep_until("2026-03-09 10:00")
        .until("2026-03-09 11:00");
    let late_by_ms = world.instant("2026-03-09 10:00").0 - planned.0;
    assert!(late_by_ms > 3 * DAY_MS);
    assert_eq!(
        world.asked("only")[1].trigger,
        Trigger::Woken {
            planned,
            late_by_ms
        }
    );
}

#[test]
fn no_past_due_mail_the_day_after_the_first_invoice() {
    let mut world = World::new(&rungs(&[]), three());
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-31"))
        .until("2026-03-31 23:59");
    assert!(world.dossier.cases.is_empty());
    world.until("2026-04-02");
    assert_eq!(world.letters(), ["2026-04-01 first: BRL 100.00"]);
}

#[test]
fn the_late_day_is_the_debtors_own_civil_day() {
    for zone in [
        chrono_tz::America::Sao_Paulo,
        chrono_tz::Asia::Tokyo,
        chrono_tz::Pacific::Kiritimati,
        chrono_tz::Pacific::Pago_Pago,
        chrono_tz::UTC,
    ] {
        let mut world = World::new(&single(), vec![plugin("only", mails)]).in_zone(zone);
        world
            .tell("2026-03-01 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
            .until("2026-03-02 23:59");
        assert!(world.dossier.cases.is_empty(), "{zone}");
        world.until("2026-03-04");
        let seen = world.asked("only")[0];
        assert_eq!(seen.now.local_date.to_string(), "2026-03-03", "{zone}");
        assert_eq!(seen.balance.days_overdue, 1, "{zone}");
        assert!(
            (9 * 60..10 * 60).contains(&seen.now.local_minute_of_day),
            "{zone}"
        );
    }
}

#[test]
fn weekends_and_holidays_do_not_burn_the_ladder() {
    let mut world = World::new(&rungs(&[("calendar", "BR")]), three());
    // Thursday; Friday the 3rd of April 2026 is Good Friday.
    world
        .tell("2026-04-01 08:00", invoice("A", "BRL 100.00", "2026-04-02"))
        .until("2026-04-30");
    assert_eq!(
        world.lines(&["entered"]),
        [
            "04-06 entered first, visit 0",
            "04-09 entered second, visit 0",
            "04-22 entered third, visit 0",
        ]
    );
}

#[test]
fn business_days_after_the_previous_stage_are_counted_by_the_calendar() {
    let document = document(
        &[],
        &[
            stage("first", "first", "{ days_overdue: 1 }", "second"),
            stage("second", "second", "{ after_previous: 5bd }", CLOSED),
        ],
    );
    let mut world = World::new(
        &document,
        vec![plugin("first", mails), plugin("second", mails)],
    );
    world
        .tell("2026-03-04 08:00", invoice("A", "BRL 100.00", "2026-03-04"))
        .until("2026-03-31");
    assert_eq!(
        world.lines(&["entered"]),
        [
            "03-05 entered first, visit 0",
            "03-12 entered second, visit 0"
        ]
    );
}

#[test]
fn a_wake_up_is_at_least_fifteen_minutes_ahead() {
    let mut world = World::new(
        &single(),
        vec![plugin("only", |_| stay(vec![], Wake::AfterMinutes(0)))],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-03 12:00");
    let asked = world.asked("only");
    assert!(asked.len() > 3);
    for pair in asked.windows(2) {
        assert!(pair[1].now.at.0 - pair[0].now.at.0 >= 15 * MINUTE_MS);
    }
}

#[test]
fn max_silence_wakes_any_stage() {
    let mut world = World::new(
        &document(
            &[("max_silence", "10d")],
            &[stage("only", "only", "{ days_overdue: 1 }", CLOSED)],
        ),
        vec![plugin("only", |_| wait())],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-31");
    let days: Vec<_> = world
        .asked("only")
        .iter()
        .map(|seen| seen.now.local_date.to_string())
        .collect();
    assert_eq!(days, ["2026-03-03", "2026-03-13", "2026-03-23"]);
}

#[test]
fn twenty_four_transitions_a_day_are_enough() {
    let mut world = World::new(
        &document(
            &[("send_window", "\"0 * * * * *\""), ("roll", "none")],
            &[stage("only", "only", "{ days_overdue: 1 }", CLOSED)],
        ),
        vec![plugin("only", |_| stay(vec![], Wake::AfterMinutes(15)))],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-05");
    assert_eq!(
        world.lines(&["limit"]),
        ["03-03 limit: 24 transitions a day"]
    );
    assert_eq!(world.open_tasks().len(), 1);
    assert!(world.asked("only").len() <= 24);
}

#[test]
fn the_limit_is_met_also_where_the_host_makes_the_last_transition_of_the_day() {
    let mut world = World::new(
        &document(
            &[("send_window", "\"0 * * * * *\""), ("roll", "none")],
            &[stage("only", "only", "{ days_overdue: 1 }", CLOSED)],
        ),
        vec![plugin("only", |_| wait()).hears(&["replied"])],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04 10:00");
    world
        .tell("2026-03-04 10:00", promise("BRL 10.00", "2026-04-30"))
        .tell("2026-03-04 10:00", promise("BRL 10.00", "2026-04-29"));
    while world.case().pace.day != world.today() || world.case().pace.count < 24 {
        let now = world.now;
        world.hear(&reply("cash-flow")).unwrap();
        // The last but one of the day comes together with two kept promises.
        if world.case().pace.day == world.today() && world.case().pace.count == 23 {
            world.hear(&payment("p", "BRL 10.00")).unwrap();
        }
        world.run(now);
        world.now = now.plus_ms(MINUTE_MS);
    }
    world.hear(&reply("cash-flow")).unwrap();
    world.until("2026-03-05");
    assert_eq!(world.lines(&["limit"]).len(), 1, "{}", world.story());
}
