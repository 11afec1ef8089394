//! The debtor's own word, and where it leads.
//!
//! The keys of an answer name its word, `reply:hardship:task`, so that what becomes of it
//! leads back to the word.

mod reply;

use regua_sdk::prelude::*;

use crate::config::Config;
use crate::memory::Memory;
use crate::{Escalation, Outcome};

use reply::Reply;

/// What the debtor let us know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// The invoice did not arrive.
    NotReceived,
    /// The money is short for now.
    CashFlow,
    /// Something is wrong with what was bought.
    GoodsOrService,
    /// The money is short, and not only for now.
    Hardship,
    /// Something else, which a person has to read.
    Other,
    /// A dispute of an invoice; the host covers it by itself.
    DisputeOpened,
}

const WORDS: &[(&str, Word)] = &[
    ("not-received", Word::NotReceived),
    ("cash-flow", Word::CashFlow),
    ("goods-or-service", Word::GoodsOrService),
    ("hardship", Word::Hardship),
    ("other", Word::Other),
    ("dispute-opened", Word::DisputeOpened),
];

impl Word {
    /// The word that this call is about, if it is about one.
    pub(crate) fn heard(situation: &Situation) -> Option<Self> {
        let event = situation.event()?;
        match event.kind() {
            "replied" => {
                let reason = event.detail("reason").unwrap_or_default();
                let known = Self::of_name(reason).filter(|&word| word != Self::DisputeOpened);
                Some(known.unwrap_or(Self::Other))
            }
            "dispute.opened" => Some(Self::DisputeOpened),
            "effect.failed" | "effect.cancelled" => event.subject().and_then(Self::of_key),
            _ => None,
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        let known = WORDS.iter().find(|(known, _)| *known == name);
        known.map(|(_, word)| *word)
    }

    fn of_key(key: &str) -> Option<Self> {
        Self::of_name(key.strip_prefix("reply:")?.split(':').next()?)
    }

    fn name(self) -> &'static str {
        let known = WORDS.iter().find(|(_, word)| *word == self);
        known.map_or("other", |(name, _)| name)
    }

    fn key(self, part: &str) -> String {
        format!("reply:{}:{part}", self.name())
    }
}

/// Routes a word. No demand goes out with it, also if one were due: the answer to somebody
/// who wrote is not a form letter.
pub(crate) fn route(
    word: Word,
    situation: &Situation,
    config: &Config,
    memory: &mut Memory,
) -> Decision<Escalation> {
    let reply = Reply {
        word,
        situation,
        config,
    };
    let decision = match word {
        Word::CashFlow => Decision::leave(Outcome::WantsPlan),
        Word::GoodsOrService => {
            let decision = Decision::leave(Outcome::Disputed);
            reply.notice(reply.hold(decision, config.hold_days.dispute))
        }
        Word::DisputeOpened => reply.notice(Decision::stay(reply.resume())),
        Word::NotReceived => reply.not_received(memory),
        Word::Hardship => reply.rest_with_task(config.hold_days.hardship),
        Word::Other => reply.rest_with_task(config.hold_days.other),
    };
    decision.because(word.name(), text(word))
}

/// The answer to a dispute leads out of the stage. That the stage is asked once more means
/// that another effect was cancelled meanwhile, by the hold itself perhaps, and the host took
/// the way out back.
pub(crate) fn leaves_still(situation: &Situation) -> Option<Decision<Escalation>> {
    situation
        .effects_of_visit()
        .find(|effect| {
            Word::of_key(effect.key()) == Some(Word::GoodsOrService) && has_happened(effect.state())
        })
        .map(|_| {
            Decision::leave(Outcome::Disputed)
                .because(Word::GoodsOrService.name(), text(Word::GoodsOrService))
        })
}

/// The team has sent the invoice again: the contacts of the new round, if there is one and
/// none was made, are counted from now.
pub(crate) fn resent(situation: &Situation, memory: &mut Memory) {
    let is_resent = situation.event().is_some_and(|event| {
        let subject = event.subject().and_then(Word::of_key);
        event.kind() == "task.completed" && subject == Some(Word::NotReceived)
    });
    if is_resent && memory.round > 0 && memory.proposed.is_empty() && memory.clock.is_some() {
        memory.clock = Some(situation.stage().business_days());
    }
}

fn has_happened(state: EffectState) -> bool {
    !matches!(state, EffectState::Failed | EffectState::Cancelled)
}

fn text(word: Word) -> &'static str {
    match word {
        Word::NotReceived => "The customer says that the invoice was not received.",
        Word::CashFlow => "The customer says that the money is short for now.",
        Word::GoodsOrService => {
            "The customer says that something is wrong with the goods or the service."
        }
        Word::Hardship => "The customer says that they are in hardship.",
        Word::Other => "The customer replied with a reason that has no rule.",
        Word::DisputeOpened => "The customer disputes an invoice.",
    }
}
