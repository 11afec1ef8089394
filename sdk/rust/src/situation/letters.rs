//! Writing to a debtor over one channel after another: what became of the letters of this
//! visit, and whether a channel is left for the next.

use super::{Effect, EffectsExt, Situation, VerdictsExt};
use crate::{ActionKind, Channel, EffectState};

/// How a message has fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// On its way.
    InFlight,
    /// Handed over, and nothing bad was heard since.
    Sent,
    /// The channel does not lead to the customer: it bounced, or could not be handed over.
    Failed,
    /// It no longer held when its time came, because the amount had changed, say. The
    /// channel is not at fault.
    Cancelled,
}

/// The code of a confirmed message that came back.
const BOUNCED: &str = "bounced";

impl Situation {
    /// How a message has fared, by its effect and by a bounce that this call is about.
    pub fn attempt(&self, message: Effect<'_>) -> Attempt {
        let bounces_now = self.event().is_some_and(|event| {
            event.kind() == "message.bounced" && event.subject() == Some(message.key())
        });
        match message.state() {
            EffectState::Cancelled => Attempt::Cancelled,
            EffectState::Failed => Attempt::Failed,
            _ if bounces_now => Attempt::Failed,
            EffectState::Queued => Attempt::InFlight,
            EffectState::Confirmed if message.code() == BOUNCED => Attempt::Failed,
            EffectState::Done | EffectState::Confirmed => Attempt::Sent,
        }
    }

    /// The letters of a name in this visit: messages whose keys [`Letters::key`] makes.
    pub fn letters<'a>(&'a self, name: &'a str) -> Letters<'a> {
        Letters {
            situation: self,
            name,
        }
    }
}

/// The letters of one name in this visit, one channel after the other: the notice, say,
/// that goes out by letter, and by e-mail where no letter arrives.
///
/// ```
/// # use regua_sdk::prelude::*;
/// # use regua_sdk::testkit::{EffectBuilder, SituationBuilder};
/// let failed = EffectBuilder::message("notice:email", Channel::Email, EffectState::Failed);
/// let situation = SituationBuilder::new()
///     .reachable([Channel::Email, Channel::Sms])
///     .effect(failed)
///     .build();
///
/// let notice = situation.letters("notice");
/// assert_eq!(notice.latest(), Some(Attempt::Failed));
/// // The customer's order; a stage may go through a list of its own instead.
/// let next = situation.customer().reachable().find(|channel| notice.is_open(channel));
/// assert_eq!(next, Some(Channel::Sms));
/// assert_eq!(notice.key(&Channel::Sms), "notice:sms");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Letters<'a> {
    situation: &'a Situation,
    name: &'a str,
}

impl<'a> Letters<'a> {
    /// The key under which to propose the letter over a channel: `notice:email`. One that
    /// failed or was cancelled may be proposed again under it.
    pub fn key(self, channel: &Channel) -> String {
        format!("{}:{channel}", self.name)
    }

    /// How the last of them has fared; none if there was none.
    pub fn latest(self) -> Option<Attempt> {
        let latest = self.effects().latest()?;
        Some(self.situation.attempt(latest))
    }

    /// Whether the next one may go over a channel: it leads to the customer, nothing failed
    /// over it in this visit, and the guard has not refused it just now. A deferral closes
    /// no channel: quiet hours and contact caps are waited for, not got around.
    pub fn is_open(self, channel: &Channel) -> bool {
        let leads_there = self
            .situation
            .customer()
            .reachable()
            .any(|one| one == *channel);
        let has_failed = || {
            self.effects()
                .over(channel)
                .any(|one| self.situation.attempt(one) == Attempt::Failed)
        };
        let is_refused = || {
            self.refused()
                .is_some_and(|(refused, _)| refused == *channel)
        };
        leads_there && !has_failed() && !is_refused()
    }

    /// The channel over which the guard refused one of them just now, and its rule.
    pub fn refused(self) -> Option<(Channel, &'a str)> {
        self.situation.verdicts().refused().find_map(|verdict| {
            let channel = self.channel_of(verdict.key())?;
            Some((channel, verdict.rule()))
        })
    }

    /// Whether a key is of one of these letters.
    pub fn has_key(self, key: &str) -> bool {
        self.channel_of(key).is_some()
    }

    fn channel_of(self, key: &str) -> Option<Channel> {
        let channel = key.strip_prefix(self.name)?.strip_prefix(':')?;
        Channel::from_name(channel)
    }

    fn effects(self) -> impl Iterator<Item = Effect<'a>> + Clone {
        self.situation
            .effects_of_visit()
            .of_kind(ActionKind::SendMessage)
            .filter(move |effect| self.has_key(effect.key()))
    }
}
