//! What became of the letters of this visit, and the channel for the next. A channel that
//! failed, or was refused, is not used again for that letter; one whose letter was cancelled
//! may be, for then the channel was not at fault.

use regua_sdk::prelude::*;

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

    /// Those of this visit, and the key of the next: `letter:email`.
    pub(crate) fn of(self, situation: &Situation) -> Letters<'_> {
        situation.letters(self.name())
    }

    /// Whether the last of these letters is on its way, or was handed over without anything
    /// bad heard since.
    pub(crate) fn is_underway(self, situation: &Situation) -> bool {
        let latest = self.of(situation).latest();
        matches!(latest, Some(Attempt::InFlight | Attempt::Sent))
    }

    /// The customer's first channel that the workflow allows and that is not closed.
    pub(crate) fn channel(
        self,
        situation: &Situation,
        allowed: &[Channel],
        refused: &[String],
    ) -> Option<Channel> {
        let letters = self.of(situation);
        situation.customer().reachable().find(|channel| {
            allowed.contains(channel)
                && letters.is_open(channel)
                && !refused.contains(&letters.key(channel))
        })
    }

    /// What the guard just said of one of these letters; none if nothing against it.
    pub(crate) fn ruled(self, situation: &Situation) -> Option<Ruled> {
        let letters = self.of(situation);
        let verdict = situation
            .verdicts()
            .find(|verdict| letters.has_key(verdict.key()))?;
        let now = situation.now().at();
        match verdict.ruling() {
            Ruling::Deferred { not_before } => Some(Ruled::Deferred(
                not_before.map_or(Wake::after_days(1), |instant| Wake::at(now, instant)),
            )),
            Ruling::Refused => Some(Ruled::Refused(verdict.key().to_owned())),
            Ruling::Allowed | Ruling::Reduced { .. } => None,
        }
    }
}
