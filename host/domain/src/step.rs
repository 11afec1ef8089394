//! One step of a customer: plan → decide → guard → advance, at an instant.
//!
//! This is the one engine. What a node, a simulation, a replay or a test does differs only
//! in where the dossier comes from, who answers for the stages ([`Stages`]), and where the
//! changes go.

use crate::advance;
use crate::case::{Case, CaseState, Visit};
use crate::contract::{
    Answer, Call, Decision, Event, FailureKind, Next, Refusal, Situation, Trigger, Wake,
};
use crate::dossier::{Dossier, Draft, Waiting};
use crate::guard::{Bench, Judgement};
use crate::host;
use crate::id::CaseId;
use crate::plan::{Cause, Move, plan};
use crate::policy::Policy;
use crate::situation::Place;
use crate::tenant::Tenant;
use crate::time::{MINUTE_MS, Timestamp};
use crate::timeline::{DecisionRecord, Happening, Ruled};
use crate::workflow::{Stage, Workflow};

/// Who answers for the stages: the sandbox, or a record of it.
pub trait Stages {
    /// Asks a stage. Pure: the same situation gets the same answer.
    fn decide(&self, stage: &Stage, situation: &Situation) -> Call;

    /// Names the engine that answers: version and compilation settings.
    fn engine(&self) -> &str;
}

/// What a step came to.
#[derive(Debug)]
pub enum Step {
    /// Nothing is to be done before this instant.
    Rest {
        /// [`Timestamp::NEVER`] where only a fact can change anything.
        until: Timestamp,
    },
    /// A transition, to be committed.
    Moved(Box<Draft>),
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

/// Makes the one transition that this instant calls for, if any.
pub fn step(
    tenant: &Tenant,
    dossier: &Dossier,
    now: Timestamp,
    stages: &dyn Stages,
) -> Result<Step, HostFault> {
    match plan(tenant, dossier, now) {
        Move::Rest { until } => Ok(Step::Rest { until }),
        Move::Host(rule) => {
            let mut draft = Draft::new(dossier.clone(), now);
            host::act(tenant, &mut draft, &rule);
            Ok(Step::Moved(Box::new(draft)))
        }
        Move::Ask { case, cause } => {
            let mut draft = Draft::new(dossier.clone(), now);
            ask(tenant, &mut draft, case, cause, stages)?;
            Ok(Step::Moved(Box::new(draft)))
        }
    }
}

/// A stage about to be asked.
struct Asking<'a> {
    policy: &'a Policy,
    workflow: &'a Workflow,
    stage: &'a Stage,
    stages: &'a dyn Stages,
    case: CaseId,
    /// What it is asked about: it waits on where the deadline passes.
    fact: Option<Waiting>,
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
    draft.begin_transition(case);
    let trigger = begin(draft, case, cause);
    let asking = Asking {
        policy: &tenant.policy,
        workflow,
        stage,
        stages,
        case,
        fact,
    };
    asking.run(draft, trigger)?;
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
                Some(CaseState::Visiting(visit)) if visit.calls == 0 && visit.inconclusive > 0 => {
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

impl Asking<'_> {
    fn run(&self, draft: &mut Draft, trigger: Trigger) -> Result<(), HostFault> {
        let event = match &trigger {
            Trigger::Event(event) => Some(event.clone()),
            _ => None,
        };
        let Some(decision) = self.call(draft, 0, trigger)? else {
            return Ok(());
        };
        let judgement = self.judge(draft, &decision);
        self.tell(draft, &decision, &judgement);
        if judgement.allows_all() {
            self.commit(draft, decision, judgement);
            return Ok(());
        }
        let answered = Trigger::Answered {
            verdicts: judgement.verdicts,
            event,
        };
        let Some(decision) = self.call(draft, 1, answered)? else {
            return Ok(());
        };
        let judgement = self.judge(draft, &decision);
        self.tell(draft, &decision, &judgement);
        if judgement.refuses_all() {
            advance::fail(draft, self.workflow, self.stage, self.case);
        } else {
            self.commit(draft, decision, judgement);
        }
        Ok(())
    }

    fn commit(&self, draft: &mut Draft, decision: Decision, judgement: Judgement) {
        advance::decide(
            draft,
            self.workflow,
            self.stage,
            self.case,
            decision,
            judgement,
        );
    }

    /// Asks once and records it; none where it did not decide and that is dealt with.
    fn call(
        &self,
        draft: &mut Draft,
        attempt: u8,
        trigger: Trigger,
    ) -> Result<Option<Decision>, HostFault> {
        let Some((case, visit)) = self.position(draft) else {
            return Ok(None);
        };
        let place = Place {
            policy: self.policy,
            workflow: self.workflow,
            stage: self.stage,
            dossier: &draft.dossier,
            case,
            visit,
        };
        let situation = place.situation(trigger, draft.now);
        let call = self.stages.decide(self.stage, &situation);
        let answer = call.answer.clone();
        if let Answer::HostFault { detail } = answer {
            return Err(HostFault {
                stage: self.stage.id.clone(),
                detail,
            });
        }
        draft.journal.decisions.push(DecisionRecord {
            case: self.case,
            sequence: draft.sequence(),
            attempt,
            at: draft.now,
            stage: self.stage.id.clone(),
            plugin: self.stage.plugin.label(),
            digest: self.stage.plugin.digest.clone(),
            config_digest: self.stage.config_digest.clone(),
            engine: self.stages.engine().to_owned(),
            situation,
            call,
        });
        match answer {
            Answer::Decision(decision) => Ok(Some(decision)),
            Answer::Refusal(refusal) => {
                let because = refusal_text(&refusal);
                let told = Happening::StageRefused {
                    stage: self.stage.id.clone(),
                    plugin: self.stage.plugin.label(),
                    because,
                };
                self.failed(draft, told);
                Ok(None)
            }
            Answer::Failure { kind, detail } => {
                let told = Happening::StageFailed {
                    stage: self.stage.id.clone(),
                    plugin: self.stage.plugin.label(),
                    kind,
                    detail,
                };
                self.failed(draft, told);
                Ok(None)
            }
            Answer::Inconclusive | Answer::HostFault { .. } => {
                self.inconclusive(draft);
                Ok(None)
            }
        }
    }

    fn position<'d>(&self, draft: &'d Draft) -> Option<(&'d Case, &'d Visit)> {
        let case = draft.dossier.case(self.case)?;
        match &case.state {
            CaseState::Visiting(visit) => Some((case, visit)),
            _ => None,
        }
    }

    fn judge(&self, draft: &Draft, decision: &Decision) -> Judgement {
        let Some((case, visit)) = self.position(draft) else {
            return Judgement::default();
        };
        let bench = Bench {
            policy: self.policy,
            workflow: self.workflow,
            stage: self.stage,
            dossier: &draft.dossier,
            case,
            not_before: visit.not_before,
            now: draft.now,
            today: draft.today,
        };
        bench.judge(decision)
    }

    fn tell(&self, draft: &mut Draft, decision: &Decision, judgement: &Judgement) {
        let rulings = decision
            .proposals
            .iter()
            .zip(&judgement.verdicts)
            .map(|(proposal, verdict)| Ruled {
                kind: proposal.action.kind(),
                verdict: verdict.clone(),
            })
            .collect();
        let fuel = draft
            .journal
            .decisions
            .last()
            .map_or(0, |record| record.call.fuel);
        let told = Happening::Decided {
            stage: self.stage.id.clone(),
            plugin: self.stage.plugin.label(),
            fuel,
            next: next_text(&decision.next),
            reasons: decision.reasons.clone(),
            rulings,
        };
        draft.tell(Some(self.case), told);
    }

    fn failed(&self, draft: &mut Draft, told: Happening) {
        draft.tell(Some(self.case), told);
        advance::fail(draft, self.workflow, self.stage, self.case);
    }

    /// A passed deadline is tried again, three times, each later than the last.
    fn inconclusive(&self, draft: &mut Draft) {
        let now = draft.now;
        let Some(Case {
            state: CaseState::Visiting(visit),
            ..
        }) = draft.case_mut(self.case)
        else {
            return;
        };
        visit.inconclusive += 1;
        let attempt = visit.inconclusive;
        visit.planned = now.plus_ms(MINUTE_MS << attempt);
        let stage = self.stage.id.clone();
        let plugin = self.stage.plugin.label();
        if attempt < advance::INCONCLUSIVE_MAX {
            if let Some(fact) = self.fact.clone() {
                let inbox = &mut draft.dossier.inbox;
                let at = inbox.partition_point(|waiting| waiting.number < fact.number);
                inbox.insert(at, fact);
            }
            draft.tell(
                Some(self.case),
                Happening::StageInconclusive {
                    stage,
                    plugin,
                    attempt,
                },
            );
        } else {
            visit.inconclusive = 0;
            let detail = format!("the deadline passed {attempt} times");
            self.failed(
                draft,
                Happening::StageFailed {
                    stage,
                    plugin,
                    kind: FailureKind::OutOfFuel,
                    detail,
                },
            );
        }
    }
}

fn refusal_text(refusal: &Refusal) -> String {
    match refusal {
        Refusal::BadConfig(problems) => {
            let problems: Vec<_> = problems
                .iter()
                .map(|problem| format!("{}: {}", problem.pointer, problem.text))
                .collect();
            format!("bad config: {}", problems.join("; "))
        }
        Refusal::Unsupported(what) => format!("unsupported: {what}"),
        Refusal::Other(reason) => format!("{}: {}", reason.code, reason.text),
    }
}

fn next_text(next: &Next) -> String {
    match next {
        Next::Leave(outcome) => format!("leave: {outcome}"),
        Next::Stay(Wake::AfterMinutes(n)) => format!("stay: {n} minutes"),
        Next::Stay(Wake::AfterDays(n)) => format!("stay: {n} days"),
        Next::Stay(Wake::AfterBusinessDays(n)) => format!("stay: {n} business days"),
        Next::Stay(Wake::OnDate(date)) => format!("stay: until {date}"),
        Next::Stay(Wake::OnEvent) => "stay: until something happens".to_owned(),
    }
}
