//! What a stage may know of a person.

use std::collections::BTreeMap;

use regua_domain::contract::CustomerKind;
use regua_domain::fact::{CustomerFacts, Fact, FactError};

use crate::kit::*;

fn maria(attributes: &[(&str, &str)]) -> Fact {
    let known = debtor();
    Fact::Customer(CustomerFacts {
        name: known.name,
        tax_number: known.tax_number,
        kind: CustomerKind::Consumer,
        locale: known.locale,
        jurisdiction: known.jurisdiction,
        time_zone: known.time_zone,
        segments: Vec::new(),
        attributes: attributes
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect::<BTreeMap<_, _>>(),
        methods: Vec::new(),
        contacts: known.contacts,
        since: None,
    })
}

fn seeing(names: &[&str]) -> World {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    World::new(&single(), vec![plugin("only", |_| wait())])
        .with_policy(|policy| policy.visible_attributes = names)
}

#[test]
fn a_visible_attribute_that_names_the_debtor_is_refused_however_it_is_written() {
    for value in [
        "CPF 987.654.321-00",
        "CPF123.456.789-09",
        "123 456 789 09",
        "11 98765-4321",
        "maria@canary.example",
        "Dona Maria Canary",
    ] {
        let told = seeing(&["note"]).hear(&maria(&[("note", value)]));
        assert!(
            matches!(told, Err(FactError::PersonalData { .. })),
            "{value}: {told:?}"
        );
    }
}

#[test]
fn what_becomes_visible_later_is_looked_at_again() {
    let mut world = seeing(&["plan"]);
    world
        .tell(
            "2026-03-01 08:00",
            maria(&[("plan", "gold"), ("note", "CPF 123.456.789-09")]),
        )
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"));
    world
        .tenant
        .policy
        .visible_attributes
        .insert("note".to_owned());
    world.until("2026-03-04");
    let seen = &world.asked("only")[0].customer.attributes;
    assert_eq!(*seen, [("plan".to_owned(), "gold".to_owned())]);
}

#[test]
fn what_ended_by_itself_is_not_called_by_the_tenants_own_words() {
    let hears = plugin("only", |_| wait()).hears(&["hold.ended", "payment.lapsed"]);
    let mut world = World::new(&single(), vec![hears]);
    world
        .tell("2026-03-02 08:00", invoice("A", "BRL 100.00", "2026-03-02"))
        .until("2026-03-04")
        .tell(
            "2026-03-04 10:00",
            Fact::HoldPlaced {
                reason: "Maria Canary is ill".to_owned(),
                until: "2026-03-06".parse().unwrap(),
            },
        )
        .tell("2026-03-04 11:00", pending("PIX Maria Canary", "BRL 50.00"))
        .until("2026-04-04");
    let heard: Vec<_> = world
        .asked("only")
        .iter()
        .filter_map(|situation| match &situation.trigger {
            regua_domain::contract::Trigger::Event(event) => Some(event.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(heard.len(), 2, "{}", world.story());
    assert!(heard.iter().all(|event| event.subject.is_none()));
}

#[test]
fn a_locale_a_method_and_a_code_are_what_they_are_called() {
    let mut world = seeing(&[]);
    let Fact::Customer(known) = maria(&[]) else {
        unreachable!("maria is a customer");
    };
    for locale in [
        "maria@cliente.example",
        "english",
        "pt_BR",
        "pt-BR\u{1b}[2J",
    ] {
        let facts = CustomerFacts {
            locale: locale.to_owned(),
            ..known.clone()
        };
        let refused = world.hear(&Fact::Customer(facts)).unwrap_err().to_string();
        assert!(refused.starts_with("locale: "), "{refused}");
    }
    let method = regua_domain::contract::PaymentMethod {
        key: "card".to_owned(),
        kind: "maria@canary.example".to_owned(),
        is_default: true,
        expires_on: None,
    };
    let facts = CustomerFacts {
        methods: vec![method],
        ..known
    };
    assert!(matches!(
        world.hear(&Fact::Customer(facts)),
        Err(FactError::PersonalData { .. })
    ));
}
