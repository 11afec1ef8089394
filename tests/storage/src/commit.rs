//! What a commit promises.

use std::sync::Arc;

use regua_domain::dossier::Draft;
use regua_domain::id::CustomerId;
use regua_domain::timeline::Happening;
use regua_storage::{Outcome, Recorded, Store};

use crate::sample::{
    self, NOW, case, commit, created, done, invoice, load, noted, payment, taken, transition, uuid,
    with_customers,
};

pub async fn what_was_committed_is_loaded_as_it_was(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let before = with_customers(&tenant, &[7]).await.remove(0);
    assert_eq!(before.version, 1);
    let mut draft = Draft::new(before.clone(), NOW);
    draft.dossier.items.push(sample::item(80));
    draft.dossier.cases.push(case(70));
    transition(&mut draft, case(70).id, "Dear customer, …");
    let event = draft.event("replied", Some("x".to_owned()), Some(3));
    draft.enqueue(None, event);
    let after = draft.dossier.clone();
    done(&tenant, commit(&before, draft, NOW)).await;
    let loaded = load(&tenant, before.customer.id).await.unwrap();
    assert_eq!(loaded.version, 2);
    assert_eq!(
        regua_domain::dossier::Dossier {
            version: 1,
            ..loaded.clone()
        },
        after
    );
    let decisions = tenant
        .decisions(before.customer.id, case(70).id)
        .await
        .unwrap();
    assert_eq!(decisions.len(), 1);
    let all = tenant.decisions_after(None, 10).await.unwrap();
    let recorded = Recorded {
        customer: before.customer.id,
        record: decisions[0].clone(),
    };
    assert_eq!(all, [recorded]);
    let place = Some(all[0].place());
    assert_eq!(tenant.decisions_after(place, 10).await.unwrap(), []);
    assert_eq!(tenant.queued(10).await.unwrap(), [before.customer.id]);
    // The fact is looked at, the case goes on.
    let mut draft = Draft::new(loaded.clone(), NOW.plus_ms(5));
    draft.dossier.inbox.clear();
    let item = &mut draft.dossier.items[0];
    *item.fees.get_mut("visit").unwrap() += 30;
    (item.outstanding, item.settled_at) = (399, None);
    transition(&mut draft, case(70).id, "Dear customer, once more");
    let after = draft.dossier.clone();
    done(&tenant, commit(&loaded, draft, NOW)).await;
    let again = load(&tenant, before.customer.id).await.unwrap();
    assert_eq!(again.version, 3);
    assert_eq!(
        regua_domain::dossier::Dossier {
            version: 2,
            ..again
        },
        after
    );
}

pub async fn stale_version_writes_nothing(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let before = with_customers(&tenant, &[1]).await.remove(0);
    done(&tenant, noted(&before, "first")).await;
    let outcomes = tenant.commit(vec![noted(&before, "late")]).await.unwrap();
    assert_eq!(outcomes, [Outcome::Stale]);
    assert_eq!(load(&tenant, before.customer.id).await.unwrap().version, 2);
    assert_eq!(
        tenant
            .timeline(before.customer.id, 0, 10)
            .await
            .unwrap()
            .len(),
        2
    );
}

pub async fn lost_lease_writes_nothing(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let before = with_customers(&tenant, &[1]).await.remove(0);
    let agenda = store.agenda();
    let claim = |host_now, until| agenda.claim(tenant.id(), NOW, host_now, until, 9);
    let slow = claim(NOW, NOW.plus_ms(10)).await.unwrap()[0];
    let quick = claim(NOW.plus_ms(11), NOW.plus_ms(30)).await.unwrap()[0];
    assert!(quick.epoch > slow.epoch);
    let under = |epoch, release| regua_storage::Commit {
        epoch: Some(epoch),
        release,
        ..noted(&before, "hello")
    };
    let outcomes = tenant.commit(vec![under(slow.epoch, true)]).await.unwrap();
    assert_eq!(outcomes, [Outcome::Stale]);
    let outcomes = tenant.commit(vec![under(quick.epoch, true)]).await.unwrap();
    assert_eq!(outcomes, [Outcome::Done]);
    let after = load(&tenant, before.customer.id).await.unwrap();
    let late = regua_storage::Commit {
        epoch: Some(quick.epoch),
        ..noted(&after, "released")
    };
    assert_eq!(tenant.commit(vec![late]).await.unwrap(), [Outcome::Stale]);
}

pub async fn commits_of_one_customer_in_a_batch_build_on_each_other(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let before = with_customers(&tenant, &[1]).await.remove(0);
    let mut draft = Draft::new(before.clone(), NOW);
    draft.tell(
        None,
        Happening::Note {
            text: "one".to_owned(),
        },
    );
    let mut middle = draft.dossier.clone();
    middle.version += 1;
    let first = commit(&before, draft, NOW);
    let outcomes = tenant
        .commit(vec![first, noted(&middle, "two"), noted(&before, "stale")])
        .await
        .unwrap();
    assert_eq!(outcomes, [Outcome::Done, Outcome::Done, Outcome::Stale]);
}

pub async fn taken_reference_is_refused_and_the_rest_of_the_batch_is_written(
    store: Arc<dyn Store>,
) {
    let tenant = sample::tenant(&store, 1).await;
    let dossiers = with_customers(&tenant, &[1, 2, 3]).await;
    let fact = |dossier, reference, seed| {
        taken(dossier, &invoice(reference, 500, -3), seed)
            .unwrap()
            .0
    };
    done(&tenant, fact(&dossiers[0], "R-1", 1)).await;
    let batch = vec![
        fact(&dossiers[1], "R-1", 2),
        fact(&dossiers[2], "R-2", 3),
        created(4, NOW),
    ];
    let outcomes = tenant.commit(batch).await.unwrap();
    let because = "invoice reference `R-1` is taken by another customer".to_owned();
    assert_eq!(
        outcomes,
        [Outcome::Refused { because }, Outcome::Done, Outcome::Done]
    );
    let untouched = load(&tenant, dossiers[1].customer.id).await.unwrap();
    assert_eq!(untouched, dossiers[1]);
    assert_eq!(
        load(&tenant, dossiers[2].customer.id)
            .await
            .unwrap()
            .items
            .len(),
        1
    );
    // The same holds of payments and customers.
    let paid = |dossier, seed| taken(dossier, &payment("P", 5, true), seed).unwrap().0;
    done(&tenant, paid(&untouched, 10)).await;
    let other = load(&tenant, dossiers[2].customer.id).await.unwrap();
    let mut twin = created(5, NOW);
    if let Some(customer) = &mut twin.changes.customer {
        "C-1".clone_into(&mut customer.reference);
    }
    let outcomes = tenant.commit(vec![paid(&other, 11), twin]).await.unwrap();
    let refused = |text: &str| Outcome::Refused {
        because: text.to_owned(),
    };
    assert_eq!(
        outcomes,
        [
            refused("payment reference `P` is taken by another customer"),
            refused("customer reference `C-1` is taken by another customer"),
        ]
    );
}

pub async fn a_reference_of_another_tenant_is_free(store: Arc<dyn Store>) {
    for number in [1, 2] {
        let tenant = sample::tenant(&store, number).await;
        let before = with_customers(&tenant, &[1]).await.remove(0);
        done(
            &tenant,
            taken(&before, &invoice("R-1", 500, -3), 1).unwrap().0,
        )
        .await;
    }
}

pub async fn a_known_customer_is_not_new(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    with_customers(&tenant, &[1]).await;
    let outcomes = tenant.commit(vec![created(1, NOW)]).await.unwrap();
    assert_eq!(outcomes, [Outcome::Stale]);
}

pub async fn append_only_numbers_never_repeat(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let mut before = with_customers(&tenant, &[1]).await.remove(0);
    before.standing.timeline_entries = 0;
    let outcomes = tenant.commit(vec![noted(&before, "again")]).await.unwrap();
    let because = "timeline entry 0 is written already".to_owned();
    assert_eq!(outcomes, [Outcome::Refused { because }]);
}

pub async fn a_second_open_case_in_a_currency_is_refused(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let before = with_customers(&tenant, &[1]).await.remove(0);
    let mut draft = Draft::new(before.clone(), NOW);
    draft.dossier.cases = vec![case(70), case(71)];
    let outcomes = tenant
        .commit(vec![commit(&before, draft, NOW)])
        .await
        .unwrap();
    let because = "the customer has an open case in BRL already".to_owned();
    assert_eq!(outcomes, [Outcome::Refused { because }]);
    assert!(
        load(&tenant, before.customer.id)
            .await
            .unwrap()
            .cases
            .is_empty()
    );
}

pub async fn a_case_ends_and_another_is_opened_in_one_commit(store: Arc<dyn Store>) {
    use regua_domain::case::{CaseState, End};
    let tenant = sample::tenant(&store, 1).await;
    let mut before = with_customers(&tenant, &[1]).await.remove(0);
    // Whichever of the two has the smaller id.
    for (old, new) in [(70, 71), (71, 69)] {
        let mut draft = Draft::new(before.clone(), NOW);
        draft.dossier.cases = vec![case(old)];
        if before.cases.is_empty() {
            done(&tenant, commit(&before, draft, NOW)).await;
            before = load(&tenant, before.customer.id).await.unwrap();
        }
        let mut draft = Draft::new(before.clone(), NOW);
        let open = draft.dossier.cases.iter_mut().find(|case| case.is_open());
        open.unwrap().state = CaseState::Ended {
            end: End::Resolved,
            at: NOW,
            stage: "first-day-late".to_owned(),
        };
        draft.dossier.cases.insert(0, case(new));
        done(&tenant, commit(&before, draft, NOW)).await;
        before = load(&tenant, before.customer.id).await.unwrap();
        let open: Vec<_> = before.cases.iter().filter(|case| case.is_open()).collect();
        assert_eq!(open, [&case(new)]);
    }
}

pub async fn an_outbox_is_listed_customer_by_customer(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let dossiers = with_customers(&tenant, &[1, 2, 3]).await;
    for (place, before) in dossiers.iter().enumerate() {
        let mut draft = Draft::new(before.clone(), NOW.plus_ms(place as i64));
        let id = case(70 + place as u64).id;
        draft.dossier.cases.push(case(70 + place as u64));
        for _ in 0..5 {
            transition(&mut draft, id, "Dear customer, …");
        }
        done(&tenant, commit(before, draft, NOW)).await;
    }
    let mut all: Vec<_> = dossiers.iter().map(|before| before.customer.id).collect();
    for limit in [1, 2, 3, 9] {
        let queued = tenant.queued(limit).await.unwrap();
        assert_eq!(queued, all[..all.len().min(limit as usize)]);
    }
    // What is handed over is queued no longer.
    let before = load(&tenant, all.remove(0)).await.unwrap();
    let mut draft = Draft::new(before.clone(), NOW);
    for effect in &mut draft.dossier.effects {
        effect.state = regua_domain::contract::EffectState::Done;
    }
    done(&tenant, commit(&before, draft, NOW)).await;
    assert_eq!(tenant.queued(9).await.unwrap(), all);
}

pub async fn an_ended_case_is_reopened(store: Arc<dyn Store>) {
    use regua_domain::case::{CaseState, End};
    let tenant = sample::tenant(&store, 1).await;
    let mut before = with_customers(&tenant, &[1]).await.remove(0);
    let ended = CaseState::Ended {
        end: End::Resolved,
        at: NOW,
        stage: "first-day-late".to_owned(),
    };
    for state in [case(70).state, ended, case(70).state] {
        let mut draft = Draft::new(before.clone(), NOW);
        draft.dossier.cases = vec![case(70)];
        draft.dossier.cases[0].state = state.clone();
        done(&tenant, commit(&before, draft, NOW)).await;
        before = load(&tenant, before.customer.id).await.unwrap();
        assert_eq!(before.cases[0].state, state);
        let query = regua_storage::CasesQuery {
            open: true,
            limit: 9,
            ..Default::default()
        };
        let open = tenant.cases(&query).await.unwrap();
        assert_eq!(open.len(), usize::from(before.cases[0].is_open()));
    }
}

pub async fn another_tenants_customers_are_not_found(store: Arc<dyn Store>) {
    let (one, two) = (
        sample::tenant(&store, 1).await,
        sample::tenant(&store, 2).await,
    );
    let before = with_customers(&one, &[1]).await.remove(0);
    let id = CustomerId(uuid(1));
    assert_eq!(
        one.find(&["C-1".to_owned(), "C-2".to_owned()])
            .await
            .unwrap(),
        [Some(id), None]
    );
    assert_eq!(two.find(&["C-1".to_owned()]).await.unwrap(), [None]);
    assert_eq!(load(&two, id).await, None);
    assert!(two.timeline(id, 0, 9).await.unwrap().is_empty());
    assert_eq!(
        two.commit(vec![noted(&before, "x")]).await.unwrap(),
        [Outcome::Stale]
    );
    assert!(
        store
            .agenda()
            .claim(two.id(), NOW, NOW, NOW, 9)
            .await
            .unwrap()
            .is_empty()
    );
}

pub async fn the_timeline_is_read_in_pages(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let mut before = with_customers(&tenant, &[1]).await.remove(0);
    for text in ["b", "c", "d"] {
        done(&tenant, noted(&before, text)).await;
        before = load(&tenant, before.customer.id).await.unwrap();
    }
    let page = tenant.timeline(before.customer.id, 1, 2).await.unwrap();
    assert_eq!(
        page.iter().map(|entry| entry.number).collect::<Vec<_>>(),
        [1, 2]
    );
}

pub async fn commits_that_come_together_are_all_written(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let tasks: Vec<_> = (0..50)
        .map(|number| {
            let tenant = Arc::clone(&tenant);
            tokio::spawn(async move { tenant.commit(vec![created(number, NOW)]).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap(), [Outcome::Done]);
    }
}
