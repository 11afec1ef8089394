//! The dossier: all the host keeps at hand of one customer, and how it changes.
//!
//! Work on a customer is plain mutation of a [`Dossier`] inside a [`Draft`]; what a store
//! has to write is then the difference of the two ([`ChangeSet::between`]) and the rows
//! the draft appended. So the case in memory and the case in a database cannot disagree
//! about what a transition did.

mod change;
mod draft;
mod posting;
mod progress;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::contract::Event;
use crate::cover::Cover;
use crate::customer::{Customer, Standing};
use crate::effect::{Effect, EffectKey, Task};
use crate::fact::Fact;
use crate::id::{CaseId, CoverId, FactId, ItemId, PaymentId, TaskId, derived};
use crate::ledger::{Account, Item, LedgerEntry, Payment};
use crate::money::Currency;
use crate::time::Timestamp;
use crate::timeline::{DecisionRecord, TimelineEntry};

pub use change::ChangeSet;
pub use draft::Draft;
pub use posting::Movement;

/// A fact that waits for its case to look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Counts the customer's facts: commit order.
    pub number: u64,
    /// The currency it is about; none: every open case.
    pub currency: Option<Currency>,
    /// What happened.
    pub event: Event,
}

/// A fact as it was told: the log that imports are made idempotent by, and that a policy
/// can be played against again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedFact {
    /// Given by whoever tells it: the same fact told again bears the same.
    pub id: FactId,
    /// When it happens; later than now: it is not taken in before.
    pub at: Timestamp,
    /// What.
    pub fact: Fact,
    /// When it was taken in, and so became known; none: it is told ahead.
    pub taken: Option<Timestamp>,
}

/// All that is at hand of one customer. Lists are sorted by their keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dossier {
    /// Who it is.
    pub customer: Customer,
    /// What the past says, and the counters.
    pub standing: Standing,
    /// Counts commits: a commit that saw another version fails.
    pub version: u64,
    /// Credit per currency.
    pub accounts: Vec<Account>,
    /// Open items, and settled ones as long as they may come back; oldest due first.
    pub items: Vec<Item>,
    /// Payments still pending, and any that a fact names.
    pub payments: Vec<Payment>,
    /// Active covers.
    pub covers: Vec<Cover>,
    /// Open cases, and ended ones as long as they may be reopened.
    pub cases: Vec<Case>,
    /// Of these cases, and all contacts of the last 30 days; in order of their keys.
    pub effects: Vec<Effect>,
    /// Open ones.
    pub tasks: Vec<Task>,
    /// Facts not yet looked at, in commit order.
    pub inbox: VecDeque<Waiting>,
    /// Facts told ahead of their instant (of a sandbox that plays a history), by instant,
    /// then id; none of them is taken in yet.
    pub coming: VecDeque<LoggedFact>,
    /// Whether more was told ahead than `coming` holds.
    pub more_coming: bool,
}

impl Dossier {
    /// A customer of whom nothing is known yet.
    pub fn new(customer: Customer) -> Self {
        Self {
            customer,
            standing: Standing::default(),
            version: 0,
            accounts: Vec::new(),
            items: Vec::new(),
            payments: Vec::new(),
            covers: Vec::new(),
            cases: Vec::new(),
            effects: Vec::new(),
            tasks: Vec::new(),
            inbox: VecDeque::new(),
            coming: VecDeque::new(),
            more_coming: false,
        }
    }

    /// The open case in a currency.
    pub fn open_case(&self, currency: Currency) -> Option<&Case> {
        self.cases
            .iter()
            .find(|case| case.currency == currency && case.is_open())
    }

    /// A case by id.
    pub fn case(&self, id: CaseId) -> Option<&Case> {
        self.cases.iter().find(|case| case.id == id)
    }

    /// An item by id.
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// An item by id, to be changed.
    pub fn item_mut(&mut self, id: ItemId) -> Option<&mut Item> {
        self.items.iter_mut().find(|item| item.id == id)
    }

    /// An effect by key.
    pub fn effect(&self, key: EffectKey) -> Option<&Effect> {
        self.effects.iter().find(|effect| effect.key == key)
    }

    /// Unmatched money in a currency, minor units.
    pub fn credit(&self, currency: Currency) -> i64 {
        self.accounts
            .iter()
            .find(|account| account.currency == currency)
            .map_or(0, |a| a.credit)
    }

    /// The currencies anything is known in, sorted.
    pub fn currencies(&self) -> Vec<Currency> {
        let mut currencies: Vec<_> = self
            .items
            .iter()
            .map(|item| item.currency)
            .chain(self.cases.iter().map(|case| case.currency))
            .collect();
        currencies.sort_unstable();
        currencies.dedup();
        currencies
    }
}

/// Rows that are only ever appended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Journal {
    /// Movements of money.
    pub ledger: Vec<LedgerEntry>,
    /// What happened.
    pub timeline: Vec<TimelineEntry>,
    /// Which stages were asked, and what they said.
    pub decisions: Vec<DecisionRecord>,
    /// Facts told, new or now taken in: a store keeps one row for each id, the last.
    pub facts: Vec<LoggedFact>,
}

impl Journal {
    /// Appends what a later transition wrote.
    pub fn extend(&mut self, later: Self) {
        self.ledger.extend(later.ledger);
        self.timeline.extend(later.timeline);
        self.decisions.extend(later.decisions);
        self.facts.extend(later.facts);
    }

    /// Whether nothing is appended.
    pub fn is_empty(&self) -> bool {
        self.ledger.is_empty()
            && self.timeline.is_empty()
            && self.decisions.is_empty()
            && self.facts.is_empty()
    }
}

/// A new id for something a fact brings, made where the fact is taken in.
#[derive(Debug, Clone, Copy)]
pub struct NewIds {
    /// Entropy of the fact: a `UUIDv7` made by whoever takes it in.
    pub seed: FactId,
}

impl NewIds {
    fn derive(self, what: &str) -> uuid::Uuid {
        derived(CaseId(self.seed.0), 0, what, 0)
    }
    /// For an item.
    pub fn item(self) -> ItemId {
        ItemId(self.seed.0)
    }
    /// For a payment.
    pub fn payment(self) -> PaymentId {
        PaymentId(self.seed.0)
    }
    /// For a cover.
    pub fn cover(self) -> CoverId {
        CoverId(self.derive("cover"))
    }
    /// For a task.
    pub fn task(self) -> TaskId {
        TaskId(self.derive("task"))
    }
}
