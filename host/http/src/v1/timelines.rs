//! The timelines of customers and cases: what happened, in sentences and in fields.

use axum::http::Method;
use regua_domain::dossier::Dossier;
use regua_domain::id::{CaseId, CustomerId};
use regua_domain::narrate::{self, Names};
use regua_domain::time::Timestamp;
use regua_domain::timeline::TimelineEntry;
use regua_storage::TenantStore;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::READERS;
use super::cases::{ByCase, case};
use super::customers::ByCustomer;
use crate::call::{Call, customer, dossier};
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::Instant;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const OF_CUSTOMER: &str = "/v1/customers/{customer}/timeline";
    const OF_CASE: &str = "/v1/cases/{case}/timeline";
    vec![
        endpoint(
            Method::GET,
            OF_CUSTOMER,
            "list_customer_timeline",
            of_customer,
        )
        .says("All that happened to a customer, the oldest first", "")
        .roles(READERS),
        endpoint(Method::GET, OF_CASE, "list_case_timeline", of_case)
            .says(
                "All that happened to a case, the oldest first",
                "What belongs to no case, such as a reply, is told with each.",
            )
            .roles(READERS),
    ]
}

/// Something that happened.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct EntryOut {
    /// Counts the customer's entries from 0.
    number: u64,
    at: Instant,
    /// The case, where it belongs to one.
    case: Option<String>,
    /// The transition of the case that wrote it; 0 where a fact was taken in.
    sequence: u64,
    /// In a word: fact, case-opened, stage-entered, decided, effected, …
    kind: String,
    /// The same in fields, which depend on the kind. Amounts are minor units.
    #[schemars(with = "Map<String, Value>")]
    what: Value,
    /// The same as a sentence, in the customer's own time.
    text: String,
}

impl EntryOut {
    fn of(entry: &TimelineEntry, names: &Names) -> Self {
        let mut what = serde_json::to_value(&entry.what).unwrap_or_default();
        if let Value::Object(fields) = &mut what {
            fields.remove("what");
        }
        Self {
            number: entry.number,
            at: entry.at.into(),
            case: entry.case.map(|case| case.to_string()),
            sequence: entry.sequence,
            kind: entry.what.name().to_owned(),
            what: in_our_words(what),
            text: narrate::sentence(entry, names),
        }
    }
}

/// What is stored, in this API's words: names in snake case, instants in RFC 3339, what is
/// minor units called so, and pairs as an object.
fn in_our_words(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let renamed = fields.into_iter().map(|(name, value)| {
                let name = name.replace('-', "_");
                match (name.as_str(), value) {
                    ("at" | "planned" | "not_before", Value::Number(at)) => {
                        let at = at.as_i64().map(Timestamp);
                        let told = at.filter(|at| *at != Timestamp::NEVER);
                        (name, told.map(Timestamp::to_rfc3339).into())
                    }
                    ("amount", value) => ("amount_minor".to_owned(), value),
                    ("details", Value::Array(pairs)) => (name, object(pairs)),
                    (_, value) => (name, in_our_words(value)),
                }
            });
            Value::Object(renamed.collect())
        }
        Value::Array(values) => values.into_iter().map(in_our_words).collect(),
        other => other,
    }
}

fn object(pairs: Vec<Value>) -> Value {
    let pairs = pairs.into_iter().filter_map(|pair| match pair {
        Value::Array(pair) => {
            let [name, value] = <[Value; 2]>::try_from(pair).ok()?;
            Some((name.as_str()?.replace('-', "_"), value))
        }
        _ => None,
    });
    Value::Object(pairs.collect())
}

/// One more entry than a page holds, of a customer, or of one of their cases.
async fn entries(
    store: &dyn TenantStore,
    customer: CustomerId,
    case: Option<CaseId>,
    query: &PageQuery,
) -> Result<Vec<TimelineEntry>, Problem> {
    let after: Option<u64> = query.key()?;
    let mut from = after.map_or(0, |after| after.saturating_add(1));
    let wanted = query.rows() as usize;
    let mut found = Vec::new();
    loop {
        let read = store.timeline(customer, from, query.rows()).await?;
        let is_last = read.len() < wanted;
        from = read.last().map_or(from, |entry| entry.number + 1);
        let is_of = |entry: &TimelineEntry| case.is_none_or(|case| is_of(entry, case));
        found.extend(read.into_iter().filter(is_of));
        if is_last || found.len() >= wanted {
            found.truncate(wanted);
            return Ok(found);
        }
    }
}

/// The last entries of a case, the newest first.
pub(crate) async fn latest(
    store: &dyn TenantStore,
    dossier: &Dossier,
    case: CaseId,
    wanted: u32,
) -> Result<Vec<EntryOut>, Problem> {
    let customer = dossier.customer.id;
    let mut until = dossier.standing.timeline_entries;
    let mut found = Vec::new();
    while found.len() < wanted as usize && until > 0 {
        let from = until.saturating_sub(wanted.into());
        let read = store.timeline(customer, from, wanted).await?.into_iter();
        // Others were written meanwhile.
        let read = read.filter(|entry| entry.number < until);
        found.extend(read.rev().filter(|entry| is_of(entry, case)));
        until = from;
    }
    found.truncate(wanted as usize);
    let names = Names::of(dossier);
    Ok(found
        .iter()
        .map(|entry| EntryOut::of(entry, &names))
        .collect())
}

/// What belongs to no case is told with each.
fn is_of(entry: &TimelineEntry, case: CaseId) -> bool {
    entry.case.is_none_or(|of| of == case)
}

fn page(query: &PageQuery, found: Vec<TimelineEntry>, names: &Names) -> PageOf<EntryOut> {
    let key = |entry: &TimelineEntry| entry.number.to_string();
    query.page(found, key, |entry| EntryOut::of(&entry, names))
}

async fn of_customer(
    call: Call<ByCustomer, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<EntryOut>>>, Problem> {
    let store = call.store();
    let id = customer(&*store, &call.path.customer).await?;
    let names = Names::of(&dossier(&*store, id).await?);
    let found = entries(&*store, id, None, &call.query).await?;
    Ok(Reply::ok(Json(page(&call.query, found, &names))))
}

async fn of_case(
    call: Call<ByCase, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<EntryOut>>>, Problem> {
    let store = call.store();
    let (dossier, case) = case(&*store, &call.path.case).await?;
    let names = Names::of(&dossier);
    let found = entries(&*store, dossier.customer.id, Some(case.id), &call.query).await?;
    Ok(Reply::ok(Json(page(&call.query, found, &names))))
}
