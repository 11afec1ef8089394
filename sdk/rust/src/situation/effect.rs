//! What became of earlier proposals.

use super::{date, timestamp};
use crate::bindings as wit;
use crate::{ActionKind, Channel, Date, EffectState, Timestamp};

/// What became of something proposed earlier in this case.
#[derive(Clone, Copy, Debug)]
pub struct Effect<'a>(pub(super) &'a wit::Effect);

impl<'a> Effect<'a> {
    /// The proposal's key.
    pub fn key(self) -> &'a str {
        &self.0.key
    }

    /// The id of the stage that proposed it.
    pub fn stage(self) -> &'a str {
        &self.0.stage
    }

    /// What was proposed.
    pub fn kind(self) -> ActionKind {
        self.0.kind.into()
    }

    /// The channel of a message.
    pub fn channel(self) -> Option<Channel> {
        self.0.channel.as_ref().map(Channel::from)
    }

    /// How far it has come.
    pub fn state(self) -> EffectState {
        self.0.state.into()
    }

    /// The answer: `accepted:2` of an offer, `bounced`, a decline code; empty without one.
    pub fn code(self) -> &'a str {
        &self.0.code
    }

    /// When it was decided: it never changes.
    pub fn at(self) -> Timestamp {
        timestamp(self.0.at)
    }

    /// The last day of an offer, a hold, a task, a placement.
    pub fn until(self) -> Option<Date> {
        self.0.until.map(date)
    }
}

/// Ways to choose among effects: `situation.effects().by_key("offer").latest()`.
pub trait EffectsExt<'a>: Iterator<Item = Effect<'a>> + Clone + Sized {
    /// Those of a proposal's key.
    fn by_key(self, key: &str) -> impl Iterator<Item = Effect<'a>> + Clone {
        self.filter(move |effect| effect.key() == key)
    }

    /// Those of a stage.
    fn by_stage(self, stage: &str) -> impl Iterator<Item = Effect<'a>> + Clone {
        self.filter(move |effect| effect.stage() == stage)
    }

    /// Those of a kind.
    fn of_kind(self, kind: ActionKind) -> impl Iterator<Item = Effect<'a>> + Clone {
        self.filter(move |effect| effect.kind() == kind)
    }

    /// Those that have come so far.
    fn in_state(self, state: EffectState) -> impl Iterator<Item = Effect<'a>> + Clone {
        self.filter(move |effect| effect.state() == state)
    }

    /// Messages over a channel.
    fn over(self, channel: &Channel) -> impl Iterator<Item = Effect<'a>> + Clone {
        self.filter(move |effect| effect.channel().as_ref() == Some(channel))
    }

    /// Those that were decided at the instant or later.
    fn since(self, instant: Timestamp) -> impl Iterator<Item = Effect<'a>> + Clone {
        self.filter(move |effect| effect.at() >= instant)
    }

    /// The newest of them.
    fn latest(mut self) -> Option<Effect<'a>> {
        self.next()
    }
}

impl<'a, I: Iterator<Item = Effect<'a>> + Clone> EffectsExt<'a> for I {}
