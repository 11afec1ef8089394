//! Interest: by the host, by the tenant's terms, per item and day not yet charged.

use regua_domain::contract::{ItemKind, Purpose, Ruling, Situation, Wake};
use regua_domain::ledger::EntryKind;
use regua_domain::policy::{ChargesOnPaid, Policy};
use serde_json::json;

use crate::kit::*;

/// A stage that asks for interest up to today on every day it is asked, a business day.
fn daily() -> Plugin {
    plugin("only", |situation| {
        let today = situation.now.local_date;
        stay(
            vec![interest(first_item(situation), today)],
            Wake::AfterDays(1),
        )
    })
}

fn late(more: serde_json::Value) -> impl FnOnce(&mut Policy) {
    move |policy| {
        policy.interest_terms = [("late".to_owned(), terms(&more))].into();
    }
}

/// An invoice of 1000.00, due on Sunday 1 March: a third of 1.00 a day at 1% a month.
fn world() -> World {
    world_of(daily())
}

fn world_of(plugin: Plugin) -> World {
    let mut world = World::new(&single(), vec![plugin]).with_policy(late(json!({})));
    world.tell(
        "2026-03-01 08:00",
        invoice("A", "BRL 1000.00", "2026-03-01"),
    );
    world
}

/// What was charged as interest and not taken off again, of all items.
fn charged(world: &World) -> i64 {
    let items = world.dossier.items.iter();
    items.map(|item| item.accrual.charged).sum()
}

/// What is unpaid of it.
fn unpaid(world: &World) -> i64 {
    let items = world.dossier.items.iter();
    let interest = items.filter(|item| item.kind == ItemKind::Interest);
    interest.map(|item| item.outstanding).sum()
}

/// What is unpaid of the invoice itself.
fn principal(world: &World) -> i64 {
    let mut items = world.dossier.items.iter();
    let invoice = items.find(|item| item.reference == "A");
    invoice.unwrap().outstanding
}

fn credit(world: &World) -> i64 {
    world.dossier.credit(currency("BRL"))
}

/// Rulings on the stage's proposals, from the first one on.
fn rulings(world: &World) -> Vec<String> {
    let lines = world.lines(&["decided"]);
    let ruling = |line: &String| line.split("; ").last().unwrap().to_owned();
    lines.iter().map(ruling).collect()
}

#[test]
fn interest_of_0_percent_charges_nothing_and_zeroes_no_total() {
    let mut world = world().with_policy(late(json!({ "rates": [{ "percent": 0 }] })));
    world.until("2026-03-12");
    assert!(rulings(&world).len() > 5);
    assert!(
        rulings(&world)
            .iter()
            .all(|ruling| ruling == "add-interest allowed (allowed)")
    );
    assert_eq!((charged(&world), world.dossier.items.len()), (0, 1));
    let seen = world.asked("only");
    let balance = &seen.last().unwrap().balance;
    assert_eq!((balance.chaseable, balance.outstanding), (100_000, 100_000));
    assert!(world.open_tasks().is_empty());
}

#[test]
fn interest_is_charged_once_for_each_day_however_often_it_is_asked_for() {
    let hourly = plugin("only", |situation| {
        let item = first_item(situation);
        let mut wish = interest(item, situation.now.local_date);
        wish.key = format!("interest-{}", situation.now.at.0);
        stay(vec![wish], Wake::AfterMinutes(60))
    });
    let mut world = world_of(hourly);
    // Monday to the Tuesday of the week after; the weekend is charged on Monday.
    world.until("2026-03-11");
    assert!(world.asked("only").len() > 30);
    assert_eq!(charged(&world), 300);
    let items = world.dossier.items.iter();
    let mut interest: Vec<_> = items
        .filter(|item| item.kind == ItemKind::Interest)
        .map(|item| (item.reference.as_str(), item.original))
        .collect();
    interest.sort_unstable();
    assert_eq!(interest[0], ("A:interest:1/2026-03-02", 33));
    assert_eq!(interest[4], ("A:interest:5/2026-03-06", 34));
    assert_eq!(interest[5], ("A:interest:6/2026-03-09", 100));
}

#[test]
fn interest_on_a_balance_that_changed_is_counted_between_payments() {
    let mut world = world();
    world
        .tell("2026-03-11 08:00", paid("p", "BRL 600.00", "2026-03-11"))
        .until("2026-04-01");
    // 10 days of 1000.00, 20 days of 400.00.
    assert_eq!(charged(&world), 600);
}

#[test]
fn a_payment_dated_back_takes_interest_off_that_was_charged() {
    let mut world = world();
    world.until("2026-03-20 18:00");
    assert_eq!(charged(&world), 633);
    world.tell("2026-03-20 19:00", paid("p", "BRL 400.00", "2026-03-06"));
    // 5 days of 1000.00, 14 days of 600.00.
    assert_eq!((charged(&world), unpaid(&world)), (447, 447));
    let entries = &world.journal.ledger;
    let adjusted = entries.iter().filter(|e| e.kind == EntryKind::Adjustment);
    assert_eq!(adjusted.map(|entry| entry.amount).sum::<i64>(), -186);
    assert_eq!(world.lines(&["note"]), ["03-20 note"]);
    world.until("2026-03-23 18:00");
    assert_eq!(charged(&world), 507);
}

#[test]
fn interest_taken_off_that_was_paid_becomes_credit_and_pays_what_is_owed() {
    let mut world = world().with_policy(|policy| {
        policy.allocation.reverse();
    });
    world
        .tell("2026-03-20 19:00", paid("p", "BRL 6.33", "2026-03-20"))
        .until("2026-03-20 20:00");
    assert_eq!((charged(&world), unpaid(&world)), (633, 0));
    world.tell("2026-03-20 21:00", paid("q", "BRL 400.00", "2026-03-06"));
    assert_eq!((charged(&world), credit(&world)), (447, 0));
    assert_eq!(principal(&world), 100_000 - 40_000 - 186);
}

#[test]
fn the_allocation_order_says_whether_money_pays_interest_or_principal_first() {
    for (reversed, principal, interest) in [(false, 99_367, 633), (true, 100_000, 0)] {
        let mut world = world().with_policy(|policy| {
            if reversed {
                policy.allocation.reverse();
            }
        });
        world.tell("2026-03-20 19:00", paid("p", "BRL 6.33", "2026-03-20"));
        let left = (self::principal(&world), unpaid(&world));
        assert_eq!(left, (principal, interest));
    }
}

#[test]
fn a_payment_taken_back_bears_interest_from_then_on_in_the_next_charge() {
    let mut world = world();
    world
        .tell("2026-03-11 08:00", paid("p", "BRL 600.00", "2026-03-11"))
        .tell("2026-03-21 08:00", reversed("p"))
        .until("2026-04-01");
    // 10 days of 1000.00, 10 of 400.00, 10 of 1000.00.
    assert_eq!(charged(&world), 333 + 133 + 334);
}

#[test]
fn fees_and_interest_bear_no_interest() {
    let mut world = world_of(plugin("only", |situation| {
        let today = situation.now.local_date;
        let of_all = situation.balance.items.iter().enumerate();
        let mut wishes: Vec<_> = of_all
            .map(|(nth, item)| {
                let mut wish = interest(&item.key, today);
                wish.key = format!("{nth}-{today}");
                wish
            })
            .collect();
        wishes.push(fee(first_item(situation), "1", 5_000));
        stay(wishes, Wake::AfterDays(1))
    }));
    world.until("2026-03-12");
    assert_eq!(charged(&world), 333);
    assert!(
        rulings(&world)
            .last()
            .unwrap()
            .contains("add-interest refused (interest-on-charge)")
    );
}

#[test]
fn interest_stops_at_its_ceiling_and_the_stage_learns_it() {
    let mut world = world().with_policy(late(json!({ "ceiling_percent": "0.45" })));
    world.until("2026-04-10");
    assert_eq!(charged(&world), 450);
    let rulings = rulings(&world);
    let reduced = "add-interest reduced (interest-ceiling)";
    assert_eq!(
        rulings.iter().position(|ruling| ruling == reduced),
        Some(10)
    );
    assert!(rulings[10..].iter().all(|ruling| ruling == reduced));
    let seen = world.asked("only");
    let told: Vec<_> = seen.iter().flat_map(|seen| verdicts(seen)).collect();
    // On Monday, 16 March, the weekend's interest is cut; after that there is nothing left.
    assert_eq!((told[0].at_most, told[1].at_most), (Some(50), Some(0)));
    assert!(world.open_tasks().is_empty());
}

#[test]
fn what_cannot_bear_interest_is_refused_by_name() {
    let refusal = |ask: fn(&Situation) -> regua_domain::contract::Proposal, fact: Option<_>| {
        let mut world = world_of(plugin("only", move |situation| {
            stay(vec![ask(situation)], Wake::AfterDays(1))
        }));
        if let Some(fact) = fact {
            world.tell("2026-03-01 08:00", invoice("B", "BRL 10.00", "2026-03-01"));
            world.tell("2026-03-01 09:00", fact);
        }
        world.until("2026-03-03");
        assert_eq!(charged(&world), 0);
        rulings(&world).remove(0)
    };
    let rules = [
        refusal(
            |situation| {
                let mut wish = interest(first_item(situation), situation.now.local_date);
                if let regua_domain::contract::Action::AddInterest { terms, .. } = &mut wish.action
                {
                    "none-such".clone_into(terms);
                }
                wish
            },
            None,
        ),
        refusal(
            |situation| interest("item_0", situation.now.local_date),
            None,
        ),
        refusal(
            |situation| {
                let tomorrow = situation.now.local_date.succ_opt().unwrap();
                interest(first_item(situation), tomorrow)
            },
            None,
        ),
        refusal(
            |situation| {
                let mut items = situation.balance.items.iter();
                let disputed = items.find(|item| item.chaseable == 0).unwrap();
                interest(&disputed.key, situation.now.local_date)
            },
            Some(dispute("B", None)),
        ),
    ];
    let refused = |rule: &str| format!("add-interest refused ({rule})");
    assert_eq!(
        rules,
        [
            refused("unknown-terms"),
            refused("unknown-item"),
            refused("interest-in-the-future"),
            refused("cover"),
        ]
    );
}

#[test]
fn a_letter_asks_for_the_interest_that_is_charged_with_it() {
    let mut world = world_of(plugin("only", |situation| {
        let today = situation.now.local_date;
        leave(
            vec![
                mail("mail", Purpose::Demand),
                interest(first_item(situation), today),
            ],
            "sent",
        )
    }));
    world.until("2026-03-04");
    assert_eq!(world.letters(), ["2026-03-02 only: BRL 1,000.33"]);
}

fn paid_principal(choice: ChargesOnPaid) -> World {
    let mut world = world().with_policy(|policy| policy.charges_on_paid_principal = choice);
    world.tell("2026-03-11 19:00", paid("p", "BRL 1000.00", "2026-03-11"));
    world
}

#[test]
fn interest_is_kept_or_waived_by_an_explicit_policy_when_principal_is_paid() {
    let kept = paid_principal(ChargesOnPaid::Keep);
    assert_eq!((charged(&kept), unpaid(&kept)), (333, 333));
    let waived = paid_principal(ChargesOnPaid::Waive);
    assert_eq!((charged(&waived), unpaid(&waived)), (333, 0));
    assert_eq!(waived.lines(&["ended"]), ["03-11 ended: resolved"]);
}

#[test]
fn waived_interest_is_not_given_back_and_not_charged_again() {
    let mut world = paid_principal(ChargesOnPaid::Waive);
    world
        .tell("2026-03-11 20:00", reversed("p"))
        .tell("2026-03-11 21:00", paid("q", "BRL 500.00", "2026-03-02"));
    assert_eq!((charged(&world), credit(&world)), (183, 0));
    world.until("2026-03-12 18:00");
    assert_eq!((charged(&world), unpaid(&world)), (200, 17));
}

#[test]
fn a_full_payment_dated_back_gives_no_waived_interest_back() {
    let mut world = world().with_policy(|policy| {
        policy.charges_on_paid_principal = ChargesOnPaid::Waive;
    });
    world
        .until("2026-03-11 18:00")
        .tell("2026-03-11 19:00", paid("p", "BRL 1000.00", "2026-03-06"));
    assert_eq!(
        (charged(&world), unpaid(&world), credit(&world)),
        (167, 0, 0)
    );
}

#[test]
fn days_charged_keep_their_terms_when_the_policy_changes() {
    let mut world = world();
    world.until("2026-03-11 18:00");
    let mut world = world.with_policy(late(json!({ "rates": [{ "percent": "3" }] })));
    world.until("2026-03-20 18:00");
    assert_eq!(charged(&world), 333 + 900);
    world.tell("2026-03-20 19:00", paid("p", "BRL 500.00", "2026-03-01"));
    assert_eq!(charged(&world), 167 + 450);
}

#[test]
fn a_breathing_space_bears_no_interest_then_or_later() {
    let breathing = late(json!({ "suspended_by": ["asked for"] }));
    let mut world = world().with_policy(breathing);
    world
        .tell("2026-03-06 18:00", hold("2026-03-19"))
        .until("2026-03-19 18:00");
    // The day of the hold was charged before the hold was told of.
    assert_eq!(charged(&world), 133);
    world.until("2026-03-31 18:00");
    assert_eq!(charged(&world), 133 + 400);
}

#[test]
fn a_hold_that_is_lifted_suspends_interest_up_to_the_day_before() {
    let breathing = late(json!({ "suspended_by": ["asked for"] }));
    let mut world = world().with_policy(breathing);
    world
        .tell("2026-03-06 18:00", hold("2026-03-30"))
        .tell("2026-03-16 08:00", regua_domain::fact::Fact::HoldLifted)
        .until("2026-03-31 18:00");
    // 4 days before it and 16 after, rounded once.
    assert_eq!(charged(&world), 667);
}

#[test]
fn any_other_hold_only_puts_interest_off() {
    let mut world = world();
    world
        .tell("2026-03-06 18:00", hold("2026-03-19"))
        .until("2026-03-31 18:00");
    assert_eq!(charged(&world), 1_000);
}

#[test]
fn what_was_credited_bore_no_interest() {
    let mut world = world();
    world
        .until("2026-03-31 18:00")
        .tell("2026-03-31 19:00", credit_note("A", "c", "BRL 400.00"));
    assert_eq!(charged(&world), 600);
    world
        .tell("2026-03-31 20:00", dispute("A", Some("BRL 300.00")))
        .tell("2026-03-31 21:00", resolved("A", true));
    assert_eq!((charged(&world), unpaid(&world)), (300, 300));
}

#[test]
fn interest_of_a_voided_invoice_is_given_back() {
    let mut world = world();
    world
        .tell("2026-03-11 19:00", paid("p", "BRL 1003.00", "2026-03-11"))
        .tell("2026-03-11 20:00", voided("A"));
    assert_eq!((unpaid(&world), credit(&world)), (0, 100_300));
}

#[test]
fn each_item_has_its_own_days() {
    let mut world = world_of(plugin("only", |situation| {
        let today = situation.now.local_date;
        let principal = situation.balance.items.iter();
        let wishes = principal
            .filter(|item| item.kind.is_principal() && item.chaseable > 0)
            .enumerate()
            .map(|(nth, item)| {
                let mut wish = interest(&item.key, today);
                wish.key = format!("{nth}-{today}");
                wish
            })
            .collect();
        stay(wishes, Wake::AfterDays(1))
    }));
    world
        .tell("2026-03-02 08:00", invoice("B", "BRL 500.00", "2026-03-11"))
        .until("2026-03-31 18:00");
    let items = world.dossier.items.iter();
    let each: Vec<_> = items
        .filter(|item| item.kind.is_principal())
        .map(|item| (item.reference.as_str(), item.accrual.charged))
        .collect();
    assert_eq!(each, [("A", 1_000), ("B", 333)]);
    let seen = world.asked("only");
    assert_eq!(verdicts(seen[0]).len(), 0);
    let ruling = |line: &str| line.contains(&format!("{:?}", Ruling::Refused).to_lowercase());
    assert!(world.lines(&["decided"]).iter().all(|line| !ruling(line)));
}
