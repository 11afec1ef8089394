//! `/metrics`: figures of the host, for its operator: tenants' names are in them.

use axum::http::Method;

use super::OPERATOR;
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::Nothing;
use crate::problem::{Kind, Problem};
use crate::reply::{Reply, Text};
use crate::shape::NoParams;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::GET, "/metrics", "get_metrics", get)
            .says("Figures of the host, as Prometheus reads them", "")
            .roles(OPERATOR),
    ]
}

async fn get(call: Call<NoParams, NoParams, Nothing>) -> Result<Reply<Text>, Problem> {
    let figures = call.api.figures.as_ref().ok_or_else(|| {
        Problem::new(
            Kind::Unavailable,
            "this process counts nothing: it is no service",
        )
    })?;
    Ok(Reply::ok(Text(figures())))
}
