//! Effects for tests.

use crate::bindings as wit;
use crate::testkit::bounds::kind_of;
use crate::{ActionKind, Channel, Date, EffectState, Timestamp};

/// Builds what became of an earlier proposal.
#[derive(Clone, Debug)]
#[must_use]
pub struct EffectBuilder {
    effect: wit::Effect,
    stage: Option<String>,
    at: Option<Timestamp>,
}

impl EffectBuilder {
    /// A proposal's key, its kind and how far it has come.
    pub fn new(key: &str, kind: ActionKind, state: EffectState) -> Self {
        Self {
            effect: wit::Effect {
                key: key.to_owned(),
                stage: String::new(),
                kind: kind.into(),
                channel: None,
                state: state.into(),
                code: String::new(),
                at: 0,
                until: None,
            },
            stage: None,
            at: None,
        }
    }

    /// A message over a channel.
    pub fn message(key: &str, channel: Channel, state: EffectState) -> Self {
        let mut builder = Self::new(key, ActionKind::SendMessage, state);
        builder.effect.channel = Some(channel.into());
        builder
    }

    pub(in crate::testkit) fn of_proposal(proposal: &wit::Proposal, state: EffectState) -> Self {
        let mut builder = Self::new(&proposal.key, kind_of(&proposal.action), state);
        if let wit::Action::SendMessage(message) = &proposal.action {
            builder.effect.channel = Some(message.channel.clone());
        }
        builder
    }

    /// The answer.
    pub fn code(mut self, code: &str) -> Self {
        code.clone_into(&mut self.effect.code);
        self
    }

    /// Its last day.
    pub fn until(mut self, date: Date) -> Self {
        self.effect.until = Some(date.days());
        self
    }

    /// By another stage.
    pub fn of_stage(mut self, stage: &str) -> Self {
        self.stage = Some(stage.to_owned());
        self
    }

    /// At another instant than now.
    pub fn at(mut self, instant: Timestamp) -> Self {
        self.at = Some(instant);
        self
    }

    pub(super) fn at_stage(self, stage: &str, now: i64) -> wit::Effect {
        wit::Effect {
            stage: self.stage.unwrap_or_else(|| stage.to_owned()),
            at: self.at.map_or(now, Timestamp::millis),
            ..self.effect
        }
    }
}
