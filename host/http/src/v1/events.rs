//! `/v1/cases/{case}/events`: what a debtor said or a person agreed, told of a case.

mod body;

use axum::http::Method;
use regua_domain::case::Case;
use regua_domain::fact::Fact;

use self::body::Event;
use super::DESK;
use super::acts::{channel, consent};
use super::cases::{ByCase, case};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::Json;
use crate::problem::{Fault, Problem};
use crate::reply::Reply;
use crate::shape::{Amount, Instant, NoParams};
use crate::tell::{Told, tell};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const PATH: &str = "/v1/cases/{case}/events";
    vec![
        endpoint(Method::POST, PATH, "add_case_event", add)
            .says(
                "Tells what a debtor said, or what was agreed with them",
                "`event` says what: reply, promise, dispute, resolve-dispute, opt-out, opt-in, \
                 hold or lift-hold; the other members are its own. An opt-out and a hold count \
                 for all of the customer's cases.",
            )
            .roles(DESK)
            .tells(),
    ]
}

/// The fact that an event stands for.
fn fact(event: &Event, case: &Case) -> Result<Fact, Problem> {
    let on = |name: &str, is_in| {
        let channel = channel(name).map_err(|fault| Problem::invalid(vec![fault]))?;
        Ok(consent(channel, is_in))
    };
    match event {
        Event::Reply(reply) => Ok(reply.fact()),
        Event::Promise(promise) => {
            in_currency(&promise.amount, case)?;
            promise.fact()
        }
        Event::Dispute(dispute) => {
            if let Some(amount) = &dispute.amount {
                in_currency(amount, case)?;
            }
            dispute.of_invoice().fact(&dispute.invoice)
        }
        Event::ResolveDispute(decided) => Ok(decided.of_invoice().fact(&decided.invoice)),
        Event::OptOut(of) => on(&of.channel, false),
        Event::OptIn(of) => on(&of.channel, true),
        Event::Hold(hold) => Ok(hold.fact()),
        Event::LiftHold(_) => Ok(Fact::HoldLifted),
    }
}

/// Money in another currency is about another case.
fn in_currency(amount: &Amount, case: &Case) -> Result<(), Problem> {
    let currency = case.currency.code();
    if amount.currency == currency {
        return Ok(());
    }
    let text = format!("is not the case's {currency}");
    Err(Problem::invalid(vec![Fault::at("/amount/currency", text)]))
}

fn at(event: &Event) -> Option<&Instant> {
    match event {
        Event::Reply(reply) => reply.at.as_ref(),
        Event::Promise(promise) => promise.at.as_ref(),
        Event::Dispute(dispute) => dispute.at.as_ref(),
        Event::ResolveDispute(decided) => decided.at.as_ref(),
        Event::OptOut(of) | Event::OptIn(of) => of.at.as_ref(),
        Event::Hold(hold) => hold.at.as_ref(),
        Event::LiftHold(lifted) => lifted.at.as_ref(),
    }
}

async fn add(call: Call<ByCase, NoParams, Event>) -> Result<Reply<Json<Told>>, Problem> {
    let (dossier, case) = case(&*call.store(), &call.path.case).await?;
    let fact = fact(&call.body, &case)?;
    tell(&call, dossier.customer.reference, fact, at(&call.body)).await
}
