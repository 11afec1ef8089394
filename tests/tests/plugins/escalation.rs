//! The escalation, alone and before a plan.

use regua_domain::contract::{EffectState, ItemKind};
use regua_domain::fact::{EffectResult, Fact};
use regua_tests::{Debtor, invoice};
use serde_json::{Value, json};

use crate::{Host, ladder, plans, with_telephone};

/// The escalation's own ladder of three contacts, with everything on that a tenant may want.
fn escalation() -> Value {
    let outcomes = ["exhausted", "wants-plan", "disputed"];
    ladder(
        "escalation@1",
        &outcomes,
        json!({
            "channels": ["email", "sms"],
            "contacts": [
                { "template": "escalation-1", "after": 0 },
                { "template": "escalation-2", "after": 4 },
                { "template": "escalation-3", "after": 5 },
            ],
            "person": { "team": "collections", "template": "escalation-person" },
            "late_fee": { "basis_points": 200 },
            "sales": { "segments": ["key-account"], "team": "sales" },
        }),
    )
}

/// Contact by contact, a fee that is named where it is charged, a bounce that changes the
/// channel, then a person's draft, and the end: all the host wrote of it, and the letters.
#[test]
fn an_escalation_grows_firmer_over_weeks_and_ends_with_a_person() {
    let host = Host::with("escalation");
    let mut debtor = Debtor::late_with(&host.shelf, &escalation());
    debtor.tell(with_telephone());
    debtor.go_on(2);
    assert_eq!(debtor.letters(), ["contact:0.1:email"]);
    debtor.tell(Fact::EffectResult {
        effect: debtor.effect("contact:0.1:email").key,
        result: EffectResult::Bounced {
            code: "mailbox-full".to_owned(),
        },
    });
    debtor.go_on(21);
    let contacts = [
        "contact:0.1:email",
        "contact:0.1:sms",
        "contact:0.2:sms",
        "contact:0.3:sms",
    ];
    assert_eq!(debtor.letters(), contacts);
    // Two per cent of the invoice, once, and told in the letter that it came with.
    let fees = debtor.items().filter(|item| item.kind == ItemKind::LateFee);
    assert_eq!(fees.map(|fee| fee.original).collect::<Vec<_>>(), [240]);
    let letters = contacts.map(|contact| debtor.letter(contact));
    let sums = ["120.00", "120.00", "122.40", "122.40"];
    let announces = [false, false, true, false];
    for ((letter, sum), announces) in letters.iter().zip(sums).zip(announces) {
        assert!(letter.contains(sum), "{letter}");
        assert_eq!(letter.contains("late fee included"), announces, "{letter}");
    }
    let task = debtor.tasks().next().expect("a task for a person").clone();
    let preview = task.preview.expect("a draft");
    assert!(preview.text.contains("122.40"), "{}", preview.text);
    debtor.tell(Fact::DraftApproved {
        task: task.id,
        by: None,
    });
    debtor.go_on(14);
    debtor.assert_nothing_failed();
    assert_eq!(debtor.effects("sales"), 1);
    insta::assert_snapshot!(debtor.story());
}

#[test]
fn an_invoice_gets_its_fee_once_however_long_it_is_owed() {
    let host = Host::with("escalation");
    let mut debtor = Debtor::late_with(&host.shelf, &escalation());
    debtor.go_on(8);
    assert_eq!(debtor.letters(), ["contact:0.1:email", "contact:0.2:email"]);
    debtor.tell(Fact::InvoiceIssued(invoice("F-2", 5_000, "2026-03-19")));
    debtor.go_on(14);
    debtor.assert_nothing_failed();
    // The second invoice has become late meanwhile: its own fee, and no other of the first.
    let fees = debtor.items().filter(|item| item.kind == ItemKind::LateFee);
    let fees: Vec<_> = fees
        .map(|fee| (fee.reference.as_str(), fee.original))
        .collect();
    assert_eq!(fees.len(), 2, "{fees:?}");
    let fee_of = |invoice: &str| {
        let fee = fees
            .iter()
            .find(|(reference, _)| reference.contains(invoice));
        fee.map(|(_, minor)| *minor)
    };
    assert_eq!((fee_of("F-1"), fee_of("F-2")), (Some(240), Some(100)));
    for (letter, fee) in [
        ("contact:0.2:email", "- late fee for F-1: BRL 2.40\n"),
        ("contact:0.3:email", "- late fee for F-2: BRL 1.00\n"),
    ] {
        let letter = debtor.letter(letter);
        // A list and what is behind it are apart.
        assert!(letter.contains(&format!("{fee}\n")), "{letter}");
        assert_eq!(letter.matches("late fee for").count(), 1, "{letter}");
    }
}

/// The debtor's word leads out of the escalation, and the plan is offered the same day.
#[test]
fn a_reply_that_money_is_short_leads_to_a_plan_and_not_to_a_demand() {
    let mut host = Host::with("escalation");
    host.add("payment-plan-offer");
    let mut ladder = escalation();
    let outcomes = ["accepted", "declined", "expired", "broken", "not-eligible"];
    let mut plan = crate::ladder("payment-plan-offer@1", &outcomes, plans())["stages"][0].take();
    plan["id"] = json!("plan");
    plan.as_object_mut().unwrap().remove("at");
    ladder["stages"][0]["on"]["wants-plan"] = json!("plan");
    ladder["stages"].as_array_mut().unwrap().push(plan);

    let mut debtor = Debtor::late_with(&host.shelf, &ladder);
    debtor.go_on(3);
    assert_eq!(
        (debtor.stage(), debtor.letters()),
        ("rung", vec!["contact:0.1:email"])
    );
    debtor.tell(Fact::Replied {
        reason: "cash-flow".to_owned(),
        text: "Next month.".to_owned(),
    });
    debtor.go_on(1);
    debtor.assert_nothing_failed();
    assert_eq!(debtor.stage(), "plan");
    assert_eq!(debtor.effect("offer").state, EffectState::Done);
    assert_eq!(debtor.letters(), ["contact:0.1:email", "letter:email"]);
    assert!(debtor.letter("letter:email").contains("60.00"));
}

#[test]
fn who_did_not_get_the_invoice_is_sent_it_and_then_asked_anew() {
    let host = Host::with("escalation");
    let mut debtor = Debtor::late_with(&host.shelf, &escalation());
    debtor.go_on(2);
    debtor.tell(Fact::Replied {
        reason: "not-received".to_owned(),
        text: String::new(),
    });
    debtor.go_on(1);
    let task = debtor
        .tasks()
        .next()
        .expect("a task to send it again")
        .clone();
    assert_eq!(
        task.title,
        "Send the invoice again: the customer did not receive it"
    );
    debtor.go_on(3);
    assert_eq!(
        debtor.letters(),
        ["contact:0.1:email"],
        "{}",
        debtor.story()
    );
    debtor.go_on(5);
    debtor.assert_nothing_failed();
    let letters = ["contact:0.1:email", "contact:1.1:email"];
    assert_eq!(debtor.letters(), letters, "{}", debtor.story());
}
