//! Recorded decisions, taken again.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::Method;
use regua_engine::replay::{Example, ReplayError, Replayed, Which};
use regua_storage::{CallPlace, Recorded};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SHELF;
use super::cases::{ByCase, case};
use super::decisions::which;
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::Json;
use crate::problem::{Fault, Kind, Problem};
use crate::reply::Reply;
use crate::shape::{Instant, NoParams};

/// How long a call takes decisions again, about.
const AT_MOST: Duration = Duration::from_secs(10);

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::POST, "/v1/replays", "replay", replay)
            .says(
                "Takes recorded decisions again",
                "Each by the component, config and situation of then, and held against what was \
                 recorded. Nothing comes of it. After some ten seconds it stops, and `after` is \
                 where the next call goes on.",
            )
            .roles(SHELF)
            .looks(),
        endpoint(
            Method::POST,
            "/v1/cases/{case}/replays",
            "replay_case",
            replay_case,
        )
        .says(
            "Takes the decisions of one case again",
            "Of one transition alone, where one is named.",
        )
        .roles(SHELF)
        .looks(),
    ]
}

/// Which decisions.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "since": "2026-03-01T00:00:00Z" }))]
pub(crate) struct ReplayIn {
    /// Those since then.
    since: Option<Instant>,
    /// Those behind where a call before stopped.
    after: Option<String>,
}

/// Which decisions of a case.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({ "sequence": 1 }))]
pub(crate) struct ReplayCaseIn {
    /// Those of this transition.
    sequence: Option<u64>,
}

/// What decisions came to that were taken again.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ReplayOut {
    /// How many were taken again.
    compared: u64,
    /// Of these, equal to the byte.
    equal: u64,
    /// Of these, different, by in what.
    different: BTreeMap<String, u64>,
    /// The first ten of each kind of difference.
    examples: Vec<DifferentOut>,
    /// Those that were not taken again, by why: `revoked` (the call was not made), `deadline`
    /// (there was no answer), `host-fault`, `config-gone`, `component-gone` (this host does not load
    /// it).
    passed_over: BTreeMap<String, u64>,
    /// What runs now: version and compilation settings.
    engine: String,
    /// How many were recorded by another engine, by which. What a call cost is not compared
    /// then.
    other_engines: BTreeMap<String, u64>,
    /// Where it stopped; none: there are no more.
    after: Option<String>,
}

/// A decision that is taken otherwise now.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DifferentOut {
    /// Of which case.
    case: String,
    /// Which of its transitions.
    sequence: u64,
    /// 0, or 1 where the stage was asked again with the verdicts.
    attempt: u8,
    /// At which stage.
    stage: String,
    /// Of which plugin, `name@version`.
    plugin: String,
    /// In what: `ending`, `next`, `proposals`, `reasons`, `memory` or `cost` (fuel and memory).
    kind: &'static str,
    /// What was recorded of it, JSON.
    recorded: String,
    /// What was said now, JSON.
    again: String,
}

impl DifferentOut {
    fn of(example: Example) -> Self {
        Self {
            case: example.place.case.to_string(),
            sequence: example.place.sequence,
            attempt: example.place.attempt,
            stage: example.stage,
            plugin: example.plugin,
            kind: example.difference.kind.name(),
            recorded: example.difference.active,
            again: example.difference.other,
        }
    }
}

impl ReplayOut {
    fn of(replayed: Replayed, engine: &str) -> Self {
        let different = replayed.different.into_iter();
        let passed_over = replayed.passed_over.into_iter();
        Self {
            compared: replayed.compared,
            equal: replayed.equal,
            different: different
                .map(|(kind, count)| (kind.name().to_owned(), count))
                .collect(),
            examples: replayed
                .examples
                .into_iter()
                .map(DifferentOut::of)
                .collect(),
            passed_over: passed_over
                .map(|(because, count)| (because.to_owned(), count))
                .collect(),
            engine: engine.to_owned(),
            other_engines: replayed.other_engines,
            after: replayed.stopped_at.map(cursor),
        }
    }
}

fn cursor(place: CallPlace) -> String {
    let CallPlace {
        customer,
        case,
        sequence,
        attempt,
    } = place;
    format!("{customer}.{case}.{sequence}.{attempt}")
}

fn place(text: &str) -> Option<CallPlace> {
    let mut parts = text.split('.');
    let place = CallPlace {
        customer: parts.next()?.parse().ok()?,
        case: parts.next()?.parse().ok()?,
        sequence: parts.next()?.parse().ok()?,
        attempt: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(place)
}

async fn replay(
    call: Call<NoParams, NoParams, Json<ReplayIn>>,
) -> Result<Reply<Json<ReplayOut>>, Problem> {
    let ReplayIn { since, after } = &call.body.0;
    let mut faults = Vec::new();
    let since = since.as_ref().map(|since| since.timestamp("/since"));
    let since = since.transpose().map_err(|fault| faults.push(fault));
    let after = after.as_deref().map(|after| {
        let none = || Fault::at("/after", "is not where a call before stopped");
        place(after).ok_or_else(none)
    });
    let after = after.transpose().map_err(|fault| faults.push(fault));
    let (Ok(since), Ok(after)) = (since, after) else {
        return Err(Problem::invalid(faults));
    };
    let which = Which {
        after,
        since,
        at_most: Some(AT_MOST),
    };
    let open = call.tenant().await?.open;
    let engine = &call.api.engine;
    let replayed = engine.replay(&open, which).await?;
    let name = engine.runtime().engine_hash();
    Ok(Reply::ok(Json(ReplayOut::of(replayed, name))))
}

async fn replay_case(
    call: Call<ByCase, NoParams, Json<ReplayCaseIn>>,
) -> Result<Reply<Json<ReplayOut>>, Problem> {
    let open = call.tenant().await?.open;
    let (dossier, case) = case(&*open.store, &call.path.case).await?;
    let customer = dossier.customer.id;
    let records = open.store.decisions(customer, case.id).await?;
    let wanted = call.body.0.sequence;
    let which = which(&records);
    let records = records
        .into_iter()
        .filter(|record| wanted.is_none_or(|sequence| record.sequence == sequence))
        .map(|record| Recorded { customer, record });
    let records: Vec<_> = records.collect();
    if let (Some(sequence), true) = (wanted, records.is_empty()) {
        let text = format!("no stage was asked at transition {sequence} of this case: {which}");
        return Err(Problem::invalid(vec![Fault::at("/sequence", text)]));
    }
    let engine = &call.api.engine;
    let replayed = engine.replay_these(&open, records).await?;
    let name = engine.runtime().engine_hash();
    Ok(Reply::ok(Json(ReplayOut::of(replayed, name))))
}

impl From<ReplayError> for Problem {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::Busy => Self {
                retry_after: Some(1),
                ..Self::new(Kind::Busy, error)
            },
            ReplayError::Engine(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use regua_domain::id::{CaseId, CustomerId};

    use super::*;

    #[test]
    fn where_it_stopped_is_read_as_it_is_told() {
        let at = CallPlace {
            customer: CustomerId(uuid::Uuid::from_u128(1)),
            case: CaseId(uuid::Uuid::from_u128(2)),
            sequence: 3,
            attempt: 1,
        };
        assert_eq!(place(&cursor(at)), Some(at));
        for bad in ["", "a.b.c.d", &format!("{}.0", cursor(at))] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }
}
