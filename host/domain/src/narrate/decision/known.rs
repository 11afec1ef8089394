//! What was known when a decision was taken.

use std::fmt::Write as _;

use super::words::{happened, late, money, owed, past};
use super::{Page, bullet};
use crate::contract::{Channel, ItemKind, Trigger};
use crate::id::ItemId;
use crate::narrate::word;
use crate::timeline::DecisionRecord;

/// Open items that are listed; of others, how many there are.
const ITEMS_MAX: usize = 20;

/// The items that a page about a decision calls by their references: whoever tells it has to have
/// them in the dossier, settled ones too.
pub fn items(record: &DecisionRecord) -> Vec<ItemId> {
    let items = record.situation.balance.items.iter().take(ITEMS_MAX);
    items.filter_map(|item| item.key.parse().ok()).collect()
}

impl Page<'_> {
    /// What the program knew: nothing else crossed to it.
    pub(super) fn known(&self, text: &mut String) {
        let balance = &self.situation.balance;
        text.push_str("\n## What was known\n\n");
        bullet(text, &self.why_asked());
        bullet(text, &owed(balance));
        for item in balance.items.iter().take(ITEMS_MAX) {
            let id = item.key.parse::<ItemId>().ok();
            let known = id.and_then(|id| self.dossier.item(id));
            let reference = known.map_or(item.key.as_str(), |item| item.reference.as_str());
            let kind = match item.kind {
                ItemKind::Invoice => "Invoice",
                ItemKind::LateFee => "Late fee",
                ItemKind::Interest => "Interest",
                ItemKind::OtherCharge => "Charge",
            };
            let placed = if item.placed { ", with an agency" } else { "" };
            let line = format!(
                "{kind} {reference}: {} of {}, due on {}, {}{placed}.",
                money(balance, item.outstanding),
                money(balance, item.original),
                item.due_on,
                late(item.days_overdue)
            );
            let _ = writeln!(text, "  - {line}");
        }
        let omitted =
            balance.items.len().saturating_sub(ITEMS_MAX) + balance.items_omitted as usize;
        if omitted > 0 {
            let _ = writeln!(text, "  - And {omitted} more.");
        }
        for cover in &balance.covers {
            let until = cover
                .until
                .map_or_else(String::new, |day| format!(", until {day}"));
            let line = format!(
                "{} is not asked for because of a {}{until}.",
                money(balance, cover.amount),
                word(&cover.kind)
            );
            bullet(text, &line);
        }
        for line in past(&self.situation.history, self.zone()) {
            bullet(text, &line);
        }
        let customer = &self.situation.customer;
        let reachable: Vec<_> = customer.reachable.iter().map(Channel::name).collect();
        let reachable = if reachable.is_empty() {
            "no way".to_owned()
        } else {
            reachable.join(", ")
        };
        let line = format!(
            "The customer is a {}, in {}, and may be reached by {reachable}.",
            word(&customer.kind),
            customer.jurisdiction
        );
        bullet(text, &line);
        for (name, value) in &customer.attributes {
            bullet(text, &format!("The creditor's own mark `{name}`: {value}."));
        }
        bullet(
            text,
            "The program is never told a name, an address, an e-mail, a phone or a tax number.",
        );
    }

    fn why_asked(&self) -> String {
        match &self.situation.trigger {
            Trigger::Entered => "It was this step's turn.".to_owned(),
            Trigger::Woken { planned, .. } => {
                format!(
                    "It had been planned to look again on {}.",
                    self.names.at(*planned)
                )
            }
            Trigger::Answered { event: None, .. } => {
                "Its first answer had been ruled on.".to_owned()
            }
            Trigger::Answered {
                event: Some(event), ..
            } => {
                format!(
                    "Its first answer had been ruled on; before that: {}.",
                    happened(event)
                )
            }
            Trigger::Event(event) => format!("Something had happened: {}.", happened(event)),
        }
    }
}
