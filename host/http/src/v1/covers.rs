//! `/v1/customers/{customer}/covers`: why part of a debt is not chased now.

use std::collections::BTreeMap;

use axum::http::Method;
use regua_domain::balance::{View, paid_since};
use regua_domain::contract::CoverKind;
use regua_domain::cover::Cover;
use regua_domain::dossier::Dossier;
use regua_domain::id::ItemId;
use regua_domain::time::{Date, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::READERS;
use super::customers::ByCustomer;
use super::invoices::word;
use crate::call::{Call, customer, dossier};
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shape::{Amount, Instant, NoParams};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const PATH: &str = "/v1/customers/{customer}/covers";
    vec![
        endpoint(Method::GET, PATH, "list_covers", list)
            .says(
                "Why part of what a customer owes is not chased now",
                "Active disputes, pending payments, promises and plans with their schedules, \
                 and holds; the oldest first.",
            )
            .roles(READERS),
    ]
}

/// All active covers of a customer: there are few.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Covers {
    data: Vec<CoverOut>,
}

/// Why part of a debt is not chased now.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CoverOut {
    id: String,
    /// dispute, pending, promise, plan or hold.
    kind: serde_json::Value,
    /// Where it comes from: a dispute's or a payment's reference, an offer's name, a hold's
    /// reason.
    source: String,
    currency: String,
    /// Invoices that it covers, by reference; none: all of what is owed in the currency.
    invoices: Vec<String>,
    /// What it was made over; none: all of these invoices.
    amount: Option<Amount>,
    /// What it keeps from being chased today.
    covered: Amount,
    /// What money paid since it began, of promises and plans.
    paid: Option<Amount>,
    /// The last day it holds without a further fact.
    #[schemars(with = "Option<chrono::NaiveDate>")]
    until: Option<Date>,
    /// What is to be paid by when, of promises and plans.
    schedule: Vec<PartOut>,
    began_at: Instant,
}

/// A part of a schedule.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PartOut {
    #[schemars(with = "chrono::NaiveDate")]
    due_on: Date,
    amount: Amount,
}

/// The active covers of a dossier, the oldest first.
fn active(dossier: &Dossier, now: Timestamp) -> Vec<CoverOut> {
    let today = now.date_in(dossier.customer.time_zone);
    let names: BTreeMap<ItemId, &str> = dossier
        .items
        .iter()
        .map(|item| (item.id, item.reference.as_str()))
        .collect();
    let mut currencies: Vec<_> = dossier.covers.iter().map(|cover| cover.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let mut covers = Vec::new();
    for currency in currencies {
        // The tolerance only sets the anchor, which is not told here.
        let view = View::of(dossier, currency, today, 0);
        covers.extend(view.covers);
    }
    covers.sort_by_key(|(cover, _)| (cover.began_at, cover.id));
    let of = |(cover, covered): (&Cover, i64)| {
        let amount = |minor| Amount::minor(minor, cover.currency);
        let is_kept = matches!(cover.kind, CoverKind::Promise | CoverKind::Plan);
        let name = |item: &ItemId| {
            let known = names.get(item);
            known.map_or_else(|| item.to_string(), |name| (*name).to_owned())
        };
        let schedule = cover.schedule.iter().map(|part| PartOut {
            due_on: part.due_on,
            amount: amount(part.amount),
        });
        CoverOut {
            id: cover.id.to_string(),
            kind: word(&cover.kind),
            source: cover.source.clone(),
            currency: cover.currency.code().to_owned(),
            invoices: cover.items.iter().map(name).collect(),
            amount: cover.amount.map(amount),
            covered: amount(covered),
            paid: is_kept.then(|| amount(paid_since(dossier, cover))),
            until: cover.until,
            schedule: schedule.collect(),
            began_at: cover.began_at.into(),
        }
    };
    covers.into_iter().map(of).collect()
}

async fn list(call: Call<ByCustomer, NoParams, Nothing>) -> Result<Reply<Json<Covers>>, Problem> {
    let tenancy = call.tenant().await?;
    let store = tenancy.store();
    let id = customer(&**store, &call.path.customer).await?;
    let dossier = dossier(&**store, id).await?;
    let data = active(&dossier, tenancy.now);
    Ok(Reply::ok(Json(Covers { data })))
}
