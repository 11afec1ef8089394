//! `/v1/customers/{customer}/ledger`: every movement of what is owed.

use std::collections::HashMap;

use axum::http::Method;
use regua_domain::id::{CustomerId, ItemId, PaymentId};
use regua_domain::ledger::LedgerEntry;
use regua_domain::time::Date;
use regua_storage::{Page, TenantStore};
use schemars::JsonSchema;
use serde::Serialize;

use super::READERS;
use super::customers::ByCustomer;
use crate::call::{Call, customer};
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::{Amount, Instant};

/// Rows read at once.
const ROWS: u32 = 500;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const PATH: &str = "/v1/customers/{customer}/ledger";
    vec![
        endpoint(Method::GET, PATH, "list_ledger", list)
            .says(
                "Every movement of what a customer owes, the oldest first",
                "The movements of an invoice add up to what is left of it; those without one \
                 add up to the credit, negated.",
            )
            .roles(READERS),
    ]
}

/// A movement.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LedgerOut {
    /// Counts the customer's movements from 0.
    number: u64,
    /// issue, receipt, allocation, reversal, credit-note, waiver, void, write-off or
    /// adjustment.
    kind: &'static str,
    /// The invoice, fee or interest that it moves, by reference; none: the credit.
    invoice: Option<String>,
    /// The payment behind it, by reference.
    payment: Option<String>,
    /// By how much it changes what is owed.
    amount: Amount,
    /// The day it counts from.
    #[schemars(with = "chrono::NaiveDate")]
    effective_on: Date,
    /// When the host learned of it.
    recorded_at: Instant,
}

async fn list(
    call: Call<ByCustomer, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<LedgerOut>>>, Problem> {
    let after: Option<u64> = call.query.key()?;
    let store = call.store();
    let id = customer(&*store, &call.path.customer).await?;
    let entries = store.ledger(id).await?;
    let found = entries
        .into_iter()
        .filter(|entry| after.is_none_or(|after| entry.number > after))
        .take(call.query.rows() as usize)
        .collect();
    let items = item_names(&*store, id).await?;
    let payments = payment_names(&*store, id).await?;
    let key = |entry: &LedgerEntry| entry.number.to_string();
    let page = call.query.page(found, key, |entry| LedgerOut {
        number: entry.number,
        kind: entry.kind.name(),
        invoice: entry.item.map(|id| named(&items, &id)),
        payment: entry.payment.map(|id| named(&payments, &id)),
        amount: Amount::minor(entry.amount, entry.currency),
        effective_on: entry.effective_on,
        recorded_at: entry.recorded_at.into(),
    });
    Ok(Reply::ok(Json(page)))
}

fn named<K: std::hash::Hash + Eq + ToString>(names: &HashMap<K, String>, id: &K) -> String {
    names.get(id).map_or_else(|| id.to_string(), Clone::clone)
}

/// The references of a customer's invoices, settled ones too.
async fn item_names(
    store: &dyn TenantStore,
    customer: CustomerId,
) -> Result<HashMap<ItemId, String>, Problem> {
    let mut names = HashMap::new();
    let mut page = first(customer);
    loop {
        let found = store.items(&page).await?;
        let is_last = found.len() < ROWS as usize;
        page.after = found.last().map(|of| of.value.reference.clone());
        names.extend(
            found
                .into_iter()
                .map(|of| (of.value.id, of.value.reference)),
        );
        if is_last {
            return Ok(names);
        }
    }
}

/// The references of a customer's payments.
async fn payment_names(
    store: &dyn TenantStore,
    customer: CustomerId,
) -> Result<HashMap<PaymentId, String>, Problem> {
    let mut names = HashMap::new();
    let mut page = first(customer);
    loop {
        let found = store.payments(&page).await?;
        let is_last = found.len() < ROWS as usize;
        page.after = found.last().map(|of| of.value.reference.clone());
        names.extend(
            found
                .into_iter()
                .map(|of| (of.value.id, of.value.reference)),
        );
        if is_last {
            return Ok(names);
        }
    }
}

const fn first(customer: CustomerId) -> Page<String> {
    Page {
        customer: Some(customer),
        after: None,
        limit: ROWS,
    }
}
