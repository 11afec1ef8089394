//! What became of the demands of this visit. A channel that failed is not tried again; one
//! whose demand was cancelled may be, for then the channel was not at fault: the amount had
//! changed before the letter left, say.

use regua_sdk::prelude::*;
use regua_sdk::situation::Effect;

const BOUNCED: &str = "bounced";

/// How a demand has fared.
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

/// How the last demand of this visit has fared; none if there was none.
pub(crate) fn latest(situation: &Situation) -> Option<Attempt> {
    demands(situation)
        .latest()
        .map(|effect| state(situation, effect))
}

/// Whether the channel may still be used in this visit: nothing failed over it, and no
/// demand over it was refused just now.
pub(crate) fn is_open(situation: &Situation, channel: &Channel) -> bool {
    let key = next_key(situation, channel);
    let refused = situation
        .verdicts()
        .refused()
        .any(|verdict| verdict.key() == key);
    let failed = demands(situation)
        .over(channel)
        .any(|one| state(situation, one) == Attempt::Failed);
    !refused && !failed
}

/// `demand:email`; one key is done once per visit, so after a cancelled demand
/// `demand:email:2`.
pub(crate) fn next_key(situation: &Situation, channel: &Channel) -> String {
    match demands(situation).over(channel).count() {
        0 => format!("demand:{channel}"),
        before => format!("demand:{channel}:{}", before + 1),
    }
}

fn demands(situation: &Situation) -> impl Iterator<Item = Effect<'_>> + Clone {
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
