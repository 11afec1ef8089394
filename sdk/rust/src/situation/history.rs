//! What the past says of the customer.

use super::{date, timestamp};
use crate::bindings as wit;
use crate::{Channel, Date, Timestamp};

/// What the past says of this customer, over all cases.
#[derive(Clone, Copy, Debug)]
pub struct History<'a>(pub(super) &'a wit::History);

impl<'a> History<'a> {
    /// Since when they are one.
    pub fn customer_since(self) -> Option<Date> {
        self.0.customer_since.map(date)
    }

    /// Invoices they paid.
    pub fn invoices_paid(self) -> u32 {
        self.0.invoices_paid
    }

    /// How many of those they paid late.
    pub fn invoices_paid_late(self) -> u32 {
        self.0.invoices_paid_late
    }

    /// Mean days late over paid invoices, in hundredths of a day.
    pub fn average_days_late_centi(self) -> i32 {
        self.0.average_days_late_centi
    }

    /// The latest they ever paid.
    pub fn worst_days_late(self) -> i32 {
        self.0.worst_days_late
    }

    /// Promises to pay that they kept.
    pub fn promises_kept(self) -> u16 {
        self.0.promises_kept
    }

    /// Promises to pay that they broke.
    pub fn promises_broken(self) -> u16 {
        self.0.promises_broken
    }

    /// Payment plans paid to the end.
    pub fn plans_completed(self) -> u16 {
        self.0.plans_completed
    }

    /// Payment plans that broke.
    pub fn plans_broken(self) -> u16 {
        self.0.plans_broken
    }

    /// How often they were written to over a channel.
    pub fn contacts(self, channel: &Channel) -> Contacts {
        let count = self
            .0
            .contacts
            .iter()
            .find(|count| Channel::from(&count.channel) == *channel);
        count.map_or_else(Contacts::default, |count| Contacts {
            last_7_days: count.last_7_days,
            last_30_days: count.last_30_days,
            total: count.total,
        })
    }

    /// When they were last written to.
    pub fn last_contact(self) -> Option<Timestamp> {
        self.0.last_contact.map(timestamp)
    }

    /// When they last answered.
    pub fn last_reply(self) -> Option<Timestamp> {
        self.0.last_reply.map(timestamp)
    }

    /// When they last paid.
    pub fn last_payment(self) -> Option<Timestamp> {
        self.0.last_payment.map(timestamp)
    }

    /// The last charge that was declined.
    pub fn last_decline(self) -> Option<Decline<'a>> {
        self.0.last_decline.as_ref().map(Decline)
    }
}

/// How often a customer was written to over a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    /// In the last 7 days.
    pub last_7_days: u16,
    /// In the last 30 days.
    pub last_30_days: u16,
    /// Ever.
    pub total: u32,
}

/// A charge that was declined.
#[derive(Clone, Copy, Debug)]
pub struct Decline<'a>(&'a wit::Decline);

impl<'a> Decline<'a> {
    /// The payment provider's reason.
    pub fn code(self) -> &'a str {
        &self.0.code
    }

    /// Whether the same method will never work.
    pub fn is_hard(self) -> bool {
        self.0.is_hard
    }

    /// When.
    pub fn at(self) -> Timestamp {
        timestamp(self.0.at)
    }
}

/// Chance of paying within 30 days without further action.
#[derive(Clone, Copy, Debug)]
pub struct Score<'a>(pub(super) &'a wit::Score);

impl<'a> Score<'a> {
    /// 0 to 1000.
    pub fn permille(self) -> u16 {
        self.0.permille
    }

    /// The model that says so.
    pub fn model(self) -> &'a str {
        &self.0.model
    }
}
