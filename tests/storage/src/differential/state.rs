//! All that a store holds of a tenant, as texts to compare.

use std::fmt::Debug;
use std::sync::Arc;

use regua_domain::time::Timestamp;
use regua_storage::{CasesQuery, Record as _, RecordsQuery, Store, TenantStore, Wanted};

use super::commits::Told;
use super::everybody;
use crate::sample::{LONG_AGO, NOW};

fn text(what: &str, value: impl Debug) -> String {
    format!("{what}: {value:#?}")
}

/// Each text is about one thing, so that a difference is short.
pub(super) async fn of(
    store: &Arc<dyn Store>,
    tenant: &Arc<dyn TenantStore>,
    host_now: Timestamp,
) -> Vec<String> {
    let mut all = Vec::new();
    let wanted: Vec<Wanted> = everybody()
        .map(|customer| Wanted {
            invoices: (0..8).map(|number| format!("R-{number}")).collect(),
            payments: (0..8).map(|number| format!("P-{number}")).collect(),
            ..customer.into()
        })
        .collect();
    let plain: Vec<Wanted> = everybody().map(Wanted::from).collect();
    for (wanted, since) in [(&wanted, LONG_AGO), (&plain, NOW.plus_ms(40))] {
        let dossiers = tenant.load(wanted, since, since).await.expect("dossiers");
        all.extend(dossiers.iter().map(|dossier| text("dossier", dossier)));
    }
    for customer in everybody() {
        let ledger = tenant.ledger(customer).await.expect("a ledger");
        all.push(text("ledger", ledger));
        let timeline = tenant.timeline(customer, 0, 1_000).await;
        all.push(text("timeline", timeline.expect("a timeline")));
    }
    for open in [true, false] {
        let query = CasesQuery {
            open,
            limit: 1_000,
            ..CasesQuery::default()
        };
        let cases = tenant.cases(&query).await.expect("cases");
        for row in &cases {
            let decisions = tenant.decisions(row.customer, row.case.id).await;
            all.push(text("decisions", decisions.expect("decisions")));
        }
        all.push(text("cases", cases));
    }
    let mut queued = tenant.queued(1_000).await.expect("an outbox");
    queued.sort();
    all.push(text("outbox", queued));
    let agenda = store.agenda();
    let next = agenda.next_wake(tenant.id()).await.expect("a wake-up");
    all.push(text("next wake-up", next));
    let held = agenda.held(tenant.id(), NOW.plus_ms(15), host_now).await;
    all.push(text("held", held.expect("who is held")));
    let every = RecordsQuery {
        limit: 1_000,
        ..RecordsQuery::default()
    };
    let records = tenant.records(Told::KIND, &every).await;
    all.push(text("records", records.expect("records")));
    all.push(text("row", tenant.row().await.expect("its row")));
    all.push(text("plugins", tenant.plugins().await.expect("plugins")));
    all.push(text("templates", tenant.templates().await.expect("them")));
    all.push(text("workflows", tenant.workflows().await.expect("them")));
    all
}
