//! What keeps promises and plans: money, once each, and no more of it than is owed.

use regua_domain::balance::View;
use regua_domain::contract::Wake;
use regua_domain::dossier::Draft;
use regua_domain::intake::Taken;

use crate::kit::*;

fn owing(amount: &str) -> World {
    let mut world = World::new(&single(), vec![plugin("only", |_| wait())]);
    world.tell("2026-03-01 08:00", invoice("A", amount, "2026-03-01"));
    world
}

/// BRL 100.00 are owed, something happens to them, and a plan over two weeks is made of what
/// may be chased: its parts are due on the 10th and on the 17th.
fn planned(before: &[regua_domain::fact::Fact]) -> World {
    let offers = plugin("only", |situation| match situation.stage.calls_before {
        0 => stay(vec![plan(situation, 2)], Wake::OnEvent),
        _ => wait(),
    });
    let mut world = World::new(&single(), vec![offers]);
    world.tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"));
    for fact in before {
        world.tell("2026-03-02 09:00", fact.clone());
    }
    world.until("2026-03-04");
    let accepted = answered(world.key("plan"), Some(1));
    world.tell("2026-03-04 08:00", accepted);
    world
}

fn chaseable(world: &World) -> i64 {
    View::of(&world.dossier, currency("BRL"), world.today(), 0).chaseable
}

/// Promises kept and broken, plans completed and broken.
fn past(world: &World) -> [u16; 4] {
    let standing = &world.dossier.standing;
    [
        standing.promises_kept,
        standing.promises_broken,
        standing.plans_completed,
        standing.plans_broken,
    ]
}

#[test]
fn an_upheld_dispute_pays_nothing_of_a_plan() {
    let mut world = planned(&[dispute("A", Some("BRL 30.00"))]);
    world.tell("2026-03-05 08:00", resolved("A", true));
    assert_eq!(chaseable(&world), 0);
    world.until("2026-03-14");
    assert_eq!(
        world.lines(&["cover ended"]),
        ["03-13 cover ended: Plan broken"]
    );
    assert_eq!(chaseable(&world), 7_000);
}

#[test]
fn a_credit_note_keeps_no_promise() {
    let mut world = owing("BRL 100.00");
    world
        .tell("2026-03-03 08:00", promise("BRL 60.00", "2026-03-10"))
        .tell("2026-03-05 08:00", credit_note("A", "n", "BRL 60.00"));
    assert_eq!(chaseable(&world), 0);
    world.until("2026-03-14");
    assert_eq!(
        world.lines(&["cover ended"]),
        ["03-13 cover ended: Promise broken"]
    );
    assert_eq!(past(&world), [0, 1, 0, 0]);
}

#[test]
fn a_credit_note_does_not_pay_the_next_part_of_a_plan() {
    let mut world = planned(&[]);
    world
        .tell("2026-03-05 08:00", credit_note("A", "n", "BRL 50.00"))
        .until("2026-03-14");
    assert_eq!(
        world.lines(&["cover ended"]),
        ["03-13 cover ended: Plan broken"]
    );
}

#[test]
fn a_plan_is_completed_by_what_a_credit_note_left_of_it() {
    let mut world = planned(&[]);
    world
        .tell("2026-03-05 08:00", credit_note("A", "n", "BRL 30.00"))
        .tell("2026-03-09 08:00", payment("p", "BRL 50.00"))
        .until("2026-03-16");
    let [cover] = world.dossier.covers.as_slice() else {
        panic!("{}", world.story())
    };
    let parts: Vec<_> = cover.schedule.iter().map(|part| part.amount).collect();
    assert_eq!(parts, [5_000, 2_000]);
    world.tell("2026-03-16 08:00", payment("q", "BRL 20.00"));
    assert_eq!(
        world.lines(&["cover ended"]),
        ["03-16 cover ended: Plan kept"]
    );
    assert_eq!(past(&world), [0, 0, 1, 0]);
}

#[test]
fn a_plan_of_which_nothing_is_owed_any_more_is_lifted() {
    let mut world = planned(&[]);
    world.tell("2026-03-05 08:00", credit_note("A", "n", "BRL 100.00"));
    assert_eq!(
        world.lines(&["cover ended"]),
        ["03-05 cover ended: Plan lifted"]
    );
    assert_eq!(past(&world), [0; 4]);
}

#[test]
fn a_promise_about_a_voided_invoice_is_lifted_however_much_was_paid_before() {
    let mut world = owing("BRL 100.00");
    world
        .tell("2026-03-02 08:00", payment("p", "BRL 40.00"))
        .tell("2026-03-03 08:00", promise("BRL 60.00", "2026-03-10"))
        .tell("2026-03-04 08:00", payment("q", "BRL 10.00"))
        .tell("2026-03-05 08:00", voided("A"));
    assert_eq!(
        world.lines(&["cover ended"]),
        ["03-05 cover ended: Promise lifted"]
    );
    assert_eq!(past(&world), [0; 4]);
}

#[test]
fn giving_up_the_rest_completes_no_plan() {
    let mut world = planned(&[]);
    world.tell("2026-03-09 08:00", payment("p", "BRL 50.00"));
    let mut draft = Draft::new(world.dossier.clone(), world.now);
    let item = draft.dossier.items[0].id;
    regua_domain::carry::write_off(&mut draft, item);
    world.dossier = draft.dossier;
    world.journal.extend(draft.journal);
    world.until("2026-03-31");
    assert_eq!(
        world.lines(&["cover ended"]),
        ["03-09 cover ended: Plan lifted"]
    );
    assert_eq!(past(&world), [0; 4]);
}

#[test]
fn money_taken_back_that_came_before_a_plan_leaves_its_paid_parts_paid() {
    let mut world = planned(&[payment("before", "BRL 30.00")]);
    world
        .tell("2026-03-09 08:00", payment("p", "BRL 35.00"))
        .tell("2026-03-10 08:00", reversed("before"));
    assert_eq!(chaseable(&world), 3_000);
    world
        .until("2026-03-16")
        .tell("2026-03-16 08:00", payment("q", "BRL 35.00"));
    assert_eq!(
        world.lines(&["cover ended"]),
        ["03-16 cover ended: Plan kept"]
    );
    // What was taken back is owed still, and under no plan.
    assert_eq!(chaseable(&world), 3_000);
}

#[test]
fn money_taken_back_before_the_first_part_pays_none_of_it() {
    let mut world = planned(&[payment("before", "BRL 30.00")]);
    world
        .tell("2026-03-05 08:00", reversed("before"))
        .until("2026-03-10");
    assert_eq!(chaseable(&world), 3_000);
    world
        .tell("2026-03-10 08:00", payment("p", "BRL 35.00"))
        .tell("2026-03-17 08:00", payment("q", "BRL 35.00"));
    assert_eq!(
        world.lines(&["cover ended"]),
        ["03-17 cover ended: Plan kept"]
    );
}

#[test]
fn a_part_that_was_taken_back_is_missing_until_it_is_paid_again() {
    let mut world = planned(&[]);
    world
        .tell("2026-03-09 08:00", payment("p", "BRL 50.00"))
        .tell("2026-03-10 08:00", reversed("p"))
        .tell("2026-03-11 08:00", payment("q", "BRL 50.00"))
        .until("2026-03-19");
    assert!(world.lines(&["cover ended"]).is_empty());
    world.until("2026-03-21");
    assert_eq!(
        world.lines(&["cover ended"]),
        ["03-20 cover ended: Plan broken"]
    );
}

#[test]
fn a_new_promise_takes_the_place_of_the_one_before() {
    let mut world = owing("BRL 200.00");
    world
        .tell("2026-03-03 08:00", promise("BRL 100.00", "2026-03-10"))
        .tell("2026-03-04 08:00", promise("BRL 100.00", "2026-03-20"));
    assert_eq!(chaseable(&world), 10_000);
    world.tell("2026-03-09 08:00", payment("p", "BRL 100.00"));
    assert_eq!(
        world.lines(&["cover ended"]),
        [
            "03-04 cover ended: Promise lifted",
            "03-09 cover ended: Promise kept"
        ]
    );
    assert_eq!(past(&world), [1, 0, 0, 0]);
}

#[test]
fn a_new_promise_leaves_one_alone_that_money_kept_already() {
    let mut world = owing("BRL 200.00");
    world.until("2026-03-03 08:00");
    for fact in [
        promise("BRL 100.00", "2026-03-10"),
        payment("p", "BRL 100.00"),
        promise("BRL 100.00", "2026-03-10"),
    ] {
        assert_eq!(world.hear(&fact), Ok(Taken::New));
    }
    world.until("2026-03-31");
    assert_eq!(
        world.lines(&["cover ended"]),
        [
            "03-03 cover ended: Promise kept",
            "03-13 cover ended: Promise broken"
        ]
    );
}

#[test]
fn a_promise_in_another_currency_is_another_promise() {
    let mut world = owing("BRL 100.00");
    world
        .tell("2026-03-01 08:00", invoice("B", "USD 100.00", "2026-03-01"))
        .tell("2026-03-03 08:00", promise("BRL 100.00", "2026-03-10"))
        .tell("2026-03-03 08:00", promise("USD 100.00", "2026-03-10"));
    assert!(world.lines(&["cover ended"]).is_empty());
}
