//! When nothing is to be sent now.

use regua_sdk::CoverKind;
use regua_sdk::prelude::*;
use regua_sdk::situation::Cover;

use crate::Escalation;

const SOON_MINUTES: u32 = 60;

/// Rest while the account is held, or nothing may be chased.
pub(crate) fn needed(situation: &Situation) -> Option<Decision<Escalation>> {
    if let Some(wake) = holds_end(situation) {
        return Some(Decision::stay(wake).because("held", "the whole case rests"));
    }
    situation
        .balance()
        .chaseable()
        .is_zero()
        .then(|| nothing_chaseable(situation))
}

/// Until the day on which the calendar brings a change; else an event has to.
pub(crate) fn nothing_chaseable(situation: &Situation) -> Decision<Escalation> {
    let change = situation.balance().next_change_after(situation.today());
    Decision::stay(change.map_or_else(Wake::on_event, Wake::on)).because(
        "nothing-chaseable",
        "what is overdue is promised, disputed or otherwise covered",
    )
}

/// A reply led here early. The host wakes a stage on its own day, whatever it asks for.
pub(crate) fn until_the_stage_is_due() -> Decision<Escalation> {
    Decision::stay(soon()).because("stage-not-due", "the stage's own day has not come")
}

/// After the hold that stands, or soon.
pub(crate) fn after_holds(situation: &Situation) -> Wake {
    holds_end(situation).unwrap_or_else(soon)
}

/// When the last hold on the account has ended; none if there is no hold.
fn holds_end(situation: &Situation) -> Option<Wake> {
    let mut holds = situation
        .balance()
        .covers()
        .filter(|cover| cover.kind() == CoverKind::Hold && cover.item_key().is_none())
        .peekable();
    holds.peek()?;
    let last = holds.filter_map(Cover::until).max();
    Some(last.map_or_else(Wake::on_event, |last| Wake::on(last.plus_days(1))))
}

/// Once more within the send window, to go on with the ladder.
fn soon() -> Wake {
    Wake::after_minutes(SOON_MINUTES)
}
