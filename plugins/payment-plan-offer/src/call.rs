//! What the stage does before the offer, while it stands, and while a plan runs.

mod following;
mod making;
mod standing;

use regua_sdk::prelude::*;

use crate::config::Config;
use crate::letter::{Letter, Ruled};
use crate::terms::Offered;
use crate::{Memory, Outcome, PaymentPlanOffer};

/// How soon another channel is tried. The next attempt is a decision of its own: beside a
/// letter that is refused a second time, the offer would be made unheard.
const RETRY_MINUTES: u32 = 15;

/// One call of the stage.
pub(crate) struct Call<'a> {
    pub(crate) situation: &'a Situation,
    pub(crate) config: &'a Config,
    pub(crate) memory: Memory,
}

type Answer = Result<Decision<PaymentPlanOffer>, Refusal>;

impl Call<'_> {
    fn smallest(&self) -> Result<Amount, Refusal> {
        let smallest = self.config.smallest_instalment.of(self.situation.balance());
        Ok(smallest?.unwrap_or_default())
    }

    fn channel(&self, letter: Letter) -> Option<Channel> {
        letter.channel(self.situation, &self.config.channels, &self.memory.refused)
    }

    fn note_refusal(&mut self, ruled: Option<Ruled>) -> bool {
        let Some(Ruled::Refused(key)) = ruled else {
            return false;
        };
        self.memory.refused.push(key);
        true
    }

    fn retry(self) -> Decision<PaymentPlanOffer> {
        Decision::stay(Wake::after_minutes(RETRY_MINUTES))
            .because("channel-refused", "another channel is tried")
            .remember(self.memory)
    }

    fn offer_letter(&self, channel: Channel, kind: &str) -> Message {
        Message::offer(channel)
            .template(&self.config.templates.offer)
            .var("letter", kind)
    }

    /// The day of the reminder, if there is still to be one: after the offer's own.
    fn remind_on(&self, offered: &Offered, until: Date) -> Option<Date> {
        let days = self.config.reminder_before_deadline_days?;
        let day = until.plus_days(-i32::from(days));
        (!self.memory.reminded && day > offered.on).then_some(day)
    }

    /// The reminder's day, or the first one after the deadline.
    fn next_look(&self, offered: &Offered, until: Date) -> Wake {
        let reminder = self
            .remind_on(offered, until)
            .filter(|&day| day > self.situation.today());
        reminder.map_or_else(|| after(until), Wake::on)
    }
}

fn offer<'a>(
    items: impl IntoIterator<Item = Item<'a>>,
    until: Date,
    plans: impl IntoIterator<Item = Plan>,
) -> PlanOffer {
    plans
        .into_iter()
        .fold(PlanOffer::new(items, until), PlanOffer::plan)
}

fn after(day: Date) -> Wake {
    Wake::on(day.plus_days(1))
}

fn not_eligible(code: &str, text: impl Into<String>) -> Decision<PaymentPlanOffer> {
    Decision::leave(Outcome::NotEligible).because(code, text)
}
