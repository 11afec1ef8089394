//! The log of facts, and what is wanted by reference or id.

use std::sync::Arc;

use regua_domain::dossier::{Draft, LoggedFact};
use regua_domain::id::{FactId, ItemId};
use regua_storage::{KnownFact, Outcome, Store, Wanted};

use crate::sample::{
    self, NOW, commit, done, invoice, load, load_wanted, payment, taken, uuid, with_customers,
};

/// Taken, where it is, an hour after it happened.
fn logged(number: u64, at: i64, is_taken: bool) -> LoggedFact {
    LoggedFact {
        id: FactId(uuid(number)),
        at: NOW.plus_ms(at),
        fact: invoice("R-1", 500, 3),
        taken: is_taken.then(|| NOW.plus_ms(at + 3_600_000)),
    }
}

pub async fn facts_to_come_are_loaded_by_instant_until_they_are_taken(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let before = with_customers(&tenant, &[1, 2]).await.remove(0);
    let mut draft = Draft::new(before.clone(), NOW);
    draft.journal.facts = vec![
        logged(1, 20, false),
        logged(2, 10, false),
        logged(3, 5, true),
    ];
    done(&tenant, commit(&before, draft, NOW)).await;
    let loaded = load(&tenant, before.customer.id).await.unwrap();
    assert_eq!(
        Vec::from(loaded.coming.clone()),
        [logged(2, 10, false), logged(1, 20, false)]
    );
    let ids: Vec<_> = [1, 2, 3, 4].map(|number| FactId(uuid(number))).to_vec();
    let known = tenant.known_facts(&ids).await.unwrap();
    let whose = |known: &Option<KnownFact>| known.as_ref().map(|known| known.customer);
    let customer = Some(before.customer.id);
    assert_eq!(
        known.iter().map(whose).collect::<Vec<_>>(),
        [customer, customer, customer, None]
    );
    let mut draft = Draft::new(loaded.clone(), NOW);
    draft.dossier.coming.pop_front();
    draft.journal.facts = vec![logged(2, 10, true)];
    done(&tenant, commit(&loaded, draft, NOW)).await;
    let loaded = load(&tenant, before.customer.id).await.unwrap();
    assert_eq!(Vec::from(loaded.coming), [logged(1, 20, false)]);
}

pub async fn of_a_fact_that_is_written_twice_the_last_is_kept(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let before = with_customers(&tenant, &[1]).await.remove(0);
    let mut draft = Draft::new(before.clone(), NOW);
    // Told ahead, and taken in by the same commit.
    draft.journal.facts = vec![
        logged(1, 20, false),
        logged(2, 10, false),
        logged(1, 20, true),
    ];
    done(&tenant, commit(&before, draft, NOW)).await;
    let loaded = load(&tenant, before.customer.id).await.unwrap();
    assert_eq!(Vec::from(loaded.coming), [logged(2, 10, false)]);
}

pub async fn only_the_first_thousand_facts_to_come_are_loaded(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let before = with_customers(&tenant, &[1]).await.remove(0);
    let mut draft = Draft::new(before.clone(), NOW);
    draft.journal.facts = (0..1_200).map(|n| logged(n, n as i64 / 7, false)).collect();
    let all = draft.journal.facts.clone();
    done(&tenant, commit(&before, draft, NOW)).await;
    let loaded = load(&tenant, before.customer.id).await.unwrap();
    let mut first: Vec<_> = all;
    first.sort_by_key(|fact| (fact.at, fact.id));
    first.truncate(1_000);
    assert!(loaded.coming == first);
    assert!(loaded.more_coming && !before.more_coming);
}

pub async fn settled_rows_come_back_where_they_are_wanted(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let mut dossier = with_customers(&tenant, &[1]).await.remove(0);
    let id = dossier.customer.id;
    for (seed, fact) in [invoice("R-1", 500, -3), payment("P-1", 500, false)]
        .iter()
        .enumerate()
    {
        done(&tenant, taken(&dossier, fact, seed as u64 + 1).unwrap().0).await;
        dossier = load(&tenant, id).await.unwrap();
    }
    assert!(dossier.items.is_empty() && dossier.payments.is_empty());
    let wanted = |invoices: &[&str], payments: &[&str]| Wanted {
        invoices: invoices.iter().map(ToString::to_string).collect(),
        payments: payments.iter().map(ToString::to_string).collect(),
        ..id.into()
    };
    let one = load_wanted(&tenant, wanted(&["R-1", "R-9"], &[]))
        .await
        .unwrap();
    assert_eq!(one.items.len(), 1);
    let both = load_wanted(&tenant, wanted(&[], &["P-1"])).await.unwrap();
    assert_eq!((both.items.len(), both.payments.len()), (1, 1));
    let mut by_id = wanted(&[], &[]);
    by_id.items = vec![one.items[0].id, one.items[0].id, ItemId(uuid(9))];
    let by_id = load_wanted(&tenant, by_id).await.unwrap();
    assert_eq!(by_id.items, one.items);
}

pub async fn another_customers_rows_are_not_had_by_name(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let dossiers = with_customers(&tenant, &[1, 2]).await;
    done(
        &tenant,
        taken(&dossiers[0], &invoice("R-1", 500, -3), 1).unwrap().0,
    )
    .await;
    let wanted = [1, 0].map(|place: usize| Wanted {
        invoices: vec![if place == 1 { "R-1" } else { "R-2" }.to_owned()],
        ..dossiers[place].customer.id.into()
    });
    let loaded = tenant.load(&wanted, NOW, NOW).await.unwrap();
    let order: Vec<_> = loaded.iter().map(|dossier| dossier.customer.id).collect();
    assert_eq!(order, [dossiers[1].customer.id, dossiers[0].customer.id]);
    assert!(loaded[0].items.is_empty());
    assert_eq!(loaded[1].items.len(), 1);
    let by_id = Wanted {
        items: vec![loaded[1].items[0].id],
        ..dossiers[1].customer.id.into()
    };
    let loaded = load_wanted(&tenant, by_id).await.unwrap();
    assert!(loaded.items.is_empty());
}

pub async fn an_amount_out_of_bounds_is_refused(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let before = with_customers(&tenant, &[1]).await.remove(0);
    let (mut commit, _) = taken(&before, &invoice("R-1", 500, -3), 1).unwrap();
    commit.changes.items[0].outstanding = -1;
    let outcomes = tenant.commit(vec![commit]).await.unwrap();
    let because = "a value of `item` breaks the rule `outstanding_in_bounds`".to_owned();
    assert_eq!(outcomes, [Outcome::Refused { because }]);
}

pub async fn what_was_told_is_read_again_customer_by_customer(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let stranger = sample::tenant(&store, 2).await;
    let dossiers = with_customers(&tenant, &[1, 2, 3]).await;
    let before = with_customers(&stranger, &[1]).await.remove(0);
    for (place, dossier) in (0..).zip(&dossiers) {
        let mut draft = Draft::new(dossier.clone(), NOW);
        let first = 10 * place + 1;
        draft.journal.facts = vec![logged(first, 20, true), logged(first + 1, 10, false)];
        done(&tenant, commit(dossier, draft, NOW)).await;
    }
    let mut draft = Draft::new(before.clone(), NOW);
    draft.journal.facts = vec![logged(99, 1, true)];
    done(&stranger, commit(&before, draft, NOW)).await;
    let mut pasts = tenant.pasts(None, 2).await.unwrap();
    let last = pasts.last().map(|past| past.customer);
    pasts.extend(tenant.pasts(last, 2).await.unwrap());
    assert_eq!(
        tenant
            .pasts(pasts.last().map(|past| past.customer), 2)
            .await
            .unwrap(),
        []
    );
    let mut ids: Vec<_> = dossiers.iter().map(|dossier| dossier.customer.id).collect();
    ids.sort_unstable();
    assert_eq!(
        pasts.iter().map(|past| past.customer).collect::<Vec<_>>(),
        ids
    );
    for past in &mut pasts {
        let known = dossiers
            .iter()
            .position(|dossier| dossier.customer.id == past.customer);
        let place = known.unwrap();
        assert_eq!(past.reference, dossiers[place].customer.reference);
        past.facts.sort_by_key(|fact| fact.id);
        // What the customer began with is told as well.
        let first = 10 * place as u64 + 1;
        for wanted in [logged(first, 20, true), logged(first + 1, 10, false)] {
            assert!(past.facts.contains(&wanted), "{past:?}");
        }
    }
}
