//! The host's own moves: no plugin is asked.

use crate::advance;
use crate::balance::View;
use crate::carry::{self, Actor, Written};
use crate::case::{Case, CaseState, End, Pace};
use crate::contract::{CoverKind, EffectState, Message, Proposal, Ruling};
use crate::cover::CoverState;
use crate::dossier::Draft;
use crate::effect::{EffectKey, Task, TaskState};
use crate::guard::Bench;
use crate::id::{CaseId, CoverId, TaskId, derived};
use crate::money::Currency;
use crate::plan::{Rule, overrun_reason};
use crate::tenant::Tenant;
use crate::time::Timestamp;
use crate::timeline::{Happening, Ruled};
use crate::workflow::{LateEntry, Span, Workflow};

/// Makes a move of the host's own.
pub fn act(tenant: &Tenant, draft: &mut Draft, rule: &Rule) {
    match rule {
        Rule::Open { currency } => open(tenant, draft, *currency),
        Rule::Absorb { fact } => absorb(tenant, draft, *fact),
        Rule::SettleCover { cover, how } => settle(tenant, draft, *cover, *how),
        Rule::ExpireOffer { effect } => expire(tenant, draft, *effect),
        Rule::SendDraft { task } => send_draft(tenant, draft, *task),
        Rule::Reopen { case, fact } => {
            draft
                .dossier
                .inbox
                .retain(|waiting| waiting.number != *fact);
            in_case(tenant, draft, *case, |draft, workflow, case| {
                let stage = draft
                    .dossier
                    .case(case)
                    .map(|case| case.stage().to_owned())
                    .unwrap_or_default();
                draft.tell(
                    Some(case),
                    Happening::CaseReopened {
                        stage: stage.clone(),
                    },
                );
                advance::wait_for(draft, workflow, case, &stage);
            });
        }
        Rule::Resolve { case } => in_case(tenant, draft, *case, resolve),
        Rule::Rewind { case, to } => in_case(tenant, draft, *case, |draft, workflow, case| {
            let from = draft
                .dossier
                .case(case)
                .map(|case| case.stage().to_owned())
                .unwrap_or_default();
            cancel_letters(draft, case, "rewound");
            advance::wait_for(draft, workflow, case, to);
            let anchor = draft.dossier.case(case).and_then(|case| case.anchor);
            draft.tell(
                Some(case),
                Happening::Rewound {
                    from,
                    to: to.clone(),
                    anchor,
                },
            );
        }),
        Rule::Replan { case } => in_case(tenant, draft, *case, advance::replan_and_tell),
        Rule::Leave { case } => in_case(tenant, draft, *case, leave_armed),
        Rule::PassOver { case, to } => in_case(tenant, draft, *case, |draft, workflow, case| {
            pass_over(draft, workflow, case, to.as_deref());
        }),
        Rule::Overrun { case } => in_case(tenant, draft, *case, |draft, workflow, case| {
            let limit = overrun_reason();
            draft.tell(
                Some(case),
                Happening::LimitMet {
                    limit: limit.clone(),
                },
            );
            let title = "This case moves too often: look at its workflow";
            advance::hold_with_task(
                draft,
                workflow,
                case,
                Span::days(7),
                title,
                "collections",
                &limit,
            );
        }),
    }
}

/// Runs a transition of a case.
fn in_case(
    tenant: &Tenant,
    draft: &mut Draft,
    case: CaseId,
    act: impl FnOnce(&mut Draft, &Workflow, CaseId),
) {
    let Some(reference) = draft.dossier.case(case).map(|case| case.workflow.clone()) else {
        return;
    };
    let Some(workflow) = tenant.workflows.get(&reference) else {
        return;
    };
    draft.begin_transition(case);
    act(draft, workflow, case);
    advance::replan(draft, workflow, case);
}

fn open(tenant: &Tenant, draft: &mut Draft, currency: Currency) {
    let Some(workflow) = tenant.assigned(&draft.dossier.customer, currency) else {
        return;
    };
    let view = View::of(
        &draft.dossier,
        currency,
        draft.today,
        workflow.tolerance(currency),
    );
    let days_overdue = view.days_overdue;
    let anchor = view.anchor;
    let Some(stage) = workflow.entry(days_overdue).map(|stage| stage.id.clone()) else {
        return;
    };
    // The customer's count of facts and entries tells this case from any other of theirs.
    let nth = draft.dossier.standing.timeline_entries;
    let id = CaseId(derived(
        CaseId(draft.dossier.customer.id.0),
        nth,
        currency.code(),
        0,
    ));
    draft.dossier.cases.push(Case {
        id,
        currency,
        workflow: workflow.reference.clone(),
        opened_at: draft.now,
        sequence: 0,
        anchor,
        state: CaseState::Ended {
            end: End::Closed,
            at: draft.now,
            stage: stage.clone(),
        },
        visits: Vec::new(),
        left_previous: None,
        pace: Pace {
            day: draft.today,
            count: 0,
        },
    });
    draft.begin_transition(id);
    draft.tell(
        Some(id),
        Happening::CaseOpened {
            workflow: workflow.reference.clone(),
            stage: stage.clone(),
            days_overdue,
        },
    );
    if workflow.late_entry == LateEntry::ByAge {
        tell_passed_over(draft, workflow, id, 0, &stage, "late entry by age");
    }
    advance::wait_for(draft, workflow, id, &stage);
}

fn tell_passed_over(
    draft: &mut Draft,
    workflow: &Workflow,
    case: CaseId,
    from: usize,
    to: &str,
    because: &str,
) {
    let passed = workflow
        .stages
        .iter()
        .skip(from)
        .take_while(|stage| stage.id != to)
        .filter(|stage| stage.at.days_overdue.is_some());
    for stage in passed {
        let told = Happening::StagePassedOver {
            stage: stage.id.clone(),
            because: because.to_owned(),
        };
        draft.tell(Some(case), told);
    }
}

fn pass_over(draft: &mut Draft, workflow: &Workflow, case: CaseId, to: Option<&str>) {
    let Some(from) = draft.dossier.case(case).map(|case| case.stage().to_owned()) else {
        return;
    };
    if let Some(to) = to {
        let place = workflow.place(&from).unwrap_or(0);
        tell_passed_over(
            draft,
            workflow,
            case,
            place,
            to,
            "the timer was late: collapsed",
        );
        advance::wait_for(draft, workflow, case, to);
    } else {
        let because = "the timer was late: skipped".to_owned();
        draft.tell(
            Some(case),
            Happening::StagePassedOver {
                stage: from.clone(),
                because,
            },
        );
        if let Some(stage) = workflow.stage(&from) {
            advance::leave(draft, workflow, stage, case, "skipped");
        }
    }
}

fn resolve(draft: &mut Draft, workflow: &Workflow, case: CaseId) {
    let thanks = workflow.paid.as_deref().filter(|thanks| {
        draft
            .dossier
            .case(case)
            .is_some_and(|case| case.stage() != *thanks)
    });
    match thanks {
        Some(stage) => {
            cancel_letters(draft, case, "paid");
            let from = draft
                .dossier
                .case(case)
                .map(|case| case.stage().to_owned())
                .unwrap_or_default();
            draft.tell(
                Some(case),
                Happening::StageLeft {
                    stage: from,
                    outcome: "paid".to_owned(),
                },
            );
            advance::wait_for(draft, workflow, case, stage);
        }
        None => advance::end(draft, workflow, case, End::Resolved),
    }
}

fn leave_armed(draft: &mut Draft, workflow: &Workflow, case: CaseId) {
    let Some(Case {
        state: CaseState::Visiting(visit),
        ..
    }) = draft.case_mut(case)
    else {
        return;
    };
    let Some(armed) = visit.armed.take() else {
        return;
    };
    let stage = visit.stage.clone();
    if let Some(stage) = workflow.stage(&stage) {
        advance::leave(draft, workflow, stage, case, &armed.outcome);
    }
}

/// Takes back what waits in the outbox for a debtor.
fn cancel_letters(draft: &mut Draft, case: CaseId, because: &str) {
    advance::cancel_where(draft, case, because, |effect| {
        effect.state == EffectState::Queued && effect.letter.is_some()
    });
}

fn absorb(tenant: &Tenant, draft: &mut Draft, fact: u64) {
    let absorbed = draft
        .dossier
        .inbox
        .iter()
        .position(|waiting| waiting.number == fact)
        .and_then(|at| draft.dossier.inbox.remove(at));
    // Another coming invoice may be the next that is due.
    let waiting = absorbed
        .and_then(|fact| draft.dossier.open_case(fact.currency?))
        .filter(|case| matches!(&case.state, CaseState::Waiting(w) if w.planned > draft.now))
        .map(|case| (case.id, case.workflow.clone()));
    if let Some((case, reference)) = waiting
        && let Some(workflow) = tenant.workflows.get(&reference)
    {
        advance::replan(draft, workflow, case);
    }
}

fn settle(tenant: &Tenant, draft: &mut Draft, id: CoverId, how: CoverState) {
    let Some(cover) = draft.dossier.covers.iter_mut().find(|cover| cover.id == id) else {
        return;
    };
    cover.state = how;
    let (kind, currency, source) = (cover.kind, cover.currency, cover.source.clone());
    let amount = cover.amount;
    let standing = &mut draft.dossier.standing;
    let fact = match (kind, how) {
        (CoverKind::Promise, CoverState::Kept) => {
            standing.promises_kept = standing.promises_kept.saturating_add(1);
            "promise.kept"
        }
        (CoverKind::Promise, _) => {
            standing.promises_broken = standing.promises_broken.saturating_add(1);
            "promise.broken"
        }
        (CoverKind::Plan, CoverState::Kept) => {
            standing.plans_completed = standing.plans_completed.saturating_add(1);
            "plan.completed"
        }
        (CoverKind::Plan, _) => {
            standing.plans_broken = standing.plans_broken.saturating_add(1);
            "plan.broken"
        }
        (CoverKind::Hold, _) => "hold.ended",
        (CoverKind::Pending, _) => "payment.lapsed",
        (CoverKind::Dispute, _) => "dispute.lapsed",
    };
    let case = draft
        .dossier
        .open_case(currency)
        .map(|case| (case.id, case.workflow.clone()));
    if let Some((case, _)) = case {
        draft.begin_transition(case);
    }
    let how = format!("{how:?}").to_lowercase();
    let told = Happening::CoverEnded {
        kind,
        source: source.clone(),
        how,
    };
    draft.tell(case.as_ref().map(|(case, _)| *case), told);
    let event = draft.event(fact, Some(source), amount);
    draft.enqueue(Some(currency), event);
    if let Some((case, reference)) = case
        && let Some(workflow) = tenant.workflows.get(&reference)
    {
        advance::replan(draft, workflow, case);
    }
}

fn expire(tenant: &Tenant, draft: &mut Draft, key: EffectKey) {
    in_case(tenant, draft, key.case, |draft, _, case| {
        let currency = draft.dossier.case(case).map(|case| case.currency);
        let Some(effect) = draft
            .dossier
            .effects
            .iter_mut()
            .find(|effect| effect.key == key)
        else {
            return;
        };
        effect.state = EffectState::Failed;
        "expired".clone_into(&mut effect.code);
        let (kind, proposal) = (effect.kind(), effect.proposal.clone());
        let told = Happening::EffectChanged {
            key,
            kind,
            state: EffectState::Failed,
            code: "expired".to_owned(),
        };
        draft.tell(Some(case), told);
        let event = draft.event("offer.expired", Some(proposal), None);
        draft.enqueue(currency, event);
    });
}

/// An approved draft goes through the guard like any other message.
fn send_draft(tenant: &Tenant, draft: &mut Draft, id: TaskId) {
    let Some(task) = draft
        .dossier
        .tasks
        .iter()
        .find(|task| task.id == id)
        .cloned()
    else {
        return;
    };
    in_case(tenant, draft, task.case, |draft, workflow, case| {
        let Some(message) = task.draft.clone() else {
            return;
        };
        let effect = task
            .effect
            .and_then(|key| draft.dossier.effect(key).cloned());
        let by = effect
            .as_ref()
            .map_or_else(String::new, |effect| effect.stage.clone());
        let Some((position, stage)) = draft.dossier.case(case).cloned().zip(workflow.stage(&by))
        else {
            return;
        };
        let decision = draft_decision(&task.id, message);
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
                    preview: None,
                };
                let visit = position.visits_of(&by).saturating_sub(1);
                carry::carry(
                    draft,
                    Actor {
                        case,
                        stage: &by,
                        visit,
                    },
                    proposal,
                    written,
                );
                TaskState::Completed {
                    outcome: APPROVED.to_owned(),
                    at: draft.now,
                }
            }
            Ruling::Deferred => TaskState::Approved {
                not_before: verdict.not_before.unwrap_or(draft.now),
            },
            Ruling::Refused => TaskState::Open,
        };
        let ruling = Ruled {
            kind: proposal.action.kind(),
            verdict,
        };
        draft.tell(
            Some(case),
            Happening::DraftRuled {
                title: task.title.clone(),
                ruling,
            },
        );
        let is_sent = matches!(state, TaskState::Completed { .. });
        if let Some(task) = draft.dossier.tasks.iter_mut().find(|task| task.id == id) {
            task.state = state;
        }
        if is_sent {
            finish(draft, &task, APPROVED);
        }
    });
}

/// What a person says by approving a draft.
const APPROVED: &str = "approved";

/// A finished task confirms the effect that opened it, and its stage hears of it.
pub(crate) fn finish(draft: &mut Draft, task: &Task, outcome: &str) {
    let told = Happening::TaskCompleted {
        title: task.title.clone(),
        outcome: outcome.to_owned(),
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

fn draft_decision(task: &TaskId, message: Message) -> crate::contract::Decision {
    crate::contract::Decision {
        proposals: vec![Proposal {
            key: format!("draft:{task}"),
            action: crate::contract::Action::SendMessage(message),
        }],
        next: crate::contract::Next::Stay(crate::contract::Wake::OnEvent),
        memory: None,
        reasons: Vec::new(),
    }
}
