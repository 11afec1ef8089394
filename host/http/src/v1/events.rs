//! `…/events`: what a debtor said, a person agreed or a system tells, of a case or of a customer.

mod body;
mod kind;
mod kinds;

use axum::http::Method;
use regua_domain::case::Case;
use regua_domain::fact::Fact;

use self::body::{Event, OfCase, OfCustomer};
use super::cases::{ByCase, case};
use super::customers::ByCustomer;
use super::{ANSWERS, DESK};
use crate::api::admit;
use crate::call::{Call, Caller, customer};
use crate::endpoint::{Endpoint, endpoint};
use crate::input::Json;
use crate::problem::{Fault, Problem};
use crate::reply::Reply;
use crate::shape::NoParams;
use crate::tell::{Told, tell};

pub(crate) use self::body::shape;
pub(crate) use self::kind::{Happened, both};
pub(crate) use self::kinds::KINDS;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const CASE: &str = "/v1/cases/{case}/events";
    const CUSTOMER: &str = "/v1/customers/{customer}/events";
    vec![
        endpoint(Method::POST, CASE, "add_case_event", add)
            .says(
                "Tells what a debtor said, or what was agreed with them",
                "`event` says what: reply, promise, dispute, resolve-dispute, opt-out, opt-in, \
                 hold or lift-hold; the other members are its own. An opt-out and a hold count \
                 for all of the customer's cases.",
            )
            .roles(DESK)
            .tells(),
        endpoint(
            Method::POST,
            CUSTOMER,
            "add_customer_event",
            add_of_customer,
        )
        .says(
            "Tells anything that happened to a customer",
            "`event` says what; the other members are those of the single endpoint, the \
                 parameters of its path among them. Since the customer is named, it may be told \
                 ahead of what it is about. It takes a key that may call the single endpoint: \
                 an agent's or an admin's for what a debtor said, was agreed with them or an \
                 agency tells, an ingest or an admin's for void, credit-note, delivery, \
                 payment-failure, payment-reversal and result, any of these for opt-out, opt-in, \
                 accept-offer and decline-offer.",
        )
        .roles(ANSWERS)
        .tells(),
    ]
}

/// Money in another currency is about another case.
fn in_currency(fact: &Fact, case: &Case) -> Result<(), Problem> {
    let (Fact::PromiseMade { amount, .. }
    | Fact::DisputeOpened {
        amount: Some(amount),
        ..
    }) = fact
    else {
        return Ok(());
    };
    if amount.currency == case.currency {
        return Ok(());
    }
    let text = format!("is not the case's {}", case.currency.code());
    Err(Problem::invalid(vec![Fault::at("/amount/currency", text)]))
}

async fn add(call: Call<ByCase, NoParams, Event<OfCase>>) -> Result<Reply<Json<Told>>, Problem> {
    let (dossier, case) = case(&*call.store(), &call.path.case).await?;
    let Happened { fact, at } = &call.body.happened;
    in_currency(fact, &case)?;
    let reference = dossier.customer.reference;
    tell(&call, reference, fact.clone(), at.as_ref()).await
}

async fn add_of_customer(
    call: Call<ByCustomer, NoParams, Event<OfCustomer>>,
) -> Result<Reply<Json<Told>>, Problem> {
    admit(call.body.kind.roles, call.caller.role)?;
    let reference = call.path.customer.clone();
    customer(&*call.store(), &reference).await?;
    let Happened { fact, at } = &call.body.happened;
    let fact = told_by(fact.clone(), &call.caller);
    tell(&call, reference, fact, at.as_ref()).await
}

/// A claimed task is its claimer's.
fn told_by(mut fact: Fact, caller: &Caller) -> Fact {
    if let Fact::TaskCompleted { by, .. } | Fact::DraftApproved { by, .. } = &mut fact {
        *by = caller.by();
    }
    fact
}
