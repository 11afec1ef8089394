//! `/v1/cases`: what one customer owes in one currency, followed to an end.

mod whole;

use axum::http::Method;
use regua_domain::case::{Case, CaseState};
use regua_domain::dossier::Dossier;
use regua_domain::effect::EffectKey;
use regua_domain::id::CaseId;
use regua_domain::time::Timestamp;
use regua_storage::{CaseRow, CasesQuery, EffectsOf, TenantStore, Wanted};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::READERS;
use super::effects::EffectOut;
use super::timelines::latest;
use crate::call::{Call, customer, dossier};
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::{Instant, NoParams};
use whole::CaseWhole;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const ONE: &str = "/v1/cases/{case}";
    const EFFECTS: &str = "/v1/cases/{case}/effects";
    vec![
        endpoint(Method::GET, "/v1/cases", "list_cases", list)
            .says("Cases, by id", "")
            .roles(READERS),
        endpoint(Method::GET, ONE, "get_case", get)
            .says(
                "A case: where it stands, what is owed, what was done",
                "With `timeline` it comes with the last of what happened, as of the same moment.",
            )
            .roles(READERS),
        endpoint(Method::GET, EFFECTS, "list_case_effects", effects)
            .says("What a case did, the oldest first", "")
            .roles(READERS),
    ]
}

/// A case, by id.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByCase {
    /// The case's id.
    #[schemars(regex(pattern = r"^case_[0-9a-f]{32}$"))]
    pub case: String,
}

/// A case with its customer, as far as it is about what is open; of a case that ended, with every
/// case there ever was.
pub(crate) async fn case(store: &dyn TenantStore, text: &str) -> Result<(Dossier, Case), Problem> {
    let missing = || Problem::missing("case", text);
    let id: CaseId = text.parse().map_err(|_| missing())?;
    let of = store.case_of(id).await?.ok_or_else(missing)?;
    let now = Timestamp::NEVER;
    let open = store.load(&[Wanted::from(of.customer)], now, now).await?;
    if let Some(dossier) = open.into_iter().find(|dossier| dossier.case(id).is_some()) {
        let case = dossier.case(id).cloned().ok_or_else(missing)?;
        return Ok((dossier, case));
    }
    let dossier = dossier(store, of.customer).await?;
    let case = dossier.case(id).cloned().ok_or_else(missing)?;
    Ok((dossier, case))
}

/// A page of cases.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CasesOf {
    /// Of this customer only, by reference.
    customer: Option<String>,
    /// Open ones only.
    #[serde(default)]
    open: bool,
    /// The `next` of the page before.
    after: Option<String>,
    /// At most so many on it.
    #[serde(default = "crate::reply::fifty")]
    #[schemars(range(min = 1, max = 500))]
    limit: u32,
}

/// A case in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CaseOut {
    id: String,
    /// Whose.
    customer: String,
    currency: String,
    /// The version of the workflow that it is pinned to.
    workflow: WorkflowOf,
    /// waiting (before a stage), visiting (in a stage) or ended.
    state: &'static str,
    /// The stage it is before, in or was last in.
    stage: String,
    opened_at: Instant,
    /// Since when it is in this state.
    since: Instant,
    /// When the stage is asked next, if nothing happens before.
    next_call_at: Option<Instant>,
    /// resolved, returned, written-off or closed.
    end: Option<&'static str>,
}

/// A version of a workflow.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WorkflowVersion")]
pub(crate) struct WorkflowOf {
    name: String,
    version: u32,
}

impl CaseOut {
    fn of(case: &Case, customer: String) -> Self {
        let (state, since, next_call, end) = match &case.state {
            CaseState::Waiting(waiting) => ("waiting", waiting.since, waiting.planned, None),
            CaseState::Visiting(visit) => ("visiting", visit.entered, visit.next_call(), None),
            CaseState::Ended { end, at, .. } => ("ended", *at, Timestamp::NEVER, Some(end.name())),
        };
        Self {
            id: case.id.to_string(),
            customer,
            currency: case.currency.code().to_owned(),
            workflow: WorkflowOf {
                name: case.workflow.name.clone(),
                version: case.workflow.version,
            },
            state,
            stage: case.stage().to_owned(),
            opened_at: case.opened_at.into(),
            since: since.into(),
            next_call_at: (next_call != Timestamp::NEVER).then(|| next_call.into()),
            end,
        }
    }
}

/// What is told with a case.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct With {
    /// So many of the last entries of its timeline.
    #[schemars(range(min = 1, max = 500))]
    timeline: Option<u32>,
}

async fn list(
    call: Call<NoParams, CasesOf, Nothing>,
) -> Result<Reply<Json<PageOf<CaseOut>>>, Problem> {
    let store = call.store();
    let asked = &call.query;
    let paging = PageQuery {
        after: asked.after.clone(),
        limit: asked.limit,
    };
    let query = CasesQuery {
        open: asked.open,
        customer: asked.customer.clone(),
        after: paging.key()?,
        limit: paging.rows(),
    };
    if let Some(reference) = &asked.customer {
        customer(&*store, reference).await?;
    }
    let found = store.cases(&query).await?;
    let page = paging.page(
        found,
        |row: &CaseRow| row.case.id.to_string(),
        |row| CaseOut::of(&row.case, row.reference),
    );
    Ok(Reply::ok(Json(page)))
}

async fn get(call: Call<ByCase, With, Nothing>) -> Result<Reply<Json<CaseWhole>>, Problem> {
    let tenancy = call.tenant().await?;
    let store = &**tenancy.store();
    let (dossier, case) = case(store, &call.path.case).await?;
    let mut whole = CaseWhole::of(&dossier, &case, &tenancy);
    if let Some(wanted) = call.query.timeline {
        whole.timeline = Some(latest(store, &dossier, case.id, wanted).await?);
    }
    Ok(Reply::ok(Json(whole)))
}

async fn effects(
    call: Call<ByCase, PageQuery, Nothing>,
) -> Result<Reply<Json<PageOf<EffectOut>>>, Problem> {
    let store = call.store();
    let missing = || Problem::missing("case", &call.path.case);
    let id: CaseId = call.path.case.parse().map_err(|_| missing())?;
    let after: Option<EffectKey> = call.query.key()?;
    store.case_of(id).await?.ok_or_else(missing)?;
    let found = store
        .effects(EffectsOf::Case(id), after, call.query.rows())
        .await?;
    let page = call.query.page(
        found,
        |of| of.value.key.to_string(),
        |of| EffectOut::of(&of.value, of.reference),
    );
    Ok(Reply::ok(Json(page)))
}
