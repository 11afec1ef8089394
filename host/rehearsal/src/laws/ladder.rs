//! Laws of where cases are.

use std::collections::BTreeMap;

use regua_domain::effect::TaskState;
use regua_domain::plan::{Move, plan};
use regua_domain::time::Timestamp;
use regua_domain::timeline::Happening;
use regua_domain::workflow::Target;

use super::Case;

pub(super) fn one_case(case: Case<'_>) -> Vec<String> {
    let mut open: BTreeMap<_, u32> = BTreeMap::new();
    for case in case.dossier.cases.iter().filter(|case| case.is_open()) {
        *open.entry(case.currency).or_default() += 1;
    }
    let several = open.into_iter().filter(|(_, count)| *count > 1);
    several
        .map(|(currency, count)| format!("{count} in {currency}"))
        .collect()
}

/// A stage is entered from where the one before leads; or the timeline says why not.
pub(super) fn no_silent_skip(case: Case<'_>) -> Vec<String> {
    let mut broken = Vec::new();
    // By case: the stage that is to be entered next; none where the timeline said that it goes on
    // elsewhere.
    let mut next: BTreeMap<_, Option<String>> = BTreeMap::new();
    for entry in &case.journal.timeline {
        let Some(id) = entry.case else { continue };
        match &entry.what {
            Happening::StageLeft { stage, outcome } => {
                let workflow = case.dossier.case(id).map(|case| &case.workflow);
                let workflow = workflow.and_then(|name| case.tenant.workflows.get(name));
                let target = workflow.and_then(|workflow| workflow.stage(stage)?.on.get(outcome));
                let to = match target {
                    Some(Target::Stage(to)) => Some(to.clone()),
                    _ => None,
                };
                next.insert(id, to);
            }
            Happening::StageEntered { stage, .. } => {
                if let Some(Some(meant)) = next.remove(&id)
                    && meant != *stage
                {
                    let at = case.wall(entry.at);
                    broken.push(format!("{stage} was entered at {at}, and {meant} was next"));
                }
            }
            Happening::StagePassedOver { .. }
            | Happening::Rewound { .. }
            | Happening::Transferred { .. }
            | Happening::CaseReopened { .. }
            | Happening::CaseEnded { .. }
            | Happening::StageFailed { .. }
            | Happening::StageRefused { .. } => {
                next.insert(id, None);
            }
            _ => {}
        }
    }
    broken
}

/// An open case is looked at again, or waits for a person.
pub(super) fn none_forgotten(case: Case<'_>) -> Vec<String> {
    let waits_for_person = case
        .dossier
        .tasks
        .iter()
        .any(|task| task.state == TaskState::Open);
    let open = case.dossier.cases.iter().filter(|case| case.is_open());
    let forgotten = open.filter(|open| {
        let mut alone = case.dossier.clone();
        alone.cases.retain(|other| other.id == open.id);
        alone.items.retain(|item| item.currency == open.currency);
        alone.covers.retain(|cover| cover.currency == open.currency);
        let rests = plan(case.tenant, &alone, case.now);
        rests
            == Move::Rest {
                until: Timestamp::NEVER,
            }
            && !waits_for_person
    });
    let told = forgotten.map(|open| format!("the one at {} waits for nothing", open.stage()));
    told.collect()
}
