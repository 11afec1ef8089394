//! What became of the letters of this visit, and the channel for the next. A channel that
//! failed, or was refused, is not used again for that letter; one whose letter was cancelled
//! may be, for then the channel was not at fault.

use regua_sdk::prelude::*;
use regua_sdk::situation::Effect;

const BOUNCED: &str = "bounced";

/// The letters of the stage; the first part of their proposals' keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Letter {
    /// Lists the plans.
    Offer,
    /// Lists them again before the deadline.
    Reminder,
    /// Confirms the accepted one.
    Confirmation,
}

/// How a letter has fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// On its way, or handed over without anything bad heard since.
    Underway,
    /// The channel does not lead to the customer.
    Failed,
    /// It no longer held when its time came.
    Cancelled,
}

/// What the guard said of a letter just proposed.
pub(crate) enum Ruled {
    /// Wait until then.
    Deferred(Wake),
    /// Not over this channel: the key of the proposal.
    Refused(String),
}

impl Letter {
    const fn name(self) -> &'static str {
        match self {
            Self::Offer => "letter",
            Self::Reminder => "reminder",
            Self::Confirmation => "confirmation",
        }
    }

    /// `letter:email`; a key that failed or was cancelled may be used again.
    pub(crate) fn key(self, channel: &Channel) -> String {
        format!("{}:{channel}", self.name())
    }

    fn names(self, key: &str) -> bool {
        key.strip_prefix(self.name())
            .is_some_and(|rest| rest.starts_with(':'))
    }

    /// How the last of these letters has fared; none if there was none.
    pub(crate) fn latest(self, situation: &Situation) -> Option<Attempt> {
        self.effects(situation)
            .latest()
            .map(|effect| state(situation, effect))
    }

    /// The customer's first channel that the workflow allows and that is not closed.
    pub(crate) fn channel(
        self,
        situation: &Situation,
        allowed: &[Channel],
        refused: &[String],
    ) -> Option<Channel> {
        situation.customer().reachable().find(|channel| {
            let failed = self
                .effects(situation)
                .over(channel)
                .any(|one| state(situation, one) == Attempt::Failed);
            allowed.contains(channel) && !failed && !refused.contains(&self.key(channel))
        })
    }

    /// What the guard just said of one of these letters; none if nothing against it.
    pub(crate) fn ruled(self, situation: &Situation) -> Option<Ruled> {
        let verdict = situation
            .verdicts()
            .find(|verdict| self.names(verdict.key()))?;
        let now = situation.now().at();
        match verdict.ruling() {
            Ruling::Deferred { not_before } => Some(Ruled::Deferred(
                not_before.map_or(Wake::after_days(1), |instant| Wake::at(now, instant)),
            )),
            Ruling::Refused => Some(Ruled::Refused(verdict.key().to_owned())),
            Ruling::Allowed | Ruling::Reduced { .. } => None,
        }
    }

    fn effects(self, situation: &Situation) -> impl Iterator<Item = Effect<'_>> + Clone {
        situation
            .effects_of_visit()
            .of_kind(ActionKind::SendMessage)
            .filter(move |effect| self.names(effect.key()))
    }
}

fn state(situation: &Situation, effect: Effect<'_>) -> Attempt {
    let bounces_now = situation.event().is_some_and(|event| {
        event.kind() == "message.bounced" && event.subject() == Some(effect.key())
    });
    match effect.state() {
        _ if bounces_now => Attempt::Failed,
        EffectState::Confirmed if effect.code() == BOUNCED => Attempt::Failed,
        EffectState::Queued | EffectState::Done | EffectState::Confirmed => Attempt::Underway,
        EffectState::Failed => Attempt::Failed,
        EffectState::Cancelled => Attempt::Cancelled,
    }
}
