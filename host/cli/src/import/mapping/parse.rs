//! From a document to a mapping.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveTime;
use chrono::format::{Item, StrftimeItems};
use regua_domain::contract::{Channel, DeliveryState};
use regua_domain::workflow::check::Problem;
use serde_json::Value;

use super::{
    ContactMap, CustomerMap, Day, Dialect, EventMap, InvoiceMap, Lookup, Mapping, PaymentMap,
    Saying, Text, When,
};
use crate::import::document::{Faults, Members, Node};
use crate::import::row;

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

    fn event(&mut self, node: &Node<'_>, has_invoice: bool) -> Option<EventMap> {
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

    fn day(&mut self, node: &Node<'_>) -> Option<Day> {
        if let Value::String(column) = node.value {
            self.columns.insert(column.clone());
            return Some(Day {
                column: column.clone(),
                plus_days: 0,
                not_after: None,
            });
        }
        let mut members = node.members(&mut self.faults)?;
        let column = self.need_column(&mut members, "column");
        let plus_days = members.get("plus_days").map_or(Some(0), |node| {
            node.parse("a count of days", &mut self.faults)
        });
        let not_after = members.get("not_after").and_then(|node| self.column(&node));
        members.finish(&mut self.faults);
        Some(Day {
            column: column?,
            plus_days: plus_days?,
            not_after,
        })
    }

    /// One condition, or a list of which all must hold.
    fn when(&mut self, node: Option<Node<'_>>) -> Vec<When> {
        let Some(node) = node else {
            return Vec::new();
        };
        let nodes = if node.value.is_array() {
            node.items(&mut self.faults)
        } else {
            vec![node]
        };
        nodes
            .iter()
            .filter_map(|node| self.condition(node))
            .collect()
    }

    fn condition(&mut self, node: &Node<'_>) -> Option<When> {
        let mut members = node.members(&mut self.faults)?;
        let column = self.need_column(&mut members, "column");
        let (equals, one_of, empty) = (
            members.get("equals"),
            members.get("one_of"),
            members.get("empty"),
        );
        members.finish(&mut self.faults);
        match (equals, one_of, empty) {
            (Some(value), None, None) => {
                let value = value.text(&mut self.faults)?;
                Some(When::Equals {
                    column: column?,
                    value,
                })
            }
            (None, Some(list), None) => {
                let items = list.items(&mut self.faults);
                let values = items.iter().filter_map(|item| item.text(&mut self.faults));
                Some(When::OneOf {
                    values: values.collect(),
                    column: column?,
                })
            }
            (None, None, Some(is)) => {
                let Some(empty) = is.value.as_bool() else {
                    is.fault(&mut self.faults, "is neither true nor false");
                    return None;
                };
                Some(When::Empty {
                    column: column?,
                    is: empty,
                })
            }
            _ => {
                node.fault(
                    &mut self.faults,
                    "has not exactly one of `equals`, `one_of` and `empty`",
                );
                None
            }
        }
    }

    fn need_text(&mut self, members: &mut Members<'_>, name: &'static str) -> Option<Text> {
        let node = members.need(name, &mut self.faults);
        self.text(node)
    }

    fn text(&mut self, node: Option<Node<'_>>) -> Option<Text> {
        let node = node?;
        let text = node.text(&mut self.faults)?;
        match Text::parse(&text, &self.lookups) {
            Ok(text) => {
                self.columns.extend(text.columns().map(str::to_owned));
                Some(text)
            }
            Err(fault) => {
                node.fault(&mut self.faults, fault);
                None
            }
        }
    }

    fn need_column(&mut self, members: &mut Members<'_>, name: &'static str) -> Option<String> {
        let node = members.need(name, &mut self.faults)?;
        self.column(&node)
    }

    fn column(&mut self, node: &Node<'_>) -> Option<String> {
        let column = node.text(&mut self.faults)?;
        if column.contains(['{', '}']) {
            node.fault(&mut self.faults, "is a column's name, without braces");
        }
        self.columns.insert(column.clone());
        Some(column)
    }

    fn channel(&mut self, members: &mut Members<'_>) -> Option<Channel> {
        let node = members.need("channel", &mut self.faults)?;
        let text = node.text(&mut self.faults)?;
        let channel = row::channel(&text);
        if channel.is_none() {
            node.fault(
                &mut self.faults,
                format!("`{text}` is not a channel such as email, sms or letter"),
            );
        }
        channel
    }

    fn time(&mut self, members: &mut Members<'_>, default: &str) -> Option<NaiveTime> {
        let Some(node) = members.get("time") else {
            return row::time(default);
        };
        let text = node.text(&mut self.faults)?;
        let time = row::time(&text);
        if time.is_none() {
            node.fault(
                &mut self.faults,
                format!("`{text}` is not a time of day such as \"06:00\""),
            );
        }
        time
    }
}
