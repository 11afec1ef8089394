//! Money: what the ledger adds up to is what is owed.

use std::collections::HashMap;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use regua_domain::dossier::Dossier;
use regua_domain::fact::Fact;
use regua_domain::money::Money;
use regua_domain::time::plus_days;
use regua_storage::{Outcome, Store, TenantStore, Wanted};

use crate::sample::{
    self, brl, customer_facts, invoice, load_wanted, payment, taken, today, with_customers,
};

/// Something told of a customer, with a number that names what it is about.
fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let known = 0..6_u8;
    let amount = 1..2_000_i64;
    let fact = prop_oneof![
        4 => (known.clone(), amount.clone(), -40..40_i64)
            .prop_map(|(n, minor, due)| invoice(&format!("R-{n}"), minor, due)),
        4 => (known.clone(), amount.clone(), any::<bool>())
            .prop_map(|(n, minor, pending)| payment(&format!("P-{n}"), minor, pending)),
        2 => known.clone().prop_map(|n| Fact::PaymentReversed {
            payment: format!("P-{n}"),
            code: "chargeback".to_owned(),
        }),
        1 => known.clone().prop_map(|n| Fact::PaymentFailed {
            payment: format!("P-{n}"),
            code: "no-funds".to_owned(),
            is_hard: false,
        }),
        2 => (known.clone(), amount.clone()).prop_map(|(n, minor)| Fact::CreditNote {
            invoice: format!("R-{n}"),
            reference: format!("CN-{minor}"),
            amount: Money::new(minor, brl()),
        }),
        1 => known.prop_map(|n| Fact::InvoiceVoided { invoice: format!("R-{n}") }),
        1 => amount.prop_map(|minor| Fact::PromiseMade {
            amount: Money::new(minor, brl()),
            due_on: plus_days(today(), 5),
        }),
        1 => Just(Fact::HoldPlaced {
            reason: "hardship".to_owned(),
            until: plus_days(today(), 9),
        }),
        1 => Just(Fact::HoldLifted),
    ];
    prop::collection::vec(fact, 1..30)
}

fn all_of(dossier: &Dossier) -> Wanted {
    Wanted {
        invoices: (0..6).map(|n| format!("R-{n}")).collect(),
        payments: (0..6).map(|n| format!("P-{n}")).collect(),
        ..dossier.customer.id.into()
    }
}

pub async fn ledger_adds_up_to_the_balances_after_any_facts(store: Arc<dyn Store>) {
    let mut runner = TestRunner::deterministic();
    for number in 0..48 {
        let facts = facts().new_tree(&mut runner).unwrap().current();
        let tenant = sample::tenant(&store, number).await;
        let mut seed = number * 1_000;
        let mut dossier = with_customers(&tenant, &[number]).await.remove(0);
        for fact in std::iter::once(customer_facts(number)).chain(facts) {
            seed += 1;
            let Ok((commit, after)) = taken(&dossier, &fact, seed) else {
                continue;
            };
            let outcomes = tenant.commit(vec![commit]).await.unwrap();
            assert_eq!(outcomes, [Outcome::Done], "{fact:?}");
            let loaded = load_wanted(&tenant, all_of(&dossier)).await.unwrap();
            assert_eq!(loaded, as_loaded(after), "after {fact:?}");
            dossier = loaded;
        }
        adds_up(&tenant, &dossier).await;
    }
}

/// A draft as a load gives it: one version on, without what is over.
fn as_loaded(mut after: Dossier) -> Dossier {
    after.version += 1;
    after.covers.retain(regua_domain::cover::Cover::is_active);
    after.covers.sort_by_key(|cover| (cover.began_at, cover.id));
    after.payments.sort_by_key(|payment| payment.id);
    after
}

async fn adds_up(tenant: &Arc<dyn TenantStore>, dossier: &Dossier) {
    let entries = tenant.ledger(dossier.customer.id).await.unwrap();
    let mut sums: HashMap<_, i64> = HashMap::new();
    for (place, entry) in entries.iter().enumerate() {
        assert_eq!(entry.number, place as u64);
        *sums.entry(entry.item).or_default() += entry.amount;
    }
    for item in &dossier.items {
        assert_eq!(
            sums.get(&Some(item.id)),
            Some(&item.outstanding),
            "{item:?}"
        );
    }
    let credit = dossier.credit(brl());
    assert_eq!(sums.get(&None).copied().unwrap_or(0), -credit);
}
