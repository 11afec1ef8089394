use regua_domain::event::EventType;
use serde_json::Value;

use super::*;

/// What no event may tell of the sample's customer, and what they were written.
const PERSONAL: [&str; 6] = [
    "Maria",
    "529.982.247-25",
    "maria@example.org",
    "+5511900000000",
    "Rua das Flores",
    "em atraso",
];

#[test]
fn each_type_has_an_example_that_says_it_is_one() {
    let examples = examples();
    let kinds: Vec<_> = examples.iter().map(|example| example.kind).collect();
    assert_eq!(kinds, EventType::ALL);
    for Example { kind, example } in examples {
        assert_eq!(example["type"], kind.name());
        let id = example["data"]["id"].as_str().unwrap();
        assert!(id.starts_with("evt_"), "{id}");
        // What is no customer's has no place on a timeline.
        let of_tenant = [
            EventType::WorkflowCanaryTakenBack,
            EventType::PluginNonDeterministic,
        ];
        let of_customer = !of_tenant.contains(&kind);
        assert_eq!(example["data"]["customer"].is_object(), of_customer);
        let number = example["data"]["number"].as_u64();
        assert_eq!(number.is_some(), of_customer);
        let ends = number.is_none_or(|number| id.ends_with(&format!(".{number}")));
        assert!(ends, "{id}");
    }
}

#[test]
fn no_event_tells_who_the_debtor_is_or_what_they_were_written() {
    for Example { kind, example } in examples() {
        let text = example.to_string();
        for personal in PERSONAL {
            assert!(!text.contains(personal), "{kind}: {text}");
        }
    }
}

#[test]
fn every_example_is_as_its_schema_says() {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    let schema = settings.into_generator().into_root_schema_for::<Event>();
    let schema = jsonschema::validator_for(schema.as_value()).unwrap();
    for Example { kind, example } in examples() {
        let faults: Vec<_> = schema
            .iter_errors(&example)
            .map(|e| e.to_string())
            .collect();
        assert_eq!(faults, [""; 0], "{kind}: {example}");
    }
}

fn example(kind: EventType) -> Value {
    let found = examples().into_iter().find(|known| known.kind == kind);
    found.expect("an example").example["data"].clone()
}

#[test]
fn an_event_names_what_it_is_about() {
    let opened = example(EventType::CaseOpened);
    assert_eq!(opened["customer"]["reference"], "C-1042");
    assert_eq!(opened["case"]["currency"], "BRL");
    assert_eq!(opened["invoices"], serde_json::json!(["F-1", "F-2"]));
    assert_eq!(opened["amount"]["amount"], "1333.50");
    let placed = example(EventType::EffectDecided);
    assert_eq!(placed["effect"]["kind"], "place-with-agency");
    assert_eq!(placed["invoices"], serde_json::json!(["F-3"]));
    let failed = example(EventType::EffectFailed);
    assert_eq!(failed["effect"]["code"], "insufficient-funds");
    let ended = example(EventType::CaseEnded);
    assert_eq!(ended["end"], "resolved");
    let received = example(EventType::PaymentReceived);
    assert_eq!(received["payment"], "P-9");
    let done = example(EventType::TaskCompleted);
    assert_eq!(done["task"]["id"], "task_01956c3a7b0070008000000000007a5c");
    let promised = example(EventType::PromiseMade);
    assert_eq!(promised["until"], "2026-03-27");
    let returned = example(EventType::PlacementReturned);
    assert_eq!(returned["left"]["amount"], "0.00");
    assert_eq!(returned["proposal"], "proposal-7");
}
