//! Several nodes over one database.

use std::collections::BTreeSet;
use std::sync::Arc;

use regua_domain::id::{CustomerId, TenantId};
use regua_storage::{Agenda, Commit, Lease, Outcome, Store, StoreError, TenantStore};

use crate::sample::{self, NOW, created, done, invoice, load, noted, taken, uuid, with_customers};
use crate::shelf::{plugin, workflow};

/// The tenant of the first node's, as both nodes have it.
async fn tenants(one: &Arc<dyn Store>, two: &Arc<dyn Store>) -> [Arc<dyn TenantStore>; 2] {
    let tenant = sample::tenant(one, 1).await;
    let same = two.tenant(tenant.id());
    [tenant, same]
}

async fn claim_all(agenda: Arc<dyn Agenda>, tenant: TenantId) -> Vec<Lease> {
    let mut all = Vec::new();
    loop {
        let leases = agenda
            .claim(tenant, NOW, NOW, NOW.plus_ms(50), 7)
            .await
            .unwrap();
        if leases.is_empty() {
            return all;
        }
        all.extend(leases);
    }
}

pub async fn nodes_claim_disjoint_sets(one: Arc<dyn Store>, two: Arc<dyn Store>) {
    let [tenant, _] = tenants(&one, &two).await;
    let commits = (0..500).map(|number| created(number, NOW)).collect();
    tenant.commit(commits).await.unwrap();
    let lanes: Vec<_> = [&one, &two, &one, &two]
        .map(|node| tokio::spawn(claim_all(node.agenda(), tenant.id())))
        .into_iter()
        .collect();
    let mut claimed = Vec::new();
    for lane in lanes {
        claimed.extend(lane.await.unwrap());
    }
    assert!(claimed.iter().all(|lease| lease.epoch == 1));
    let distinct: BTreeSet<_> = claimed.iter().map(|lease| lease.customer).collect();
    assert_eq!((claimed.len(), distinct.len()), (500, 500));
}

fn under(lease: Lease, commit: Commit) -> Commit {
    Commit {
        epoch: Some(lease.epoch),
        release: true,
        ..commit
    }
}

pub async fn a_node_that_slept_past_its_lease_writes_nothing(
    one: Arc<dyn Store>,
    two: Arc<dyn Store>,
) {
    let [tenant, same] = tenants(&one, &two).await;
    let before = with_customers(&tenant, &[1]).await.remove(0);
    let id = before.customer.id;
    let claim = |node: &Arc<dyn Store>, host: i64| {
        let (agenda, tenant) = (node.agenda(), tenant.id());
        let (now, until) = (NOW.plus_ms(host), NOW.plus_ms(host + 50));
        async move { agenda.claim(tenant, NOW, now, until, 9).await.unwrap() }
    };
    let slow = claim(&one, 0).await[0];
    let quick = claim(&two, 51).await[0];
    // It wakes up while the other still works: nothing was written in between, yet the lease
    // is another's.
    let late = under(slow, noted(&before, "late"));
    assert_eq!(
        tenant.commit(vec![late.clone()]).await.unwrap(),
        [Outcome::Stale]
    );
    tenant.release(&[slow]).await.unwrap();
    tenant.rest(&[(slow, NOW.plus_ms(9_000))]).await.unwrap();
    assert_eq!(load(&same, id).await.unwrap(), before);
    done(&same, under(quick, noted(&before, "in time"))).await;
    // And after the other is done.
    assert_eq!(tenant.commit(vec![late]).await.unwrap(), [Outcome::Stale]);
    assert_eq!(load(&tenant, id).await.unwrap().version, 2);
    assert_eq!(tenant.timeline(id, 0, 9).await.unwrap().len(), 2);
}

pub async fn a_node_that_died_leaves_its_customers_to_others(
    one: Arc<dyn Store>,
    two: Arc<dyn Store>,
) {
    let [tenant, _] = tenants(&one, &two).await;
    with_customers(&tenant, &[1, 2, 3]).await;
    let claim = |node: &Arc<dyn Store>, host: i64| {
        let (agenda, tenant) = (node.agenda(), tenant.id());
        let (now, until) = (NOW.plus_ms(host), NOW.plus_ms(host + 50));
        async move { agenda.claim(tenant, NOW, now, until, 9).await.unwrap() }
    };
    assert_eq!(claim(&one, 0).await.len(), 3);
    one.close().await;
    assert!(claim(&two, 50).await.is_empty());
    let taken_over = claim(&two, 51).await;
    assert_eq!(taken_over.len(), 3);
    assert!(taken_over.iter().all(|lease| lease.epoch == 2));
}

pub async fn what_one_node_commits_the_other_loads(one: Arc<dyn Store>, two: Arc<dyn Store>) {
    let [tenant, same] = tenants(&one, &two).await;
    let before = with_customers(&tenant, &[1]).await.remove(0);
    let id = before.customer.id;
    assert_eq!(load(&same, id).await, Some(before.clone()));
    done(
        &same,
        taken(&before, &invoice("R-1", 500, -3), 1).unwrap().0,
    )
    .await;
    let after = load(&tenant, id).await.unwrap();
    assert_eq!((after.version, after.items.len()), (2, 1));
}

pub async fn of_two_nodes_that_commit_the_same_one_wins(one: Arc<dyn Store>, two: Arc<dyn Store>) {
    let [tenant, same] = tenants(&one, &two).await;
    let numbers: Vec<u64> = (0..40).collect();
    let dossiers = with_customers(&tenant, &numbers).await;
    let commits = |text: &str| dossiers.iter().map(|before| noted(before, text)).collect();
    let (first, second) = (commits("one"), commits("two"));
    let node = tokio::spawn(async move { same.commit(second).await.unwrap() });
    let first = tenant.commit(first).await.unwrap();
    let second = node.await.unwrap();
    for (place, before) in dossiers.iter().enumerate() {
        let won = [&first[place], &second[place]].map(|outcome| *outcome == Outcome::Done);
        assert!(won[0] != won[1], "{place}: {won:?}");
        let timeline = tenant.timeline(before.customer.id, 0, 9).await.unwrap();
        assert_eq!(timeline.len(), 2);
    }
}

pub async fn nodes_that_write_the_same_customers_in_other_orders_do_not_stop_each_other(
    one: Arc<dyn Store>,
    two: Arc<dyn Store>,
) {
    let [tenant, same] = tenants(&one, &two).await;
    let numbers: Vec<u64> = (0..60).collect();
    with_customers(&tenant, &numbers).await;
    let writer = |tenant: Arc<dyn TenantStore>, numbers: Vec<u64>| async move {
        let wanted: Vec<_> = numbers
            .iter()
            .map(|number| CustomerId(uuid(*number)).into())
            .collect();
        let mut done = 0;
        while done < 400 {
            let loaded = tenant.load(&wanted, NOW, NOW).await.unwrap();
            let commits = loaded.iter().map(|before| noted(before, "x")).collect();
            let outcomes = tenant.commit(commits).await.unwrap();
            done += outcomes
                .iter()
                .filter(|outcome| **outcome == Outcome::Done)
                .count();
        }
        done
    };
    let backwards: Vec<u64> = numbers.iter().rev().copied().collect();
    let lanes = [
        tokio::spawn(writer(Arc::clone(&tenant), numbers.clone())),
        tokio::spawn(writer(same, backwards)),
    ];
    let mut all = 0;
    for lane in lanes {
        all += lane.await.unwrap();
    }
    let mut entries = 0;
    for number in numbers {
        let id = CustomerId(uuid(number));
        entries += tenant.timeline(id, 1, 10_000).await.unwrap().len();
    }
    assert_eq!(entries, all, "each commit that is done is there once");
}

pub async fn one_node_publishes_a_version(one: Arc<dyn Store>, two: Arc<dyn Store>) {
    let [tenant, same] = tenants(&one, &two).await;
    tenant
        .add_plugin(&plugin("ab"), b"wasm", u64::MAX)
        .await
        .unwrap();
    for version in 1..8 {
        let (mine, others) = (workflow(version, true), workflow(version, true));
        let same = Arc::clone(&same);
        let node = tokio::spawn(async move { same.publish(&others).await });
        let results = [tenant.publish(&mine).await, node.await.unwrap()];
        let won = results.iter().filter(|result| result.is_ok()).count();
        let lost = |result: &Result<(), StoreError>| {
            matches!(result, Ok(()) | Err(StoreError::Taken { .. }))
        };
        assert!(won == 1 && results.iter().all(lost), "{results:?}");
        let all = tenant.workflows().await.unwrap();
        let active = all.iter().filter(|workflow| workflow.active);
        assert_eq!(
            active.map(|workflow| workflow.version).collect::<Vec<_>>(),
            [version]
        );
    }
}

pub async fn no_workflow_is_left_without_its_plugin(one: Arc<dyn Store>, two: Arc<dyn Store>) {
    let [tenant, same] = tenants(&one, &two).await;
    let (mut published, mut removed) = (0, 0);
    for round in 0..24_u32 {
        tenant
            .add_plugin(&plugin("ab"), b"wasm", u64::MAX)
            .await
            .unwrap();
        let version = tenant.next_version("standard").await.unwrap();
        let (row, other) = (workflow(version, false), Arc::clone(&same));
        let node = tokio::spawn(async move {
            // Each begins first by turns, and by less and less.
            for _ in 0..round / 2 {
                tokio::task::yield_now().await;
            }
            other.publish(&row).await
        });
        if round % 2 == 0 {
            tokio::task::yield_now().await;
        }
        let gone = tenant.remove_plugin("escalation", "1.0.0", NOW).await;
        match (node.await.unwrap(), gone) {
            (Ok(()), Err(StoreError::InUse { .. })) => {
                published += 1;
                assert_eq!(tenant.plugins().await.unwrap().len(), 1);
                let free = tenant.remove_workflow("standard", version, NOW);
                free.await.unwrap();
            }
            (Err(StoreError::Missing { what: "plugin", .. }), Ok(())) => {
                removed += 1;
                assert_eq!(tenant.workflows().await.unwrap(), []);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(published + removed, 24);
}

pub async fn of_two_nodes_that_add_the_same_bytes_one_is_first(
    one: Arc<dyn Store>,
    two: Arc<dyn Store>,
) {
    let [tenant, same] = tenants(&one, &two).await;
    for round in 0..8 {
        let mut row = plugin("ab");
        row.manifest.version = format!("1.0.{round}");
        let (others, same) = (row.clone(), Arc::clone(&same));
        let node = tokio::spawn(async move { same.add_plugin(&others, b"wasm", u64::MAX).await });
        let mine = tenant.add_plugin(&row, b"wasm", u64::MAX).await.unwrap();
        assert_ne!(mine, node.await.unwrap().unwrap());
    }
    assert_eq!(tenant.plugins().await.unwrap().len(), 8);
}

pub async fn of_two_nodes_that_fill_the_last_room_one_is_first(
    one: Arc<dyn Store>,
    two: Arc<dyn Store>,
) {
    let [tenant, same] = tenants(&one, &two).await;
    for round in 1..=16_u64 {
        let row = |node: u64| {
            let mut row = plugin("ab");
            row.manifest.version = format!("1.{round}.{node}");
            row.digest = format!("{:064x}", 2 * round + node);
            row
        };
        let (mine, others, same) = (row(0), row(1), Arc::clone(&same));
        let room = 4 * round;
        let node = tokio::spawn(async move { same.add_plugin(&others, b"wasm", room).await });
        let results = [
            tenant.add_plugin(&mine, b"wasm", room).await,
            node.await.unwrap(),
        ];
        let won = results.iter().filter(|result| result.is_ok()).count();
        let lost = |result: &Result<bool, StoreError>| {
            matches!(result, Ok(true) | Err(StoreError::NoRoom { .. }))
        };
        assert!(won == 1 && results.iter().all(lost), "{results:?}");
        assert_eq!(tenant.component_bytes().await.unwrap(), room);
    }
}
