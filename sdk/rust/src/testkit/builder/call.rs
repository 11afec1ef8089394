//! When and why the stage is asked, and what it left behind.

use serde::Serialize;

use super::{EffectBuilder, EventBuilder, SituationBuilder, VerdictBuilder};
use crate::bindings as wit;
use crate::{Date, Weekday};

impl SituationBuilder {
    /// So many days later, at the same time of day. Of these, Monday to Friday are counted as
    /// business days.
    pub fn days_later(mut self, days: u16) -> Self {
        let situation = &mut self.situation;
        let before = Date::from_days(situation.now.local_date);
        let is_business_day =
            |date: Date| !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let business_days = (1..=i32::from(days))
            .filter(|&passed| is_business_day(before.plus_days(passed)))
            .count();
        situation.stage.business_days_in_stage += business_days as u32;
        let date = before.plus_days(days.into());
        situation.now.is_business_day = is_business_day(date);
        let weekday = date.weekday();
        situation.now.at += i64::from(days) * 86_400_000;
        situation.now.local_date = date.days();
        situation.now.local_weekday = weekday.into();
        situation.stage.days_in_stage += u32::from(days);
        self
    }

    /// So many business days since this visit began.
    pub fn business_days_in_stage(mut self, days: u32) -> Self {
        self.situation.stage.business_days_in_stage = days;
        self
    }

    /// The stage has been entered this many times before.
    pub fn visits_before(mut self, visits: u32) -> Self {
        self.situation.stage.visits_before = visits;
        self
    }

    /// The memory an earlier call left.
    pub fn memory(self, memory: &impl Serialize) -> Self {
        self.memory_bytes(serde_json::to_vec(memory).expect("the memory is JSON"))
    }

    pub(in crate::testkit) fn memory_bytes(mut self, memory: Vec<u8>) -> Self {
        self.situation.stage.memory = memory;
        self
    }

    /// Adds what became of an earlier proposal, as the newest; by this stage, unless the
    /// effect says otherwise.
    pub fn effect(mut self, effect: EffectBuilder) -> Self {
        let effect = effect.at_stage(&self.situation.stage.id, self.situation.now.at);
        self.situation.effects.insert(0, effect);
        self
    }

    /// Asked because a wake-up came, in time.
    pub fn woken(mut self) -> Self {
        let planned = self.situation.now.at;
        self.trigger(wit::Trigger::Woken(wit::Lateness {
            planned,
            late_by_ms: 0,
        }));
        self
    }

    /// Asked because of an event.
    pub fn event(mut self, event: EventBuilder) -> Self {
        let event = event.at(self.situation.now.at, self.situation.now.local_date);
        self.trigger(wit::Trigger::Event(event));
        self
    }

    /// Asked again because not all of the last decision was allowed; about the event, if
    /// [`Self::event`] was called before.
    pub fn answered(mut self, verdicts: impl IntoIterator<Item = VerdictBuilder>) -> Self {
        let event = match &self.situation.trigger {
            wit::Trigger::Event(event) => Some(event.clone()),
            _ => None,
        };
        let verdicts = verdicts.into_iter().map(VerdictBuilder::build).collect();
        self.trigger(wit::Trigger::Answered(wit::Answer { verdicts, event }));
        self
    }

    fn trigger(&mut self, trigger: wit::Trigger) {
        self.situation.trigger = trigger;
        self.situation.stage.calls_before += 1;
    }
}
