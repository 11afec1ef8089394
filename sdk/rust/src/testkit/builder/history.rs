//! The debtor's past.

use super::SituationBuilder;
use crate::Timestamp;
use crate::bindings as wit;

impl SituationBuilder {
    /// Invoices in the customer's past.
    pub fn paid(mut self, invoices: u32, late: u32) -> Self {
        self.situation.history.invoices_paid = invoices;
        self.situation.history.invoices_paid_late = late;
        self
    }

    /// Promises to pay in the customer's past.
    pub fn promises(mut self, kept: u16, broken: u16) -> Self {
        self.situation.history.promises_kept = kept;
        self.situation.history.promises_broken = broken;
        self
    }

    /// Payment plans in the customer's past.
    pub fn plans(mut self, completed: u16, broken: u16) -> Self {
        self.situation.history.plans_completed = completed;
        self.situation.history.plans_broken = broken;
        self
    }

    /// When the customer last answered.
    pub fn last_reply(mut self, at: Timestamp) -> Self {
        self.situation.history.last_reply = Some(at.millis());
        self
    }

    /// When the customer last paid.
    pub fn last_payment(mut self, at: Timestamp) -> Self {
        self.situation.history.last_payment = Some(at.millis());
        self
    }
}

pub(super) const fn none() -> wit::History {
    wit::History {
        customer_since: None,
        invoices_paid: 0,
        invoices_paid_late: 0,
        average_days_late_centi: 0,
        worst_days_late: 0,
        promises_kept: 0,
        promises_broken: 0,
        plans_completed: 0,
        plans_broken: 0,
        contacts: Vec::new(),
        last_contact: None,
        last_reply: None,
        last_payment: None,
        last_decline: None,
    }
}
