//! One step of a customer: plan → decide → guard → advance, at an instant.
//!
//! This is the one engine. What a node, a simulation, a replay or a test does differs only
//! in where the dossier comes from, who answers for the stages ([`Stages`]), and where the
//! changes go.

mod asking;

use crate::advance;
use crate::case::{Case, CaseState};
use crate::contract::{Call, Event, Situation, Trigger};
use crate::dossier::Draft;
use crate::host;
use crate::id::CaseId;
use crate::plan::{Cause, Move, plan};
use crate::tenant::Tenant;
use crate::time::Timestamp;
use crate::workflow::Stage;

use asking::Asking;

/// Who answers for the stages: the sandbox, or a record of it.
pub trait Stages {
    /// Asks a stage. Pure: the same situation gets the same answer.
    fn decide(&self, stage: &Stage, situation: &Situation) -> Call;

    /// Names the engine that answers: version and compilation settings.
    fn engine(&self) -> &str;

    /// Why nothing more is to be played, if that is so: asked by who plays a story, between its
    /// events, for one in which no stage is asked can be long too.
    fn stopped(&self) -> Option<&'static str> {
        None
    }
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing is to be done before this instant.
    Rest {
        /// [`Timestamp::NEVER`] where only a fact can change anything.
        until: Timestamp,
    },
    /// A transition was made: the draft has it.
    Moved,
}

/// The host could not make a call: nothing happened, try again later.
#[derive(Debug, thiserror::Error)]
#[error("the host could not ask stage {stage}: {detail}")]
pub struct HostFault {
    /// Which stage was to be asked.
    pub stage: String,
    /// For the operator.
    pub detail: String,
}

/// Makes the one transition that the draft's instant calls for, if any.
pub fn step(tenant: &Tenant, draft: &mut Draft, stages: &dyn Stages) -> Result<Step, HostFault> {
    match plan(tenant, &draft.dossier, draft.now) {
        Move::Rest { until } => return Ok(Step::Rest { until }),
        Move::Host(rule) => host::act(tenant, draft, &rule),
        Move::Ask { case, cause } => ask(tenant, draft, case, cause, stages)?,
    }
    Ok(Step::Moved)
}

fn ask(
    tenant: &Tenant,
    draft: &mut Draft,
    case: CaseId,
    cause: Cause,
    stages: &dyn Stages,
) -> Result<(), HostFault> {
    let Some(found) = draft.dossier.case(case) else {
        return Ok(());
    };
    let Some(workflow) = tenant.workflows.get(&found.workflow) else {
        return Ok(());
    };
    let Some(stage) = workflow.stage(found.stage()) else {
        return Ok(());
    };
    let fact = match &cause {
        Cause::Fact { number, .. } => draft
            .dossier
            .inbox
            .iter()
            .find(|waiting| waiting.number == *number)
            .cloned(),
        _ => None,
    };
    let enters = matches!(found.state, CaseState::Waiting(_));
    draft.begin_transition(case);
    if enters {
        advance::note_anchor(draft, workflow, case);
    }
    let trigger = begin(draft, case, cause);
    let asking = Asking {
        policy: &tenant.policy,
        workflow,
        stage,
        stages,
        case,
        revoked: tenant.revoked(stage),
        fact,
    };
    asking.run(draft, trigger)?;
    advance::note_earlier_anchor(draft, workflow, case);
    advance::replan(draft, workflow, case);
    Ok(())
}

/// Puts the case into the stage and says why it is asked.
fn begin(draft: &mut Draft, case: CaseId, cause: Cause) -> Trigger {
    let now = draft.now;
    advance::enter(draft, case);
    match cause {
        Cause::Entering => Trigger::Entered,
        Cause::Woken => {
            let planned = match draft.dossier.case(case).map(|case| &case.state) {
                Some(CaseState::Visiting(visit)) if visit.calls == 0 && visit.retry.is_some() => {
                    return Trigger::Entered;
                }
                Some(CaseState::Visiting(visit)) => visit.planned,
                _ => now,
            };
            Trigger::Woken {
                planned,
                late_by_ms: now.0.saturating_sub(planned.0),
            }
        }
        Cause::Fact { number, event } => {
            draft
                .dossier
                .inbox
                .retain(|waiting| waiting.number != number);
            disarm(draft, case, &event);
            Trigger::Event(event)
        }
    }
}

/// An effect that failed takes back what was armed on it.
fn disarm(draft: &mut Draft, case: CaseId, event: &Event) {
    let failed = matches!(
        event.kind.as_str(),
        "message.bounced" | "effect.cancelled" | "effect.failed"
    );
    if !failed {
        return;
    }
    let failed: Vec<_> = draft
        .dossier
        .effects
        .iter()
        .filter(|effect| {
            effect.key.case == case && Some(&effect.proposal) == event.subject.as_ref()
        })
        .map(|effect| effect.key)
        .collect();
    if let Some(Case {
        state: CaseState::Visiting(visit),
        ..
    }) = draft.case_mut(case)
        && visit
            .armed
            .as_ref()
            .is_some_and(|armed| armed.awaits.iter().any(|key| failed.contains(key)))
    {
        visit.armed = None;
    }
}
