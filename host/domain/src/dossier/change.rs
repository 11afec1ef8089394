//! What a commit writes.

use super::{Dossier, Journal, Waiting};
use crate::case::Case;
use crate::cover::Cover;
use crate::customer::{Customer, Standing};
use crate::effect::{Effect, Task};
use crate::ledger::{Account, Item, Payment};

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
