//! What else a row says.

use regua_domain::contract::DeliveryState;

use super::Reader;
use crate::import::document::{Members, Node};
use crate::import::mapping::{EventMap, Saying, Text};

impl Reader {
    pub(super) fn event(&mut self, node: &Node<'_>, has_invoice: bool) -> Option<EventMap> {
        let mut members = node.members(&mut self.faults)?;
        let when = self.when(members.get("when"));
        let fact = members.need("fact", &mut self.faults);
        let saying = fact.and_then(|fact| self.saying(&fact, &mut members, has_invoice));
        let on = members.need("on", &mut self.faults);
        let on = on.and_then(|node| self.day(&node));
        let time = self.time(&mut members, "12:00");
        members.finish(&mut self.faults);
        Some(EventMap {
            when,
            saying: saying?,
            on: on?,
            time: time?,
        })
    }

    fn saying(
        &mut self,
        fact: &Node<'_>,
        members: &mut Members<'_>,
        has_invoice: bool,
    ) -> Option<Saying> {
        let name = fact.text(&mut self.faults)?;
        let of_invoice = [
            "dispute-opened",
            "dispute-resolved",
            "invoice-delivery",
            "invoice-voided",
            "credit-note",
        ];
        if of_invoice.contains(&name.as_str()) && !has_invoice {
            fact.fault(
                &mut self.faults,
                format!("`{name}` is about an invoice, and there is no `invoice`"),
            );
        }
        Some(match name.as_str() {
            "dispute-opened" => {
                let reference = self.need_text(members, "reference");
                let reason = self.need_text(members, "reason");
                Saying::DisputeOpened {
                    reference: reference?,
                    reason: reason?,
                }
            }
            "dispute-resolved" => {
                let node = members.need("upheld", &mut self.faults)?;
                let Some(upheld) = node.value.as_bool() else {
                    node.fault(&mut self.faults, "is neither true nor false");
                    return None;
                };
                Saying::DisputeResolved { upheld }
            }
            "invoice-delivery" => {
                let node = members.need("state", &mut self.faults)?;
                let state: Option<DeliveryState> = serde_json::from_value(node.value.clone()).ok();
                if state.is_none() {
                    let text = "is none of sent, delivered, opened, bounced, unknown";
                    node.fault(&mut self.faults, text);
                }
                Saying::InvoiceDelivery { state: state? }
            }
            "invoice-voided" => Saying::InvoiceVoided,
            "credit-note" => {
                let reference = self.need_text(members, "reference");
                let amount = self.need_text(members, "amount");
                Saying::CreditNote {
                    reference: reference?,
                    amount: amount?,
                }
            }
            "promise-made" => {
                let amount = self.text(members.get("amount"));
                let due_on = members.need("due_on", &mut self.faults)?;
                Saying::PromiseMade {
                    amount,
                    due_on: self.day(&due_on)?,
                }
            }
            "replied" => {
                let reason = self.need_text(members, "reason");
                let text = self.text(members.get("text"));
                Saying::Replied {
                    reason: reason?,
                    text: text.or_else(|| Text::parse("", &self.lookups).ok())?,
                }
            }
            "opted-out" => Saying::OptedOut {
                channel: self.channel(members)?,
            },
            "opted-in" => Saying::OptedIn {
                channel: self.channel(members)?,
            },
            "hold-placed" => {
                let reason = self.need_text(members, "reason");
                let until = members.need("until", &mut self.faults);
                let until = until.and_then(|node| self.day(&node));
                Saying::HoldPlaced {
                    reason: reason?,
                    until: until?,
                }
            }
            "hold-lifted" => Saying::HoldLifted,
            other => {
                let text = format!(
                    "`{other}` is none of dispute-opened, dispute-resolved, invoice-delivery, invoice-voided, \
                     credit-note, promise-made, replied, opted-out, opted-in, hold-placed, hold-lifted"
                );
                fact.fault(&mut self.faults, text);
                return None;
            }
        })
    }
}
