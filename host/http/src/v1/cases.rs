//! `/v1/cases`: what one customer owes in one currency, followed to an end.

use axum::http::Method;
use regua_domain::balance::{View, days_between};
use regua_domain::case::{Case, CaseState};
use regua_domain::dossier::Dossier;
use regua_domain::effect::{EffectKey, TaskState};
use regua_domain::id::CaseId;
use regua_domain::money::Currency;
use regua_domain::time::{Date, Timestamp};
use regua_storage::{CaseRow, CasesQuery, EffectsOf, TenantStore};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::READERS;
use super::effects::EffectOut;
use super::invoices::word;
use super::tasks::TaskOut;
use crate::call::{Call, Tenancy, customer, dossier};
use crate::endpoint::{Endpoint, endpoint};
use crate::input::{Json, Nothing};
use crate::problem::Problem;
use crate::reply::{PageOf, PageQuery, Reply};
use crate::shape::{Amount, Instant, NoParams};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    const ONE: &str = "/v1/cases/{case}";
    const EFFECTS: &str = "/v1/cases/{case}/effects";
    vec![
        endpoint(Method::GET, "/v1/cases", "list_cases", list)
            .says("Cases, by id", "")
            .roles(READERS),
        endpoint(Method::GET, ONE, "get_case", get)
            .says("A case: where it stands, what is owed, what was done", "")
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

/// A case with all of its customer.
pub(crate) async fn case(store: &dyn TenantStore, text: &str) -> Result<(Dossier, Case), Problem> {
    let missing = || Problem::missing("case", text);
    let id: CaseId = text.parse().map_err(|_| missing())?;
    let of = store.case_of(id).await?.ok_or_else(missing)?;
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

/// A case with what is owed and what was done.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CaseWhole {
    #[serde(flatten)]
    case: CaseOut,
    /// The day from which the days overdue count, as of now.
    #[schemars(with = "Option<chrono::NaiveDate>")]
    anchor: Option<Date>,
    /// Below 0 while something is coming due and nothing is overdue.
    days_overdue: i32,
    /// All that is owed in its currency.
    outstanding: Amount,
    /// What of it is past due.
    past_due: Amount,
    /// What of that is neither covered nor with an agency.
    chaseable: Amount,
    /// Money that no invoice was matched with.
    credit: Amount,
    /// What is open in its currency, the oldest due first.
    items: Vec<ItemOf>,
    /// How often each stage was entered, in the order of their first visits.
    visits: Vec<VisitsOf>,
    /// How often the stage was asked on this visit.
    calls: u32,
    /// The outcome that the stage is left by once what it did is handed over.
    leaving_by: Option<String>,
    /// Tasks that are to be done.
    tasks: Vec<TaskOut>,
    /// What it did last, the newest first: ten at most. All of it is at `…/effects`.
    effects: Vec<EffectOut>,
}

/// An open invoice, fee or interest.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CaseItem")]
pub(crate) struct ItemOf {
    /// Its own key.
    reference: String,
    /// invoice, late-fee, interest or other-charge.
    kind: serde_json::Value,
    #[schemars(with = "chrono::NaiveDate")]
    due_on: Date,
    /// Below 0 where it is coming due.
    days_overdue: i64,
    /// What was billed.
    amount: Amount,
    /// What is left.
    outstanding: Amount,
    /// What of that is neither covered nor with an agency.
    chaseable: Amount,
}

/// How often a stage was entered.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct VisitsOf {
    stage: String,
    count: u32,
}

/// Effects told with a case.
const EFFECTS_MAX: usize = 10;

impl CaseWhole {
    fn of(dossier: &Dossier, case: &Case, tenancy: &Tenancy) -> Self {
        let today = tenancy.now.date_in(dossier.customer.time_zone);
        let workflow = tenancy.open.tenant.workflows.get(&case.workflow);
        let tolerance = workflow.map_or(0, |workflow| workflow.tolerance(case.currency));
        let view = View::of(dossier, case.currency, today, tolerance);
        let amount = |minor| Amount::minor(minor, case.currency);
        let reference = &dossier.customer.reference;
        let (calls, leaving_by) = match &case.state {
            CaseState::Visiting(visit) => {
                let armed = visit.armed.as_ref();
                (visit.calls, armed.map(|armed| armed.outcome.clone()))
            }
            _ => (0, None),
        };
        let is_to_do =
            |state: &TaskState| matches!(state, TaskState::Open | TaskState::Approved { .. });
        let tasks = dossier.tasks.iter();
        let effects = dossier.effects.iter().rev();
        Self {
            case: CaseOut::of(case, reference.clone()),
            anchor: view.anchor,
            days_overdue: view.days_overdue,
            outstanding: amount(view.outstanding),
            past_due: amount(view.past_due),
            chaseable: amount(view.chaseable),
            credit: amount(dossier.credit(case.currency)),
            items: items(&view, case.currency),
            visits: case
                .visits
                .iter()
                .map(|(stage, count)| VisitsOf {
                    stage: stage.clone(),
                    count: *count,
                })
                .collect(),
            calls,
            leaving_by,
            tasks: tasks
                .filter(|task| task.case == case.id && is_to_do(&task.state))
                .map(|task| TaskOut::of(task.clone(), reference.clone()))
                .collect(),
            effects: effects
                .filter(|effect| effect.key.case == case.id)
                .take(EFFECTS_MAX)
                .map(|effect| EffectOut::of(effect, reference.clone()))
                .collect(),
        }
    }
}

fn items(view: &View, currency: Currency) -> Vec<ItemOf> {
    let amount = |minor| Amount::minor(minor, currency);
    view.items
        .iter()
        .map(|(item, chaseable)| ItemOf {
            reference: item.reference.clone(),
            kind: word(&item.kind),
            due_on: item.due_on,
            days_overdue: days_between(item.due_on, view.today).into(),
            amount: amount(item.original),
            outstanding: amount(item.outstanding),
            chaseable: amount(*chaseable),
        })
        .collect()
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

async fn get(call: Call<ByCase, NoParams, Nothing>) -> Result<Reply<Json<CaseWhole>>, Problem> {
    let tenancy = call.tenant().await?;
    let (dossier, case) = case(&**tenancy.store(), &call.path.case).await?;
    let whole = CaseWhole::of(&dossier, &case, &tenancy);
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
