//! `/v1/cases/{case}/decisions`: what a stage knew, what it proposed, what the guard ruled.

use std::collections::HashMap;

use axum::http::Method;
use regua_domain::id::{CaseId, CustomerId};
use regua_domain::narrate::decision;
use regua_domain::time::Timestamp;
use regua_domain::timeline::{DecisionRecord, Happening, Ruled};
use regua_engine::meter::logs::put_back;
use regua_storage::{TenantStore, Wanted};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::READERS;
use super::cases::{ByCase, case};
use super::invoices::word;
use crate::call::Call;
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::{PageOf, PageQuery, Reply, Text};
use crate::shape::{Instant, NoParams};

/// Decisions that are named where there is not the one that was asked for.
const NAMED_MAX: usize = 20;
/// Rows of the timeline read at once.
const ROWS: u32 = 1_000;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const PATH: &str = "/v1/cases/{case}/decisions";
    vec![
        endpoint(Method::GET, PATH, "list_case_decisions", list)
            .says(
                "Every call of a stage about a case, the oldest first",
                "What it knew and what it answered are told as the plugin contract has them: \
                 that is what crossed into the sandbox and what came out, and what a replay \
                 needs.",
            )
            .roles(READERS),
        endpoint(
            Method::GET,
            "/v1/cases/{case}/decisions/{sequence}/explanation",
            "explain_decision",
            explanation,
        )
        .says(
            "One decision in plain words",
            "What was known, which stage and version was asked, what it proposed and why, what \
             the guard did and by which rule: what a person may ask for about an automated \
             decision. Of a transition at which a stage was asked twice, both.",
        )
        .roles(READERS),
    ]
}

/// A decision, by its case and transition.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByDecision {
    /// The case's id.
    #[schemars(regex(pattern = r"^case_[0-9a-f]{32}$"))]
    case: String,
    /// The transition.
    sequence: u64,
}

async fn explanation(call: Call<ByDecision, NoParams, Nothing>) -> Result<Reply<Text>, Problem> {
    let ByDecision { case: id, sequence } = &call.path;
    let open = call.tenant().await?.open;
    let (dossier, case) = case(&*open.store, id).await?;
    let customer = dossier.customer.id;
    let mut records = open.store.decisions(customer, case.id).await?;
    let which = which(&records);
    records.retain(|record| record.sequence == *sequence);
    if records.is_empty() {
        let missing = Problem::missing("decision", format!("{id}#{sequence}"));
        let detail = format!("{}: {which}", missing.detail);
        return Err(Problem { detail, ..missing });
    }
    // A page says the same whenever it is asked for: with items that are settled by now, too.
    let wanted = Wanted {
        items: records.iter().flat_map(decision::items).collect(),
        ..Wanted::from(customer)
    };
    let now = Timestamp::NEVER;
    let mut dossiers = open.store.load(&[wanted], now, now).await?;
    let dossier = dossiers.pop().ok_or_else(|| Problem::missing("case", id))?;
    let mut rulings = rulings(&*open.store, customer, case.id).await?;
    let pages = records.iter().map(|record| {
        let ruled = rulings.remove(&place(record)).unwrap_or_default();
        decision::explain(&decision::Explained {
            record,
            rulings: &ruled,
            dossier: &dossier,
            decided_by: &open.tenant.policy.display_name,
        })
    });
    let text = pages.collect::<Vec<_>>().join("\n");
    Ok(Reply::ok(Text(text)))
}

/// Which decisions a case has, by their transitions.
pub(super) fn which(records: &[DecisionRecord]) -> String {
    let mut known: Vec<_> = records.iter().map(|record| record.sequence).collect();
    known.dedup();
    let more = known.len().saturating_sub(NAMED_MAX);
    known.truncate(NAMED_MAX);
    let known: Vec<_> = known.iter().map(ToString::to_string).collect();
    match (known.as_slice(), more) {
        ([], _) => "no stage was asked about this case yet".to_owned(),
        ([one], 0) => format!("the case has the decision {one} alone"),
        (known, 0) => format!("the case has the decisions {}", known.join(", ")),
        (known, more) => format!(
            "the case has the decisions {} and {more} later ones",
            known.join(", ")
        ),
    }
}

/// A call of a stage.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DecisionOut {
    /// The transition of the case.
    sequence: u64,
    /// 0, or 1 where the stage was asked again with the verdicts.
    attempt: u8,
    at: Instant,
    stage: String,
    /// `name@version`.
    plugin: String,
    /// SHA-256 of the component, hex.
    digest: String,
    /// SHA-256 of the stage's config, hex.
    config_digest: String,
    /// What ran it: version and compilation settings.
    engine: String,
    /// What it was told: the contract's situation.
    #[schemars(with = "Map<String, Value>")]
    known: Value,
    /// What it answered: a decision with its proposals, a refusal, or how it failed.
    #[schemars(with = "Map<String, Value>")]
    answer: Value,
    /// The guard's word on each proposal, in the order of the proposals.
    rulings: Vec<RulingOut>,
    /// Fuel burned.
    fuel: u64,
    /// The most memory it had.
    memory_peak_bytes: u64,
    wall_us: u64,
    /// The plugin's own lines, for as long as they are kept.
    logs: Vec<LogOut>,
    /// Further lines that were not kept.
    logs_dropped: u32,
}

/// The guard's word on one proposal.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RulingOut {
    /// The proposal's own key.
    proposal: String,
    /// send-message, charge, …
    kind: &'static str,
    /// allowed, reduced, deferred or refused.
    ruling: Value,
    /// The rule that spoke.
    rule: String,
    /// Of what was deferred: until when.
    not_before: Option<Instant>,
    /// Of what was reduced: to how much, minor units.
    at_most_minor: Option<i64>,
}

/// A line of a plugin's log.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LogOut {
    /// debug, info, warn or error.
    level: String,
    text: String,
}

impl RulingOut {
    fn of(ruled: Ruled) -> Self {
        let verdict = ruled.verdict;
        Self {
            proposal: verdict.key,
            kind: ruled.kind.name(),
            ruling: word(&verdict.ruling),
            rule: verdict.rule,
            not_before: verdict.not_before.map(Instant::from),
            at_most_minor: verdict.at_most,
        }
    }
}

impl DecisionOut {
    fn of(record: DecisionRecord, rulings: Vec<Ruled>) -> Self {
        let call = record.call;
        let logs = call.logs.into_iter().map(|line| LogOut {
            level: line.level,
            text: line.text,
        });
        Self {
            sequence: record.sequence,
            attempt: record.attempt,
            at: record.at.into(),
            stage: record.stage,
            plugin: record.plugin,
            digest: record.digest,
            config_digest: record.config_digest,
            engine: record.engine,
            known: word(&record.situation),
            answer: word(&call.answer),
            rulings: rulings.into_iter().map(RulingOut::of).collect(),
            fuel: call.fuel,
            memory_peak_bytes: call.memory_peak,
            wall_us: call.wall_us,
            logs: logs.collect(),
            logs_dropped: call.logs_dropped,
        }
    }
}

/// The place of a call in its case.
const fn place(record: &DecisionRecord) -> u64 {
    record.sequence * 256 + record.attempt as u64
}

async fn list(
    call: Call<ByCase, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<DecisionOut>>>, Problem> {
    let after: Option<u64> = call.query.key()?;
    let store = call.store();
    let (dossier, case) = case(&*store, &call.path.case).await?;
    let customer = dossier.customer.id;
    let records = store.decisions(customer, case.id).await?;
    let mut found: Vec<DecisionRecord> = records
        .into_iter()
        .filter(|record| after.is_none_or(|after| place(record) > after))
        .take(call.query.rows() as usize)
        .collect();
    put_back(&*store, &mut found).await?;
    let mut rulings = if found.is_empty() {
        HashMap::new()
    } else {
        rulings(&*store, customer, case.id).await?
    };
    let key = |record: &DecisionRecord| place(record).to_string();
    let page = call.query.page(found, key, |record| {
        let ruled = rulings.remove(&place(&record)).unwrap_or_default();
        DecisionOut::of(record, ruled)
    });
    Ok(Reply::ok(Json(page)))
}

/// What the guard said, by the place of the call: the timeline has one entry for each decision
/// of a transition, in the order of the attempts.
async fn rulings(
    store: &dyn TenantStore,
    customer: CustomerId,
    case: CaseId,
) -> Result<HashMap<u64, Vec<Ruled>>, Problem> {
    let mut found = HashMap::new();
    let mut from = 0;
    loop {
        let read = store.timeline(customer, from, ROWS).await?;
        let is_last = read.len() < ROWS as usize;
        from = read.last().map_or(from, |entry| entry.number + 1);
        for entry in read.into_iter().filter(|entry| entry.case == Some(case)) {
            let Happening::Decided { rulings, .. } = entry.what else {
                continue;
            };
            let first = entry.sequence * 256;
            let at = if found.contains_key(&first) {
                first + 1
            } else {
                first
            };
            found.insert(at, rulings);
        }
        if is_last {
            return Ok(found);
        }
    }
}
