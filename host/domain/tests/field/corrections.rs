//! Corrections: voids, credit notes and payments that are taken back.

use regua_domain::ledger::Disposition;

use crate::kit::*;

fn world() -> World {
    World::new(
        &single(),
        vec![plugin("only", |situation| {
            match situation.stage.calls_before {
                0 => stay(
                    vec![fee(first_item(situation), "1", 500)],
                    regua_domain::contract::Wake::OnEvent,
                ),
                _ => wait(),
            }
        })],
    )
}

/// Reference and outstanding of every item.
fn left(world: &World) -> Vec<(&str, i64)> {
    let items = world.dossier.items.iter();
    items
        .map(|item| (item.reference.as_str(), item.outstanding))
        .collect()
}

fn credit(world: &World) -> i64 {
    world.dossier.credit(currency("BRL"))
}

#[test]
fn a_voided_invoice_gives_what_was_paid_of_it_back_as_credit() {
    let mut world = world();
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-20"))
        .tell("2026-03-02 09:00", payment("p", "BRL 40.00"))
        .tell("2026-03-02 10:00", voided("A"));
    assert_eq!(left(&world), [("A", 0)]);
    assert_eq!(credit(&world), 4_000);
    assert_eq!(world.dossier.items[0].disposition, Disposition::Closed);
}

#[test]
fn what_a_void_gives_back_pays_the_oldest_due_first() {
    let mut world = world();
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-10"))
        .tell("2026-03-02 09:00", payment("p", "BRL 90.00"))
        .tell("2026-03-02 10:00", invoice("C", "BRL 50.00", "2026-03-25"))
        .tell("2026-03-02 10:00", invoice("B", "BRL 50.00", "2026-03-20"))
        .tell("2026-03-02 11:00", voided("A"));
    assert_eq!(left(&world), [("A", 0), ("B", 0), ("C", 1_000)]);
    assert_eq!(credit(&world), 0);
}

#[test]
fn a_paid_fee_on_a_voided_invoice_is_given_back_too() {
    let mut world = world();
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(left(&world), [("A", 10_000), ("A:late:1", 500)]);
    world
        .tell("2026-03-04 08:00", paid("p", "BRL 105.00", "2026-03-04"))
        .tell("2026-03-05 08:00", voided("A"));
    assert_eq!(left(&world), [("A", 0), ("A:late:1", 0)]);
    assert_eq!(credit(&world), 10_500);
}

#[test]
fn a_void_told_twice_gives_back_once() {
    let mut world = world();
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-20"))
        .tell("2026-03-02 09:00", payment("p", "BRL 100.00"))
        .tell("2026-03-02 10:00", voided("A"));
    let before = world.dossier.clone();
    let again = world.hear(&voided("A"));
    assert_eq!(again, Ok(regua_domain::intake::Taken::Known));
    assert_eq!(world.dossier, before);
    assert_eq!(credit(&world), 10_000);
}

#[test]
fn a_payment_of_a_voided_invoice_is_taken_back_from_credit() {
    let mut world = world();
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-20"))
        .tell("2026-03-02 09:00", payment("p", "BRL 40.00"))
        .tell("2026-03-02 10:00", voided("A"))
        .tell("2026-03-02 11:00", reversed("p"));
    assert_eq!(left(&world), [("A", 0)]);
    assert_eq!(credit(&world), 0);
}

#[test]
fn a_payment_whose_voided_money_was_spent_is_owed_as_an_item_of_its_own() {
    let mut world = world();
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-20"))
        .tell("2026-03-02 09:00", payment("p", "BRL 40.00"))
        .tell("2026-03-02 10:00", invoice("B", "BRL 30.00", "2026-03-25"))
        .tell("2026-03-02 11:00", voided("A"))
        .tell("2026-03-02 12:00", reversed("p"));
    assert_eq!(left(&world), [("p:reversed", 3_000), ("A", 0), ("B", 0)]);
    assert_eq!(credit(&world), 0);
}

#[test]
fn a_reversed_payment_brings_back_only_what_it_paid() {
    let mut world = world();
    world
        .tell("2026-03-02 08:00", payment("p", "BRL 60.00"))
        .tell("2026-03-02 09:00", invoice("A", "BRL 100.00", "2026-03-20"))
        .tell("2026-03-02 10:00", credit_note("A", "c", "BRL 40.00"))
        .tell("2026-03-02 11:00", invoice("B", "BRL 80.00", "2026-03-25"))
        .tell("2026-03-02 12:00", credit_note("B", "c", "BRL 30.00"))
        .tell("2026-03-02 13:00", payment("q", "BRL 50.00"));
    assert_eq!(left(&world), [("A", 0), ("B", 0)]);
    world.tell("2026-03-02 14:00", reversed("p"));
    assert_eq!(left(&world), [("A", 6_000), ("B", 0)]);
    world.tell("2026-03-02 15:00", reversed("q"));
    assert_eq!(left(&world), [("A", 6_000), ("B", 5_000)]);
    assert_eq!(credit(&world), 0);
}

#[test]
fn credit_that_paid_a_later_invoice_goes_back_to_the_payment_it_came_from() {
    let mut world = world();
    world
        .tell("2026-03-02 08:00", paid("p", "BRL 50.00", "2026-02-01"))
        .tell("2026-03-02 09:00", paid("q", "BRL 50.00", "2026-02-02"))
        .tell("2026-03-02 10:00", invoice("A", "BRL 70.00", "2026-03-20"));
    assert_eq!((left(&world)[0].1, credit(&world)), (0, 3_000));
    // The other payment's credit pays what is owed again.
    world.tell("2026-03-02 11:00", reversed("p"));
    assert_eq!((left(&world)[0].1, credit(&world)), (2_000, 0));
    world.tell("2026-03-02 12:00", reversed("q"));
    assert_eq!((left(&world)[0].1, credit(&world)), (7_000, 0));
}

#[test]
fn a_waived_fee_is_not_owed_again_when_its_payment_is_taken_back() {
    let mut world = world().with_policy(|policy| {
        policy.charges_on_paid_principal = regua_domain::policy::ChargesOnPaid::Waive;
    });
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    world
        .tell("2026-03-04 08:00", payment("p", "BRL 100.00"))
        .tell("2026-03-05 08:00", reversed("p"));
    assert_eq!(left(&world), [("A", 10_000), ("A:late:1", 0)]);
}

/// Invoices paid, of these late, and their days late: in all, and the most.
fn paid_before(world: &World) -> (u32, u32, i64, i32) {
    let standing = &world.dossier.standing;
    (
        standing.invoices_paid,
        standing.invoices_paid_late,
        standing.days_late_sum,
        standing.worst_days_late,
    )
}

fn paid_and_taken_back() -> World {
    let mut world = world();
    world
        .tell("2026-03-10 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-12 08:00", paid("p", "BRL 100.00", "2026-03-12"))
        .tell("2026-03-14 08:00", reversed("p"));
    world
}

#[test]
fn a_payment_taken_back_is_no_longer_counted_but_as_the_latest_ever() {
    assert_eq!(paid_before(&paid_and_taken_back()), (0, 0, 0, 10));
}

#[test]
fn an_invoice_that_is_paid_again_is_counted_once() {
    let mut world = paid_and_taken_back();
    world.tell("2026-03-16 08:00", paid("q", "BRL 100.00", "2026-03-15"));
    assert_eq!(paid_before(&world), (1, 1, 13, 13));
}

#[test]
fn a_voided_invoice_was_not_paid() {
    let mut world = world();
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-20"))
        .tell("2026-03-03 08:00", paid("p", "BRL 100.00", "2026-03-03"));
    assert_eq!(paid_before(&world), (1, 0, 0, 0));
    world.tell("2026-03-04 08:00", voided("A"));
    assert_eq!(paid_before(&world), (0, 0, 0, 0));
}

#[test]
fn an_invoice_of_which_the_rest_was_credited_is_paid() {
    let mut world = world();
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-20"))
        .tell("2026-03-03 08:00", paid("p", "BRL 70.00", "2026-03-03"))
        .tell("2026-03-04 08:00", credit_note("A", "n", "BRL 30.00"));
    assert_eq!(paid_before(&world), (1, 0, 0, 0));
    world.tell("2026-03-05 08:00", reversed("p"));
    assert_eq!(paid_before(&world), (0, 0, 0, 0));
}
