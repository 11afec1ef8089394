//! What people agree with a debtor: holds, promises and consents, under `/v1/customers`.

use axum::http::{Method, StatusCode};
use regua_domain::fact::Fact;
use schemars::JsonSchema;
use serde::Deserialize;

use super::acts::{HoldIn, PromiseIn, channel, consent};
use super::customers::ByCustomer;
use super::{ANSWERS, DESK};
use crate::call::{Call, customer};
use crate::endpoint::{Endpoint, endpoint};
use crate::faults::in_path;
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shape::{Instant, NoParams};
use crate::tell::{Told, tell};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const HOLDS: &str = "/v1/customers/{customer}/holds";
    const PROMISES: &str = "/v1/customers/{customer}/promises";
    const CONSENT: &str = "/v1/customers/{customer}/consents/{channel}";
    vec![
        endpoint(Method::POST, HOLDS, "place_hold", hold)
            .says("Lets all of a customer's debts rest until a day", "")
            .roles(DESK)
            .tells(),
        endpoint(Method::DELETE, HOLDS, "lift_holds", lift)
            .says("Ends all holds of a customer", "")
            .roles(DESK)
            .tells()
            .answers(StatusCode::OK),
        endpoint(Method::POST, PROMISES, "add_promise", promise)
            .says(
                "Tells that a debtor promises to pay",
                "It takes the place of the promise before it in its currency. What is promised \
                 is not chased until it is broken: when it was not paid by its day, and the policy's \
                 `grace_days` after it.",
            )
            .roles(DESK)
            .tells(),
        endpoint(Method::PUT, CONSENT, "put_consent", put_consent)
            .says(
                "Tells whether a debtor may be written to on a channel",
                "It counts for every address that the customer has there.",
            )
            .roles(ANSWERS)
            .tells(),
    ]
}

async fn hold(
    call: Call<ByCustomer, NoParams, Json<HoldIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    customer(&*call.store(), &call.path.customer).await?;
    let reference = call.path.customer.clone();
    let fact = call.body.0.fact();
    tell(&call, reference, fact, call.body.0.at.as_ref())
        .await
        .map_err(|problem| in_path(problem, "customer"))
}

async fn lift(call: Call<ByCustomer, NoParams, Nothing>) -> Result<Reply<Json<Told>>, Problem> {
    customer(&*call.store(), &call.path.customer).await?;
    let reference = call.path.customer.clone();
    let told = tell(&call, reference, Fact::HoldLifted, None).await?;
    Ok(Reply::ok(told.body))
}

async fn promise(
    call: Call<ByCustomer, NoParams, Json<PromiseIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let fact = call.body.0.fact()?;
    customer(&*call.store(), &call.path.customer).await?;
    let reference = call.path.customer.clone();
    tell(&call, reference, fact, call.body.0.at.as_ref()).await
}

/// A channel of a customer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByChannel {
    /// The tenant's own key of the customer.
    #[schemars(length(min = 1, max = 128))]
    customer: String,
    /// email, sms, whatsapp, letter, phone, or another's name.
    #[schemars(regex(pattern = r"^[a-z0-9-]{1,32}$"))]
    channel: String,
}

/// What a debtor says of a channel.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "consent": "opted-out" }))]
pub(crate) struct ConsentIn {
    /// Whether they may be written to.
    consent: ConsentWord,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    at: Option<Instant>,
}

/// Whether a debtor may be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum ConsentWord {
    Given,
    OptedOut,
}

async fn put_consent(
    call: Call<ByChannel, NoParams, Json<ConsentIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let channel = channel(&call.path.channel)
        .map_err(|fault| in_path(Problem::invalid(vec![fault]), "channel"))?;
    customer(&*call.store(), &call.path.customer).await?;
    let fact = consent(channel, call.body.0.consent == ConsentWord::Given);
    let reference = call.path.customer.clone();
    tell(&call, reference, fact, call.body.0.at.as_ref())
        .await
        .map_err(|problem| in_path(problem, "channel"))
}
