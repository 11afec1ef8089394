//! `/v1/clock`: a sandbox's own.

use std::sync::Arc;

use axum::http::Method;
use regua_domain::time::{DAY_MS, Timestamp};
use regua_engine::Worked;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{READERS, SHELF};
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::{Fault, Kind, Problem};
use crate::reply::Reply;
use crate::shape::{Instant, NoParams};

/// So far the clock goes in one call.
const DAYS_MAX: i64 = 400;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::GET, "/v1/clock", "get_clock", get)
            .says("What time it is for the tenant", "")
            .roles(READERS),
        endpoint(Method::POST, "/v1/clock", "move_clock", advance)
            .says(
                "Moves a sandbox's clock, and works on all that is due on the way",
                "Never back, and at most 400 days in one call that works. It answers once all is done; \
                 whoever does not wait for the answer may look at the clock later. While \
                 somebody else works on customers who are due, the clock stays (409).",
            )
            .roles(SHELF),
    ]
}

/// What time it is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ClockOut {
    now: Instant,
    /// Whether it is a sandbox's own clock; else it is the machine's.
    is_sandbox: bool,
}

/// Where a clock is to go.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "to": "2026-03-09T12:00:00Z" }))]
pub(crate) struct ClockIn {
    /// Not before where it stands; there, where it is left out.
    #[serde(default)]
    to: Option<Instant>,
    /// Whether to work on what is due on the way; else it is left for later, and the clock may
    /// go any distance.
    #[serde(default = "yes")]
    work: bool,
}

const fn yes() -> bool {
    true
}

/// What came of moving a clock.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ClockMoved {
    now: Instant,
    /// Runs of customers that were committed.
    done: u64,
    /// Runs that somebody else's write undid, and that were made again.
    stale: u64,
    /// Runs that the host could not make: it tries again later.
    faults: u64,
}

async fn get(call: Call<NoParams, NoParams, Nothing>) -> Result<Reply<Json<ClockOut>>, Problem> {
    let row = call.store().row().await?;
    Ok(Reply::ok(Json(ClockOut {
        is_sandbox: row.clock.is_some(),
        now: row.clock.unwrap_or_else(|| call.host_now()).into(),
    })))
}

async fn advance(
    call: Call<NoParams, NoParams, Json<ClockIn>>,
) -> Result<Reply<Json<ClockMoved>>, Problem> {
    let to = call.body.0.to.as_ref().map(|to| to.timestamp("/to"));
    let to = to.transpose();
    let to = to.map_err(|fault| Problem::invalid(vec![fault]))?;
    let tenancy = call.tenant().await?;
    let Some(now) = tenancy.row.clock else {
        let text = "the tenant is no sandbox: its time is the machine's";
        return Err(Problem::new(Kind::Conflict, text));
    };
    let to = to.unwrap_or(now);
    let fault = |text: String| Problem::invalid(vec![Fault::at("/to", text)]);
    if to < now {
        return Err(fault(format!("is before the clock's {}", now.to_rfc3339())));
    }
    if !call.body.0.work {
        tenancy.store().set_clock(to).await?;
        return Ok(moved(to, Worked::default()));
    }
    if to > now.plus_ms(DAYS_MAX * DAY_MS) {
        return Err(fault(format!(
            "is more than {DAYS_MAX} days after the clock"
        )));
    }
    let api = Arc::clone(&call.api);
    // What was begun goes on where the caller does not wait: else leases would be left behind.
    let work = async move { api.engine.advance(&tenancy.open, to, None).await };
    let worked = tokio::spawn(work).await.map_err(|error| {
        tracing::error!(%error, "moving a clock ended by itself");
        Problem::new(Kind::Internal, "the work ended by itself")
    })??;
    Ok(moved(to, worked))
}

fn moved(to: Timestamp, worked: Worked) -> Reply<Json<ClockMoved>> {
    let Worked {
        done,
        stale,
        faults,
    } = worked;
    Reply::ok(Json(ClockMoved {
        now: to.into(),
        done,
        stale,
        faults,
    }))
}
