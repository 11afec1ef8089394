//! `/v1/payments`: money that came, is on its way, or was taken back.

use std::collections::BTreeMap;

use axum::http::Method;
use regua_domain::fact::{Fact, PaymentFacts};
use regua_domain::id::ItemId;
use regua_domain::ledger::Payment;
use regua_domain::time::{Date, Timestamp};
use regua_storage::{Of, TenantStore, Wanted};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::invoices::{OfCustomerQuery, word};
use super::{BILLING, READERS};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::faults::Faults;
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::{PageOf, Reply};
use crate::shape::{Amount, Instant, NoParams};
use crate::tell::{Told, tell};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const ONE: &str = "/v1/payments/{payment}";
    const FAILURE: &str = "/v1/payments/{payment}/failure";
    const REVERSAL: &str = "/v1/payments/{payment}/reversal";
    vec![
        endpoint(Method::GET, "/v1/payments", "list_payments", list)
            .says("Payments, by reference", "")
            .roles(READERS),
        endpoint(Method::POST, "/v1/payments", "add_payment", add)
            .says(
                "Tells that money came, or is on its way",
                "It pays the invoices that it names, then the oldest due; what is left over is \
                 credit. A pending payment covers what it would pay: told again without \
                 `pending`, it has come. The same payment told again changes nothing; a \
                 reference that is known with another amount is refused.",
            )
            .roles(BILLING)
            .tells()
            .unaudited(),
        endpoint(Method::GET, ONE, "get_payment", get)
            .says("A payment, by reference, with what it paid", "")
            .roles(READERS),
        endpoint(Method::POST, FAILURE, "fail_payment", failure)
            .says("Tells that a pending payment did not come", "")
            .roles(BILLING)
            .tells()
            .unaudited(),
        endpoint(Method::POST, REVERSAL, "reverse_payment", reversal)
            .says(
                "Tells that a payment was taken back",
                "What it paid is owed again, wherever its credit went since.",
            )
            .roles(BILLING)
            .tells()
            .unaudited(),
    ]
}

/// A payment, by reference.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByPayment {
    /// The tenant's own key of the payment.
    #[schemars(length(min = 1, max = 256))]
    pub payment: String,
}

/// A payment.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "customer": "C-1", "reference": "P-1",
    "amount": { "amount": "250.00", "currency": "BRL" },
    "paid_on": "2026-03-05", "invoices": ["F-1"]
}))]
pub(crate) struct PaymentIn {
    /// Whose: the tenant's own key of the customer.
    #[schemars(length(min = 1, max = 128))]
    pub customer: String,
    /// The payment's own key.
    #[schemars(length(min = 1, max = 128))]
    reference: String,
    /// Above 0.
    amount: Amount,
    /// The day it was made.
    #[schemars(with = "chrono::NaiveDate")]
    paid_on: Date,
    /// Invoices that it is for, by reference. The rest goes to the oldest due.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    invoices: Vec<String>,
    /// It is on its way only.
    #[serde(default)]
    pending: bool,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl PaymentIn {
    pub(crate) fn fact(&self) -> Result<Fact, Problem> {
        let mut faults = Faults::default();
        let amount = faults.positive(&self.amount, "/amount");
        faults.instant(self.at.as_ref());
        Ok(Fact::Payment(PaymentFacts {
            reference: self.reference.clone(),
            amount: faults.done(amount)?,
            paid_on: self.paid_on,
            invoices: self.invoices.clone(),
            pending: self.pending,
        }))
    }
}

/// A payment as it stands.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PaymentOut {
    /// The host's id.
    id: String,
    /// Its own key.
    reference: String,
    /// Whose.
    customer: String,
    amount: Amount,
    /// pending, succeeded, failed or reversed.
    state: serde_json::Value,
    /// The day it was made.
    #[schemars(with = "chrono::NaiveDate")]
    paid_on: Date,
    /// What of it is credit: no invoice was matched with it.
    credit: Amount,
}

impl PaymentOut {
    fn of(of: Of<Payment>) -> Self {
        let payment = of.value;
        Self {
            id: payment.id.to_string(),
            customer: of.reference,
            amount: Amount::minor(payment.amount, payment.currency),
            state: word(&payment.state),
            paid_on: payment.paid_on,
            credit: Amount::minor(payment.unmatched(), payment.currency),
            reference: payment.reference,
        }
    }
}

/// A payment with what it paid.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PaymentWhole {
    #[serde(flatten)]
    payment: PaymentOut,
    /// What it paid of invoices, fees and interest.
    paid: Vec<PaidOf>,
}

/// What a payment paid of one invoice.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PaidOf {
    /// Its reference.
    invoice: String,
    amount: Amount,
    /// When it was matched.
    at: Instant,
}

/// A payment, by reference, with the customer's reference.
async fn payment(store: &dyn TenantStore, reference: &str) -> Result<Of<Payment>, Problem> {
    let found = store.payment(reference).await?;
    found.ok_or_else(|| Problem::missing("payment", reference))
}

async fn list(
    call: Call<NoParams, OfCustomerQuery, Nothing>,
) -> Result<Reply<Json<PageOf<PaymentOut>>>, Problem> {
    let store = call.store();
    let found = store.payments(&call.query.page(&*store).await?).await?;
    let key = |of: &Of<Payment>| of.value.reference.clone();
    let page = call.query.paging().page(found, key, PaymentOut::of);
    Ok(Reply::ok(Json(page)))
}

async fn get(
    call: Call<ByPayment, NoParams, Nothing>,
) -> Result<Reply<Json<PaymentWhole>>, Problem> {
    let store = call.store();
    let of = payment(&*store, &call.path.payment).await?;
    let wanted = Wanted {
        payments: vec![of.value.reference.clone()],
        ..Wanted::from(of.customer)
    };
    // Neither old cases nor old letters are looked at here.
    let late = Timestamp::NEVER;
    let dossiers = store.load(&[wanted], late, late).await?;
    let items: BTreeMap<ItemId, String> = dossiers
        .into_iter()
        .flat_map(|dossier| dossier.items)
        .map(|item| (item.id, item.reference))
        .collect();
    let paid = of.value.allocated.iter().map(|part| PaidOf {
        invoice: items
            .get(&part.item)
            .map_or_else(|| part.item.to_string(), Clone::clone),
        amount: Amount::minor(part.amount, of.value.currency),
        at: part.at.into(),
    });
    Ok(Reply::ok(Json(PaymentWhole {
        paid: paid.collect(),
        payment: PaymentOut::of(of),
    })))
}

async fn add(
    call: Call<NoParams, NoParams, Json<PaymentIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let payment = &call.body.0;
    let fact = payment.fact()?;
    tell(&call, payment.customer.clone(), fact, payment.at.as_ref()).await
}

/// Why a payment did not come.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "code": "insufficient-funds" }))]
pub(crate) struct FailureIn {
    /// The decline code. Stages see it.
    #[schemars(length(min = 1, max = 64))]
    code: String,
    /// Whether trying again is pointless.
    #[serde(default)]
    is_hard: bool,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl FailureIn {
    pub(crate) fn fact(&self, payment: &str) -> Fact {
        Fact::PaymentFailed {
            payment: payment.to_owned(),
            code: self.code.clone(),
            is_hard: self.is_hard,
        }
    }
}

async fn failure(
    call: Call<ByPayment, NoParams, Json<FailureIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let of = payment(&*call.store(), &call.path.payment).await?;
    let fact = call.body.0.fact(&call.path.payment);
    tell(&call, of.reference, fact, call.body.0.at.as_ref()).await
}

/// Why a payment was taken back.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "code": "charge-back" }))]
pub(crate) struct ReversalIn {
    /// In a word. Stages see it.
    #[schemars(length(min = 1, max = 64))]
    code: String,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl ReversalIn {
    pub(crate) fn fact(&self, payment: &str) -> Fact {
        Fact::PaymentReversed {
            payment: payment.to_owned(),
            code: self.code.clone(),
        }
    }
}

async fn reversal(
    call: Call<ByPayment, NoParams, Json<ReversalIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let of = payment(&*call.store(), &call.path.payment).await?;
    let fact = call.body.0.fact(&call.path.payment);
    tell(&call, of.reference, fact, call.body.0.at.as_ref()).await
}
