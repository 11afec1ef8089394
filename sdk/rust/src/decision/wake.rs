//! When to ask again.

use crate::bindings as wit;
use crate::{Date, Timestamp};

/// The contract's shortest wait, and its longest.
const MINUTES_MIN: u32 = 15;
const DAYS_MAX: u16 = 3_660;
const MINUTES_MAX: u32 = DAYS_MAX as u32 * 24 * 60;

/// When to ask again. The host rolls days to business days and into the workflow's send
/// window; events that the stage listens to come earlier. The functions keep to the
/// contract's bounds whatever they are given; the cases are as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// After so many minutes: 15 to 5270400.
    AfterMinutes(u32),
    /// After so many days: 1 to 3660.
    AfterDays(u16),
    /// After so many business days: 1 to 3660.
    AfterBusinessDays(u16),
    /// On a day: after today, at most 3660 days ahead.
    OnDate(Date),
    /// On an event, or after the workflow's longest silence.
    OnEvent,
}

impl Wake {
    /// After so many minutes; fewer than 15 become 15.
    pub fn after_minutes(minutes: u32) -> Self {
        Self::AfterMinutes(minutes.clamp(MINUTES_MIN, MINUTES_MAX))
    }

    /// After so many days; none become 1.
    pub fn after_days(days: u16) -> Self {
        Self::AfterDays(days.clamp(1, DAYS_MAX))
    }

    /// After so many business days; none become 1.
    pub fn after_business_days(days: u16) -> Self {
        Self::AfterBusinessDays(days.clamp(1, DAYS_MAX))
    }

    /// On a day, which has to lie ahead.
    pub const fn on(date: Date) -> Self {
        Self::OnDate(date)
    }

    /// On an event, or after the workflow's longest silence.
    pub const fn on_event() -> Self {
        Self::OnEvent
    }

    /// As soon after `now` as `instant` and the contract's bounds allow.
    pub fn at(now: Timestamp, instant: Timestamp) -> Self {
        Self::after_minutes(u32::try_from(now.minutes_until(instant)).unwrap_or(u32::MAX))
    }
}

impl From<Wake> for wit::Wake {
    fn from(wake: Wake) -> Self {
        match wake {
            Wake::AfterMinutes(minutes) => Self::AfterMinutes(minutes),
            Wake::AfterDays(days) => Self::AfterDays(days),
            Wake::AfterBusinessDays(days) => Self::AfterBusinessDays(days),
            Wake::OnDate(date) => Self::OnDate(date.days()),
            Wake::OnEvent => Self::OnEvent,
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl From<&wit::Wake> for Wake {
    fn from(wake: &wit::Wake) -> Self {
        match *wake {
            wit::Wake::AfterMinutes(minutes) => Self::AfterMinutes(minutes),
            wit::Wake::AfterDays(days) => Self::AfterDays(days),
            wit::Wake::AfterBusinessDays(days) => Self::AfterBusinessDays(days),
            wit::Wake::OnDate(days) => Self::OnDate(Date::from_days(days)),
            wit::Wake::OnEvent => Self::OnEvent,
        }
    }
}
