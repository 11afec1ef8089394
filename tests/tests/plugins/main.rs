//! The shipped plugins in the sandbox, in cases that go on for weeks: what their native
//! tests cannot show is that the host takes what they say.

mod escalation;
mod first_day_late;

use regua_domain::contract::{Channel, EffectState};
use regua_domain::customer::ContactPoint;
use regua_domain::fact::{Fact, PaymentFacts};
use regua_domain::ledger::Disposition;
use regua_tests::{Debtor, Shelf, built, invoice, patient, person};
use serde_json::{Value, json};

/// A ladder of one stage of a plugin, whose outcomes all end the case.
fn ladder(plugin: &str, outcomes: &[&str], config: Value) -> Value {
    let mut ladder = Debtor::ladder(plugin, "");
    let stage = &mut ladder["stages"][0];
    stage["config"] = config;
    stage["on"] = outcomes
        .iter()
        .map(|outcome| ((*outcome).to_owned(), json!({ "end": "closed" })))
        .collect::<serde_json::Map<_, _>>()
        .into();
    ladder
}

struct Host {
    shelf: Shelf,
    /// Deleted with the host.
    _cache: tempfile::TempDir,
}

impl Host {
    fn with(plugin: &str) -> Self {
        let cache = tempfile::tempdir().unwrap();
        let mut host = Self {
            shelf: Shelf::new(patient(cache.path())),
            _cache: cache,
        };
        host.add(plugin);
        host
    }

    fn add(&mut self, plugin: &str) {
        self.shelf.admit(built::plugin(plugin)).unwrap();
        self.shelf.add_templates_of(plugin);
    }
}

/// Two plans, of two instalments and of three.
fn plans() -> Value {
    json!({
        "plans": [
            { "instalments": 2, "every": "month" },
            { "instalments": 3, "every_days": 14 },
        ],
        "valid_days": 5,
        "first_due_days": 7,
        "templates": { "offer": "plan-offer", "accepted": "plan-accepted" },
    })
}

#[test]
fn an_accepted_plan_is_confirmed_with_its_instalments() {
    let host = Host::with("payment-plan-offer");
    let outcomes = ["accepted", "declined", "expired", "broken", "not-eligible"];
    let mut debtor = Debtor::late_with(
        &host.shelf,
        &ladder("payment-plan-offer@1", &outcomes, plans()),
    );
    debtor.go_on(1);
    let offer = debtor.effect("offer");
    assert_eq!(offer.state, EffectState::Done);
    assert!(debtor.letter("letter:email").contains("60.00"));
    debtor.tell(Fact::OfferAnswered {
        effect: offer.key,
        accepted: Some(2),
    });
    debtor.go_on(1);
    debtor.assert_nothing_failed();
    let confirmation = debtor.letter("confirmation:email");
    assert_eq!(confirmation.matches("40.00").count(), 3, "{confirmation}");
    assert!(!confirmation.contains("60.00"), "{confirmation}");
    // Not made a second time for being named in the confirmation.
    assert_eq!(debtor.effect("offer").code, "accepted:2");
    assert_eq!(debtor.effects("offer"), 1);
}

#[test]
fn what_is_paid_while_placed_is_taken_back_from_the_agency() {
    let host = Host::with("agency-handoff");
    let config = json!({
        "agency": "fair-collect",
        "minimum_age_days": 1,
        "notice": { "template": "final-notice", "wait_days": 2, "channels": ["email"] },
        "commission_bps": 1_800,
        "term_days": 90,
    });
    let outcomes = ["returned", "remitted", "not-eligible"];
    let mut debtor = Debtor::late_with(&host.shelf, &ladder("agency-handoff@1", &outcomes, config));
    debtor.tell(Fact::InvoiceIssued(invoice("F-2", 5_000, "2026-03-03")));
    debtor.go_on(4);
    assert_eq!(debtor.effect("placement").state, EffectState::Done);
    debtor.tell(Fact::Payment(PaymentFacts {
        reference: "P-1".to_owned(),
        amount: invoice("F-1", 12_000, "2026-03-02").amount,
        paid_on: "2026-03-14".parse().unwrap(),
        invoices: vec!["F-1".to_owned()],
        pending: false,
    }));
    debtor.go_on(1);
    debtor.assert_nothing_failed();
    assert_eq!(debtor.effect("recall:1").state, EffectState::Done);
    let dispositions: Vec<_> = debtor.items().map(|item| item.disposition).collect();
    assert_eq!(dispositions, [Disposition::Chased, Disposition::Placed]);
}

/// Ana of a segment, who has a telephone besides.
fn with_telephone() -> Fact {
    let mut who = person();
    who.segments = vec!["key-account".to_owned()];
    who.contacts.push(ContactPoint {
        channel: Channel::Sms,
        address: "+5511987654321".to_owned(),
        ..who.contacts[0].clone()
    });
    Fact::Customer(who)
}
