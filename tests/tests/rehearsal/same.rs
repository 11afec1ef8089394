//! One story, in memory and in either store: the same timeline, to the byte.

use regua_domain::dossier::LoggedFact;
use regua_engine::Engine;
use regua_rehearsal::scenario::run;
use regua_test_kit::postgres::Database;
use regua_tests::wave::Place;

use crate::{host, opened, read, sandbox};

/// Three customers: one who pays in part, promises and does not keep it; one who takes a plan and
/// breaks it; and one who bounces, disputes, and goes to an agency.
const STORY: &str = r#"
scenario: Three who are late
starts: 2026-03-11
customers:
  pays-in-part: { locale: pt-BR, jurisdiction: BR-SP }
  takes-a-plan: { time_zone: Europe/Lisbon, jurisdiction: PT, kind: business }
  is-gone:
    time_zone: America/New_York
    jurisdiction: US-NY
    contacts:
      - { channel: email, address: gone@away.example }
      - { channel: letter, address: "1 Nowhere" }
story:
  - customer: pays-in-part
    invoice: { reference: A-1, amount: 900.00 BRL, due_on: day 2 }
  - customer: takes-a-plan
    invoice: { reference: B-1, amount: 600.00 EUR, due_on: day 1 }
  - customer: is-gone
    invoice: { reference: C-1, amount: 800.00 USD, due_on: day 1, contract: K-1 }
  - { customer: is-gone, on: day 6, result: { is: bounced, code: no-such-user } }
  - { customer: pays-in-part, on: day 7, payment: { amount: 250.00 BRL } }
  - { customer: pays-in-part, on: day 9, promise: { amount: 650.00 BRL, due_on: day 20 } }
  - { customer: is-gone, on: day 12, dispute: { invoice: C-1, reason: goods-or-service, amount: 100.00 USD } }
  - { customer: is-gone, on: day 20, resolve-dispute: { invoice: C-1, upheld: false } }
  - { customer: takes-a-plan, on: day 21, reply: { reason: cash-flow, text: "Not all at once, please." } }
  - { customer: takes-a-plan, on: day 25, accept-offer: { plan: 1 } }
  - { customer: takes-a-plan, on: day 36, payment: { amount: 300.00 EUR } }
  - { customer: pays-in-part, on: day 40, payment: { amount: 650.00 BRL, pending: true } }
  - { customer: pays-in-part, on: day 41, payment-failure: { code: insufficient-funds } }
  - { customer: pays-in-part, on: day 60, opt-out: { channel: email } }
  - { customer: pays-in-part, on: day 150, expect: {} }
  - { customer: takes-a-plan, on: day 150, expect: {} }
  - { customer: is-gone, on: day 150, expect: {} }
"#;

async fn is_the_same(host: Engine) {
    let mut sandbox = sandbox(&host).await;
    let open = opened(&host).await;
    let scenario = read(STORY);
    let outcome = run(&open.tenant, &open.stages, &scenario).unwrap();
    assert!(outcome.faults.is_empty(), "{:#?}", outcome.faults);
    let mut told: Vec<(&String, &LoggedFact)> = outcome
        .customers
        .iter()
        .flat_map(|(customer, told)| told.journal.facts.iter().map(move |fact| (customer, fact)))
        .collect();
    told.sort_by_key(|(_, fact)| fact.at);
    assert_eq!(told.len(), 3 + 14);
    for (customer, fact) in told {
        sandbox.go_to(fact.at).await;
        sandbox.tell_as(customer, fact.clone()).await.unwrap();
        // What follows from it at this very instant.
        sandbox.go_to(fact.at).await;
    }
    let last = scenario.steps.iter().map(|step| step.at).max();
    sandbox.go_to(last.unwrap()).await;
    for (customer, told) in &outcome.customers {
        let stored = sandbox.timeline(customer).await;
        let until = scenario
            .steps
            .iter()
            .rfind(|step| step.customer == *customer);
        // The clock of all went on to the last day of the westernmost.
        let until = until.unwrap().at;
        let stored: Vec<_> = stored
            .into_iter()
            .filter(|entry| entry.at <= until)
            .collect();
        let (in_memory, in_store) = (&told.journal.timeline, &stored);
        for (ours, theirs) in in_memory.iter().zip(in_store) {
            let (ours, theirs) = (bytes(ours), bytes(theirs));
            assert_eq!(ours, theirs, "{customer}");
        }
        assert_eq!(in_memory.len(), in_store.len(), "{customer}");
        assert!(in_memory.len() > 20, "{customer}: {}", in_memory.len());
    }
}

fn bytes(entry: &impl serde::Serialize) -> String {
    serde_json::to_string(entry).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_is_the_same_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&Place::file(&folder.path().join("store.sqlite"))).await;
    is_the_same(host).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_is_the_same_in_postgres() {
    let (database, folder) = (Database::create(), tempfile::tempdir().unwrap());
    let place = Place {
        store: database.url().to_owned(),
        cache: folder.path().join("cache"),
    };
    let host = host(&place).await;
    let store = std::sync::Arc::clone(host.store());
    is_the_same(host).await;
    store.close().await;
}
