//! What an answer is made of: a rest, a task, a notice.

use regua_sdk::prelude::*;

use super::{Word, has_happened, text};
use crate::config::Config;
use crate::memory::Memory;
use crate::{Escalation, rest};

/// A word that is being answered.
#[derive(Clone, Copy)]
pub(super) struct Reply<'a> {
    pub(super) word: Word,
    pub(super) situation: &'a Situation,
    pub(super) config: &'a Config,
}

impl<'a> Reply<'a> {
    /// A task to send the invoice again, and a new clock: who has not had the invoice has
    /// not been late with it.
    pub(super) fn not_received(self, memory: &mut Memory) -> Decision<Escalation> {
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

    pub(super) fn rest_with_task(self, days: u16) -> Decision<Escalation> {
        let until = self.situation.today().plus_days(days.into());
        let wake = if self.may(&self.word.key("hold")) {
            Wake::on(until.plus_days(1))
        } else {
            self.resume()
        };
        self.task(self.hold(Decision::stay(wake), days))
    }

    /// Once a visit for each word: a longer rest is for the person to give.
    pub(super) fn hold(self, decision: Decision<Escalation>, days: u16) -> Decision<Escalation> {
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

    pub(super) fn notice(self, decision: Decision<Escalation>) -> Decision<Escalation> {
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
    pub(super) fn resume(self) -> Wake {
        rest::after_holds(self.situation)
    }
}
