//! From a document to a mapping.

mod event;
mod part;

use std::collections::{BTreeMap, BTreeSet};

use chrono::format::{Item, StrftimeItems};
use regua_domain::workflow::check::Problem;
use serde_json::Value;

use super::{ContactMap, CustomerMap, Dialect, InvoiceMap, Lookup, Mapping, PaymentMap};
use crate::import::document::{Faults, Node};

/// Reads a mapping, or tells all of its faults.
pub(super) fn mapping(value: &Value) -> Result<Mapping, Vec<Problem>> {
    let mut reader = Reader::default();
    let root = Node {
        pointer: String::new(),
        value,
    };
    let mapping = reader.mapping(&root);
    match mapping {
        Some(mapping) if reader.faults.is_empty() => Ok(mapping),
        _ => Err(reader.faults),
    }
}

#[derive(Default)]
struct Reader {
    faults: Faults,
    lookups: BTreeMap<String, Lookup>,
    columns: BTreeSet<String>,
}

/// Each part is read whole before it is put together, so that one fault hides no other.
impl Reader {
    fn mapping(&mut self, root: &Node<'_>) -> Option<Mapping> {
        let mut members = root.members(&mut self.faults)?;
        let source = members.need("source", &mut self.faults);
        let source = source.and_then(|node| node.text(&mut self.faults));
        let csv = self.dialect(members.get("csv").as_ref());
        if let Some(node) = members.get("lookups") {
            self.lookups(&node);
        }
        let invoice = members.get("invoice");
        let customer = members.need("customer", &mut self.faults);
        let customer = customer.and_then(|node| self.customer(&node, invoice.is_some()));
        let payment = members.get("payment");
        if let (Some(payment), None) = (&payment, &invoice) {
            payment.fault(&mut self.faults, "there is no `invoice` that it could pay");
        }
        let has_invoice = invoice.is_some();
        let invoice = invoice.and_then(|node| self.invoice(&node));
        let payment = payment.and_then(|node| self.payment(&node));
        let mut events = Vec::new();
        if let Some(node) = members.get("events") {
            for node in node.items(&mut self.faults) {
                events.extend(self.event(&node, has_invoice));
            }
        }
        members.finish(&mut self.faults);
        Some(Mapping {
            source: source?,
            csv: csv?,
            lookups: std::mem::take(&mut self.lookups),
            customer: customer?,
            invoice,
            payment,
            events,
            columns: std::mem::take(&mut self.columns),
        })
    }

    fn dialect(&mut self, node: Option<&Node<'_>>) -> Option<Dialect> {
        let mut dialect = Dialect {
            delimiter: b',',
            quote: b'"',
            decimal: '.',
            dates: "%Y-%m-%d".to_owned(),
        };
        let Some(node) = node else {
            return Some(dialect);
        };
        let faults = &mut self.faults;
        let mut members = node.members(faults)?;
        for (name, byte) in [
            ("delimiter", &mut dialect.delimiter),
            ("quote", &mut dialect.quote),
        ] {
            if let Some(node) = members.get(name) {
                match node.text(faults)?.as_bytes() {
                    [one] => *byte = *one,
                    _ => node.fault(faults, "is not one ASCII character"),
                }
            }
        }
        if let Some(node) = members.get("decimal") {
            match node.text(faults)?.as_str() {
                "." => dialect.decimal = '.',
                "," => dialect.decimal = ',',
                _ => node.fault(faults, "is neither `.` nor `,`"),
            }
        }
        if let Some(node) = members.get("dates") {
            dialect.dates = node.text(faults)?;
            if StrftimeItems::new(&dialect.dates).any(|item| matches!(item, Item::Error)) {
                node.fault(faults, "is not a date format such as `%d/%m/%Y`");
            }
        }
        members.finish(faults);
        Some(dialect)
    }

    fn lookups(&mut self, node: &Node<'_>) {
        let Some(members) = node.members(&mut self.faults) else {
            return;
        };
        for (name, node) in members.each() {
            if let Some(lookup) = self.lookup(&node) {
                self.lookups.insert(name.clone(), lookup);
            }
        }
    }

    fn lookup(&mut self, node: &Node<'_>) -> Option<Lookup> {
        let mut members = node.members(&mut self.faults)?;
        let column = self.need_column(&mut members, "column");
        let mut table = BTreeMap::new();
        if let Some(node) = members.need("table", &mut self.faults)
            && let Some(rows) = node.members(&mut self.faults)
        {
            for (value, node) in rows.each() {
                if let Some(fields) = self.fields(&node) {
                    table.insert(value.clone(), fields);
                }
            }
        }
        let otherwise = members.get("otherwise").and_then(|node| self.fields(&node));
        members.finish(&mut self.faults);
        Some(Lookup {
            column: column?,
            table,
            otherwise,
        })
    }

    fn fields(&mut self, node: &Node<'_>) -> Option<BTreeMap<String, String>> {
        let members = node.members(&mut self.faults)?;
        let mut fields = BTreeMap::new();
        for (name, node) in members.each() {
            if let Some(text) = node.text(&mut self.faults) {
                fields.insert(name.clone(), text);
            }
        }
        Some(fields)
    }

    fn customer(&mut self, node: &Node<'_>, has_invoice: bool) -> Option<CustomerMap> {
        let mut members = node.members(&mut self.faults)?;
        let reference = self.need_text(&mut members, "reference");
        let name = self.need_text(&mut members, "name");
        let tax_number = self.text(members.get("tax_number"));
        let kind = self.need_text(&mut members, "kind");
        let locale = self.need_text(&mut members, "locale");
        let jurisdiction = self.need_text(&mut members, "jurisdiction");
        let time_zone = self.need_text(&mut members, "time_zone");
        let mut segments = Vec::new();
        if let Some(node) = members.get("segments") {
            for node in node.items(&mut self.faults) {
                segments.extend(self.text(Some(node)));
            }
        }
        let mut attributes = BTreeMap::new();
        if let Some(node) = members.get("attributes")
            && let Some(each) = node.members(&mut self.faults)
        {
            for (name, node) in each.each() {
                if let Some(text) = self.text(Some(node)) {
                    attributes.insert(name.clone(), text);
                }
            }
        }
        let mut contacts = Vec::new();
        if let Some(node) = members.get("contacts") {
            for node in node.items(&mut self.faults) {
                contacts.extend(self.contact(&node));
            }
        }
        let at = members.get("at");
        if at.is_none() && !has_invoice {
            node.fault(
                &mut self.faults,
                "`at` is missing, and there is no `invoice` to take the day from",
            );
        }
        let at = at.and_then(|node| self.day(&node));
        let time = self.time(&mut members, "05:00");
        members.finish(&mut self.faults);
        Some(CustomerMap {
            reference: reference?,
            name: name?,
            tax_number,
            kind: kind?,
            locale: locale?,
            jurisdiction: jurisdiction?,
            time_zone: time_zone?,
            segments,
            attributes,
            contacts,
            at,
            time: time?,
        })
    }

    fn contact(&mut self, node: &Node<'_>) -> Option<ContactMap> {
        let mut members = node.members(&mut self.faults)?;
        let when = self.when(members.get("when"));
        let channel = self.channel(&mut members);
        let address = self.need_text(&mut members, "address");
        members.finish(&mut self.faults);
        Some(ContactMap {
            when,
            channel: channel?,
            address: address?,
        })
    }

    fn invoice(&mut self, node: &Node<'_>) -> Option<InvoiceMap> {
        let mut members = node.members(&mut self.faults)?;
        let when = self.when(members.get("when"));
        let reference = self.need_text(&mut members, "reference");
        let amount = self.need_text(&mut members, "amount");
        let currency = self.need_text(&mut members, "currency");
        let issued_on = self.need_column(&mut members, "issued_on");
        let due_on = self.need_column(&mut members, "due_on");
        let contract = self.text(members.get("contract"));
        let time = self.time(&mut members, "06:00");
        members.finish(&mut self.faults);
        Some(InvoiceMap {
            when,
            reference: reference?,
            amount: amount?,
            currency: currency?,
            issued_on: issued_on?,
            due_on: due_on?,
            contract,
            time: time?,
        })
    }

    fn payment(&mut self, node: &Node<'_>) -> Option<PaymentMap> {
        let mut members = node.members(&mut self.faults)?;
        let when = self.when(members.get("when"));
        let reference = self.need_text(&mut members, "reference");
        let amount = self.text(members.get("amount"));
        let paid_on = self.need_column(&mut members, "paid_on");
        let time = self.time(&mut members, "17:00");
        members.finish(&mut self.faults);
        Some(PaymentMap {
            when,
            reference: reference?,
            amount,
            paid_on: paid_on?,
            time: time?,
        })
    }
}
