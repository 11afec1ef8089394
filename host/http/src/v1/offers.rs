//! `/v1/offers`: what debtors answer to offers of plans.

use axum::http::Method;
use regua_domain::contract::ActionKind;
use regua_domain::effect::EffectKey;
use regua_domain::fact::Fact;
use schemars::JsonSchema;
use serde::Deserialize;

use super::ANSWERS;
use super::effects::{ByEffect, effect};
use super::invoices::AtBody;
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::faults::called;
use crate::input::Json;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shape::{Instant, NoParams};
use crate::tell::{Told, tell};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(
            Method::POST,
            "/v1/offers/{key}/accept",
            "accept_offer",
            accept,
        )
        .says(
            "Tells that the debtor accepts a plan of an offer",
            "The plan covers its invoices while it is kept. What is owed has to be what the \
             plan adds up to.",
        )
        .roles(ANSWERS)
        .tells(),
        endpoint(
            Method::POST,
            "/v1/offers/{key}/decline",
            "decline_offer",
            decline,
        )
        .says("Tells that the debtor declines an offer", "")
        .roles(ANSWERS)
        .tells(),
    ]
}

/// An acceptance.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "plan": 1 }))]
pub(crate) struct AcceptIn {
    /// Which of the offer's plans, from 1.
    #[schemars(range(min = 1, max = 100))]
    plan: u32,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

/// What a debtor answers to an offer: the plan they accept, or none.
pub(crate) fn answered(effect: EffectKey, accepted: Option<&AcceptIn>) -> Fact {
    Fact::OfferAnswered {
        effect,
        accepted: accepted.and_then(|accepted| usize::try_from(accepted.plan).ok()),
    }
}

async fn answer<B>(
    call: &Call<ByEffect, NoParams, B>,
    accepted: Option<&AcceptIn>,
    at: Option<&Instant>,
) -> Result<Reply<Json<Told>>, Problem> {
    let found = effect(&*call.store(), "offer", &call.path.key).await?;
    let kind = found.effect.kind();
    if !matches!(kind, ActionKind::OfferPlan | ActionKind::OfferDiscount) {
        return Err(Problem::missing("offer", &call.path.key));
    }
    let fact = answered(found.effect.key, accepted);
    tell(call, found.dossier.customer.reference, fact, at)
        .await
        .map_err(|problem| called(problem, "/accepted", "/plan"))
}

async fn accept(
    call: Call<ByEffect, NoParams, Json<AcceptIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let accepted = &call.body.0;
    answer(&call, Some(accepted), accepted.at.as_ref()).await
}

async fn decline(
    call: Call<ByEffect, NoParams, Json<AtBody>>,
) -> Result<Reply<Json<Told>>, Problem> {
    answer(&call, None, call.body.0.at.as_ref()).await
}
