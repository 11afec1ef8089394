//! Anchors, levels, entries and ends.

use regua_domain::case::{CaseState, End};
use regua_domain::contract::Purpose;

use crate::kit::*;

fn three() -> Vec<Plugin> {
    vec![
        plugin("first", mails),
        plugin("second", mails),
        plugin("third", mails),
    ]
}

#[test]
fn the_ladder_is_climbed_rung_by_rung_to_a_declared_end() {
    let mut world = World::new(&rungs(&[]), three());
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-05-01");
    assert_eq!(
        world.lines(&["opened", "entered", "left", "ended"]),
        [
            "03-03 opened at first, 1 days overdue",
            "03-03 entered first, visit 0",
            "03-03 left first: sent",
            "03-09 entered second, visit 0",
            "03-09 left second: sent",
            "03-23 entered third, visit 0",
            "03-23 left third: sent",
            "03-23 ended: closed",
        ]
    );
}

#[test]
fn every_path_ends_in_a_declared_end() {
    let mut world = World::new(&rungs(&[]), three());
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-12-01");
    assert!(matches!(
        world.case().state,
        CaseState::Ended {
            end: End::Closed,
            ..
        }
    ));
    assert_eq!(
        world.dossier.cases.len(),
        1,
        "a closed debt opens no new case"
    );
    assert!(world.dossier.items.iter().all(|item| !item.is_open()));
}

#[test]
fn a_partial_payment_moves_the_oldest_item_and_no_level_is_skipped() {
    let mut world = World::new(&rungs(&[]), three());
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-16"))
        .until("2026-03-20");
    assert_eq!(world.case().stage(), "third");
    world.tell("2026-03-20 18:00", payment("p", "BRL 120.00"));
    assert_eq!(world.case().anchor, Some("2026-03-16".parse().unwrap()));
    assert_eq!(world.case().stage(), "first", "{}", world.story());
    world.until("2026-05-01");
    assert_eq!(
        world.lines(&["rewound", "entered", "ended"]),
        [
            "03-03 entered first, visit 0",
            "03-09 entered second, visit 0",
            "03-20 rewound third to first",
            "03-23 entered first, visit 1",
            "03-26 entered second, visit 1",
            "04-06 entered third, visit 0",
            "04-06 ended: closed",
        ]
    );
}

#[test]
fn a_case_told_to_stay_is_not_rewound() {
    let mut world = World::new(
        &rungs(&[("on_reanchor", "stay")]),
        vec![
            plugin("first", mails),
            plugin("second", |_| wait()),
            plugin("third", mails),
        ],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 50.00", "2026-03-16"))
        .tell("2026-03-18 12:00", payment("p", "BRL 100.00"))
        .until("2026-03-19");
    assert_eq!(world.case().stage(), "second");
    assert!(world.lines(&["rewound"]).is_empty());
}

#[test]
fn an_older_debt_brings_the_waiting_stage_forward() {
    let mut world = World::new(&rungs(&[]), three());
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-10");
    assert_eq!(world.case().stage(), "third");
    // An invoice that was late already becomes known: the ladder counts from it.
    world
        .tell(
            "2026-03-12 08:00",
            invoice("old", "BRL 90.00", "2026-02-01"),
        )
        .until("2026-03-14");
    assert_eq!(
        world.lines(&["entered third"]),
        ["03-12 entered third, visit 0"],
        "{}",
        world.story()
    );
}

#[test]
fn balances_up_to_the_tolerance_set_no_anchor() {
    let mut world = World::new(&rungs(&[]), three());
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 5.00", "2026-03-02"))
        .until("2026-04-01");
    assert!(world.dossier.cases.is_empty());
    world
        .tell("2026-04-01 08:00", invoice("B", "BRL 0.01", "2026-04-01"))
        .until("2026-04-03");
    assert_eq!(world.case().anchor, Some("2026-04-01".parse().unwrap()));
}

#[test]
fn a_small_remainder_does_not_silence_reminders_before_the_due_date() {
    let document = document(
        &[],
        &[stage("early", "early", "{ days_overdue: -3 }", CLOSED)],
    );
    let mut world = World::new(
        &document,
        vec![plugin("early", |_| {
            leave(vec![mail("mail", Purpose::Reminder)], "sent")
        })],
    );
    world
        .tell("2026-03-01 08:00", invoice("A", "BRL 4.00", "2026-02-20"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 100.00", "2026-03-20"))
        .until("2026-03-31");
    assert_eq!(world.letters().len(), 1);
    assert_eq!(world.dossier.cases.len(), 1, "an end is an end");
}

#[test]
fn a_reminder_before_the_due_date_is_sent_while_nothing_is_overdue() {
    let document = document(
        &[],
        &[
            stage("early", "early", "{ days_overdue: -3 }", "first"),
            stage("first", "first", "{ days_overdue: 1 }", CLOSED),
        ],
    );
    let early = plugin("early", |_| {
        leave(vec![mail("mail", Purpose::Reminder)], "sent")
    });
    let mut world = World::new(&document, vec![early, plugin("first", mails)]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-12"))
        .until("2026-03-20");
    assert_eq!(
        world.lines(&["entered", "ended"]),
        [
            "03-09 entered early, visit 0",
            "03-13 entered first, visit 0",
            "03-13 ended: closed"
        ]
    );
}

#[test]
fn late_entry_first_starts_at_the_bottom() {
    let mut world = World::new(&rungs(&[]), three());
    world.tell("2026-03-02 10:00", invoice("A", "BRL 100.00", "2026-01-10"));
    assert_eq!(
        world.lines(&["opened", "passed"]),
        ["03-02 opened at first, 51 days overdue"]
    );
    assert_eq!(world.lines(&["entered"])[0], "03-02 entered first, visit 0");
}

#[test]
fn late_entry_by_age_names_the_stages_it_passes_over() {
    let mut world = World::new(&rungs(&[("late_entry", "by_age")]), three());
    world.tell("2026-03-02 10:00", invoice("A", "BRL 100.00", "2026-01-10"));
    assert_eq!(
        world.lines(&["opened", "passed", "entered"]),
        [
            "03-02 opened at third, 51 days overdue",
            "03-02 passed over first: late entry by age",
            "03-02 passed over second: late entry by age",
            "03-02 entered third, visit 0",
        ]
    );
}

#[test]
fn a_charge_back_reopens_the_case_where_it_was() {
    let mut world = World::new(&rungs(&[]), three());
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-12 08:00", payment("p", "BRL 100.00"))
        .until("2026-03-13");
    assert_eq!(world.lines(&["ended"]), ["03-12 ended: resolved"]);
    world.tell("2026-04-01 08:00", reversed("p"));
    assert_eq!(world.dossier.cases.len(), 1);
    assert_eq!(world.lines(&["reopened"]), ["04-01 reopened at third"]);
    world.until("2026-04-10");
    assert_eq!(world.lines(&["entered third"]).len(), 1);
}

#[test]
fn a_charge_back_long_after_begins_a_new_case() {
    let mut world = World::new(&rungs(&[]), three());
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-12 08:00", payment("p", "BRL 100.00"))
        .tell("2026-07-01 08:00", reversed("p"));
    assert!(world.lines(&["reopened"]).is_empty());
    assert_eq!(world.dossier.cases.len(), 2);
}

#[test]
fn the_stage_that_paid_leads_to_thanks_and_demands_nothing() {
    let thanks = plugin("thanks", |_| {
        leave(vec![mail("thanks", Purpose::Confirmation)], "sent")
    });
    let mut plugins = three();
    plugins.push(thanks);
    let document = format!(
        "{}{}",
        rungs(&[("paid", "thanks")]),
        stage("thanks", "thanks", "{}", CLOSED)
    );
    let mut world = World::new(&document, plugins);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-04 08:00", payment("p", "BRL 100.00"))
        .until("2026-03-31");
    assert_eq!(
        world.lines(&["entered", "left", "ended"]),
        [
            "03-03 entered first, visit 0",
            "03-03 left first: sent",
            "03-04 left second: paid",
            "03-04 entered thanks, visit 0",
            "03-04 left thanks: sent",
            "03-04 ended: closed",
        ]
    );
}

#[test]
fn nobody_is_thanked_for_a_payment_that_was_taken_back() {
    let thanks = plugin("thanks", |_| {
        leave(vec![mail("thanks", Purpose::Confirmation)], "sent")
    });
    let mut plugins = three();
    plugins.push(thanks);
    let document = format!(
        "{}{}",
        rungs(&[("paid", "thanks")]),
        stage("thanks", "thanks", "{}", CLOSED)
    );
    let mut world = World::new(&document, plugins);
    // Paid on a Friday evening: the thanks wait for Monday.
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-06 20:00", payment("p", "BRL 100.00"))
        .tell("2026-03-07 12:00", reversed("p"))
        .until("2026-03-31");
    assert!(
        world.lines(&["entered thanks"]).is_empty(),
        "{}",
        world.story()
    );
    assert_eq!(world.lines(&["entered second", "entered third"]).len(), 2);
}

#[test]
fn reminding_one_invoice_does_not_suppress_the_others() {
    one_case_of_all();
}

#[test]
fn one_case_per_customer_and_currency_reminds_of_the_balance() {
    one_case_of_all();
}

fn one_case_of_all() {
    let mut world = World::new(&rungs(&[]), three());
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("B", "BRL 30.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("C", "JPY 9000", "2026-03-02"))
        .until("2026-03-04");
    let mut cases: Vec<_> = world
        .dossier
        .cases
        .iter()
        .map(|case| case.currency.code())
        .collect();
    cases.sort_unstable();
    assert_eq!(cases, ["BRL", "JPY"]);
    assert_eq!(
        world.letters(),
        [
            "2026-03-03 first: BRL 130.00",
            "2026-03-03 first: JPY 9,000"
        ]
    );
}

#[test]
fn no_state_is_shared_between_cases() {
    let remembers = || {
        plugin("only", |situation| {
            let mut decision = wait();
            assert!(situation.stage.memory.is_empty());
            decision.memory = Some(situation.balance.currency.as_bytes().to_vec());
            decision
        })
    };
    let mut world = World::new(&single(), vec![remembers()]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 08:00", invoice("B", "JPY 9000", "2026-03-02"))
        .until("2026-03-04");
    for situation in world.asked("only") {
        assert_eq!(situation.balance.items.len(), 1);
        assert!(situation.effects.is_empty());
    }
    assert_eq!(world.asked("only").len(), 2);
}

#[test]
fn a_placed_debt_stays_in_its_stage_until_the_agency_is_done() {
    let agency = || {
        plugin("only", |situation| match event(situation) {
            "payment.received" => leave(Vec::new(), "done"),
            _ if situation.balance.chaseable > 0 => stay(
                vec![place(situation)],
                regua_domain::contract::Wake::OnEvent,
            ),
            _ => wait(),
        })
        .hears(&["payment.received"])
    };
    let mut world = World::new(&single(), vec![agency()]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-05");
    assert!(world.asked("only")[0].balance.chaseable > 0);
    world.tell("2026-03-20 08:00", payment("p", "BRL 100.00"));
    assert_eq!(world.lines(&["ended"]), ["03-20 ended: closed"]);
    // What was placed once does not keep the next case from being resolved.
    world
        .tell("2026-04-01 08:00", invoice("B", "BRL 70.00", "2026-04-01"))
        .until("2026-04-02 08:00");
    assert_eq!(world.dossier.cases.len(), 2);
    world.tell("2026-04-02 08:30", payment("q", "BRL 70.00"));
    assert_eq!(
        world.lines(&["ended"]),
        ["03-20 ended: closed", "04-02 ended: resolved"]
    );
}

#[test]
fn a_written_off_debt_leaves_the_balance() {
    let document = document(
        &[],
        &[stage(
            "only",
            "only",
            "{ days_overdue: 1 }",
            "{ end: written-off }",
        )],
    );
    let mut world = World::new(&document, vec![plugin("only", |_| leave(vec![], "done"))]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-05");
    assert_eq!(world.dossier.items[0].outstanding, 0);
    assert_eq!(
        world.journal.ledger.iter().map(|e| e.amount).sum::<i64>(),
        0
    );
}
