//! What is owed: open items and the append-only ledger behind them.
//!
//! Every movement is a [`LedgerEntry`]. The entries of an item add up to its outstanding
//! amount; those without an item add up to the account's credit, negated. Rows are never
//! changed: backdated money posts further entries with an earlier `effective_on`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::contract::{DeliveryState, ItemKind};
use crate::id::{ItemId, PaymentId};
use crate::interest::Accrual;
use crate::money::{Currency, Money};
use crate::time::{Date, Timestamp};

/// What became of an item in dunning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disposition {
    /// The case works on it.
    Chased,
    /// An agency does.
    Placed,
    /// Given up.
    WrittenOff,
    /// Nothing is to be done: its case was closed by hand, or it was voided.
    Closed,
}

/// One thing owed: an invoice, a fee on it, interest on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// The tenant's own key, unique within the tenant; made by the host for fees and interest.
    pub reference: String,
    /// In which currency.
    pub currency: Currency,
    /// What it is.
    pub kind: ItemKind,
    /// The item that a fee or interest was charged on.
    pub parent: Option<ItemId>,
    /// The contract's reference.
    pub contract: Option<String>,
    /// When it was issued.
    pub issued_on: Date,
    /// When it is due. There is no item without a due date.
    pub due_on: Date,
    /// Minor units, above 0.
    pub original: i64,
    /// Minor units, never below 0: the sum of its ledger entries.
    pub outstanding: i64,
    /// What became of it.
    pub disposition: Disposition,
    /// What is known of the document's own way.
    pub delivery: DeliveryState,
    /// The first invoice this customer was ever sent.
    pub is_first: bool,
    /// What was done to it and is never done twice: `kind/occurrence` of every fee,
    /// `credit-note/reference`, `dispute/reference`.
    pub marks: BTreeSet<String>,
    /// What was charged on it as fees so far, by kind, minor units: once they are settled, the
    /// fees themselves are not at hand.
    pub fees: BTreeMap<String, i64>,
    /// What changed it since its issue, by day; changes of one day and sort are one.
    pub changes: Vec<Change>,
    /// Interest is charged up to and including this day.
    pub interest_until: Option<Date>,
    /// What its interest depends on besides.
    pub accrual: Accrual,
    /// When its outstanding amount last became 0.
    pub settled_at: Option<Timestamp>,
}

/// What a day changed of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The day it counts from.
    pub on: Date,
    /// Whether money did, by being matched or taken back; else a credit note and the like.
    pub by_money: bool,
    /// Minor units.
    pub amount: i64,
}

impl Item {
    /// An invoice, not yet owed: what is left is of the most ordinary sort.
    pub fn new(id: ItemId, reference: String, amount: Money, due_on: Date) -> Self {
        Self {
            id,
            reference,
            currency: amount.currency,
            kind: ItemKind::Invoice,
            parent: None,
            contract: None,
            issued_on: due_on,
            due_on,
            original: amount.minor,
            outstanding: amount.minor,
            disposition: Disposition::Chased,
            delivery: DeliveryState::Unknown,
            is_first: false,
            marks: BTreeSet::new(),
            fees: BTreeMap::new(),
            changes: Vec::new(),
            interest_until: None,
            accrual: Accrual::default(),
            settled_at: None,
        }
    }

    /// Notes a movement after its issue.
    pub(crate) fn change(&mut self, kind: EntryKind, on: Date, amount: i64) {
        let by_money = matches!(kind, EntryKind::Allocation | EntryKind::Reversal);
        let at = self
            .changes
            .partition_point(|change| (change.on, change.by_money) < (on, by_money));
        match self.changes.get_mut(at) {
            Some(change) if (change.on, change.by_money) == (on, by_money) => {
                change.amount += amount;
                if change.amount == 0 {
                    self.changes.remove(at);
                }
            }
            _ => self.changes.insert(
                at,
                Change {
                    on,
                    by_money,
                    amount,
                },
            ),
        }
    }

    fn changed(&self, which: impl Fn(&Change) -> bool) -> i64 {
        let which = self.changes.iter().filter(|change| which(change));
        which.map(|change| change.amount).sum()
    }

    /// What money paid of it, minor units: credit notes, waivers and the like are no money.
    pub fn paid(&self) -> i64 {
        -self.changed(|change| change.by_money)
    }

    /// [`Item::paid`], by the days it counts from. Where money was taken back too, that is
    /// taken for the money that came last.
    pub fn paid_by_day(&self) -> Vec<(Date, i64)> {
        let mut left = self.paid();
        let came = self.changes.iter().filter(|change| change.by_money);
        came.map(|change| {
            let part = (-change.amount).clamp(0, left.max(0));
            left -= part;
            (change.on, part)
        })
        .filter(|(_, part)| *part > 0)
        .collect()
    }

    /// The day on which money paid the last of what was owed of it; none where something is
    /// left, where no money paid any of it, or where it was given up. Money that came and went
    /// on one day is not known apart, and sets no day.
    pub fn paid_in_full_on(&self) -> Option<Date> {
        let is_paid =
            self.outstanding == 0 && self.paid() > 0 && self.disposition != Disposition::WrittenOff;
        let mut days = self.changes.iter().rev();
        let last = days.find(|change| change.by_money && change.amount < 0)?;
        is_paid.then_some(last.on)
    }

    /// What was billed, minor units: its original less credit notes and the like.
    pub fn billed(&self) -> i64 {
        self.original + self.changed(|change| !change.by_money)
    }

    /// What was owed of it at the end of a day, as it is known now: minor units.
    pub fn principal_after(&self, day: Date) -> i64 {
        let owed = self.original + self.changed(|change| change.on <= day);
        owed.clamp(0, self.original)
    }

    /// Whether dunning still looks at it.
    pub fn is_open(&self) -> bool {
        self.outstanding > 0
            && matches!(self.disposition, Disposition::Chased | Disposition::Placed)
    }

    /// Whether it is past its due date on a civil date.
    pub fn is_past_due(&self, today: Date) -> bool {
        self.due_on < today
    }

    /// The reference of a charge on an item.
    pub fn charge_reference(parent: &Self, kind: &str, occurrence: &str) -> String {
        format!("{}:{kind}:{occurrence}", parent.reference)
    }

    /// The name under which a fee is posted once for ever.
    pub fn charge_name(kind: &str, occurrence: &str) -> String {
        format!("{kind}/{occurrence}")
    }
}

/// Why the ledger moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// An item came to be owed.
    Issue,
    /// Money came in; it is credit until allocated.
    Receipt,
    /// Credit was matched to an item (two entries).
    Allocation,
    /// A receipt, or its allocation, was taken back.
    Reversal,
    /// Part of an item is no longer owed.
    CreditNote,
    /// A fee or interest is no longer owed.
    Waiver,
    /// The item was voided.
    Void,
    /// The item was given up.
    WriteOff,
    /// Interest turned out to be lower, by money that counts from a day already charged.
    Adjustment,
}

impl EntryKind {
    /// Its kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Receipt => "receipt",
            Self::Allocation => "allocation",
            Self::Reversal => "reversal",
            Self::CreditNote => "credit-note",
            Self::Waiver => "waiver",
            Self::Void => "void",
            Self::WriteOff => "write-off",
            Self::Adjustment => "adjustment",
        }
    }
}

/// One movement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Counts the customer's entries from 0.
    pub number: u64,
    /// The currency.
    pub currency: Currency,
    /// The item it moves; none: the account's credit.
    pub item: Option<ItemId>,
    /// Why.
    pub kind: EntryKind,
    /// Change of what the customer owes, minor units.
    pub amount: i64,
    /// The payment behind it.
    pub payment: Option<PaymentId>,
    /// The day it counts from.
    pub effective_on: Date,
    /// When the host learned of it.
    pub recorded_at: Timestamp,
}

/// Money received and not matched, per currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The currency.
    pub currency: Currency,
    /// Minor units, never below 0.
    pub credit: i64,
}

/// How far a payment has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentState {
    /// On its way: covers what it would pay.
    Pending,
    /// Received.
    Succeeded,
    /// It did not come.
    Failed,
    /// It came and was taken back.
    Reversed,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// The tenant's own key, unique within the tenant.
    pub reference: String,
    /// The currency.
    pub currency: Currency,
    /// Minor units, above 0.
    pub amount: i64,
    /// How far it has come.
    pub state: PaymentState,
    /// The day it was made.
    pub paid_on: Date,
    /// Where succeeded: what it paid; what is missing to `amount` is credit.
    pub allocated: Vec<Matched>,
}

/// What a payment paid of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// Which.
    pub item: ItemId,
    /// Minor units, above 0.
    pub amount: i64,
    /// When it was matched.
    pub at: Timestamp,
}

impl Payment {
    /// What of it is credit, minor units.
    pub fn unmatched(&self) -> i64 {
        match self.state {
            PaymentState::Succeeded => {
                let matched: i64 = self.allocated.iter().map(|part| part.amount).sum();
                self.amount - matched
            }
            _ => 0,
        }
    }
}
