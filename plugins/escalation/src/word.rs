//! The debtor's own word, and where it leads.
//!
//! Asked again about its answer to a word, the stage is no longer told the word. Its keys
//! name it: `reply:hardship:task`.

use regua_sdk::prelude::*;

use crate::config::Config;
use crate::memory::Memory;
use crate::{Escalation, Outcome, rest};

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
        match situation.trigger() {
            Trigger::Event(event) => match event.kind() {
                "replied" => {
                    let reason = event.detail("reason").unwrap_or_default();
                    let known = Self::of_name(reason).filter(|&word| word != Self::DisputeOpened);
                    Some(known.unwrap_or(Self::Other))
                }
                "dispute.opened" => Some(Self::DisputeOpened),
                "effect.failed" | "effect.cancelled" => event.subject().and_then(Self::of_key),
                _ => None,
            },
            Trigger::Answered => situation
                .verdicts()
                .find_map(|verdict| Self::of_key(verdict.key())),
            Trigger::Entered | Trigger::Woken { .. } => None,
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

#[derive(Clone, Copy)]
struct Reply<'a> {
    word: Word,
    situation: &'a Situation,
    config: &'a Config,
}

impl<'a> Reply<'a> {
    /// A task to send the invoice again, and a new clock: who has not had the invoice has
    /// not been late with it.
    fn not_received(self, memory: &mut Memory) -> Decision<Escalation> {
        let resend = &self.config.resend;
        let wake = if memory.round < resend.restarts {
            memory.restart(self.situation.stage().business_days());
            match resend.wait {
                0 => self.resume(),
                wait => Wake::after_business_days(wait),
            }
        } else {
            self.resume()
        };
        self.task(Decision::stay(wake))
    }

    fn rest_with_task(self, days: u16) -> Decision<Escalation> {
        let until = self.situation.today().plus_days(days.into());
        let wake = if self.may(&self.word.key("hold")) {
            Wake::on(until.plus_days(1))
        } else {
            self.resume()
        };
        self.task(self.hold(Decision::stay(wake), days))
    }

    /// Once a visit for each word: a longer rest is for the person to give.
    fn hold(self, decision: Decision<Escalation>, days: u16) -> Decision<Escalation> {
        let key = self.word.key("hold");
        if !self.may(&key) {
            return decision;
        }
        let until = self.situation.today().plus_days(days.into());
        decision.propose(key, Hold::until(until, text(self.word)))
    }

    /// One open task of a word is enough.
    fn task(self, decision: Decision<Escalation>) -> Decision<Escalation> {
        let key = self.word.key("task");
        let tasks = || {
            self.situation
                .effects_of_visit()
                .of_kind(ActionKind::OpenTask)
                .filter(|task| task.key().starts_with(&key))
        };
        let is_open = |state| matches!(state, EffectState::Queued | EffectState::Done);
        if tasks().any(|task| is_open(task.state())) {
            return decision;
        }
        let key = match tasks().count() {
            0 => key,
            before => format!("{key}:{}", before + 1),
        };
        if !self.may(&key) {
            return decision;
        }
        let (title, details, days) = match self.word {
            Word::NotReceived => (
                "Send the invoice again: the customer did not receive it",
                "Check the address and the way the invoice was sent, and send it again. \
                 Complete this task when it is sent: the contacts are counted from then.",
                self.config.resend.due_after,
            ),
            Word::Hardship => (
                "The customer says they are in hardship",
                "The case rests meanwhile. Talk to the customer and agree on what is possible. \
                 Completed with the outcome wants-plan, disputed or exhausted, the task leads \
                 the case there; with any other, the contacts go on after the rest.",
                self.config.person.due_after,
            ),
            _ => (
                "Read the customer's reply",
                "Its reason is none that has a rule, and the case rests for some days. \
                 Completed with the outcome wants-plan, disputed or exhausted, the task leads \
                 the case there; with any other, the contacts go on after the rest.",
                self.config
                    .person
                    .due_after
                    .min(self.config.hold_days.other),
            ),
        };
        let due_on = self.situation.today().plus_days(days.into());
        decision.propose(key, Task::new(self.team(), title, due_on).details(details))
    }

    fn notice(self, decision: Decision<Escalation>) -> Decision<Escalation> {
        let key = self.word.key("notice");
        let key = match self.told(&key) {
            // A reply leads out of the stage; disputes may come one by one.
            0 => key,
            before => format!("{key}:{}", before + 1),
        };
        if !self.may(&key) {
            return decision;
        }
        let balance = self.situation.balance();
        let text = format!(
            "{} {} are past due, {} of it may be chased.",
            text(self.word),
            balance.display(balance.past_due()),
            balance.display(balance.chaseable()),
        );
        decision.propose(key, Notice::new(self.team(), text))
    }

    fn told(self, key: &str) -> usize {
        self.situation
            .effects_of_visit()
            .of_kind(ActionKind::NotifyTeam)
            .filter(|one| one.key().starts_with(key) && has_happened(one.state()))
            .count()
    }

    fn team(self) -> &'a TeamRef {
        let teams = &self.config.teams;
        let named = match self.word {
            Word::NotReceived => &teams.resend,
            Word::GoodsOrService | Word::DisputeOpened => &teams.dispute,
            Word::Hardship => &teams.hardship,
            Word::CashFlow | Word::Other => &teams.other,
        };
        named.as_ref().unwrap_or(&self.config.person.team)
    }

    /// Neither done in this visit, nor refused just now, nor what has just failed.
    fn may(self, key: &str) -> bool {
        let is_done = self
            .situation
            .effects_of_visit()
            .by_key(key)
            .latest()
            .is_some_and(|one| has_happened(one.state()));
        let refused = self
            .situation
            .verdicts()
            .refused()
            .any(|one| one.key() == key);
        let has_failed = self
            .situation
            .event()
            .is_some_and(|event| event.subject() == Some(key));
        !is_done && !refused && !has_failed
    }

    /// After the hold that stands, or soon.
    fn resume(self) -> Wake {
        rest::after_holds(self.situation)
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
