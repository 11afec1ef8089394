//! Tasks: an approved draft is sent, a finished one is told to its stage.

use super::in_case;
use crate::carry::{self, Actor, Written};
use crate::contract::{
    Action, ActionKind, Decision, EffectState, Message, Next, Proposal, Ruling, Verdict, Wake,
};
use crate::dossier::{Dossier, Draft};
use crate::effect::{Task, TaskState};
use crate::guard::Bench;
use crate::id::TaskId;
use crate::tenant::Tenant;
use crate::time::{MINUTE_MS, Timestamp};
use crate::timeline::{Happening, Ruled};

/// An approved draft goes through the guard like any other message. One that nobody could
/// send any more is given back.
pub(super) fn send(tenant: &Tenant, draft: &mut Draft, id: TaskId) {
    let tasks = &draft.dossier.tasks;
    let Some(task) = tasks.iter().find(|task| task.id == id).cloned() else {
        return;
    };
    let Some((message, by)) = ready(tenant, &draft.dossier, &task) else {
        let ruling = Ruled {
            kind: ActionKind::SendMessage,
            verdict: Verdict {
                key: draft_key(id),
                ruling: Ruling::Refused,
                rule: "unknown-stage".to_owned(),
                not_before: None,
                at_most: None,
            },
        };
        settle(draft, &task, TaskState::Open, ruling);
        return;
    };
    in_case(tenant, draft, task.case, |draft, workflow, case| {
        let position = draft.dossier.case(case).cloned();
        let Some((position, stage)) = position.zip(workflow.stage(&by)) else {
            return;
        };
        let decision = decision(id, message);
        let bench = Bench {
            policy: &tenant.policy,
            workflow,
            stage,
            dossier: &draft.dossier,
            case: &position,
            not_before: Timestamp(i64::MIN),
            now: draft.now,
            today: draft.today,
        };
        let mut judgement = bench.judge(&decision);
        let verdict = judgement.verdicts.remove(0);
        let proposal = &decision.proposals[0];
        let state = match verdict.ruling {
            Ruling::Allowed | Ruling::Reduced => {
                let written = Written {
                    letter: judgement.letters.remove(&proposal.key),
                    ..Written::default()
                };
                let actor = Actor {
                    case,
                    stage: &by,
                    visit: position.visits_of(&by).saturating_sub(1),
                };
                carry::carry(draft, actor, proposal, written);
                TaskState::Completed {
                    outcome: APPROVED.to_owned(),
                    at: draft.now,
                }
            }
            Ruling::Deferred => TaskState::Approved {
                // Later than now, whoever deferred it: else it would be tried for ever.
                not_before: verdict
                    .not_before
                    .unwrap_or(draft.now)
                    .max(draft.now.plus_ms(MINUTE_MS)),
            },
            Ruling::Refused => TaskState::Open,
        };
        let ruling = Ruled {
            kind: proposal.action.kind(),
            verdict,
        };
        settle(draft, &task, state, ruling);
    });
}

/// The message, and the stage that drafted it; none where that stage is not in the case's
/// workflow, or is not known any more.
fn ready(tenant: &Tenant, dossier: &Dossier, task: &Task) -> Option<(Message, String)> {
    let message = task.draft.clone()?;
    let by = dossier.effect(task.effect?)?.stage.clone();
    let case = dossier.case(task.case).filter(|case| case.is_open())?;
    tenant.workflows.get(&case.workflow)?.stage(&by)?;
    Some((message, by))
}

/// Writes down the guard's word on a draft, and what it makes of its task.
fn settle(draft: &mut Draft, task: &Task, state: TaskState, ruling: Ruled) {
    draft.tell(
        Some(task.case),
        Happening::DraftRuled {
            title: task.title.clone(),
            ruling,
        },
    );
    let is_sent = matches!(state, TaskState::Completed { .. });
    let tasks = &mut draft.dossier.tasks;
    if let Some(known) = tasks.iter_mut().find(|known| known.id == task.id) {
        known.state = state;
    }
    if is_sent {
        finish(draft, task, APPROVED);
    }
}

/// What a person says by approving a draft.
const APPROVED: &str = "approved";

/// A finished task confirms the effect that opened it, and its stage hears of it.
pub(crate) fn finish(draft: &mut Draft, task: &Task, outcome: &str) {
    let told = Happening::TaskCompleted {
        title: task.title.clone(),
        outcome: outcome.to_owned(),
        task: Some(task.id),
    };
    draft.tell(Some(task.case), told);
    let effect = draft
        .dossier
        .effects
        .iter_mut()
        .find(|effect| Some(effect.key) == task.effect);
    let subject = effect.map(|effect| {
        effect.state = EffectState::Confirmed;
        outcome.clone_into(&mut effect.code);
        effect.proposal.clone()
    });
    let currency = draft.dossier.case(task.case).map(|case| case.currency);
    let mut event = draft.event("task.completed", subject, None);
    event.details = vec![("outcome".to_owned(), outcome.to_owned())];
    draft.enqueue(currency, event);
}

fn draft_key(task: TaskId) -> String {
    format!("draft:{task}")
}

fn decision(task: TaskId, message: Message) -> Decision {
    Decision {
        proposals: vec![Proposal {
            key: draft_key(task),
            action: Action::SendMessage(message),
        }],
        next: Next::Stay(Wake::OnEvent),
        memory: None,
        reasons: Vec::new(),
    }
}
