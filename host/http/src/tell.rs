//! Telling a fact: what every endpoint that takes one shares.

use axum::http::StatusCode;
use regua_domain::dossier::LoggedFact;
use regua_domain::fact::{Fact, FactError};
use regua_domain::id::FactId;
use regua_domain::intake::Taken;
use regua_engine::{TellError, Telling};
use schemars::JsonSchema;
use serde::Serialize;

use crate::call::Call;
use crate::ids;
use crate::input::Json;
use crate::problem::{Fault, Kind, Problem};
use crate::reply::Reply;
use crate::shape::Instant;

/// What became of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Told {
    /// The fact's id.
    pub fact: String,
    /// The customer's reference.
    pub customer: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    /// It was new, and is taken in.
    Taken,
    /// It was known: nothing changed.
    Known,
    /// It is of a later instant, and waits for it.
    Waiting,
}

/// Tells a fact about a customer.
pub(crate) async fn tell<P, Q, B>(
    call: &Call<P, Q, B>,
    customer: String,
    fact: Fact,
    at: Option<&Instant>,
) -> Result<Reply<Json<Told>>, Problem> {
    let tenancy = call.tenant().await?;
    let at = match at {
        Some(at) => at
            .timestamp("/at")
            .map_err(|fault| Problem::invalid(vec![fault]))?,
        None => tenancy.now,
    };
    let id = match &call.idempotency_key {
        Some(key) => ids::keyed(tenancy.row.id, key),
        None => FactId(ids::ordered(call.host_now(), &call.api.chance)),
    };
    let telling = Telling {
        customer: customer.clone(),
        group: None,
        fact: LoggedFact {
            id,
            at,
            fact,
            taken: None,
        },
    };
    // What stages see of a fact is its own field; of a customer it is an attribute.
    let is_customer = matches!(telling.fact.fact, Fact::Customer(_));
    let engine = &call.api.engine;
    let told = engine.tell_one(&tenancy.open, tenancy.now, telling).await?;
    let taken = match told {
        Err(TellError::Fact(FactError::PersonalData { name, text })) if !is_customer => {
            return Err(Problem::invalid(vec![Fault::at(format!("/{name}"), text)]));
        }
        taken => taken?,
    };
    let (status, outcome) = match taken {
        Taken::Known => (StatusCode::OK, Outcome::Known),
        Taken::New if at > tenancy.now => (StatusCode::ACCEPTED, Outcome::Waiting),
        Taken::New => (StatusCode::CREATED, Outcome::Taken),
    };
    let told = Told {
        fact: id.to_string(),
        customer,
        outcome,
    };
    Ok(Reply::with(status, Json(told)))
}

impl From<TellError> for Problem {
    fn from(error: TellError) -> Self {
        match error {
            TellError::Fact(error) => error.into(),
            TellError::UnknownCustomer(_) => Self::new(Kind::NotFound, error),
            TellError::OtherCustomer { .. } | TellError::OtherFact { .. } => {
                Self::new(Kind::IdempotencyKeyReused, error)
            }
            TellError::WithGroup | TellError::Refused(_) => Self::new(Kind::Conflict, error),
            TellError::Busy(_) => Self {
                retry_after: Some(1),
                ..Self::new(Kind::Busy, error)
            },
        }
    }
}

impl From<FactError> for Problem {
    fn from(error: FactError) -> Self {
        match &error {
            FactError::Invalid { field, text } => {
                Self::invalid(vec![Fault::at(format!("/{field}"), text)])
            }
            FactError::PersonalData { name, text } => {
                Self::invalid(vec![Fault::at(format!("/attributes/{name}"), text)])
            }
            FactError::UnknownInvoice(_)
            | FactError::UnknownPayment(_)
            | FactError::UnknownEffect(_)
            | FactError::UnknownTask(_) => Self::new(Kind::NotFound, error),
            FactError::InvoiceDiffers { .. }
            | FactError::PaymentDiffers { .. }
            | FactError::PaymentState { .. }
            | FactError::NotAnOffer(_)
            | FactError::OfferOver { .. }
            | FactError::TaskClaimed { .. }
            | FactError::NotAPlacement(_) => Self::new(Kind::Conflict, error),
        }
    }
}
