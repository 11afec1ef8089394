//! One row's facts.

mod event;

use chrono::NaiveTime;
use chrono_tz::Tz;
use regua_domain::contract::Channel;
use regua_domain::customer::{Consent, ContactPoint};
use regua_domain::fact::{CustomerFacts, Fact, InvoiceFacts, PaymentFacts};
use regua_domain::money::{Currency, Money};
use regua_domain::time::{Date, Timestamp, is_plausible, plus_days};
use serde::de::DeserializeOwned;

use super::mapping::{CustomerMap, Day, InvoiceMap, Mapping};
use super::text::{CellFault, Cells, Text};
use crate::when;

/// What a row came to.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) customer: String,
    pub(super) invoice: Option<InvoiceFacts>,
    pub(super) invoice_column: Option<String>,
    pub(super) facts: Vec<(Timestamp, Fact)>,
}

type Of<T> = Result<T, CellFault>;

/// A row's facts, or all that is wrong with it.
pub(super) fn facts(mapping: &Mapping, cells: Cells<'_>) -> Result<Made, Vec<CellFault>> {
    let row = Row { mapping, cells };
    let mut faults = Vec::new();
    let customer = keep(row.customer(&mapping.customer), &mut faults);
    let invoice = match mapping.invoice.as_ref().filter(|map| row.holds(&map.when)) {
        Some(map) => keep(row.invoice(map), &mut faults),
        None => None,
    };
    let Some((reference, who)) = customer else {
        return Err(faults);
    };
    let zone = who.time_zone;
    let mut facts = Vec::new();
    let known_at = match &mapping.customer.at {
        Some(day) => row.day(day).map(Some),
        None => Ok(invoice.as_ref().map(|invoice| invoice.issued_on)),
    };
    if let Some(day) = keep(known_at, &mut faults).flatten() {
        let at = Timestamp::at_local(day, mapping.customer.time, zone);
        facts.push((at, Fact::Customer(who)));
    }
    if let (Some(map), Some(invoice)) = (&mapping.invoice, &invoice) {
        let at = Timestamp::at_local(invoice.issued_on, map.time, zone);
        facts.push((at, Fact::InvoiceIssued(invoice.clone())));
    }
    if invoice.is_some() || mapping.invoice.is_none() {
        let paid = row.payment(invoice.as_ref(), zone);
        facts.extend(keep(paid, &mut faults).flatten());
        for map in mapping.events.iter().filter(|map| row.holds(&map.when)) {
            facts.extend(keep(row.event(map, invoice.as_ref(), zone), &mut faults));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let column = mapping
        .invoice
        .as_ref()
        .and_then(|map| map.reference.column());
    Ok(Made {
        customer: reference,
        invoice,
        invoice_column: column.map(str::to_owned),
        facts,
    })
}

fn keep<T>(made: Of<T>, faults: &mut Vec<CellFault>) -> Option<T> {
    made.map_err(|fault| faults.push(fault)).ok()
}

#[derive(Clone, Copy)]
struct Row<'a> {
    mapping: &'a Mapping,
    cells: Cells<'a>,
}

impl Row<'_> {
    fn holds(&self, when: &[super::mapping::When]) -> bool {
        when.iter()
            .all(|when| when.holds(self.cells.get(when.column())))
    }

    fn customer(&self, map: &CustomerMap) -> Of<(String, CustomerFacts)> {
        let text = |text: &Text| text.required(self.cells);
        let line = |what: &Text, max: usize| {
            let text = text(what)?;
            if text.chars().count() > max || text.chars().any(char::is_control) {
                let reason =
                    format!("`{text}` is longer than {max} characters, or has control characters");
                return Err(fault(what, reason));
            }
            Ok(text)
        };
        let optional = |text: &Option<Text>| match text {
            Some(text) => text.optional(self.cells),
            None => Ok(None),
        };
        let mut contacts = Vec::new();
        for contact in map
            .contacts
            .iter()
            .filter(|contact| self.holds(&contact.when))
        {
            if let Some(address) = contact.address.optional(self.cells)? {
                contacts.push(ContactPoint {
                    channel: contact.channel.clone(),
                    address,
                    consent: Consent::Given,
                    bounced: false,
                });
            }
        }
        let mut segments = Vec::new();
        for segment in &map.segments {
            segments.extend(segment.optional(self.cells)?);
        }
        segments.sort();
        segments.dedup();
        let mut attributes = std::collections::BTreeMap::new();
        for (name, value) in &map.attributes {
            if let Some(value) = value.optional(self.cells)? {
                attributes.insert(name.clone(), value);
            }
        }
        let facts = CustomerFacts {
            name: line(&map.name, 200)?,
            tax_number: optional(&map.tax_number)?,
            kind: self.word(&map.kind, "consumer or business")?,
            locale: line(&map.locale, 35)?,
            jurisdiction: line(&map.jurisdiction, 6)?,
            time_zone: {
                let zone = text(&map.time_zone)?;
                zone.parse::<Tz>()
                    .map_err(|_| fault(&map.time_zone, format!("`{zone}` is not a time zone")))?
            },
            segments,
            attributes,
            methods: Vec::new(),
            contacts,
            since: None,
        };
        Ok((line(&map.reference, 128)?, facts))
    }

    fn invoice(&self, map: &InvoiceMap) -> Of<InvoiceFacts> {
        let code = map.currency.required(self.cells)?;
        let currency =
            Currency::parse(&code).map_err(|error| fault(&map.currency, error.to_string()))?;
        let (issued_on, due_on) = (self.date(&map.issued_on)?, self.date(&map.due_on)?);
        if due_on < issued_on {
            return Err(CellFault::at(
                &map.due_on,
                format!("{due_on} lies before the issue on {issued_on}"),
            ));
        }
        Ok(InvoiceFacts {
            reference: map.reference.required(self.cells)?,
            amount: self.amount(&map.amount, currency)?,
            issued_on,
            due_on,
            contract: match &map.contract {
                Some(contract) => contract.optional(self.cells)?,
                None => None,
            },
        })
    }

    fn payment(&self, invoice: Option<&InvoiceFacts>, zone: Tz) -> Of<Option<(Timestamp, Fact)>> {
        let (Some(map), Some(invoice)) = (&self.mapping.payment, invoice) else {
            return Ok(None);
        };
        if !self.holds(&map.when) || self.cells.get(&map.paid_on).is_empty() {
            return Ok(None);
        }
        let paid_on = self.date(&map.paid_on)?;
        if paid_on < invoice.issued_on {
            let reason = format!("{paid_on} lies before the issue on {}", invoice.issued_on);
            return Err(CellFault::at(&map.paid_on, reason));
        }
        let amount = match &map.amount {
            Some(amount) => self.amount(amount, invoice.amount.currency)?,
            None => invoice.amount,
        };
        let fact = Fact::Payment(PaymentFacts {
            reference: map.reference.required(self.cells)?,
            amount,
            paid_on,
            invoices: vec![invoice.reference.clone()],
            pending: false,
        });
        Ok(Some((Timestamp::at_local(paid_on, map.time, zone), fact)))
    }

    fn day(&self, day: &Day) -> Of<Date> {
        let date = plus_days(self.date(&day.column)?, i64::from(day.plus_days));
        let date = plausible(&day.column, date)?;
        match &day.not_after {
            Some(column) if !self.cells.get(column).is_empty() => Ok(date.min(self.date(column)?)),
            _ => Ok(date),
        }
    }

    fn date(&self, column: &str) -> Of<Date> {
        let text = self.cells.get(column);
        let format = &self.mapping.csv.dates;
        if text.is_empty() {
            return Err(CellFault::at(column, "is empty"));
        }
        let date = Date::parse_from_str(text, format).map_err(|_| {
            CellFault::at(
                column,
                format!("`{text}` is not a date of the form {format}"),
            )
        })?;
        plausible(column, date)
    }

    fn amount(&self, text: &Text, currency: Currency) -> Of<Money> {
        let written = text.required(self.cells)?;
        let plain = match self.mapping.csv.decimal {
            '.' => written.clone(),
            point => written.replace('.', "?").replace(point, "."),
        };
        let money =
            Money::parse(&plain, currency).map_err(|error| fault(text, error.to_string()))?;
        if money.minor <= 0 {
            return Err(fault(text, format!("`{written}` is not above 0")));
        }
        Ok(money)
    }

    fn word<T: DeserializeOwned>(&self, text: &Text, what: &str) -> Of<T> {
        let word = text.required(self.cells)?;
        serde_json::from_value(serde_json::Value::String(word.clone()))
            .map_err(|_| fault(text, format!("`{word}` is not {what}")))
    }
}

fn plausible(column: &str, date: Date) -> Of<Date> {
    if is_plausible(date) {
        Ok(date)
    } else {
        Err(CellFault::at(column, when::outside(&date)))
    }
}

fn fault(text: &Text, reason: impl Into<String>) -> CellFault {
    CellFault {
        column: text.column().map(str::to_owned),
        reason: reason.into(),
    }
}

/// Kept here so that the mapping's types need no channel or clock of their own.
pub(super) fn time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

/// A channel by name.
pub(super) fn channel(text: &str) -> Option<Channel> {
    Channel::try_from(text.to_owned()).ok()
}
