//! Effects to be handed over, and lists of what there is.

use std::sync::Arc;

use regua_domain::contract::EffectState;
use regua_domain::dossier::{ChangeSet, Dossier, Draft};
use regua_domain::id::{CaseId, CustomerId, TaskId};
use regua_storage::{Commit, EffectsOf, Page, Store, TenantStore, Tried};

use crate::sample::{self, NOW};

/// Three customers, each with two items and a case that has two letters in the outbox.
async fn with_queued(store: &Arc<dyn Store>) -> Arc<dyn TenantStore> {
    let tenant = sample::tenant(store, 1).await;
    let dossiers = sample::with_customers(&tenant, &[1, 2, 3]).await;
    for (number, before) in (1..).zip(dossiers) {
        let mut draft = Draft::new(before.clone(), NOW);
        let case = sample::case(70 + number);
        let id = case.id;
        draft.dossier.cases.push(case);
        sample::transition(&mut draft, id, "Dear customer, …");
        draft.dossier.items.push(sample::item(10 * number));
        draft.dossier.items.push(sample::item(10 * number + 1));
        sample::done(&tenant, sample::commit(&before, draft, NOW)).await;
    }
    tenant
}

async fn loaded(tenant: &Arc<dyn TenantStore>, customer: CustomerId) -> Dossier {
    sample::load(tenant, customer).await.expect("a dossier")
}

pub async fn queued_effects_are_taken_once_until_they_are_due_again(store: Arc<dyn Store>) {
    let tenant = with_queued(&store).await;
    let take = async |now: i64, until: i64, limit| {
        let (now, until) = (NOW.plus_ms(now), NOW.plus_ms(until));
        tenant.take_queued(now, until, limit).await.unwrap()
    };
    assert!(store.due(NOW).await.unwrap()[0].effects);
    let first = take(0, 50, 2).await;
    let second = take(0, 50, 9).await;
    assert_eq!((first.len(), second.len()), (2, 1));
    assert!(take(49, 99, 9).await.is_empty());
    let again = take(50, 99, 9).await;
    assert_eq!(again.len(), 3);
    assert!(again.iter().all(|handing| handing.tries == 1));
    // One is put off without having been tried, one that was, and one is handed over.
    let off = [
        (again[0], NOW.plus_ms(60), Tried::No),
        (again[1], NOW.plus_ms(60), Tried::Yes),
    ];
    tenant.put_off(&off).await.unwrap();
    let before = loaded(&tenant, again[2].customer).await;
    let mut draft = Draft::new(before.clone(), NOW);
    draft.dossier.effects[0].state = EffectState::Done;
    let done = Commit {
        customer: before.customer.id,
        seen: Some(before.version),
        epoch: None,
        changes: ChangeSet::between(&before, &draft.dossier, draft.journal),
        records: Vec::new(),
        wake: NOW,
        release: false,
    };
    tenant.commit(vec![done]).await.unwrap();
    let mut tries: Vec<_> = take(100, 200, 9).await.iter().map(|h| h.tries).collect();
    tries.sort_unstable();
    assert_eq!(tries, [1, 2]);
}

pub async fn a_commit_leaves_the_outboxs_instants_alone(store: Arc<dyn Store>) {
    let tenant = with_queued(&store).await;
    let taken = tenant.take_queued(NOW, NOW.plus_ms(50), 1).await.unwrap();
    let before = loaded(&tenant, taken[0].customer).await;
    let mut draft = Draft::new(before.clone(), NOW);
    "changed".clone_into(&mut draft.dossier.effects[0].code);
    let commit = Commit {
        customer: before.customer.id,
        seen: Some(before.version),
        epoch: None,
        changes: ChangeSet::between(&before, &draft.dossier, draft.journal),
        records: Vec::new(),
        wake: NOW,
        release: false,
    };
    tenant.commit(vec![commit]).await.unwrap();
    let others = tenant.take_queued(NOW, NOW.plus_ms(50), 9).await.unwrap();
    assert!(!others.contains(&taken[0]) && others.len() == 2);
}

pub async fn what_there_is_is_listed_in_pages_and_found_by_key(store: Arc<dyn Store>) {
    let tenant = with_queued(&store).await;
    let page = |after: Option<&str>, limit| Page {
        customer: None,
        after: after.map(str::to_owned),
        limit,
    };
    let customers = tenant.customers(&page(Some("C-1"), 9)).await.unwrap();
    let references: Vec<_> = customers.iter().map(|c| c.reference.as_str()).collect();
    assert_eq!(references, ["C-2", "C-3"]);
    let items = tenant.items(&page(None, 99)).await.unwrap();
    let second = tenant
        .items(&page(Some(&items[0].value.reference), 1))
        .await
        .unwrap();
    assert_eq!(second[0], items[1]);
    let of_one = Page {
        customer: Some(items[0].customer),
        ..page(None, 99)
    };
    let his = tenant.items(&of_one).await.unwrap();
    assert!(!his.is_empty() && his.len() < items.len());
    assert!(his.iter().all(|item| item.customer == items[0].customer));
    let found = tenant.item(&items[1].value.reference).await.unwrap();
    assert_eq!(found.as_ref(), Some(&items[1]));
    assert_eq!(tenant.item("none").await.unwrap(), None);
    assert_eq!(tenant.payment("none").await.unwrap(), None);
    assert_eq!(tenant.task(TaskId(sample::uuid(99))).await.unwrap(), None);
    let dossier = loaded(&tenant, items[0].customer).await;
    let case = dossier.cases[0].id;
    let whose = tenant.case_of(case).await.unwrap().expect("the case");
    assert_eq!(
        (whose.customer, &whose.reference),
        (dossier.customer.id, &dossier.customer.reference)
    );
    assert_eq!(
        tenant.case_of(CaseId(sample::uuid(99))).await.unwrap(),
        None
    );
    let effects = tenant
        .effects(EffectsOf::Case(case), None, 9)
        .await
        .unwrap();
    let listed: Vec<_> = effects.iter().map(|effect| &effect.value).collect();
    assert_eq!(listed, dossier.effects.iter().collect::<Vec<_>>());
    let after = Some(effects[0].value.key);
    let rest = tenant
        .effects(EffectsOf::Case(case), after, 9)
        .await
        .unwrap();
    assert_eq!(rest.len(), effects.len() - 1);
    assert_eq!(
        tenant
            .effects(EffectsOf::Placements, None, 9)
            .await
            .unwrap(),
        []
    );
    // Nothing of it is another tenant's.
    let other = sample::tenant(&store, 2).await;
    assert_eq!(other.customers(&page(None, 9)).await.unwrap(), []);
    assert_eq!(other.items(&page(None, 9)).await.unwrap(), []);
    assert_eq!(other.case_of(case).await.unwrap(), None);
    assert_eq!(
        other.effects(EffectsOf::Case(case), None, 9).await.unwrap(),
        []
    );
    assert_eq!(other.take_queued(NOW, NOW.plus_ms(9), 9).await.unwrap(), []);
}
