//! What stages answer: their turns one after the other, whatever they are asked about.

use proptest::collection::vec;
use proptest::prelude::*;
use regua_domain::contract::{
    Answer, Decision, FailureKind, Next, Reason, Refusal, Ruling, Situation, Wake,
};
use regua_domain::time::{plus_days, to_epoch_days};

use super::wish::{self, Wish};
use crate::kit::{Plugin, answering, failure, verdicts};

/// One answer.
#[derive(Debug, Clone)]
pub enum Turn {
    /// It decides. Asked again with verdicts, it proposes all of it once more if it insists, else
    /// what was not refused.
    Decides {
        wishes: Vec<Wish>,
        then: Then,
        insists: bool,
    },
    /// It says no.
    Refuses,
    /// It breaks.
    Breaks,
    /// It does not answer in time.
    Dawdles,
}

/// Where a case goes on.
#[derive(Debug, Clone, Copy)]
pub enum Then {
    Leaves(usize),
    Days(u16),
    BusinessDays(u16),
    Minutes(u32),
    On(i64),
    WhenToldSomething,
}

fn then() -> impl Strategy<Value = Then> {
    prop_oneof![
        3 => (0..3_usize).prop_map(Then::Leaves),
        2 => (1..40_u16).prop_map(Then::Days),
        1 => (1..10_u16).prop_map(Then::BusinessDays),
        1 => (0..3_000_u32).prop_map(Then::Minutes),
        1 => (-2..60_i64).prop_map(Then::On),
        1 => Just(Then::WhenToldSomething),
    ]
}

pub fn turn() -> impl Strategy<Value = Turn> {
    let decides =
        (vec(wish::wish(), 0..4), then(), any::<bool>()).prop_map(|(wishes, then, insists)| {
            Turn::Decides {
                wishes,
                then,
                insists,
            }
        });
    prop_oneof![
        12 => decides,
        1 => Just(Turn::Refuses),
        1 => Just(Turn::Breaks),
        1 => Just(Turn::Dawdles),
    ]
}

/// What the outcome of a number is called.
pub fn outcome(nth: usize) -> String {
    format!("way-{nth}")
}

/// A stage that takes its turns.
pub fn plugin(name: &str, outcomes: usize, turns: Vec<Turn>) -> Plugin {
    let mut plugin = answering(name, move |situation| answer(&turns, outcomes, situation));
    plugin.manifest.outcomes = (0..outcomes).map(outcome).collect();
    plugin.with_template()
}

fn answer(turns: &[Turn], outcomes: usize, situation: &Situation) -> Answer {
    // By the day too: one that breaks is not counted as a call, and has to come to its next turn.
    let day = to_epoch_days(situation.now.local_date).unsigned_abs();
    let nth = situation.stage.calls_before.wrapping_add(day) as usize;
    match &turns[nth % turns.len()] {
        Turn::Decides {
            wishes,
            then,
            insists,
        } => {
            let wishes = (0..).zip(wishes);
            let mut proposals: Vec<_> = wishes
                .filter_map(|(place, wish)| wish.proposal(place, situation))
                .collect();
            if !insists {
                let told = verdicts(situation);
                proposals.retain(|proposal| {
                    !told
                        .iter()
                        .any(|told| told.key == proposal.key && told.ruling == Ruling::Refused)
                });
            }
            Answer::Decision(Decision {
                proposals,
                next: next(*then, outcomes, situation),
                memory: Some(vec![nth as u8]),
                reasons: Vec::new(),
            })
        }
        Turn::Refuses => Answer::Refusal(Refusal::Other(Reason {
            code: "no".to_owned(),
            text: "Not this one".to_owned(),
        })),
        Turn::Breaks => failure(FailureKind::Trap),
        Turn::Dawdles => Answer::Inconclusive,
    }
}

fn next(then: Then, outcomes: usize, situation: &Situation) -> Next {
    match then {
        Then::Leaves(nth) => Next::Leave(outcome(nth % outcomes)),
        Then::Days(days) => Next::Stay(Wake::AfterDays(days)),
        Then::BusinessDays(days) => Next::Stay(Wake::AfterBusinessDays(days)),
        Then::Minutes(minutes) => Next::Stay(Wake::AfterMinutes(minutes)),
        Then::On(days) => Next::Stay(Wake::OnDate(plus_days(situation.now.local_date, days))),
        Then::WhenToldSomething => Next::Stay(Wake::OnEvent),
    }
}
