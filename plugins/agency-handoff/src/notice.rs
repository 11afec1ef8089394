//! What became of the final notice, and the channel for the next attempt.

use regua_sdk::prelude::*;
use regua_sdk::situation::Effect;

const BOUNCED: &str = "bounced";

/// How the final notice has fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// On its way.
    InFlight,
    /// Handed over, and nothing bad was heard since.
    Sent,
    /// The channel does not lead to the customer.
    Failed,
    /// It no longer held when its time came.
    Cancelled,
}

/// How the last final notice of this visit has fared; none if there was none.
pub(crate) fn latest(situation: &Situation) -> Option<Attempt> {
    notices(situation)
        .latest()
        .map(|effect| state(situation, effect))
}

/// The first channel of the workflow that leads to the customer and is not closed: nothing
/// failed over it, and the guard did not refuse it.
pub(crate) fn channel<'a>(
    situation: &Situation,
    allowed: &'a [Channel],
    refused: &[Channel],
) -> Option<&'a Channel> {
    allowed.iter().find(|&channel| {
        let failed = notices(situation)
            .over(channel)
            .any(|one| state(situation, one) == Attempt::Failed);
        let mut reachable = situation.customer().reachable();
        reachable.any(|one| one == *channel) && !failed && !refused.contains(channel)
    })
}

/// `notice:letter`; a key that failed or was cancelled may be used again.
pub(crate) fn key(channel: &Channel) -> String {
    format!("notice:{channel}")
}

/// The channel over which the guard refused the notice just now, and its rule.
pub(crate) fn refused(situation: &Situation) -> Option<(Channel, &str)> {
    situation.verdicts().refused().find_map(|verdict| {
        let channel = verdict.key().strip_prefix("notice:")?;
        Some((Channel::from_name(channel)?, verdict.rule()))
    })
}

fn notices(situation: &Situation) -> impl Iterator<Item = Effect<'_>> + Clone {
    situation
        .effects_of_visit()
        .of_kind(ActionKind::SendMessage)
}

fn state(situation: &Situation, effect: Effect<'_>) -> Attempt {
    let bounces_now = situation.event().is_some_and(|event| {
        event.kind() == "message.bounced" && event.subject() == Some(effect.key())
    });
    match effect.state() {
        _ if bounces_now => Attempt::Failed,
        EffectState::Queued => Attempt::InFlight,
        EffectState::Confirmed if effect.code() == BOUNCED => Attempt::Failed,
        EffectState::Done | EffectState::Confirmed => Attempt::Sent,
        EffectState::Failed => Attempt::Failed,
        EffectState::Cancelled => Attempt::Cancelled,
    }
}
