//! When a debtor may be written to: the tenant's quiet hours and the workflow's send window, in
//! the debtor's own zone.

use crate::contract::Purpose;
use crate::customer::Customer;
use crate::policy::Policy;
use crate::time::{MINUTE_MS, Timestamp};
use crate::workflow::Workflow;

/// One customer's hours under one workflow.
#[derive(Debug, Clone, Copy)]
pub struct Hours<'a> {
    /// The tenant's settings.
    pub policy: &'a Policy,
    /// Whose send window.
    pub workflow: &'a Workflow,
    /// Whose day.
    pub customer: &'a Customer,
}

impl Hours<'_> {
    /// The rule that is against a message at this instant, and when it no longer is. Quiet
    /// hours bind every message, the send window all but confirmations.
    pub fn objection(&self, purpose: Purpose, now: Timestamp) -> Option<(&'static str, Timestamp)> {
        let outside_window = purpose == Purpose::Confirmation;
        if self.is_quiet(now) {
            let until = if outside_window {
                self.end_of_quiet(now)
            } else {
                self.opening(now)
            };
            return Some(("quiet-hours", until));
        }
        let workflow = self.workflow;
        let zone = self.customer.time_zone;
        let inside = workflow
            .window
            .contains(now, zone, &workflow.calendar, workflow.roll);
        (!inside && !outside_window).then(|| ("send-window", self.opening(now)))
    }

    /// The first instant from `at` on that is in the send window and not in quiet hours.
    pub fn opening(&self, at: Timestamp) -> Timestamp {
        let zone = self.customer.time_zone;
        let phase = self.customer.phase();
        let workflow = self.workflow;
        let mut at = at;
        for _ in 0..64 {
            let Some(open) =
                workflow
                    .window
                    .next_wake(at, zone, &workflow.calendar, workflow.roll, phase)
            else {
                return Timestamp::NEVER;
            };
            if !self.is_quiet(open) {
                return open;
            }
            at = self.end_of_quiet(open);
        }
        at
    }

    fn is_quiet(&self, at: Timestamp) -> bool {
        self.policy
            .contact
            .quiet_hours
            .contain(at.minute_of_day_in(self.customer.time_zone))
    }

    /// The end of the quiet hours that an instant lies in.
    fn end_of_quiet(&self, at: Timestamp) -> Timestamp {
        let minute = i64::from(at.minute_of_day_in(self.customer.time_zone));
        let end = i64::from(self.policy.contact.quiet_hours.to);
        let left = (end - minute).rem_euclid(24 * 60).max(1);
        at.plus_ms(left * MINUTE_MS - at.0.rem_euclid(MINUTE_MS))
    }
}
