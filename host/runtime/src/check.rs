//! Whatever a guest returned, looked at again.
//!
//! wasmtime sees to the types of the contract; this sees to its bounds, and to what a
//! decision refers to: items that exist, outcomes and actions that the manifest names.
//! Whether a proposal is *wanted* (contact caps, grants, law) is the guard's to say.

mod action;
mod findings;
mod fit;
mod message;
mod plan;
pub(crate) mod text;

use regua_domain::contract::{
    ActionKind, ConfigProblem, Decision, Manifest, Next, Reason, Refusal, Situation, Wake,
};
use regua_domain::time::plus_days;

use findings::Findings;
use fit::{Fit, done_as};
use text::is_key;

/// Proposals of one decision.
const PROPOSALS_MAX: usize = 32;
/// Bytes of `decision.memory`.
const MEMORY_BYTES_MAX: usize = 4 << 10;
/// Reasons of one decision, and characters of their parts.
const REASONS_MAX: usize = 16;
const REASON_CODE_CHARS_MAX: usize = 64;
pub(crate) const REASON_TEXT_CHARS_MAX: usize = 500;
/// Problems of one config.
const CONFIG_PROBLEMS_MAX: usize = 100;
const POINTER_CHARS_MAX: usize = 500;
/// A wake-up is at least so far ahead.
const WAKE_MINUTES_MIN: u32 = 15;
/// No stage plans further ahead, or looks further back: ten years and a little.
const HORIZON_DAYS: i64 = 3_660;

/// Everything in a decision that breaks a bound of the contract, each with its place:
/// `proposals[1].add-fee.amount: -500 is below 0`.
pub fn check(
    decision: &Decision,
    situation: &Situation,
    manifest: &Manifest,
) -> Result<(), Vec<String>> {
    let mut problems = Vec::new();
    let mut found = Findings::new(&mut problems);
    let Decision {
        proposals,
        next,
        memory,
        reasons,
    } = decision;
    found.unless(proposals.len() <= PROPOSALS_MAX, || {
        (
            "proposals".to_owned(),
            format!("{} where {PROPOSALS_MAX} are allowed", proposals.len()),
        )
    });
    for (at, proposal) in proposals.iter().enumerate().take(PROPOSALS_MAX) {
        found.unless(is_key(&proposal.key), || {
            (
                format!("proposals[{at}].key"),
                format!(
                    "{:?} is not 1 to 64 characters of a-z, 0-9, -, . and :",
                    proposal.key
                ),
            )
        });
        found.unless(
            !proposals[..at]
                .iter()
                .any(|earlier| earlier.key == proposal.key),
            || {
                (
                    format!("proposals[{at}].key"),
                    format!("`{}` is used twice", proposal.key),
                )
            },
        );
        let kind = proposal.action.kind();
        let done = done_as(&proposal.key, situation);
        found.unless(done.is_none_or(|done| done == kind), || {
            let done = done.map_or("", ActionKind::name);
            (
                format!("proposals[{at}].key"),
                format!("`{}` was done as {done} on this visit", proposal.key),
            )
        });
        found.unless(manifest.proposes.contains(&kind), || {
            (
                format!("proposals[{at}]"),
                format!(
                    "`{}` is not among the actions its manifest proposes",
                    kind.name()
                ),
            )
        });
        action::check(
            &proposal.action,
            Fit::of(proposal, situation),
            &mut found
                .within("proposals", Some(at))
                .within(kind.name(), None),
        );
    }
    check_next(next, situation, manifest, &mut found);
    if let Some(memory) = memory {
        found.unless(memory.len() <= MEMORY_BYTES_MAX, || {
            (
                "memory".to_owned(),
                format!(
                    "{} bytes where {MEMORY_BYTES_MAX} are allowed",
                    memory.len()
                ),
            )
        });
    }
    found.unless(reasons.len() <= REASONS_MAX, || {
        (
            "reasons".to_owned(),
            format!("{} where {REASONS_MAX} are allowed", reasons.len()),
        )
    });
    for (at, reason) in reasons.iter().enumerate().take(REASONS_MAX) {
        check_reason(reason, &mut found.within("reasons", Some(at)));
    }
    outcome(problems)
}

/// The same of a refusal.
pub fn check_refusal(refusal: &Refusal) -> Result<(), Vec<String>> {
    let mut problems = Vec::new();
    let mut found = Findings::new(&mut problems);
    match refusal {
        Refusal::BadConfig(problems) => return check_config_problems(problems),
        Refusal::Unsupported(text) => {
            found
                .within("refusal", None)
                .text("unsupported", text, REASON_TEXT_CHARS_MAX);
        }
        Refusal::Other(reason) => check_reason(reason, &mut found.within("refusal.other", None)),
    }
    outcome(problems)
}

/// The same of the problems that a stage finds in a config.
pub fn check_config_problems(told: &[ConfigProblem]) -> Result<(), Vec<String>> {
    let mut problems = Vec::new();
    let mut found = Findings::new(&mut problems);
    found.unless(told.len() <= CONFIG_PROBLEMS_MAX, || {
        (
            "problems".to_owned(),
            format!("{} where {CONFIG_PROBLEMS_MAX} are allowed", told.len()),
        )
    });
    for (at, ConfigProblem { pointer, text }) in told.iter().enumerate().take(CONFIG_PROBLEMS_MAX) {
        let mut found = found.within("problems", Some(at));
        found.line("pointer", pointer, POINTER_CHARS_MAX);
        found.unless(pointer.is_empty() || pointer.starts_with('/'), || {
            (
                "pointer".to_owned(),
                format!("{pointer:?} is not a JSON pointer"),
            )
        });
        found.text("text", text, REASON_TEXT_CHARS_MAX);
    }
    outcome(problems)
}

fn outcome(problems: Vec<String>) -> Result<(), Vec<String>> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn check_next(next: &Next, situation: &Situation, manifest: &Manifest, found: &mut Findings<'_>) {
    let today = situation.now.local_date;
    let mut stay = |ok: bool, problem: &dyn Fn() -> String| {
        found.unless(ok, || ("next.stay".to_owned(), problem()));
    };
    match next {
        Next::Leave(outcome) => found.unless(manifest.outcomes.contains(outcome), || {
            (
                "next.leave".to_owned(),
                format!("{outcome:?} is not among the outcomes of its manifest"),
            )
        }),
        Next::Stay(Wake::AfterMinutes(minutes)) => {
            stay(*minutes >= WAKE_MINUTES_MIN, &|| {
                format!("{minutes} minutes is below {WAKE_MINUTES_MIN}")
            });
            stay(i64::from(*minutes) <= HORIZON_DAYS * 24 * 60, &|| {
                format!("{minutes} minutes is more than ten years")
            });
        }
        Next::Stay(Wake::AfterDays(days) | Wake::AfterBusinessDays(days)) => {
            stay(*days >= 1, &|| "0 days is not ahead".to_owned());
            stay(i64::from(*days) <= HORIZON_DAYS, &|| {
                format!("{days} days is more than ten years")
            });
        }
        Next::Stay(Wake::OnDate(on)) => {
            stay(*on > today, &|| format!("{on} is not after today, {today}"));
            stay(*on <= plus_days(today, HORIZON_DAYS), &|| {
                format!("{on} is more than ten years ahead")
            });
        }
        Next::Stay(Wake::OnEvent) => {}
    }
}

fn check_reason(Reason { code, text }: &Reason, found: &mut Findings<'_>) {
    found.line("code", code, REASON_CODE_CHARS_MAX);
    found.unless(!code.is_empty(), || ("code".to_owned(), "empty".to_owned()));
    found.text("text", text, REASON_TEXT_CHARS_MAX);
}

#[cfg(test)]
mod action_tests;
#[cfg(test)]
mod fit_tests;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
