//! Movements of money.

use super::{Dossier, Draft};
use crate::balance::days_between;
use crate::contract::ItemKind;
use crate::id::{ItemId, PaymentId};
use crate::ledger::{Account, EntryKind, Item, LedgerEntry};
use crate::money::Currency;
use crate::time::Date;

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

impl Draft {
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
                let paid_on = self.dossier.item(id).and_then(Item::paid_in_full_on);
                if let Some(item) = self.dossier.item_mut(id) {
                    item.outstanding = item.outstanding.saturating_add(amount);
                    item.settled_at = (item.outstanding == 0).then_some(recorded_at);
                    if kind != EntryKind::Issue {
                        item.change(kind, effective_on, amount);
                    }
                }
                self.relieve(id, kind, amount);
                self.move_covers(id, kind, amount);
                self.recount(id, paid_on);
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

    /// Counts an invoice that a movement paid in full, and no longer one that was so
    /// (`paid_on`) and is not any more.
    fn recount(&mut self, id: ItemId, paid_on: Option<Date>) {
        let Dossier {
            items, standing, ..
        } = &mut self.dossier;
        let invoice = items
            .iter()
            .find(|item| item.id == id && item.kind == ItemKind::Invoice);
        let Some(invoice) = invoice else { return };
        let days_late = |on| days_between(invoice.due_on, on).max(0);
        if let Some(on) = paid_on {
            standing.uncount_paid(days_late(on));
        }
        if let Some(on) = invoice.paid_in_full_on() {
            standing.count_paid(days_late(on));
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
