//! A case as it is told whole.

use regua_domain::balance::{View, days_between};
use regua_domain::case::{Case, CaseState};
use regua_domain::dossier::Dossier;
use regua_domain::effect::TaskState;
use regua_domain::money::Currency;
use regua_domain::time::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::CaseOut;
use crate::call::Tenancy;
use crate::shape::Amount;
use crate::v1::effects::EffectOut;
use crate::v1::invoices::word;
use crate::v1::tasks::TaskOut;
use crate::v1::timelines::EntryOut;

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
    /// What happened last, the newest first, where it was asked for. All of it is at
    /// `…/timeline`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Vec<EntryOut>>,
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
    pub(super) fn of(dossier: &Dossier, case: &Case, tenancy: &Tenancy) -> Self {
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
            timeline: None,
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
