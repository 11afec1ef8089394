//! The dossier: all the host keeps at hand of one customer, and how it changes.
//!
//! Work on a customer is plain mutation of a [`Dossier`] inside a [`Draft`]; what a store
//! has to write is then the difference of the two ([`ChangeSet::between`]) and the rows
//! the draft appended. So the case in memory and the case in a database cannot disagree
//! about what a transition did.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::contract::{Event, ItemKind};
use crate::cover::Cover;
use crate::customer::{Customer, Standing};
use crate::effect::{Effect, EffectKey, Task};
use crate::fact::Fact;
use crate::id::{CaseId, CoverId, FactId, ItemId, PaymentId, TaskId, derived};
use crate::ledger::{Account, EntryKind, Item, LedgerEntry, Payment};
use crate::money::Currency;
use crate::time::{Date, Timestamp};
use crate::timeline::{DecisionRecord, Happening, TimelineEntry};

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
    /// Whether it was taken in.
    pub taken: bool,
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

/// A dossier being worked on, at an instant.
#[derive(Debug, Clone)]
pub struct Draft {
    /// As it will be.
    pub dossier: Dossier,
    /// What is appended.
    pub journal: Journal,
    /// The instant.
    pub now: Timestamp,
    /// The customer's civil date at it.
    pub today: Date,
    /// The case and transition being made; none while a fact is taken in.
    transition: Option<(CaseId, u64)>,
    made: u32,
}

impl Draft {
    /// Begins work on a dossier at an instant.
    pub fn new(dossier: Dossier, now: Timestamp) -> Self {
        let today = now.date_in(dossier.customer.time_zone);
        Self {
            dossier,
            journal: Journal::default(),
            now,
            today,
            transition: None,
            made: 0,
        }
    }

    /// Begins a case's next transition: names everything it makes.
    pub fn begin_transition(&mut self, id: CaseId) {
        let today = self.today;
        if let Some(case) = self.dossier.cases.iter_mut().find(|case| case.id == id) {
            self.transition = Some((id, case.sequence));
            case.sequence += 1;
            if case.pace.day == today {
                case.pace.count = case.pace.count.saturating_add(1);
            } else {
                case.pace = crate::case::Pace {
                    day: today,
                    count: 1,
                };
            }
        }
    }

    /// The running transition's number.
    pub fn sequence(&self) -> u64 {
        self.transition.map_or(0, |(_, sequence)| sequence)
    }

    /// The key of the transition's next effect.
    pub fn next_effect_key(&mut self, case: CaseId) -> EffectKey {
        let key = EffectKey {
            case,
            sequence: self.sequence(),
            index: self.made,
        };
        self.made += 1;
        key
    }

    /// An id for something the transition makes.
    pub fn next_id(&mut self, case: CaseId, what: &str) -> uuid::Uuid {
        let index = self.made;
        self.made += 1;
        derived(case, self.sequence(), what, index)
    }

    /// The open case with this id.
    pub fn case_mut(&mut self, id: CaseId) -> Option<&mut Case> {
        self.dossier.cases.iter_mut().find(|case| case.id == id)
    }

    /// Writes on the timeline.
    pub fn tell(&mut self, case: Option<CaseId>, what: Happening) {
        let number = self.dossier.standing.timeline_entries;
        self.dossier.standing.timeline_entries += 1;
        let sequence = self.sequence();
        self.journal.timeline.push(TimelineEntry {
            number,
            case,
            sequence,
            at: self.now,
            what,
        });
    }

    /// Puts a fact into the inbox, behind those that wait already, and on the timeline.
    pub fn enqueue(&mut self, currency: Option<Currency>, event: Event) {
        let case = currency
            .and_then(|currency| self.dossier.open_case(currency))
            .map(|case| case.id);
        let item = event.subject.as_deref().and_then(|key| key.parse().ok());
        let about = item.and_then(|id| self.dossier.item(id));
        let told = Happening::Fact {
            about: about.map(|item| item.reference.clone()),
            currency,
            event: event.clone(),
        };
        self.tell(case, told);
        let number = self.dossier.standing.facts;
        self.dossier.standing.facts += 1;
        self.dossier.inbox.push_back(Waiting {
            number,
            currency,
            event,
        });
    }

    /// An event of today.
    pub fn event(&self, kind: &str, subject: Option<String>, amount: Option<i64>) -> Event {
        Event {
            kind: kind.to_owned(),
            subject,
            amount,
            on: self.today,
            at: self.now,
            details: Vec::new(),
        }
    }

    /// Moves what is owed: of an item, or of the account's credit where `item` is none.
    pub fn post(&mut self, movement: Movement) {
        let Movement {
            currency,
            item,
            kind,
            amount,
            payment,
            effective_on,
        } = movement;
        let number = self.dossier.standing.ledger_entries;
        self.dossier.standing.ledger_entries += 1;
        let recorded_at = self.now;
        self.journal.ledger.push(LedgerEntry {
            number,
            currency,
            item,
            kind,
            amount,
            payment,
            effective_on,
            recorded_at,
        });
        match item {
            Some(id) => {
                if let Some(item) = self.dossier.item_mut(id) {
                    item.outstanding = item.outstanding.saturating_add(amount);
                    item.settled_at = (item.outstanding == 0).then_some(recorded_at);
                    if kind != EntryKind::Issue {
                        item.change(kind, effective_on, amount);
                    }
                }
                self.relieve(id, kind, amount);
            }
            None => self.credit_account(currency, amount),
        }
    }

    /// Interest that is waived and the like is known to its principal: it is not given back
    /// to a debtor who never paid it.
    fn relieve(&mut self, id: ItemId, kind: EntryKind, amount: i64) {
        let is_relief = matches!(
            kind,
            EntryKind::Waiver | EntryKind::WriteOff | EntryKind::Void
        );
        let charge = self.dossier.item(id).filter(|_| is_relief);
        let parent = charge
            .filter(|charge| charge.kind == ItemKind::Interest)
            .and_then(|charge| charge.parent);
        if let Some(parent) = parent.and_then(|id| self.dossier.item_mut(id)) {
            parent.accrual.relieved -= amount;
        }
    }

    fn credit_account(&mut self, currency: Currency, amount: i64) {
        let accounts = &mut self.dossier.accounts;
        let known = accounts
            .iter_mut()
            .find(|account| account.currency == currency);
        if let Some(account) = known {
            account.credit = account.credit.saturating_sub(amount);
            return;
        }
        accounts.push(Account {
            currency,
            credit: -amount,
        });
        accounts.sort_unstable_by_key(|account| account.currency);
    }

    /// Adds an item and owes it.
    pub fn issue(&mut self, item: Item) {
        let movement = Movement {
            currency: item.currency,
            item: Some(item.id),
            kind: EntryKind::Issue,
            amount: item.original,
            payment: None,
            effective_on: item.issued_on,
        };
        let at = self
            .dossier
            .items
            .partition_point(|other| (other.due_on, other.id) < (item.due_on, item.id));
        self.dossier.items.insert(
            at,
            Item {
                outstanding: 0,
                ..item
            },
        );
        self.post(movement);
    }
}

/// One movement of money, to be posted.
#[derive(Debug, Clone, Copy)]
pub struct Movement {
    /// The currency.
    pub currency: Currency,
    /// The item; none: the account's credit.
    pub item: Option<ItemId>,
    /// Why.
    pub kind: EntryKind,
    /// Change of what the customer owes, minor units.
    pub amount: i64,
    /// The payment behind it.
    pub payment: Option<PaymentId>,
    /// The day it counts from.
    pub effective_on: Date,
}

/// What one commit writes: whole rows that are new or changed, and rows to append.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ChangeSet {
    pub customer: Option<Customer>,
    pub standing: Option<Standing>,
    pub accounts: Vec<Account>,
    pub items: Vec<Item>,
    pub payments: Vec<Payment>,
    pub covers: Vec<Cover>,
    pub cases: Vec<Case>,
    pub effects: Vec<Effect>,
    pub tasks: Vec<Task>,
    pub facts_added: Vec<Waiting>,
    pub facts_taken: Vec<u64>,
    pub journal: Journal,
}

impl ChangeSet {
    /// What turns `before` into `after`.
    pub fn between(before: &Dossier, after: &Dossier, journal: Journal) -> Self {
        Self {
            customer: (before.customer != after.customer).then(|| after.customer.clone()),
            standing: (before.standing != after.standing).then(|| after.standing.clone()),
            accounts: changed(&before.accounts, &after.accounts, |row| row.currency),
            items: changed(&before.items, &after.items, |row| row.id),
            payments: changed(&before.payments, &after.payments, |row| row.id),
            covers: changed(&before.covers, &after.covers, |row| row.id),
            cases: changed(&before.cases, &after.cases, |row| row.id),
            effects: changed(&before.effects, &after.effects, |row| row.key),
            tasks: changed(&before.tasks, &after.tasks, |row| row.id),
            facts_added: after
                .inbox
                .iter()
                .filter(|fact| fact.number >= before.standing.facts)
                .cloned()
                .collect(),
            facts_taken: before
                .inbox
                .iter()
                .map(|fact| fact.number)
                .filter(|number| after.inbox.iter().all(|fact| fact.number != *number))
                .collect(),
            journal,
        }
    }
}

/// The rows of `after` that are not in `before` as they are. Rows keep their relative
/// places, so most are found where they were.
fn changed<T: Clone + PartialEq, K: PartialEq>(
    before: &[T],
    after: &[T],
    key: impl Fn(&T) -> K,
) -> Vec<T> {
    after
        .iter()
        .enumerate()
        .filter(|(index, row)| {
            let wanted = key(row);
            let old = before
                .get(*index)
                .filter(|old| key(old) == wanted)
                .or_else(|| before.iter().find(|old| key(old) == wanted));
            old != Some(*row)
        })
        .map(|(_, row)| row.clone())
        .collect()
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
