//! What a debtor may lose.

use regua_domain::contract::{EffectState, ServiceChange};
use regua_domain::fact::Fact;

use crate::kit::*;

/// The line is paid, the power is late since 2 March; a change is asked for on the 3rd.
fn two_contracts(contract: &'static str, change: ServiceChange) -> World {
    let part = move |situation: &_| match verdicts(situation) {
        [] => leave(vec![service(contract, change)], "done"),
        _ => leave(vec![], "done"),
    };
    let mut world = World::new(&single(), vec![plugin("only", part)]);
    world
        .tell(
            "2026-03-01 08:00",
            contracted("L", "BRL 40.00", "2026-03-01", "line"),
        )
        .tell("2026-03-01 09:00", payment("p", "BRL 40.00"))
        .tell(
            "2026-03-02 08:00",
            contracted("P", "BRL 100.00", "2026-03-02", "power"),
        )
        .tell(
            "2026-03-02 08:00",
            contracted("T", "BRL 60.00", "2026-03-20", "television"),
        );
    world
}

fn ruling(contract: &'static str, change: ServiceChange, facts: &[Fact]) -> String {
    let mut world = two_contracts(contract, change);
    for fact in facts {
        world.tell("2026-03-02 10:00", fact.clone());
    }
    world.until("2026-03-04");
    let told = world.lines(&["decided"]).remove(0);
    let (_, ruling) = told.split_once("change-service ").unwrap();
    ruling.to_owned()
}

#[test]
fn a_blocked_account_keeps_what_it_already_paid_for() {
    for change in [
        ServiceChange::Restrict,
        ServiceChange::Suspend,
        ServiceChange::Terminate,
    ] {
        let paid = ruling("line", change, &[]);
        assert_eq!(paid, "refused (contract-not-overdue)", "{change:?}");
        let coming = ruling("television", change, &[]);
        assert_eq!(coming, "refused (contract-not-overdue)", "{change:?}");
        assert_eq!(ruling("power", change, &[]), "allowed (allowed)");
    }
}

#[test]
fn what_is_disputed_is_not_blocked() {
    // So that there is something to chase.
    let other = contracted("W", "BRL 70.00", "2026-03-02", "water");
    let facts = [other, dispute("P", None)];
    let ruled = ruling("power", ServiceChange::Suspend, &facts);
    assert_eq!(ruled, "refused (contract-not-overdue)");
}

#[test]
fn a_contract_that_is_not_the_customers_is_not_changed() {
    for change in [ServiceChange::Suspend, ServiceChange::Restore] {
        let ruled = ruling("neighbour", change, &[]);
        assert_eq!(ruled, "refused (unknown-contract)");
    }
    let other = contracted("Y", "JPY 9000", "2026-03-02", "in-yen");
    let ruled = ruling("in-yen", ServiceChange::Suspend, &[other]);
    assert_eq!(ruled, "refused (unknown-contract)");
}

#[test]
fn what_was_paid_is_restored() {
    let ruled = ruling("line", ServiceChange::Restore, &[]);
    assert_eq!(ruled, "allowed (allowed)");
}

/// A change lies in the outbox when something happens; then what lies there is handed over.
fn overtaken(change: ServiceChange, facts: &[Fact]) -> String {
    let mut world = two_contracts("power", change);
    world.capture = false;
    world.until("2026-03-03 12:00");
    for fact in facts {
        world.hear(fact).unwrap();
    }
    world.capture = true;
    world.until("2026-03-04");
    let effect = world.effect("service");
    format!("{:?} {}", effect.state, effect.code).to_lowercase()
}

#[test]
fn a_service_is_not_taken_away_for_what_was_paid_or_held_meanwhile() {
    let water = contracted("W", "BRL 70.00", "2026-03-01", "water");
    let Fact::Payment(mut facts) = payment("q", "BRL 100.00") else {
        panic!("it is a payment");
    };
    facts.invoices = vec!["P".to_owned()];
    let pays_power = [water, Fact::Payment(facts)];
    let suspend = ServiceChange::Suspend;
    assert_eq!(
        overtaken(suspend, &pays_power),
        "cancelled contract-not-overdue"
    );
    assert_eq!(overtaken(suspend, &[hold("2026-03-20")]), "cancelled hold");
    assert_eq!(overtaken(suspend, &[]), "done ");
    assert_eq!(
        overtaken(ServiceChange::Restore, &[hold("2026-03-20")]),
        "done "
    );
}

#[test]
fn a_service_change_that_waits_when_its_case_ends_is_taken_back_unless_it_restores() {
    for (change, state) in [
        (ServiceChange::Terminate, EffectState::Cancelled),
        (ServiceChange::Restore, EffectState::Queued),
    ] {
        let mut world = two_contracts("power", change);
        world.capture = false;
        world
            .until("2026-03-03 12:00")
            .tell("2026-03-03 12:00", payment("q", "BRL 100.00"));
        assert_eq!(world.lines(&["ended"]), ["03-03 ended: resolved"]);
        assert_eq!(world.effect("service").state, state);
    }
}
