//! Money: fees, credit, reversals, currencies, entry.

use regua_domain::contract::{Action, Content, Message, Next, Proposal, Purpose, Ruling, Wake};
use regua_domain::fact::{Fact, FactError, InvoiceFacts, PaymentFacts};
use regua_domain::intake::Taken;
use regua_domain::ledger::EntryKind;
use regua_domain::policy::ChargesOnPaid;

use crate::kit::*;

fn fees(world: &World) -> Vec<i64> {
    world
        .dossier
        .items
        .iter()
        .filter(|item| !item.kind.is_principal())
        .map(|item| item.original)
        .collect()
}

fn hourly() -> Plugin {
    plugin("only", |situation| {
        stay(
            vec![fee(first_item(situation), "1", 200)],
            Wake::AfterMinutes(60),
        )
    })
}

#[test]
fn a_fee_is_posted_once_however_often_it_is_proposed() {
    let mut world = World::new(&single(), vec![hourly()]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-06");
    assert!(world.asked("only").len() > 5);
    assert_eq!(fees(&world), [200]);
}

#[test]
fn a_fee_is_posted_once_over_stages_and_visits() {
    let charge = |situation: &regua_domain::contract::Situation| match verdicts(situation) {
        [] => leave(vec![fee(first_item(situation), "1", 200)], "sent"),
        _ => leave(vec![], "sent"),
    };
    let mut world = World::new(
        &rungs(&[]),
        vec![
            plugin("first", charge),
            plugin("second", charge),
            plugin("third", charge),
        ],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-04-01");
    assert_eq!(fees(&world), [200]);
    assert_eq!(
        world.lines(&["decided second"]),
        [
            "03-09 decided second: leave: sent; add-fee refused (fee-once)",
            "03-09 decided second: leave: sent; "
        ]
    );
}

#[test]
fn the_same_fee_twice_in_one_decision_is_posted_once() {
    let mut world = World::new(
        &single(),
        vec![plugin("only", |situation| {
            let mut second = fee(first_item(situation), "1", 300);
            second.key = "again".to_owned();
            match verdicts(situation) {
                [] => leave(vec![fee(first_item(situation), "1", 200), second], "done"),
                _ => leave(vec![fee(first_item(situation), "1", 200)], "done"),
            }
        })],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(fees(&world), [200]);
    assert_eq!(
        world.lines(&["decided"])[0],
        "03-03 decided only: leave: done; add-fee allowed (allowed), add-fee refused (fee-once)"
    );
}

#[test]
fn fees_of_a_kind_together_stay_under_their_ceiling() {
    let mut world = World::new(
        &single(),
        vec![plugin("only", |situation| {
            let occurrence = situation.now.local_date.to_string();
            let amount = verdicts(situation)
                .first()
                .map_or(800, |verdict| verdict.at_most.unwrap_or(0));
            let proposals = if amount == 0 {
                Vec::new()
            } else {
                vec![fee(first_item(situation), &occurrence, amount)]
            };
            stay(proposals, Wake::AfterDays(1))
        })],
    )
    .with_policy(|policy| {
        policy.fee_ceilings.insert("late".to_owned(), 1_000);
    });
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-31");
    assert_eq!(
        fees(&world).iter().sum::<i64>(),
        1_000,
        "{:?}",
        fees(&world)
    );
}

fn paid_principal(choice: ChargesOnPaid) -> World {
    let mut world = World::new(
        &single(),
        vec![plugin("only", |situation| {
            match situation.stage.calls_before {
                0 => stay(vec![fee(first_item(situation), "1", 900)], Wake::OnEvent),
                _ => wait(),
            }
        })],
    )
    .with_policy(|policy| policy.charges_on_paid_principal = choice);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-10 08:00", payment("p", "BRL 100.00"));
    world
}

#[test]
fn fees_are_kept_or_waived_by_an_explicit_policy_when_principal_is_paid() {
    let kept = paid_principal(ChargesOnPaid::Keep);
    assert_eq!(
        kept.dossier
            .items
            .iter()
            .map(|i| i.outstanding)
            .sum::<i64>(),
        900
    );
    assert!(kept.case().is_open());
    let waived = paid_principal(ChargesOnPaid::Waive);
    assert_eq!(
        waived
            .dossier
            .items
            .iter()
            .map(|i| i.outstanding)
            .sum::<i64>(),
        0
    );
    assert_eq!(waived.lines(&["ended"]), ["03-10 ended: resolved"]);
    assert!(
        waived
            .journal
            .ledger
            .iter()
            .any(|entry| entry.kind == EntryKind::Waiver && entry.amount == -900)
    );
}

#[test]
fn kept_fees_are_not_forgotten_by_a_waiting_case() {
    let mut world = World::new(
        &rungs(&[]),
        vec![
            plugin("first", |situation| {
                leave(vec![fee(first_item(situation), "1", 900)], "sent")
            }),
            plugin("second", mails),
            plugin("third", mails),
        ],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-04 08:00", payment("p", "BRL 100.00"))
        .until("2026-05-30");
    assert!(
        !world.asked("second").is_empty(),
        "{}\nwake {}",
        world.story(),
        world.wake.to_rfc3339()
    );
}

#[test]
fn fees_never_set_the_anchor() {
    let mut world = paid_principal(ChargesOnPaid::Keep);
    world.until("2026-05-31");
    let seen = world.asked("only");
    let last = seen.last().unwrap();
    assert_eq!((last.balance.anchor, last.balance.days_overdue), (None, 0));
    assert_eq!(last.balance.chaseable, 900);
}

#[test]
fn a_reminder_names_the_fee_it_announces() {
    let mut world = World::new(
        &single(),
        vec![plugin("only", |situation| {
            leave(vec![demand(), fee(first_item(situation), "1", 250)], "sent")
        })],
    );
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(world.letters(), ["2026-03-03 only: BRL 102.50"]);
}

#[test]
fn a_reduced_fee_is_asked_about_again_and_the_letter_names_the_reduced_one() {
    let mut world = World::new(
        &single(),
        vec![plugin("only", |situation| {
            let amount = verdicts(situation)
                .iter()
                .find_map(|verdict| verdict.at_most)
                .unwrap_or(2_000);
            leave(
                vec![demand(), fee(first_item(situation), "1", amount)],
                "sent",
            )
        })],
    )
    .with_policy(|policy| {
        policy.fee_ceilings.insert("late".to_owned(), 1_000);
    });
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(world.letters(), ["2026-03-03 only: BRL 110.00"]);
    assert_eq!(world.asked("only").len(), 2);
    assert_eq!(verdicts(world.asked("only")[1])[1].ruling, Ruling::Reduced);
}

#[test]
fn no_letter_announces_a_fee_that_was_reduced() {
    let stubborn = plugin("only", |situation| {
        leave(
            vec![demand(), fee(first_item(situation), "1", 2_000)],
            "sent",
        )
    });
    let mut world = World::new(&single(), vec![stubborn]).with_policy(|policy| {
        policy.fee_ceilings.insert("late".to_owned(), 1_000);
    });
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(fees(&world), [1_000]);
    assert_eq!(world.letters(), ["2026-03-03 only: BRL 110.00"]);
    assert!(world.lines(&["effect send-message: cancelled"]).is_empty());
}

#[test]
fn an_invoice_due_before_it_was_issued_is_refused_at_entry() {
    let mut world = World::new(&single(), vec![hourly()]);
    let fact = Fact::InvoiceIssued(InvoiceFacts {
        reference: "A".to_owned(),
        amount: money("BRL 10.00"),
        issued_on: "2026-03-02".parse().unwrap(),
        due_on: "2026-03-01".parse().unwrap(),
        contract: None,
    });
    let before = world.dossier.clone();
    assert!(matches!(
        world.hear(&fact),
        Err(FactError::Invalid {
            field: "due_on",
            ..
        })
    ));
    assert_eq!(world.dossier, before);
}

#[test]
fn an_invoice_without_a_due_date_is_refused_at_entry() {
    let json = serde_json::json!({
        "fact": "invoice-issued", "reference": "A", "issued_on": "2026-03-01",
        "amount": { "minor": 1000, "currency": "BRL" }
    });
    let error = serde_json::from_value::<Fact>(json).unwrap_err();
    assert!(error.to_string().contains("due_on"), "{error}");
}

#[test]
fn the_same_fact_told_twice_changes_nothing() {
    let mut world = World::new(&single(), vec![plugin("only", |_| wait())]);
    world.tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"));
    world.tell("2026-03-02 09:00", payment("p", "BRL 40.00"));
    let before = world.dossier.clone();
    for fact in [
        invoice("A", "BRL 100.00", "2026-03-02"),
        payment("p", "BRL 40.00"),
    ] {
        assert_eq!(world.hear(&fact), Ok(Taken::Known));
    }
    assert_eq!(world.dossier, before);
    assert!(world.hear(&payment("p", "BRL 41.00")).is_err());
}

#[test]
fn yen_are_not_rounded_as_cents() {
    let mut world = World::new(&single(), vec![plugin("only", mails)]);
    world
        .tell("2026-03-02 08:00", invoice("A", "JPY 1501", "2026-03-02"))
        .until("2026-03-04");
    assert_eq!(world.letters(), ["2026-03-03 only: JPY 1,501"]);
    let seen = world.asked("only")[0];
    assert_eq!(
        (seen.balance.chaseable, seen.balance.minor_digits),
        (1501, 0)
    );
}

#[test]
fn a_reversed_payment_owes_again_what_other_credit_does_not_cover() {
    let mut world = World::new(&single(), vec![plugin("only", |_| wait())]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .tell("2026-03-02 09:00", payment("p", "BRL 100.00"))
        .tell("2026-03-02 10:00", payment("q", "BRL 30.00"))
        .tell("2026-03-02 11:00", reversed("p"));
    assert_eq!(world.dossier.items[0].outstanding, 7_000);
    assert_eq!(world.dossier.credit(currency("BRL")), 0);
}

#[test]
fn credit_is_applied_to_the_oldest_due_first() {
    let mut world = World::new(&single(), vec![plugin("only", |_| wait())]);
    world
        .tell(
            "2026-03-02 08:00",
            invoice("new", "BRL 50.00", "2026-04-02"),
        )
        .tell(
            "2026-03-02 08:00",
            invoice("old", "BRL 50.00", "2026-03-02"),
        )
        .tell("2026-03-02 09:00", payment("p", "BRL 60.00"));
    let left: Vec<_> = world
        .dossier
        .items
        .iter()
        .map(|item| (item.reference.as_str(), item.outstanding))
        .collect();
    assert_eq!(left, [("old", 0), ("new", 4_000)]);
}

#[test]
fn a_payment_that_names_an_invoice_pays_it_first() {
    let mut world = World::new(&single(), vec![plugin("only", |_| wait())]);
    world
        .tell(
            "2026-03-02 08:00",
            invoice("new", "BRL 50.00", "2026-04-02"),
        )
        .tell(
            "2026-03-02 08:00",
            invoice("old", "BRL 50.00", "2026-03-02"),
        );
    let fact = Fact::Payment(PaymentFacts {
        reference: "p".to_owned(),
        amount: money("BRL 60.00"),
        paid_on: "2026-03-02".parse().unwrap(),
        invoices: vec!["new".to_owned()],
        pending: false,
    });
    world.tell("2026-03-02 09:00", fact);
    let left: Vec<_> = world.dossier.items.iter().map(|i| i.outstanding).collect();
    assert_eq!(left, [4_000, 0]);
}

#[test]
fn a_letter_with_a_template_that_fails_is_refused_with_the_decision() {
    let bad = plugin("only", |_| {
        let message = Message {
            content: Content::Inline {
                subject: "A word".to_owned(),
                body: "{{ no.such.thing }}".to_owned(),
            },
            ..plain(Purpose::Demand, email())
        };
        let mut decision = leave(vec![proposal("mail", Action::SendMessage(message))], "sent");
        decision.next = Next::Leave("sent".to_owned());
        decision
    });
    let mut world = World::new(&single(), vec![bad]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04");
    assert!(world.letters().is_empty());
    assert_eq!(world.open_tasks().len(), 1);
}

#[test]
fn dates_that_lead_out_of_the_calendar_are_refused_at_entry() {
    let mut world = World::new(&single(), vec![hourly()]);
    for year in ["1969", "2200", "+10000", "0000"] {
        let date = format!("{year}-06-01");
        let refused = world.hear(&invoice("A", "BRL 1.00", &date));
        let Err(FactError::Invalid { field, text }) = refused else {
            panic!("{date} was taken in");
        };
        assert_eq!(field, "due_on");
        assert!(text.contains("1970 to 2199"), "{text}");
        let refused = world.hear(&promise("BRL 1.00", &date)).unwrap_err();
        assert!(refused.to_string().starts_with("due_on: "), "{refused}");
        let refused = world.hear(&hold(&date)).unwrap_err();
        assert!(refused.to_string().starts_with("until: "), "{refused}");
    }
}

#[test]
fn what_a_customer_owes_never_leaves_the_numbers() {
    let mut world = World::new(&single(), vec![hourly()]);
    for nth in 0..1_000 {
        let much = invoice(&format!("A{nth}"), "BRL 10000000000000.00", "2026-03-20");
        world.hear(&much).unwrap();
    }
    let refused = world.hear(&invoice("one more", "BRL 0.01", "2026-03-20"));
    let refused = refused.unwrap_err().to_string();
    assert!(refused.starts_with("amount: would bring"), "{refused}");
    let in_another = world.hear(&invoice("dollars", "USD 0.01", "2026-03-20"));
    assert_eq!(in_another.unwrap(), Taken::New);
}

#[test]
fn fees_of_all_kinds_without_a_ceiling_come_to_the_item_at_most() {
    let new_kind_each_time = |situation: &regua_domain::contract::Situation| {
        let call = situation.stage.calls_before;
        let Proposal { action, .. } = fee(first_item(situation), "1", 4_000);
        let action = match action {
            Action::AddFee {
                item,
                occurrence,
                amount,
                ..
            } => Action::AddFee {
                kind: format!("kind-{call}"),
                item,
                occurrence,
                amount,
            },
            other => other,
        };
        let wish = proposal(&format!("fee-{call}"), action);
        let wishes = match verdicts(situation) {
            [] => vec![wish],
            _ => vec![],
        };
        stay(wishes, Wake::AfterDays(1))
    };
    let mut world = World::new(&single(), vec![plugin("only", new_kind_each_time)]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-20");
    assert_eq!(fees(&world).iter().sum::<i64>(), 8_000, "{}", world.story());
}

#[test]
fn a_fee_that_was_paid_still_counts_towards_its_ceiling() {
    let daily = plugin("only", |situation| {
        // Proposed again as it was, it is charged up to its ceiling.
        let today = situation.now.local_date.to_string();
        let wish = fee(first_item(situation), &today, 600);
        stay(vec![wish], Wake::AfterDays(1))
    });
    let mut world = World::new(&single(), vec![daily]).with_policy(|policy| {
        policy.fee_ceilings.insert("late".to_owned(), 1_000);
        policy.allocation.reverse();
    });
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-03 12:00")
        .tell("2026-03-03 13:00", payment("P", "BRL 6.00"));
    assert_eq!(fees(&world), [600]);
    // A store reads no items that are settled.
    world.dossier.items.retain(|item| item.outstanding > 0);
    assert_eq!(fees(&world), [0_i64; 0]);
    world.until("2026-03-20");
    assert_eq!(fees(&world), [400], "{}", world.story());
}
