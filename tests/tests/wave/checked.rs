//! What has to be true of a store once its wave is over, whatever befell it.

use std::collections::BTreeSet;

use regua_domain::case::CaseState;
use regua_domain::contract::EffectState;
use regua_domain::dossier::Dossier;
use regua_domain::id::CaseId;
use regua_domain::time::Timestamp;
use regua_engine::{Open, Settings};
use regua_storage::{CasesQuery, Finding, Wanted};
use regua_tests::{sample, wave};

use crate::kit::World;

/// Each customer has one case, one letter and one decision; each letter arrived; and no key
/// arrived that no letter has.
pub fn check(world: &World) {
    world.assert_unchanged();
    let keys = world.wait(of_store(world));
    assert_eq!(keys.len() as u64, world.cases);
    assert_eq!(keys, world.keys());
}

async fn of_store(world: &World) -> BTreeSet<String> {
    let (engine, open) = wave::engine(&world.place, wave::still(), Settings::shipped())
        .await
        .expect("the store opens");
    let findings = engine.store().check(open.row.id, sample::now()).await;
    let mut findings = findings.expect("the store is checked");
    // The wave is filled in without the entries that its items began with.
    findings.retain(|finding| !matches!(finding, Finding::Item { .. }));
    assert_eq!(findings, []);
    let mut after: Option<CaseId> = None;
    let mut keys = BTreeSet::new();
    loop {
        let query = CasesQuery {
            after,
            limit: 512,
            ..CasesQuery::default()
        };
        let page = open.store.cases(&query).await.expect("cases");
        let Some(last) = page.last() else { break };
        after = Some(last.case.id);
        let wanted: Vec<Wanted> = page.iter().map(|row| row.customer.into()).collect();
        let dossiers = open
            .store
            .load(&wanted, Timestamp(0), Timestamp(0))
            .await
            .expect("dossiers");
        assert_eq!(dossiers.len(), page.len());
        for dossier in dossiers {
            let key = of_customer(&open, &dossier).await;
            assert!(keys.insert(key.clone()), "{key} stands twice");
        }
    }
    engine.store().close().await;
    keys
}

/// Answers the key of the customer's one letter.
async fn of_customer(open: &Open, dossier: &Dossier) -> String {
    let reference = &dossier.customer.reference;
    let ([case], [letter]) = (dossier.cases.as_slice(), dossier.effects.as_slice()) else {
        let (cases, effects) = (dossier.cases.len(), dossier.effects.len());
        panic!("{reference} has {cases} cases and {effects} effects instead of one of each");
    };
    assert_eq!(letter.state, EffectState::Done, "{reference}");
    assert!(
        matches!(&case.state, CaseState::Ended { .. }),
        "{reference}: {:?}",
        case.state
    );
    let customer = dossier.customer.id;
    let decisions = open.store.decisions(customer, case.id).await;
    let decisions = decisions.expect("decisions");
    let sequences: Vec<u64> = decisions.iter().map(|decision| decision.sequence).collect();
    assert_eq!(
        sequences,
        [letter.key.sequence],
        "{reference}: one decision, the letter's"
    );
    assert_eq!(
        case.sequence,
        letter.key.sequence + 2,
        "{reference}: the letter, the end, and no transition besides"
    );
    let timeline = open.store.timeline(customer, 0, 100).await;
    let timeline = timeline.expect("a timeline");
    let numbers: Vec<u64> = timeline.iter().map(|entry| entry.number).collect();
    let contiguous: Vec<u64> = (numbers[0]..numbers[0] + numbers.len() as u64).collect();
    assert_eq!(numbers, contiguous, "{reference}");
    letter.key.to_string()
}
