//! `/v1/invoices/{invoice}/disputes`: what debtors say they do not owe.

use axum::http::Method;

use super::DESK;
use super::acts::{DisputeIn, ResolutionIn};
use super::invoices::{ByInvoice, item};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::faults::in_path;
use crate::input::Json;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shape::NoParams;
use crate::tell::{Told, tell};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const DISPUTES: &str = "/v1/invoices/{invoice}/disputes";
    const RESOLUTION: &str = "/v1/invoices/{invoice}/disputes/resolution";
    vec![
        endpoint(Method::POST, DISPUTES, "open_dispute", open)
            .says(
                "Tells that an invoice, or a part of it, is disputed",
                "The disputed part is not chased until the dispute is resolved.",
            )
            .roles(DESK)
            .tells(),
        endpoint(Method::POST, RESOLUTION, "resolve_dispute", resolve)
            .says(
                "Tells how the dispute of an invoice was decided",
                "Where it was upheld, the disputed part is credited.",
            )
            .roles(DESK)
            .tells(),
    ]
}

async fn open(
    call: Call<ByInvoice, NoParams, Json<DisputeIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let fact = call.body.0.fact(&call.path.invoice)?;
    let of = item(&*call.store(), &call.path.invoice).await?;
    tell(&call, of.reference, fact, call.body.0.at.as_ref())
        .await
        .map_err(|problem| in_path(problem, "invoice"))
}

async fn resolve(
    call: Call<ByInvoice, NoParams, Json<ResolutionIn>>,
) -> Result<Reply<Json<Told>>, Problem> {
    let of = item(&*call.store(), &call.path.invoice).await?;
    let fact = call.body.0.fact(&call.path.invoice);
    tell(&call, of.reference, fact, call.body.0.at.as_ref()).await
}
