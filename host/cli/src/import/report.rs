//! What became of an import.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use regua_domain::fact::Fact;
use serde::Serialize;

use super::rows::Read;
use crate::out::line;

/// A row that was not taken, or a fact of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// In the file, from 1.
    pub line: u64,
    /// The column, where it is one column's fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Why.
    pub reason: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// What became of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Rows in the file, without the headings.
    pub rows: u64,
    /// Rows with a fault, left out whole.
    pub rows_left_out: u64,
    /// Customers in the rows that were read.
    pub customers: u64,
    /// Customers whose facts were told.
    pub customers_told: u64,
    /// Facts read, by kind.
    pub read: BTreeMap<&'static str, u64>,
    /// Facts taken that were new, by kind.
    pub taken: BTreeMap<&'static str, u64>,
    /// Of these, facts of a later instant than the clock: they wait for it.
    pub ahead: u64,
    /// Facts that were known already.
    pub known: u64,
    /// Every fault, by line.
    pub faults: Vec<Fault>,
    /// Faults that whoever took the facts found, and did not list: there were too many.
    pub faults_left_out: u64,
}

impl Report {
    /// Of what was read only.
    pub fn unsaid(read: &Read) -> Self {
        let mut report = Self {
            rows: read.rows,
            rows_left_out: read.left_out,
            customers: read.customers(),
            faults: read.faults.clone(),
            ..Self::default()
        };
        for told in read.customers.iter().flat_map(|customer| &customer.facts) {
            *report.read.entry(kind(&told.fact)).or_default() += 1;
        }
        report
    }

    /// New facts of a kind, and how many of them wait.
    pub(super) fn count(&mut self, kind: &'static str, new: u64, ahead: u64) {
        if new > 0 {
            *self.taken.entry(kind).or_default() += new;
        }
        self.ahead += ahead;
    }

    /// Whether something was left out.
    pub fn has_faults(&self) -> bool {
        !self.faults.is_empty() || self.faults_left_out > 0
    }

    /// For a person: each fault, then what was done.
    pub fn text(&self, file: &str) -> String {
        let mut text = String::new();
        for fault in &self.faults {
            // A cell may have line breaks, and would write lines of its own.
            let _ = writeln!(text, "{}", line(&format!("{file}: {fault}")));
        }
        if self.faults_left_out > 0 {
            let _ = writeln!(text, "… and {} faults more", self.faults_left_out);
        }
        let _ = writeln!(
            text,
            "{} rows about {} customers, {} rows left out; read: {}",
            self.rows,
            self.customers,
            self.rows_left_out,
            counts(&self.read)
        );
        if self.customers_told > 0 {
            let _ = writeln!(
                text,
                "new: {} ({} of them wait for the clock); known already: {}",
                counts(&self.taken),
                self.ahead,
                self.known
            );
        }
        text
    }
}

fn counts(by_kind: &BTreeMap<&'static str, u64>) -> String {
    let counts: Vec<_> = by_kind
        .iter()
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    if counts.is_empty() {
        return "nothing".to_owned();
    }
    counts.join(", ")
}

/// A fact's kebab-case name, as its JSON form has it.
pub const fn kind(fact: &Fact) -> &'static str {
    match fact {
        Fact::Customer(_) => "customer",
        Fact::InvoiceIssued(_) => "invoice-issued",
        Fact::InvoiceDelivery { .. } => "invoice-delivery",
        Fact::InvoiceVoided { .. } => "invoice-voided",
        Fact::CreditNote { .. } => "credit-note",
        Fact::Payment(_) => "payment",
        Fact::PaymentFailed { .. } => "payment-failed",
        Fact::PaymentReversed { .. } => "payment-reversed",
        Fact::DisputeOpened { .. } => "dispute-opened",
        Fact::DisputeResolved { .. } => "dispute-resolved",
        Fact::PromiseMade { .. } => "promise-made",
        Fact::Replied { .. } => "replied",
        Fact::OptedOut { .. } => "opted-out",
        Fact::OptedIn { .. } => "opted-in",
        Fact::EffectResult { .. } => "effect-result",
        Fact::OfferAnswered { .. } => "offer-answered",
        Fact::PlacementRemitted(_) => "placement-remitted",
        Fact::PlacementReturned { .. } => "placement-returned",
        Fact::TaskClaimed { .. } => "task-claimed",
        Fact::TaskReleased { .. } => "task-released",
        Fact::DraftApproved { .. } => "draft-approved",
        Fact::TaskCompleted { .. } => "task-completed",
        Fact::HoldPlaced { .. } => "hold-placed",
        Fact::HoldLifted => "hold-lifted",
    }
}
