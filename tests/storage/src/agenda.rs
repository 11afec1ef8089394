//! Claims, leases and wake-ups.

use std::sync::Arc;

use regua_domain::dossier::Draft;
use regua_domain::time::Timestamp;
use regua_storage::{Held, Store};

use crate::sample::{self, NOW, created, done, load, noted, with_customers};

pub async fn claim_gives_each_customer_once_longest_due_first(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let wakes = [30, 10, 20, 1_000];
    let commits = (0..4)
        .map(|n| created(n, NOW.plus_ms(wakes[n as usize])))
        .collect();
    tenant.commit(commits).await.unwrap();
    let agenda = store.agenda();
    let now = NOW.plus_ms(100);
    let claim = |limit| agenda.claim(tenant.id(), now, now, now.plus_ms(50), limit);
    let ids = |leases: Vec<regua_storage::Lease>| -> Vec<_> {
        leases.into_iter().map(|lease| lease.customer).collect()
    };
    let who = |n| sample::customer(n).id;
    assert_eq!(ids(claim(2).await.unwrap()), [who(1), who(2)]);
    assert_eq!(ids(claim(9).await.unwrap()), [who(0)]);
    assert!(claim(9).await.unwrap().is_empty());
}

pub async fn a_lease_ends_by_itself(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    with_customers(&tenant, &[1]).await;
    let agenda = store.agenda();
    let claim = |host: i64| {
        agenda.claim(
            tenant.id(),
            NOW,
            NOW.plus_ms(host),
            NOW.plus_ms(host + 50),
            9,
        )
    };
    let first = claim(0).await.unwrap();
    assert!(claim(49).await.unwrap().is_empty());
    let second = claim(51).await.unwrap();
    assert_eq!((first[0].epoch, second[0].epoch), (1, 2));
}

pub async fn released_customers_are_due_as_they_were(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    done(&tenant, created(1, NOW.plus_ms(-7))).await;
    let agenda = store.agenda();
    let claim = || agenda.claim(tenant.id(), NOW, NOW, NOW.plus_ms(50), 9);
    let leases = claim().await.unwrap();
    assert_eq!(leases[0].wake, NOW.plus_ms(-7));
    tenant.release(&leases).await.unwrap();
    let again = claim().await.unwrap();
    assert_eq!((again[0].wake, again[0].faults), (leases[0].wake, 0));
}

pub async fn a_customer_rests_after_a_fault_and_the_faults_in_a_row_are_counted(
    store: Arc<dyn Store>,
) {
    let tenant = sample::tenant(&store, 1).await;
    let before = with_customers(&tenant, &[1]).await.remove(0);
    let agenda = store.agenda();
    let claim = |host| agenda.claim(tenant.id(), NOW, host, host.plus_ms(50), 9);
    let leases = claim(NOW).await.unwrap();
    tenant.rest(&[(leases[0], NOW.plus_ms(500))]).await.unwrap();
    assert!(claim(NOW.plus_ms(500)).await.unwrap().is_empty());
    let again = claim(NOW.plus_ms(501)).await.unwrap()[0];
    assert_eq!((again.wake, again.faults), (leases[0].wake, 1));
    // The lease it rested under is no longer one to rest or to be given back.
    tenant.rest(&[(leases[0], NOW)]).await.unwrap();
    tenant.release(&leases).await.unwrap();
    assert!(claim(NOW.plus_ms(502)).await.unwrap().is_empty());
    tenant.release(&[again]).await.unwrap();
    done(&tenant, noted(&before, "a fact")).await;
    assert_eq!(claim(NOW.plus_ms(503)).await.unwrap()[0].faults, 0);
}

pub async fn a_fact_during_a_lease_is_not_slept_over(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    done(&tenant, created(1, NOW.plus_ms(-7))).await;
    let before = load(&tenant, sample::customer(1).id).await.unwrap();
    let agenda = store.agenda();
    let leases = agenda
        .claim(tenant.id(), NOW, NOW, NOW.plus_ms(50), 9)
        .await
        .unwrap();
    done(&tenant, noted(&before, "a fact")).await;
    tenant.release(&leases).await.unwrap();
    assert_eq!(agenda.next_wake(tenant.id()).await.unwrap(), Some(NOW));
}

pub async fn never_is_never_due(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    done(&tenant, created(1, Timestamp::NEVER)).await;
    let agenda = store.agenda();
    assert_eq!(agenda.next_wake(tenant.id()).await.unwrap(), None);
    let far = Timestamp(i64::MAX - 1);
    assert!(
        agenda
            .claim(tenant.id(), far, NOW, far, 9)
            .await
            .unwrap()
            .is_empty()
    );
    let before = load(&tenant, sample::customer(1).id).await.unwrap();
    done(&tenant, noted(&before, "wake")).await;
    assert_eq!(agenda.next_wake(tenant.id()).await.unwrap(), Some(NOW));
}

pub async fn who_is_due_and_held_is_told_apart_from_who_rests(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    with_customers(&tenant, &[1, 2, 3]).await;
    done(&tenant, created(4, NOW.plus_ms(1_000))).await;
    let agenda = store.agenda();
    let held = |host| agenda.held(tenant.id(), NOW, NOW.plus_ms(host));
    assert_eq!(held(0).await.unwrap(), Held::default());
    let leases = agenda
        .claim(tenant.id(), NOW.plus_ms(2_000), NOW, NOW.plus_ms(50), 9)
        .await
        .unwrap();
    assert_eq!(leases.len(), 4);
    tenant.rest(&[(leases[0], NOW.plus_ms(500))]).await.unwrap();
    let both = Held {
        worked_on: 2,
        ends: Some(NOW.plus_ms(50)),
        resting: 1,
    };
    assert_eq!(held(0).await.unwrap(), both);
    let resting = Held {
        resting: 1,
        ..Held::default()
    };
    assert_eq!(held(51).await.unwrap(), resting);
    assert_eq!(held(501).await.unwrap(), Held::default());
}

pub async fn whose_case_is_pinned_is_woken_page_by_page_and_nobody_else(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let wakes = [
        (1, 1, NOW.plus_ms(1_000)),
        (2, 2, NOW.plus_ms(1_000)),
        (3, 1, Timestamp::NEVER),
        (4, 1, NOW.plus_ms(-5)),
        (5, 3, NOW.plus_ms(1_000)),
    ];
    for (number, version, wake) in wakes {
        let customer = sample::customer(number);
        let before = sample::blank(&customer);
        let mut draft = Draft::new(before.clone(), NOW);
        draft.dossier.customer = customer;
        let mut case = sample::case(number);
        case.workflow.version = version;
        draft.dossier.cases.push(case);
        done(&tenant, sample::commit(&before, draft, wake)).await;
    }
    let stranger = sample::tenant(&store, 2).await;
    with_customers(&stranger, &[1]).await;
    let pinned = ("standard", [1_u32, 3].as_slice());
    let (mut after, mut pages) = (None, 0);
    loop {
        after = tenant.wake_pinned(pinned, after, NOW, 2).await.unwrap();
        pages += 1;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(pages, 3);
    let agenda = store.agenda();
    let leases = agenda.claim(tenant.id(), NOW, NOW, NOW.plus_ms(50), 9);
    let leases = leases.await.unwrap();
    let mut woken: Vec<_> = leases
        .iter()
        .map(|lease| (lease.customer, lease.wake))
        .collect();
    woken.sort_unstable();
    let who = |number| sample::customer(number).id;
    // Who was due before stays so; the second version's is not.
    let mut expected = [
        (who(1), NOW),
        (who(3), NOW),
        (who(4), NOW.plus_ms(-5)),
        (who(5), NOW),
    ];
    expected.sort_unstable();
    assert_eq!(woken, expected);
    let other = ("other", [1_u32].as_slice());
    assert_eq!(tenant.wake_pinned(other, None, NOW, 2).await.unwrap(), None);
}
