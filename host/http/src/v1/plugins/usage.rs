//! `/v1/plugins/{plugin}/versions/{version}/usage`: what its calls came to, and what they cost.

use std::collections::BTreeMap;

use axum::http::Method;
use regua_domain::time::{Date, plus_days};
use regua_engine::meter::usage::{DAYS_KEPT, Usage, between};
use regua_engine::meter::{Histogram, day_of};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ByPlugin, version};
use crate::call::Call;
use crate::endpoint::Endpoint;
use crate::input::{Json, Nothing};
use crate::problem::{Fault, Problem};
use crate::reply::Reply;
use crate::v1::READERS;

/// Days that are told where nobody says which.
const DAYS: i64 = 30;

pub(super) fn endpoint() -> Endpoint {
    crate::endpoint::endpoint(
        Method::GET,
        "/v1/plugins/{plugin}/versions/{version}/usage",
        "get_plugin_usage",
        get,
    )
    .says(
        "What a plugin version's calls came to, and what they cost",
        "All together and day by day (UTC, by the machine's clock, of a sandbox too). Every call \
         that is recorded as a decision is in `calls`, whichever node made it; what a node that \
         was killed had counted in its last second is not. Percentiles are never less than the \
         true ones, and more by a sixteenth at most. Days are kept for 400 days.",
    )
    .roles(READERS)
}

/// Which days.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Days {
    /// The first; 29 days before the last where it is left out.
    #[schemars(extend("format" = "date"))]
    from: Option<Date>,
    /// The last; today where it is left out.
    #[schemars(extend("format" = "date"))]
    to: Option<Date>,
}

impl Days {
    fn read(&self, today: Date) -> Result<(Date, Date), Problem> {
        let to = self.to.unwrap_or(today);
        let from = self.from.unwrap_or_else(|| plus_days(to, 1 - DAYS));
        let fault = |text: String| Err(Problem::invalid(vec![Fault::parameter("from", text)]));
        if from > to {
            return fault(format!("is after the last day, {to}"));
        }
        if plus_days(from, DAYS_KEPT) < to {
            return fault(format!(
                "is more than {DAYS_KEPT} days before the last, {to}"
            ));
        }
        Ok((from, to))
    }
}

/// What a version's calls came to, and what they cost.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PluginUsage {
    /// `name@version`.
    plugin: String,
    /// The first day.
    #[schemars(extend("format" = "date"))]
    from: Date,
    /// The last day.
    #[schemars(extend("format" = "date"))]
    to: Date,
    /// All days together.
    total: UsageOut,
    /// Each day on which it was called, the first one first.
    days: Vec<DayOut>,
}

/// One day.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DayOut {
    #[schemars(extend("format" = "date"))]
    day: Date,
    #[serde(flatten)]
    usage: UsageOut,
}

/// What calls came to, and what they cost.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct UsageOut {
    /// Calls that are recorded as decisions. Each is an outcome, a stay, a refusal, a failure or
    /// inconclusive.
    calls: u64,
    /// How often it left its stage, by outcome.
    outcomes: BTreeMap<String, u64>,
    /// How often it stayed.
    stays: u64,
    /// By kind: bad-config, unsupported or other.
    refusals: BTreeMap<String, u64>,
    /// By kind: out-of-fuel, trap, …
    failures: BTreeMap<String, u64>,
    /// Calls whose deadline passed: they are made again.
    inconclusive: u64,
    /// Of a call.
    fuel: SizesOut,
    /// The most memory of a call.
    memory_bytes: SizesOut,
    /// How long a call took, by the clock.
    wall_us: SizesOut,
    /// Lines of its log that were kept.
    log_lines: u64,
    /// Lines that were not: there were too many of a call, or too many bytes of a day.
    log_lines_dropped: u64,
    /// Further calls, of runs that somebody else's write undid: they were made again.
    undone_calls: u64,
    /// The fuel of these, which the quota does not count.
    undone_fuel: u64,
}

/// How large something was.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SizesOut {
    /// Half of them were no larger.
    p50: u64,
    /// 99 of 100 were no larger.
    p99: u64,
    /// The largest.
    max: u64,
    /// All together.
    sum: u64,
}

impl SizesOut {
    fn of(histogram: &Histogram) -> Self {
        Self {
            p50: histogram.percentile(50),
            p99: histogram.percentile(99),
            max: histogram.max,
            sum: histogram.sum,
        }
    }
}

impl UsageOut {
    fn of(usage: Usage) -> Self {
        Self {
            calls: usage.calls,
            outcomes: usage.outcomes,
            stays: usage.stays,
            refusals: usage.refusals,
            failures: usage.failures,
            inconclusive: usage.inconclusive,
            fuel: SizesOut::of(&usage.fuel),
            memory_bytes: SizesOut::of(&usage.memory),
            wall_us: SizesOut::of(&usage.wall_us),
            log_lines: usage.log_lines,
            log_lines_dropped: usage.log_lines_dropped,
            undone_calls: usage.undone_calls,
            undone_fuel: usage.undone_fuel,
        }
    }
}

async fn get(call: Call<ByPlugin, Days, Nothing>) -> Result<Reply<Json<PluginUsage>>, Problem> {
    let (from, to) = call.query.read(day_of(call.host_now()))?;
    let store = call.store();
    let plugin = version(&*store, &call.path).await?;
    // What this process has counted is to be in it.
    call.api.engine.write_usage(call.caller.tenant).await?;
    let days = between(&*store, &plugin.digest, from, to).await?;
    let mut total = Usage::default();
    for (_, usage) in &days {
        total.add(usage);
    }
    let days = days.into_iter().map(|(day, usage)| DayOut {
        day,
        usage: UsageOut::of(usage),
    });
    Ok(Reply::ok(Json(PluginUsage {
        plugin: format!("{}@{}", plugin.manifest.name, plugin.manifest.version),
        from,
        to,
        total: UsageOut::of(total),
        days: days.collect(),
    })))
}
