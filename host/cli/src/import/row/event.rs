//! What else a row says, as a fact.

use chrono_tz::Tz;
use regua_domain::fact::{Fact, InvoiceFacts};
use regua_domain::time::Timestamp;

use super::{Of, Row, fault};
use crate::import::mapping::{EventMap, Saying};
use crate::import::text::{CellFault, Text};

impl Row<'_> {
    pub(super) fn event(
        &self,
        map: &EventMap,
        invoice: Option<&InvoiceFacts>,
        zone: Tz,
    ) -> Of<(Timestamp, Fact)> {
        let day = self.day(&map.on)?;
        let text = |text: &Text| text.required(self.cells);
        let about = || {
            invoice
                .map(|invoice| invoice.reference.clone())
                .unwrap_or_default()
        };
        let money = |text: &Text| match invoice {
            Some(invoice) => self.amount(text, invoice.amount.currency),
            None => Err(fault(text, "there is no invoice to take the currency from")),
        };
        let fact = match &map.saying {
            Saying::DisputeOpened { reference, reason } => Fact::DisputeOpened {
                invoice: about(),
                reference: text(reference)?,
                amount: None,
                reason: text(reason)?,
            },
            Saying::DisputeResolved { upheld } => Fact::DisputeResolved {
                invoice: about(),
                upheld: *upheld,
            },
            Saying::InvoiceDelivery { state } => Fact::InvoiceDelivery {
                invoice: about(),
                state: *state,
            },
            Saying::InvoiceVoided => Fact::InvoiceVoided { invoice: about() },
            Saying::CreditNote { reference, amount } => Fact::CreditNote {
                invoice: about(),
                reference: text(reference)?,
                amount: money(amount)?,
            },
            Saying::PromiseMade { amount, due_on } => Fact::PromiseMade {
                amount: match amount {
                    Some(amount) => money(amount)?,
                    None => invoice.map(|invoice| invoice.amount).ok_or_else(|| {
                        CellFault::at(
                            &due_on.column,
                            "there is no invoice to take the amount from",
                        )
                    })?,
                },
                due_on: self.day(due_on)?,
            },
            Saying::Replied {
                reason,
                text: words,
            } => Fact::Replied {
                reason: text(reason)?,
                text: words.optional(self.cells)?.unwrap_or_default(),
            },
            Saying::OptedOut { channel } => Fact::OptedOut {
                channel: channel.clone(),
            },
            Saying::OptedIn { channel } => Fact::OptedIn {
                channel: channel.clone(),
            },
            Saying::HoldPlaced { reason, until } => Fact::HoldPlaced {
                reason: text(reason)?,
                until: self.day(until)?,
            },
            Saying::HoldLifted => Fact::HoldLifted,
        };
        Ok((Timestamp::at_local(day, map.time, zone), fact))
    }
}
