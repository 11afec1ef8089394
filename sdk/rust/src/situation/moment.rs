//! When the stage is asked, and where the case stands.

use super::{date, timestamp};
use crate::bindings as wit;
use crate::{Date, Timestamp, Weekday};

/// The logical instant of the call. There is no other clock.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a>(pub(super) &'a wit::Moment);

impl<'a> Moment<'a> {
    /// The instant.
    pub fn at(self) -> Timestamp {
        timestamp(self.0.at)
    }

    /// The customer's civil date.
    pub fn date(self) -> Date {
        date(self.0.local_date)
    }

    /// Minutes since the customer's midnight, 0 to 1439.
    pub fn minute_of_day(self) -> u16 {
        self.0.local_minute_of_day
    }

    /// The customer's day of the week.
    pub fn weekday(self) -> Weekday {
        self.0.local_weekday.into()
    }

    /// By the workflow's holiday calendar.
    pub fn is_business_day(self) -> bool {
        self.0.is_business_day
    }

    /// IANA name, e.g. `America/Sao_Paulo`.
    pub fn time_zone(self) -> &'a str {
        &self.0.time_zone
    }
}

/// Where in the stage the case stands.
#[derive(Clone, Copy, Debug)]
pub struct Position<'a>(pub(super) &'a wit::StagePosition);

impl<'a> Position<'a> {
    /// The stage's id in the workflow.
    pub fn id(self) -> &'a str {
        &self.0.id
    }

    /// When this visit began.
    pub fn entered(self) -> Timestamp {
        timestamp(self.0.entered)
    }

    /// 0 on the first call of this visit.
    pub fn calls_before(self) -> u32 {
        self.0.calls_before
    }

    /// 0 on the first visit.
    pub fn visits_before(self) -> u32 {
        self.0.visits_before
    }

    /// Days since this visit began.
    pub fn days(self) -> u32 {
        self.0.days_in_stage
    }

    /// Business days since this visit began.
    pub fn business_days(self) -> u32 {
        self.0.business_days_in_stage
    }
}
