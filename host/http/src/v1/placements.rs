//! `/v1/placements`: what agencies have, and what they tell of it.

use std::collections::BTreeMap;

use axum::http::Method;
use regua_domain::contract::Action;
use regua_domain::effect::{Effect, EffectKey};
use regua_domain::fact::{EffectResult, Fact, RemittanceFacts};
use regua_domain::id::ItemId;
use regua_domain::placement;
use regua_domain::time::Date;
use regua_storage::{EffectsOf, TenantStore};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::effects::{ByEffect, Found, effect};
use super::invoices::word;
use super::{DESK, READERS};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::faults::{Faults, called};
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::{Amount, Instant, NoParams};
use crate::tell::{Told, tell};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const REMITTANCES: &str = "/v1/placements/{key}/remittances";
    const RETURNS: &str = "/v1/placements/{key}/returns";
    const REPORTS: &str = "/v1/placements/{key}/reports";
    vec![
        endpoint(Method::GET, "/v1/placements", "list_placements", list)
            .says("Placements with agencies, by key", "")
            .roles(READERS),
        endpoint(Method::GET, "/v1/placements/{key}", "get_placement", get)
            .says("A placement, with its invoices", "")
            .roles(READERS),
        endpoint(Method::POST, REMITTANCES, "add_remittance", remit)
            .says(
                "Tells that an agency hands over what it collected",
                "It is a payment: it pays invoices of the placement, those that the agency \
                 still has first; what is left over goes to the oldest due.",
            )
            .roles(DESK)
            .tells(),
        endpoint(Method::POST, RETURNS, "add_return", give_back)
            .says(
                "Tells that an agency gives a placement back, or invoices of it",
                "They are chased again.",
            )
            .roles(DESK)
            .tells(),
        endpoint(Method::POST, REPORTS, "add_report", report)
            .says("Tells what an agency reports of a placement", "")
            .roles(DESK)
            .tells(),
    ]
}

/// A placement.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PlacementOut {
    key: String,
    case: String,
    /// Whose debt.
    customer: String,
    agency: String,
    /// queued, done, confirmed, failed or cancelled.
    state: serde_json::Value,
    /// What the agency last reported.
    status: String,
    /// Of what is collected, in hundredths of a percent.
    commission_bps: u32,
    term_days: u16,
    placed_at: Instant,
    /// The term's last day.
    #[schemars(with = "Option<chrono::NaiveDate>")]
    until: Option<Date>,
}

impl PlacementOut {
    /// None where the effect places nothing.
    fn of(effect: &Effect, customer: String) -> Option<Self> {
        let Action::PlaceWithAgency {
            agency,
            commission_bps,
            term_days,
            ..
        } = &effect.action
        else {
            return None;
        };
        Some(Self {
            key: effect.key.to_string(),
            case: effect.key.case.to_string(),
            customer,
            agency: agency.clone(),
            state: word(&effect.state),
            status: effect.code.clone(),
            commission_bps: *commission_bps,
            term_days: *term_days,
            placed_at: effect.at.into(),
            until: effect.until,
        })
    }
}

/// A placement with its invoices.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PlacementWhole {
    #[serde(flatten)]
    placement: PlacementOut,
    /// What was placed, by reference; by id, what is long settled.
    placed: Vec<String>,
    /// What of it the agency still has.
    held: Vec<String>,
}

/// A placement by key, with all of its customer.
async fn find(store: &dyn TenantStore, key: &str) -> Result<(Found, PlacementOut), Problem> {
    let found = effect(store, "placement", key).await?;
    let reference = found.dossier.customer.reference.clone();
    let placement = PlacementOut::of(&found.effect, reference);
    let placement = placement.ok_or_else(|| Problem::missing("placement", key))?;
    Ok((found, placement))
}

async fn list(
    call: Call<NoParams, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<PlacementOut>>>, Problem> {
    let after: Option<EffectKey> = call.query.key()?;
    let found = call
        .store()
        .effects(EffectsOf::Placements, after, call.query.rows())
        .await?;
    let page = call.query.page(
        found,
        |of| of.value.key.to_string(),
        |of| PlacementOut::of(&of.value, of.reference),
    );
    Ok(Reply::ok(Json(PageOf {
        data: page.data.into_iter().flatten().collect(),
        next: page.next,
    })))
}

async fn get(
    call: Call<ByEffect, NoParams, Nothing>,
) -> Result<Reply<Json<PlacementWhole>>, Problem> {
    let (found, placement) = find(&*call.store(), &call.path.key).await?;
    let names: BTreeMap<ItemId, &str> = found
        .dossier
        .items
        .iter()
        .map(|item| (item.id, item.reference.as_str()))
        .collect();
    let named = |items: Vec<ItemId>| {
        let names = items.iter().map(|id| {
            let known = names.get(id);
            known.map_or_else(|| id.to_string(), |name| (*name).to_owned())
        });
        names.collect()
    };
    Ok(Reply::ok(Json(PlacementWhole {
        placement,
        placed: named(placement::placed_by(&found.effect)),
        held: named(placement::held(&found.dossier, found.effect.key)),
    })))
}

/// What an agency collected.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "reference": "R-1", "amount": { "amount": "200.00", "currency": "BRL" },
    "paid_on": "2026-06-01", "commission": { "amount": "40.00", "currency": "BRL" }
}))]
pub(crate) struct RemittanceIn {
    /// The payment's own key.
    #[schemars(length(min = 1, max = 128))]
    reference: String,
    /// What the debtor paid, the agency's commission included: above 0.
    amount: Amount,
    /// When the debtor paid it.
    #[schemars(with = "chrono::NaiveDate")]
    paid_on: Date,
    /// Invoices of the placement that it is for, by reference; all of them, where none is
    /// named.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    invoices: Vec<String>,
    /// What the agency kept of it: at most the amount. It changes nothing of what is owed.
    #[serde(default)]
    commission: Option<Amount>,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl RemittanceIn {
    pub(crate) fn fact(&self, placement: EffectKey) -> Result<Fact, Problem> {
        let mut faults = Faults::default();
        let amount = faults.positive(&self.amount, "/amount");
        let commission = match &self.commission {
            Some(commission) => faults.positive(commission, "/commission").map(Some),
            None => Some(None),
        };
        faults.instant(self.at.as_ref());
        let (amount, commission) = faults.done(amount.zip(commission))?;
        Ok(Fact::PlacementRemitted(RemittanceFacts {
            placement,
            reference: self.reference.clone(),
            amount,
            paid_on: self.paid_on,
            invoices: self.invoices.clone(),
            commission,
        }))
    }
}

async fn remit(
    call: Call<ByEffect, NoParams, Json<RemittanceIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let told = &call.body.0;
    let fact = told.fact(call.path.named("placement")?)?;
    let (found, _) = find(&*call.store(), &call.path.key).await?;
    let reference = found.dossier.customer.reference;
    tell(&call, reference, fact, told.at.as_ref()).await
}

/// What an agency gives back.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "reason": "untraceable" }))]
pub(crate) struct ReturnIn {
    /// Invoices, by reference; all that the agency still has, where none is named.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    invoices: Vec<String>,
    /// In a word: untraceable, insolvent, term-over, … Stages see it.
    #[schemars(length(min = 1, max = 64))]
    reason: String,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

impl ReturnIn {
    pub(crate) fn fact(&self, placement: EffectKey) -> Fact {
        Fact::PlacementReturned {
            placement,
            invoices: self.invoices.clone(),
            reason: self.reason.clone(),
        }
    }
}

async fn give_back(
    call: Call<ByEffect, NoParams, Json<ReturnIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let told = &call.body.0;
    let (found, _) = find(&*call.store(), &call.path.key).await?;
    let fact = told.fact(found.effect.key);
    let reference = found.dossier.customer.reference;
    tell(&call, reference, fact, told.at.as_ref()).await
}

/// An agency's report.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "status": "in-court" }))]
pub(crate) struct ReportIn {
    /// In a word. Stages see it.
    #[schemars(length(min = 1, max = 200))]
    status: String,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    at: Option<Instant>,
}

async fn report(
    call: Call<ByEffect, NoParams, Json<ReportIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let told = &call.body.0;
    let (found, _) = find(&*call.store(), &call.path.key).await?;
    let fact = Fact::EffectResult {
        effect: found.effect.key,
        result: EffectResult::Confirmed {
            code: told.status.clone(),
        },
    };
    let reference = found.dossier.customer.reference;
    tell(&call, reference, fact, told.at.as_ref())
        .await
        .map_err(|problem| called(problem, "/code", "/status"))
}
