//! `/v1/invoices`: what is owed.

use axum::http::Method;
use regua_domain::contract::DeliveryState;
use regua_domain::fact::{Fact, InvoiceFacts};
use regua_domain::ledger::Item;
use regua_domain::time::Date;
use regua_storage::{Of, Page, TenantStore};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BILLING, READERS};
use crate::call::{Call, customer};
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::{Amount, Instant, NoParams};
use crate::tell::{Told, tell};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::GET, "/v1/invoices", "list_invoices", list)
            .says(
                "Invoices, fees and interest, settled ones too, by reference",
                "",
            )
            .roles(READERS),
        endpoint(Method::POST, "/v1/invoices", "add_invoice", add)
            .says(
                "Tells that an invoice was issued",
                "The customer has to be known. The same invoice told again changes nothing; \
                 a reference that is known with another amount or date is refused.",
            )
            .roles(BILLING)
            .tells()
            .unaudited(),
        endpoint(Method::GET, "/v1/invoices/{invoice}", "get_invoice", get)
            .says("An invoice, by reference", "")
            .roles(READERS),
        endpoint(
            Method::POST,
            "/v1/invoices/{invoice}/void",
            "void_invoice",
            void,
        )
        .says(
            "Tells that an invoice should never have been",
            "What was paid of it becomes credit.",
        )
        .roles(BILLING)
        .tells()
        .unaudited(),
        endpoint(
            Method::POST,
            "/v1/invoices/{invoice}/credit-notes",
            "add_credit_note",
            credit,
        )
        .says("Tells that a part of an invoice is no longer owed", "")
        .roles(BILLING)
        .tells()
        .unaudited(),
        endpoint(
            Method::PUT,
            "/v1/invoices/{invoice}/delivery",
            "put_invoice_delivery",
            delivery,
        )
        .says("Tells how far an invoice's document has come", "")
        .roles(BILLING)
        .tells()
        .unaudited(),
    ]
}

/// An invoice, by reference.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByInvoice {
    /// The tenant's own key of the invoice.
    #[schemars(length(min = 1, max = 256))]
    pub invoice: String,
}

/// An item, by reference, with the customer's reference.
pub(crate) async fn item(store: &dyn TenantStore, reference: &str) -> Result<Of<Item>, Problem> {
    let found = store.item(reference).await?;
    found.ok_or_else(|| Problem::missing("invoice", reference))
}

/// A page of invoices, or payments: of one customer, or of all.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfCustomerQuery {
    /// Of this customer only, by reference.
    pub customer: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// At most so many on it.
    #[serde(default = "crate::reply::fifty")]
    #[schemars(range(min = 1, max = 500))]
    pub limit: u32,
}

impl OfCustomerQuery {
    pub(crate) fn paging(&self) -> PageQuery {
        PageQuery {
            after: self.after.clone(),
            limit: self.limit,
        }
    }

    pub(crate) async fn page<K: std::str::FromStr>(
        &self,
        store: &dyn TenantStore,
    ) -> Result<Page<K>, Problem> {
        let paging = self.paging();
        Ok(Page {
            customer: match &self.customer {
                Some(reference) => Some(customer(store, reference).await?),
                None => None,
            },
            after: paging.key()?,
            limit: paging.rows(),
        })
    }
}

/// An invoice that was issued.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "customer": "C-1", "reference": "F-1",
    "amount": { "amount": "250.00", "currency": "BRL" },
    "issued_on": "2026-03-02", "due_on": "2026-03-04"
}))]
pub(crate) struct InvoiceIn {
    /// Whose: the tenant's own key of the customer.
    pub customer: String,
    /// The invoice's own key.
    pub reference: String,
    /// Above 0.
    pub amount: Amount,
    /// When it was issued.
    #[schemars(with = "chrono::NaiveDate")]
    pub issued_on: Date,
    /// When it is due.
    #[schemars(with = "chrono::NaiveDate")]
    pub due_on: Date,
    /// The contract that it bills.
    #[serde(default)]
    pub contract: Option<String>,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl InvoiceIn {
    pub(crate) fn fact(&self) -> Result<Fact, Problem> {
        let amount = self.amount.money("/amount");
        Ok(Fact::InvoiceIssued(InvoiceFacts {
            reference: self.reference.clone(),
            amount: amount.map_err(|fault| Problem::invalid(vec![fault]))?,
            issued_on: self.issued_on,
            due_on: self.due_on,
            contract: self.contract.clone(),
        }))
    }
}

/// An invoice, fee or interest as it stands.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct InvoiceOut {
    /// The host's id.
    id: String,
    /// Its own key.
    reference: String,
    /// Whose.
    customer: String,
    /// invoice, late-fee, interest or other-charge.
    kind: serde_json::Value,
    /// What was billed.
    amount: Amount,
    /// What is left.
    outstanding: Amount,
    #[schemars(with = "chrono::NaiveDate")]
    issued_on: Date,
    #[schemars(with = "chrono::NaiveDate")]
    due_on: Date,
    /// The contract that it bills.
    contract: Option<String>,
    /// chased, placed, written-off or closed.
    disposition: serde_json::Value,
    /// unknown, sent, delivered, opened or bounced.
    delivery: serde_json::Value,
}

/// A word of the domain's, as it is written.
pub(crate) fn word<T: Serialize>(value: &T) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

impl InvoiceOut {
    pub(crate) fn of(of: Of<Item>) -> Self {
        let item = of.value;
        Self {
            id: item.id.to_string(),
            customer: of.reference,
            kind: word(&item.kind),
            amount: Amount::minor(item.original, item.currency),
            outstanding: Amount::minor(item.outstanding, item.currency),
            issued_on: item.issued_on,
            due_on: item.due_on,
            disposition: word(&item.disposition),
            delivery: word(&item.delivery),
            reference: item.reference,
            contract: item.contract,
        }
    }
}

async fn list(
    call: Call<NoParams, OfCustomerQuery, Nothing>,
) -> Result<Reply<Json<PageOf<InvoiceOut>>>, Problem> {
    let store = call.store();
    let found = store.items(&call.query.page(&*store).await?).await?;
    let key = |of: &Of<Item>| of.value.reference.clone();
    let page = call.query.paging().page(found, key, InvoiceOut::of);
    Ok(Reply::ok(Json(page)))
}

async fn get(call: Call<ByInvoice, NoParams, Nothing>) -> Result<Reply<Json<InvoiceOut>>, Problem> {
    let found = item(&*call.store(), &call.path.invoice).await?;
    Ok(Reply::ok(Json(InvoiceOut::of(found))))
}

async fn add(
    call: Call<NoParams, NoParams, Json<InvoiceIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let invoice = &call.body.0;
    let fact = invoice.fact()?;
    tell(&call, invoice.customer.clone(), fact, invoice.at.as_ref()).await
}

/// When something happened.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "at": "2026-03-05T10:00:00Z" }))]
pub(crate) struct AtBody {
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

async fn void(call: Call<ByInvoice, NoParams, Json<AtBody>>) -> Result<Reply<Json<Told>>, Problem> {
    let of = item(&*call.store(), &call.path.invoice).await?;
    let invoice = call.path.invoice.clone();
    tell(
        &call,
        of.reference,
        Fact::InvoiceVoided { invoice },
        call.body.0.at.as_ref(),
    )
    .await
}

/// A credit note.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "reference": "N-1", "amount": { "amount": "50.00", "currency": "BRL" }
}))]
pub(crate) struct CreditNoteIn {
    /// The credit note's own key.
    #[schemars(length(min = 1, max = 256))]
    reference: String,
    /// Above 0; at most what is left of the invoice.
    amount: Amount,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl CreditNoteIn {
    pub(crate) fn fact(&self, invoice: &str) -> Result<Fact, Problem> {
        let amount = self.amount.money("/amount");
        Ok(Fact::CreditNote {
            invoice: invoice.to_owned(),
            reference: self.reference.clone(),
            amount: amount.map_err(|fault| Problem::invalid(vec![fault]))?,
        })
    }
}

async fn credit(
    call: Call<ByInvoice, NoParams, Json<CreditNoteIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let note = &call.body.0;
    let fact = note.fact(&call.path.invoice)?;
    let of = item(&*call.store(), &call.path.invoice).await?;
    tell(&call, of.reference, fact, note.at.as_ref()).await
}

/// How far a document has come.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "state": "delivered" }))]
pub(crate) struct DeliveryIn {
    /// unknown, sent, delivered, opened or bounced.
    #[schemars(with = "DeliveryWord")]
    state: DeliveryState,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl DeliveryIn {
    pub(crate) fn fact(&self, invoice: &str) -> Fact {
        Fact::InvoiceDelivery {
            invoice: invoice.to_owned(),
            state: self.state,
        }
    }
}

/// How far a document has come.
#[derive(JsonSchema)]
#[schemars(rename = "Delivery")]
#[serde(rename_all = "kebab-case")]
#[allow(dead_code, reason = "it stands for the domain's own in the schema")]
enum DeliveryWord {
    Unknown,
    Sent,
    Delivered,
    Opened,
    Bounced,
}

async fn delivery(
    call: Call<ByInvoice, NoParams, Json<DeliveryIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let of = item(&*call.store(), &call.path.invoice).await?;
    let fact = call.body.0.fact(&call.path.invoice);
    tell(&call, of.reference, fact, call.body.0.at.as_ref()).await
}
