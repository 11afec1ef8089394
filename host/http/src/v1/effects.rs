//! `/v1/effects`: what cases did, and what became of it.

use axum::http::Method;
use regua_domain::dossier::Dossier;
use regua_domain::effect::{Effect, EffectKey};
use regua_domain::fact::{EffectResult, Fact};
use regua_domain::money::Currency;
use regua_domain::template::Rendered;
use regua_domain::time::Date;
use regua_storage::TenantStore;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::invoices::word;
use super::{BILLING, READERS};
use crate::call::{Call, dossier};
use crate::endpoint::{Endpoint, endpoint};
use crate::faults::Faults;
use crate::input::{Json, Nothing};
use crate::problem::{Fault, Problem};
use crate::reply::Reply;
use crate::shape::{Amount, Instant, NoParams};
use crate::tell::{Told, tell};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const RESULTS: &str = "/v1/effects/{key}/results";
    vec![
        endpoint(Method::GET, "/v1/effects/{key}", "get_effect", get)
            .says("Something that a case did; a message as it went out", "")
            .roles(READERS),
        endpoint(Method::POST, RESULTS, "add_effect_result", result)
            .says(
                "Tells what became of an effect",
                "A later result takes the place of an earlier one; the same again changes \
                 nothing. Where a message bounced, its address is written to no more.",
            )
            .roles(BILLING)
            .tells()
            .unaudited(),
    ]
}

/// An effect, by key.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByEffect {
    /// The effect's key: the case, its transition, and which of that transition's effects.
    #[schemars(regex(pattern = r"^case_[0-9a-f]{32}\.[0-9]{1,18}\.[0-9]{1,9}$"))]
    pub key: String,
}

impl ByEffect {
    /// The key as the domain has it, of what the caller looks for.
    pub(crate) fn named(&self, what: &str) -> Result<EffectKey, Problem> {
        let key = self.key.parse();
        key.map_err(|_| Problem::missing(what, &self.key))
    }

    /// The key as the domain has it, where it stands in a body.
    pub(crate) fn key(&self) -> Result<EffectKey, Problem> {
        let key = self.key.parse();
        key.map_err(|error| Problem::invalid(vec![Fault::at("/key", error)]))
    }
}

/// An effect with all of its customer.
pub(crate) struct Found {
    pub dossier: Dossier,
    pub effect: Effect,
    pub currency: Currency,
}

/// Looks for the effect of a key: it is called what the caller looks for.
pub(crate) async fn effect(
    store: &dyn TenantStore,
    what: &str,
    text: &str,
) -> Result<Found, Problem> {
    let missing = || Problem::missing(what, text);
    let key: EffectKey = text.parse().map_err(|_| missing())?;
    let of = store.case_of(key.case).await?.ok_or_else(missing)?;
    let dossier = dossier(store, of.customer).await?;
    let effect = dossier.effect(key).cloned().ok_or_else(missing)?;
    let case = dossier.case(key.case).ok_or_else(missing)?;
    Ok(Found {
        currency: case.currency,
        effect,
        dossier,
    })
}

/// An effect in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct EffectOut {
    key: String,
    case: String,
    /// Whose.
    customer: String,
    /// send-message, charge, offer-plan, place-with-agency, …
    kind: &'static str,
    /// The stage's own name of it.
    proposal: String,
    /// The stage that proposed it.
    stage: String,
    /// On which of its visits, from 0.
    visit: u32,
    /// queued, done, confirmed, failed or cancelled.
    state: Value,
    /// What the answer says.
    code: String,
    at: Instant,
    /// Until when an offer stands or a placement runs.
    #[schemars(with = "Option<chrono::NaiveDate>")]
    until: Option<Date>,
    /// Of messages: on which channel.
    channel: Option<String>,
    /// Of messages that were written: where to.
    address: Option<String>,
}

impl EffectOut {
    pub(crate) fn of(effect: &Effect, customer: String) -> Self {
        Self {
            key: effect.key.to_string(),
            case: effect.key.case.to_string(),
            customer,
            kind: effect.kind().name(),
            proposal: effect.proposal.clone(),
            stage: effect.stage.clone(),
            visit: effect.visit,
            state: word(&effect.state),
            code: effect.code.clone(),
            at: effect.at.into(),
            until: effect.until,
            channel: effect.channel().map(ToString::to_string),
            address: effect.letter.as_ref().map(|letter| letter.address.clone()),
        }
    }
}

/// An effect, whole.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct EffectWhole {
    #[serde(flatten)]
    effect: EffectOut,
    /// What was proposed, in the words of the plugin contract: its names, minor units, and
    /// the ids of invoices.
    #[schemars(with = "Map<String, Value>")]
    action: Value,
    /// Of messages: as it went out.
    letter: Option<LetterOut>,
}

/// A message as it went out.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LetterOut {
    /// reminder, demand, legal-notice, offer or confirmation.
    purpose: &'static str,
    channel: String,
    /// Where to.
    address: String,
    locale: String,
    #[serde(flatten)]
    text: RenderedOut,
    /// What it asked for.
    asked_for: Amount,
}

/// A text, in its parts.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RenderedOut {
    subject: Option<String>,
    text: String,
    html: Option<String>,
}

impl RenderedOut {
    pub(crate) fn of(rendered: Rendered) -> Self {
        Self {
            subject: rendered.subject,
            text: rendered.text,
            html: rendered.html,
        }
    }
}

async fn get(call: Call<ByEffect, NoParams, Nothing>) -> Result<Reply<Json<EffectWhole>>, Problem> {
    let found = effect(&*call.store(), "effect", &call.path.key).await?;
    let Found {
        effect,
        currency,
        dossier,
    } = found;
    let letter = effect.letter.clone().map(|letter| LetterOut {
        purpose: letter.purpose.name(),
        channel: letter.channel.to_string(),
        address: letter.address,
        locale: letter.locale,
        text: RenderedOut::of(letter.rendered),
        asked_for: Amount::minor(letter.chaseable, currency),
    });
    Ok(Reply::ok(Json(EffectWhole {
        action: serde_json::to_value(&effect.action).unwrap_or_default(),
        letter,
        effect: EffectOut::of(&effect, dossier.customer.reference),
    })))
}

/// What became of an effect.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "result": "bounced", "code": "550 no such mailbox" }))]
pub(crate) struct ResultIn {
    /// What: opened and bounced are of messages only.
    result: Became,
    /// The answer's code: needed with failed and confirmed, possible with bounced. Stages see
    /// it.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    code: Option<String>,
    /// When this happened; now, where it is left out. Later than now, it waits.
    #[serde(default)]
    pub at: Option<Instant>,
}

/// What became of an effect.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Became {
    Delivered,
    Opened,
    Bounced,
    Failed,
    Confirmed,
}

impl ResultIn {
    pub(crate) fn fact(&self, effect: EffectKey) -> Result<Fact, Problem> {
        let result = self.result()?;
        Ok(Fact::EffectResult { effect, result })
    }

    fn result(&self) -> Result<EffectResult, Problem> {
        let mut faults = Faults::default();
        faults.instant(self.at.as_ref());
        let code = self.code.clone();
        match (self.result, &code) {
            (Became::Failed | Became::Confirmed, None) => {
                let text = "is missing: it goes with failed and confirmed";
                faults.add(Fault::at("/code", text));
            }
            (Became::Delivered | Became::Opened, Some(_)) => {
                let text = "does not go with delivered and opened";
                faults.add(Fault::at("/code", text));
            }
            _ => {}
        }
        let code = code.unwrap_or_else(|| "bounced".to_owned());
        faults.done(Some(match self.result {
            Became::Delivered => EffectResult::Delivered,
            Became::Opened => EffectResult::Opened,
            Became::Bounced => EffectResult::Bounced { code },
            Became::Failed => EffectResult::Failed { code },
            Became::Confirmed => EffectResult::Confirmed { code },
        }))
    }
}

async fn result(
    call: Call<ByEffect, NoParams, Json<ResultIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let told = &call.body.0;
    let fact = told.fact(call.path.named("effect")?)?;
    let found = effect(&*call.store(), "effect", &call.path.key).await?;
    let reference = found.dossier.customer.reference;
    tell(&call, reference, fact, call.body.0.at.as_ref()).await
}
