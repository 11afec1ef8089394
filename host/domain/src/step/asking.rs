//! Asking a stage: the call, the guard's word, the second ask.

use super::{HostFault, Stages};
use crate::advance;
use crate::case::{Case, CaseState, Retry, Visit};
use crate::contract::{Answer, Call, Decision, FailureKind, Next, Refusal, Trigger, Wake};
use crate::dossier::{Draft, Waiting};
use crate::guard::{Bench, Judgement};
use crate::id::CaseId;
use crate::policy::Policy;
use crate::situation::Place;
use crate::time::MINUTE_MS;
use crate::timeline::{DecisionRecord, Happening, Ruled};
use crate::workflow::{Stage, Workflow};

/// A stage about to be asked.
pub(super) struct Asking<'a> {
    pub policy: &'a Policy,
    pub workflow: &'a Workflow,
    pub stage: &'a Stage,
    pub stages: &'a dyn Stages,
    pub case: CaseId,
    /// Why the stage's plugin is not to be asked any more, where that is so.
    pub revoked: Option<&'a str>,
    /// What it is asked about: it waits on where the deadline passes.
    pub fact: Option<Waiting>,
}

impl Asking<'_> {
    /// Asks, and again with the verdicts where not all is allowed; commits what is.
    pub(super) fn run(&self, draft: &mut Draft, trigger: Trigger) -> Result<(), HostFault> {
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
        let call = match self.revoked {
            Some(because) => Call::unmade(Answer::Failure {
                kind: FailureKind::Revoked,
                detail: format!("its tenant revoked it: {because}"),
            }),
            None => self.stages.decide(self.stage, &situation),
        };
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
        let attempt = visit.retry.as_ref().map_or(0, |retry| retry.attempt) + 1;
        // What it was asked for stays as it is: it is told the same again.
        visit.retry = (attempt <= advance::RETRIES_MAX).then(|| Retry {
            attempt,
            at: now.plus_ms(MINUTE_MS << attempt),
            about: self.fact.as_ref().map(|fact| fact.number),
        });
        let stage = self.stage.id.clone();
        let plugin = self.stage.plugin.label();
        if attempt <= advance::RETRIES_MAX {
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
            let detail = format!("the deadline passed {attempt} times");
            self.failed(
                draft,
                Happening::StageFailed {
                    stage,
                    plugin,
                    kind: FailureKind::Deadline,
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
