//! From a file's rows to facts by customer. Nothing is told here.

use std::collections::{BTreeMap, HashMap};
use std::io::Read as Source;

use anyhow::bail;
use regua_domain::cut::cut;
use regua_domain::fact::{Fact, InvoiceFacts};
use regua_domain::time::Timestamp;

use super::mapping::Mapping;
use super::report::Fault;
use super::row::{self, Made};
use super::text::{CellFault, Cells};

/// A cell may have megabytes: what is told of it is cut.
pub(super) const REASON_CHARS_MAX: usize = 300;

/// A fact of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The row's line.
    pub line: u64,
    /// When it happens.
    pub at: Timestamp,
    /// What.
    pub fact: Fact,
}

/// One customer's facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfCustomer {
    /// The customer's reference.
    pub reference: String,
    /// In the order of their instants.
    pub facts: Vec<Told>,
}

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// Customers, in the order in which they first stand in the file.
    pub customers: Vec<OfCustomer>,
    /// Rows, without the headings.
    pub rows: u64,
    /// Rows with a fault, of which nothing is kept.
    pub left_out: u64,
    /// The faults.
    pub faults: Vec<Fault>,
}

impl Read {
    /// How many customers there are.
    pub fn customers(&self) -> u64 {
        self.customers.len() as u64
    }
}

/// Reads all rows. An error is one of the file as a whole; a row's own are in [`Read`].
pub fn read(mapping: &Mapping, source: impl Source) -> anyhow::Result<Read> {
    let text = plain(source)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(mapping.csv.delimiter)
        .quote(mapping.csv.quote)
        .from_reader(text.as_slice());
    let mut headings = BTreeMap::new();
    for (at, heading) in reader.headers()?.iter().enumerate() {
        if headings.insert(heading.trim().to_owned(), at).is_some() {
            bail!("the column `{heading}` stands in the headings twice");
        }
    }
    if headings.is_empty() {
        bail!("the file is empty: its first row has to be one of headings");
    }
    let lacking: Vec<_> = mapping
        .columns
        .iter()
        .filter(|column| !headings.contains_key(*column))
        .map(|column| format!("`{column}`"))
        .collect();
    if !lacking.is_empty() {
        let known: Vec<_> = headings.keys().map(String::as_str).collect();
        bail!(
            "the mapping names {}, and the file only has {}",
            lacking.join(", "),
            cut(&known.join(", "), 2 * REASON_CHARS_MAX)
        );
    }
    let mut gathered = Gathered::default();
    for record in reader.records() {
        gathered.read.rows += 1;
        let record = match record {
            Ok(record) => record,
            Err(error) if error.is_io_error() => return Err(error.into()),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                gathered.fault(
                    line,
                    CellFault {
                        column: None,
                        reason: unreadable(&error),
                    },
                );
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cells = Cells {
            headings: &headings,
            lookups: &mapping.lookups,
            record: &record,
        };
        match row::facts(mapping, cells) {
            Ok(made) => gathered.add(line, made),
            Err(faults) => {
                gathered.read.left_out += 1;
                for fault in faults {
                    gathered.say(line, fault);
                }
            }
        }
    }
    Ok(gathered.finish())
}

/// A file with one kind of line end: after a CR LF the reader would count the line before.
fn plain(mut source: impl Source) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes)?;
    let mut last = 0;
    for at in 0..bytes.len() {
        if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') {
            continue;
        }
        bytes[last] = bytes[at];
        last += 1;
    }
    bytes.truncate(last);
    Ok(bytes)
}

fn unreadable(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("has {len} cells where the headings have {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

#[derive(Default)]
struct Gathered {
    read: Read,
    places: HashMap<String, usize>,
    invoices: HashMap<String, (u64, String, InvoiceFacts)>,
}

impl Gathered {
    fn say(&mut self, line: u64, fault: CellFault) {
        self.read.faults.push(Fault {
            line,
            column: fault.column,
            reason: cut(&fault.reason, REASON_CHARS_MAX).into_owned(),
        });
    }

    fn fault(&mut self, line: u64, fault: CellFault) {
        self.read.left_out += 1;
        self.say(line, fault);
    }

    fn add(&mut self, line: u64, made: Made) {
        if let Some(invoice) = &made.invoice {
            if let Some(reason) = self.differs(&made.customer, invoice) {
                let column = made.invoice_column.clone();
                return self.fault(line, CellFault { column, reason });
            }
            self.invoices
                .entry(invoice.reference.clone())
                .or_insert_with(|| (line, made.customer.clone(), invoice.clone()));
        }
        let customers = &mut self.read.customers;
        let place = *self.places.entry(made.customer.clone()).or_insert_with(|| {
            customers.push(OfCustomer {
                reference: made.customer,
                facts: Vec::new(),
            });
            customers.len() - 1
        });
        let told = |(at, fact)| Told { line, at, fact };
        customers[place]
            .facts
            .extend(made.facts.into_iter().map(told));
    }

    /// What an invoice of an earlier row said otherwise.
    fn differs(&self, customer: &str, invoice: &InvoiceFacts) -> Option<String> {
        let (line, owner, known) = self.invoices.get(&invoice.reference)?;
        let what = if owner != customer {
            "customer"
        } else if known.amount != invoice.amount {
            "amount"
        } else if known.due_on != invoice.due_on || known.issued_on != invoice.issued_on {
            "date"
        } else {
            return None;
        };
        let reference = &invoice.reference;
        Some(format!(
            "invoice `{reference}` stands on line {line} already, with another {what}"
        ))
    }

    fn finish(mut self) -> Read {
        for customer in &mut self.read.customers {
            // A row repeats who its customer is: only what is news is told, and of what is
            // said of one instant, the last.
            let (mut who, mut rest): (Vec<_>, Vec<_>) = std::mem::take(&mut customer.facts)
                .into_iter()
                .partition(|told| matches!(told.fact, Fact::Customer(_)));
            who.sort_by_key(|told| told.at);
            let mut news: Vec<Told> = Vec::new();
            for told in who {
                if news.last().is_some_and(|last| last.at == told.at) {
                    news.pop();
                }
                if news.last().is_none_or(|last| last.fact != told.fact) {
                    news.push(told);
                }
            }
            news.append(&mut rest);
            news.sort_by_key(|told| told.at);
            customer.facts = news;
        }
        self.read
    }
}
