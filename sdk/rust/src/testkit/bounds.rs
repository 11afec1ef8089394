//! The contract's bounds on what a stage returns. The host enforces them on its own side;
//! here they fail a test instead of a case.

mod action;
mod findings;
mod fit;
mod manifest;
mod message;

use std::collections::BTreeSet;

use super::Answer;
use crate::bindings as wit;
use crate::{ActionKind, ConfigProblem, Outcome, Refusal, Stage};

use findings::Findings;
use fit::Fit;

pub(super) use manifest::violations as manifest_violations;

const KIB: usize = 1024;
/// No decision names a day further ahead.
const HORIZON_DAYS: i32 = 3_660;
const TEXT_CHARS_MAX: usize = 500;

/// Every bound of the contract that the answer breaks, in words. Web addresses in text are
/// looked for by their beginnings; that a word reads as a host, only the host says.
pub fn violations<S: Stage>(answer: &Answer) -> Vec<String> {
    let (decision, situation) = (&answer.decision, &answer.situation);
    let mut list = Vec::new();
    let mut found = Findings::new(&mut list, "the decision");
    found.at_most("proposals", decision.proposals.len(), 32);
    found.at_most("reasons", decision.reasons.len(), 16);
    if let Some(memory) = &decision.memory {
        found.at_most("bytes of memory", memory.len(), 4 * KIB);
    }
    for reason in &decision.reasons {
        check_reason(&reason.code, &reason.text, &mut found);
    }
    check_next::<S>(&decision.next, situation.now.local_date, &mut found);
    let mut keys = BTreeSet::new();
    for proposal in &decision.proposals {
        let (key, kind) = (proposal.key.as_str(), kind_of(&proposal.action));
        let mut found = Findings::new(&mut list, key);
        found.word("the key", key, b"-.:");
        found.must(keys.insert(key), || "the key comes twice".to_owned());
        found.must(S::PROPOSES.contains(&kind), || {
            format!("{kind} is not in the manifest")
        });
        if let Some(done) = fit::done_as(key, situation) {
            found.must(done == kind, || {
                format!("{kind} under a key that was done as {done}")
            });
        }
        let fit = Fit::of(key, situation);
        action::check(&proposal.action, fit, &mut found);
    }
    list
}

/// The same of a refusal.
pub(super) fn refusal_violations(refusal: &Refusal) -> Vec<String> {
    let mut list = Vec::new();
    let mut found = Findings::new(&mut list, "the refusal");
    match refusal {
        Refusal::BadConfig(problems) => return problem_violations(problems),
        Refusal::Unsupported(text) => found.text("the text", text, TEXT_CHARS_MAX),
        Refusal::Other { code, text } => check_reason(code, text, &mut found),
    }
    list
}

/// The same of the problems found in a config.
pub(super) fn problem_violations(problems: &[ConfigProblem]) -> Vec<String> {
    let mut list = Vec::new();
    let mut found = Findings::new(&mut list, "the problems");
    found.at_most("problems", problems.len(), 100);
    for problem in problems {
        let pointer = &*problem.pointer;
        found.line("a pointer", pointer, 0, 500);
        found.must(pointer.is_empty() || pointer.starts_with('/'), || {
            format!("{pointer:?} is no JSON pointer")
        });
        found.text("a text", &problem.text, TEXT_CHARS_MAX);
    }
    list
}

fn check_reason(code: &str, text: &str, found: &mut Findings<'_>) {
    found.line("a code", code, 1, 64);
    found.text("the text of a reason", text, TEXT_CHARS_MAX);
}

fn check_next<S: Stage>(next: &wit::Next, today: i32, found: &mut Findings<'_>) {
    let days = 1..=HORIZON_DAYS;
    let is_ahead = match next {
        wit::Next::Leave(outcome) => {
            found.must(S::Outcome::NAMES.contains(&outcome.as_str()), || {
                format!("the outcome {outcome:?} is not in the manifest")
            });
            return;
        }
        wit::Next::Stay(wit::Wake::AfterMinutes(minutes)) => {
            let most = HORIZON_DAYS.unsigned_abs() * 24 * 60;
            (15..=most).contains(minutes)
        }
        wit::Next::Stay(wit::Wake::AfterDays(ahead) | wit::Wake::AfterBusinessDays(ahead)) => {
            days.contains(&i32::from(*ahead))
        }
        wit::Next::Stay(wit::Wake::OnDate(day)) => days.contains(&day.saturating_sub(today)),
        wit::Next::Stay(wit::Wake::OnEvent) => true,
    };
    found.must(is_ahead, || {
        format!("the wake-up is not 15 minutes to {HORIZON_DAYS} days ahead: {next:?}")
    });
}

pub(super) fn kind_of(action: &wit::Action) -> ActionKind {
    match action {
        wit::Action::SendMessage(_) => ActionKind::SendMessage,
        wit::Action::Charge(_) => ActionKind::Charge,
        wit::Action::AddFee(_) => ActionKind::AddFee,
        wit::Action::AddInterest(_) => ActionKind::AddInterest,
        wit::Action::OfferDiscount(_) => ActionKind::OfferDiscount,
        wit::Action::OfferPlan(_) => ActionKind::OfferPlan,
        wit::Action::OpenTask(_) => ActionKind::OpenTask,
        wit::Action::NotifyTeam(_) => ActionKind::NotifyTeam,
        wit::Action::ChangeService(_) => ActionKind::ChangeService,
        wit::Action::PlaceWithAgency(_) => ActionKind::PlaceWithAgency,
        wit::Action::RecallPlacement(_) => ActionKind::RecallPlacement,
        wit::Action::Hold(_) => ActionKind::Hold,
        wit::Action::WriteOff(_) => ActionKind::WriteOff,
        wit::Action::AddNote(_) => ActionKind::AddNote,
        wit::Action::Custom(_) => ActionKind::Custom,
    }
}

#[cfg(test)]
mod tests;
