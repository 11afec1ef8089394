//! What the past says of the customer.

use regua_domain::contract as domain;
use regua_domain::time::to_epoch_days;

use super::channel;
use crate::bindings::regua::dunning::types as wit;

pub(super) fn contact(count: &domain::ContactCount) -> wit::ContactCount<'_> {
    wit::ContactCount {
        channel: channel(&count.channel),
        last_7_days: count.last_7_days,
        last_30_days: count.last_30_days,
        total: count.total,
    }
}

pub(super) fn of<'a>(
    history: &'a domain::History,
    contacts: &'a [wit::ContactCount<'a>],
) -> wit::History<'a> {
    wit::History {
        customer_since: history.customer_since.map(to_epoch_days),
        invoices_paid: history.invoices_paid,
        invoices_paid_late: history.invoices_paid_late,
        average_days_late_centi: history.average_days_late_centi,
        worst_days_late: history.worst_days_late,
        promises_kept: history.promises_kept,
        promises_broken: history.promises_broken,
        plans_completed: history.plans_completed,
        plans_broken: history.plans_broken,
        contacts,
        last_contact: history.last_contact.map(|at| at.0),
        last_reply: history.last_reply.map(|at| at.0),
        last_payment: history.last_payment.map(|at| at.0),
        last_decline: history.last_decline.as_ref().map(|decline| wit::Decline {
            code: &decline.code,
            is_hard: decline.is_hard,
            at: decline.at.0,
        }),
    }
}
