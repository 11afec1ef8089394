//! Whether what is in a store adds up.

use std::sync::Arc;

use regua_domain::contract::EffectState;
use regua_domain::dossier::Draft;
use regua_domain::ledger::Account;
use regua_storage::{Finding, Store};

use crate::sample::{self, NOW};

pub async fn what_adds_up_is_found_to(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let before = sample::with_customers(&tenant, &[1]).await.remove(0);
    let invoice = sample::invoice("F-1", 5_000, 3);
    let (commit, _) = sample::taken(&before, &invoice, 1).unwrap();
    sample::done(&tenant, commit).await;
    let before = sample::load(&tenant, before.customer.id).await.unwrap();
    let (commit, _) = sample::taken(&before, &sample::payment("P-1", 7_000, false), 2).unwrap();
    sample::done(&tenant, commit).await;
    assert_eq!(store.check(tenant.id(), NOW).await.unwrap(), []);
    let standing = store.standing(tenant.id(), NOW).await.unwrap();
    assert_eq!((standing.customers, standing.queued), (1, 0));
}

pub async fn what_does_not_add_up_is_named(store: Arc<dyn Store>) {
    let tenant = sample::tenant(&store, 1).await;
    let before = sample::with_customers(&tenant, &[1]).await.remove(0);
    let mut draft = Draft::new(before.clone(), NOW);
    let item = sample::item(5);
    let (reference, outstanding) = (item.reference.clone(), item.outstanding);
    draft.dossier.items.push(item);
    draft.dossier.accounts.push(Account {
        currency: sample::brl(),
        credit: 12,
    });
    let case = sample::case(70);
    let id = case.id;
    draft.dossier.cases.push(case);
    sample::transition(&mut draft, id, "Dear customer, …");
    draft.dossier.cases.clear();
    assert_eq!(draft.dossier.effects[0].state, EffectState::Queued);
    sample::done(&tenant, sample::commit(&before, draft, NOW)).await;
    let agenda = store.agenda();
    let until = NOW.plus_ms(10 * 3_600_000);
    agenda.claim(tenant.id(), NOW, NOW, until, 9).await.unwrap();
    let findings = store.check(tenant.id(), NOW).await.unwrap();
    let tenant = tenant.id();
    assert_eq!(
        findings,
        [
            Finding::Item {
                tenant,
                item: reference,
                outstanding,
                ledger: 0
            },
            Finding::Credit {
                tenant,
                customer: "C-1".to_owned(),
                currency: "BRL".to_owned(),
                credit: 12,
                ledger: 0
            },
            Finding::Orphans {
                tenant,
                case: id.to_string(),
                effects: 1
            },
            Finding::Leases {
                tenant,
                customers: 1
            },
        ]
    );
    // Another tenant's part is its own.
    let other = sample::tenant(&store, 2).await.id();
    assert_eq!(store.check(other, NOW).await.unwrap(), []);
}
