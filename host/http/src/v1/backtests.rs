//! A tenant's own past, played again in memory under a draft.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::Method;
use chrono_tz::Tz;
use regua_domain::id::CustomerId;
use regua_domain::time::{Date, Timestamp, plus_days};
use regua_domain::workflow::check::Form;
use regua_engine::rehearse::Bounds;
use regua_rehearsal::backtest::{Compared, Costs, Past, Policy, Span, compare};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::SHELF;
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::Json;
use crate::problem::{Fault, Kind, Problem};
use crate::reply::Reply;
use crate::shape::NoParams;

/// Customers that are read at once.
const PAGE: u32 = 128;
/// How long a call goes on, about.
const AT_MOST: Duration = Duration::from_secs(10);

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::POST, "/v1/backtests", "backtest", backtest)
            .says(
                "Plays the tenant's past under a draft, beside the live policy",
                "What was told of each customer is told again on the day on which it became known, \
                 in memory, under both; what each would have done in the span is answered, \
                 customer by customer. Payments come when they came, whatever was or was not sent. \
                 After some ten seconds it stops, and `after` is where the next call goes on.",
            )
            .roles(SHELF)
            .looks(),
    ]
}

/// What is played.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "workflow": { "name": "standard" }, "from": "2026-01-01", "to": "2026-03-31"
}))]
pub(crate) struct BacktestIn {
    /// The draft, as it would be published: in place of the active version of its name.
    workflow: Map<String, Value>,
    /// The first day that is looked at, in UTC.
    #[schemars(with = "chrono::NaiveDate")]
    from: Date,
    /// The last.
    #[schemars(with = "chrono::NaiveDate")]
    to: Date,
    /// What each thing that is done costs.
    #[serde(default)]
    costs: Costs,
    /// Customers behind where a call before stopped.
    #[serde(default)]
    after: Option<String>,
}

/// What both policies would have done.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct BacktestOut {
    /// Each customer, by the id.
    customers: Vec<Compared>,
    /// Where it stopped; none: there are no more.
    after: Option<String>,
}

async fn backtest(
    call: Call<NoParams, NoParams, Json<BacktestIn>>,
) -> Result<Reply<Json<BacktestOut>>, Problem> {
    let open = call.tenant().await?.open;
    let engine = &call.api.engine;
    let told = call.body.0;
    let span = span(&told)?;
    let mut after = after(&told)?;
    let draft = Value::Object(told.workflow).to_string();
    let live = Arc::new(engine.rehearsal(&open, None).await?);
    let candidate = engine.rehearsal(&open, Some((&draft, Form::Json))).await;
    let candidate = candidate.map_err(|error| Problem::from(error).below("/workflow"))?;
    let (candidate, costs) = (Arc::new(candidate), Arc::new(told.costs));
    let began = Instant::now();
    let mut customers = Vec::new();
    loop {
        let pasts = open.store.pasts(after, PAGE).await?;
        let is_last = pasts.len() < PAGE as usize;
        let ids: Vec<_> = pasts.iter().map(|past| past.customer).collect();
        let acts = pasts.into_iter().map(|past| {
            let (live, candidate) = (Arc::clone(&live), Arc::clone(&candidate));
            let costs = Arc::clone(&costs);
            let past = Past::new(past.reference, past.facts);
            move |bounds: Bounds| {
                let (asked, beside) = (bounds.over(&live.stages), bounds.over(&candidate.stages));
                let live = Policy {
                    tenant: &live.tenant,
                    stages: &asked,
                };
                let candidate = Policy {
                    tenant: &candidate.tenant,
                    stages: &beside,
                };
                compare(&past, span, live, candidate, &costs)
            }
        });
        let played = engine.play(&open, acts.collect()).await?;
        for (id, compared) in ids.into_iter().zip(played) {
            match compared {
                Ok(compared) => {
                    customers.push(compared);
                    after = Some(id);
                }
                // The time is over: the next call goes on here, unless it is one customer's fault.
                Err(_) if !customers.is_empty() => return Ok(answer(customers, after)),
                Err(fault) => return Err(Problem::new(Kind::Unavailable, fault)),
            }
        }
        if is_last {
            return Ok(answer(customers, None));
        }
        if began.elapsed() >= AT_MOST {
            return Ok(answer(customers, after));
        }
    }
}

fn answer(customers: Vec<Compared>, after: Option<CustomerId>) -> Reply<Json<BacktestOut>> {
    Reply::ok(Json(BacktestOut {
        customers,
        after: after.map(|id| id.to_string()),
    }))
}

fn span(told: &BacktestIn) -> Result<Span, Problem> {
    if told.to < told.from {
        let text = format!("{} is before {}", told.to, told.from);
        return Err(Problem::invalid(vec![Fault::at("/to", text)]));
    }
    Ok(Span {
        from: Timestamp::start_of(told.from, Tz::UTC),
        until: Timestamp::start_of(plus_days(told.to, 1), Tz::UTC).plus_ms(-1),
    })
}

fn after(told: &BacktestIn) -> Result<Option<CustomerId>, Problem> {
    let Some(text) = &told.after else {
        return Ok(None);
    };
    let id = text.parse().map_err(|_| {
        let text = "is not where a call before stopped";
        Problem::invalid(vec![Fault::at("/after", text)])
    })?;
    Ok(Some(id))
}
