//! Interest: charged by the host on principal that is paid late, under the tenant's terms.
//!
//! An item keeps what its interest depends on ([`Accrual`], and its own changes by day), so
//! that nobody has to read the ledger for it. A stage asks for a charge up to a day; what
//! the [formula](borne) gives for all days so far, less what was charged, becomes an item of
//! its own. Money that comes to be known for days already charged lowers the sum: that
//! posts an adjusting entry at once. Where it raises the sum, the next charge makes it up.
//!
//! Days keep the terms they were charged under: a change of the policy is a new [`Run`].

mod day_count;
mod formula;
mod terms;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::contract::ItemKind;
use crate::dossier::{Draft, Movement};
use crate::id::{CaseId, ItemId};
use crate::ledger::{EntryKind, Item};
use crate::money::{Currency, Money};
use crate::time::{Date, plus_days};
use crate::timeline::Happening;

pub use day_count::DayCount;
pub use formula::{Borne, borne};
pub use terms::{Amounts, Percent, Period, Rate, Rates, Rounding, Terms, TermsError};

/// What an item's interest depends on besides its own changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Accrual {
    /// Charged so far, less what was adjusted: minor units.
    pub charged: i64,
    /// Of it waived, written off or voided. It stays charged, and is not asked for again.
    pub relieved: i64,
    /// Charges posted: the number of the last.
    pub charges: u32,
    /// The terms its days were charged under, in their order; the last run ends with the
    /// item's `interest_until`.
    pub runs: Vec<Run>,
    /// Holds that somebody told of while it was owed.
    pub suspensions: Vec<Suspension>,
}

impl Accrual {
    /// Whether nothing is known yet.
    pub fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

/// Days charged under one text of terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The first of them.
    pub from: Date,
    /// The terms' name.
    pub name: String,
    /// As they read when the days were charged.
    pub terms: Terms,
}

/// Days on which terms may suspend interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// The reason of the hold.
    pub reason: String,
    /// The first day.
    pub from: Date,
    /// The last.
    pub until: Date,
}

/// What a charge would come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Minor units; 0: nothing is to be charged.
    pub amount: i64,
    /// Whether a ceiling took something off.
    pub is_cut: bool,
    /// The last day charged then; none: none is.
    until: Option<Date>,
    runs: Vec<Run>,
}

/// Says what a charge on an item, of all days up to and including `until`, would come to.
/// Days charged before are not charged again, whatever their terms were.
pub fn quote(item: &Item, name: &str, terms: &Terms, until: Date) -> Quote {
    let mut runs = item.accrual.runs.clone();
    let charged_until = item.interest_until.unwrap_or(item.due_on);
    if until > charged_until {
        let goes_on = runs
            .last()
            .is_some_and(|run| run.name == name && run.terms == *terms);
        if !goes_on {
            runs.push(Run {
                from: plus_days(charged_until, 1),
                name: name.to_owned(),
                terms: terms.clone(),
            });
        }
    }
    let until = until.max(charged_until);
    let borne = borne(item, &runs, until);
    Quote {
        amount: (borne.amount - item.accrual.charged).max(0),
        is_cut: borne.is_cut,
        until: (!runs.is_empty()).then_some(until),
        runs,
    }
}

/// Charges interest on an item: a charge of its own, due with its item. Returns what was
/// charged, minor units; a second call for the same days charges nothing.
pub fn charge(
    draft: &mut Draft,
    case: CaseId,
    id: ItemId,
    name: &str,
    terms: &Terms,
    until: Date,
) -> i64 {
    let charge_id = ItemId(draft.next_id(case, "interest"));
    let issued_on = draft.today;
    let Some(parent) = draft.dossier.item_mut(id) else {
        return 0;
    };
    let Quote {
        amount,
        until,
        runs,
        ..
    } = quote(parent, name, terms, until);
    parent.interest_until = until;
    let accrual = &mut parent.accrual;
    accrual.runs = runs;
    if amount == 0 {
        return 0;
    }
    accrual.charged += amount;
    accrual.charges += 1;
    // The number keeps two charges up to one day apart. No fee has a `/` in its occurrence.
    let nth = format!("{}/{}", accrual.charges, until.unwrap_or(issued_on));
    let charge = Item {
        kind: ItemKind::Interest,
        parent: Some(parent.id),
        contract: parent.contract.clone(),
        issued_on,
        ..Item::new(
            charge_id,
            Item::charge_reference(parent, "interest", &nth),
            Money::new(amount, parent.currency),
            parent.due_on,
        )
    };
    draft.issue(charge);
    amount
}

/// Takes off interest that an item bears no longer, because of money that counts from a
/// day already charged: first from what is unpaid of it, the newest charge first; what was
/// paid of it becomes credit.
pub fn adjust(draft: &mut Draft, id: ItemId) {
    let Some((item, until)) = draft
        .dossier
        .item(id)
        .and_then(|item| Some((item, item.interest_until?)))
    else {
        return;
    };
    let (currency, charged) = (item.currency, item.accrual.charged);
    let due = borne(item, &item.accrual.runs, until).amount;
    let over = charged - due;
    if over <= 0 {
        return;
    }
    let reference = item.reference.clone();
    let items = draft.dossier.items.iter();
    let mut unpaid: Vec<_> = items
        .filter(|charge| charge.parent == Some(id) && charge.kind == ItemKind::Interest)
        .filter(|charge| charge.outstanding > 0)
        .map(|charge| (charge.issued_on, charge.id, charge.outstanding))
        .collect();
    unpaid.sort_unstable_by(|one, other| other.cmp(one));
    let unpaid_sum: i64 = unpaid.iter().map(|(.., outstanding)| outstanding).sum();
    let paid = charged - item.accrual.relieved - unpaid_sum;
    let mut left = over;
    for (_, charge, outstanding) in unpaid {
        let part = left.min(outstanding);
        if part > 0 {
            post(draft, currency, Some(charge), -part);
            left -= part;
        }
    }
    // Of what is left some may have been waived: nobody paid that, nobody gets it back.
    let back = left.min((paid - due).max(0));
    if back > 0 {
        post(draft, currency, None, -back);
    }
    if let Some(item) = draft.dossier.item_mut(id) {
        item.accrual.charged = due;
        item.accrual.relieved -= left - back;
    }
    let case = draft.dossier.open_case(currency).map(|case| case.id);
    let text = format!(
        "interest on {reference} lowered by {}",
        Money::new(over, currency)
    );
    draft.tell(case, Happening::Note { text });
}

fn post(draft: &mut Draft, currency: Currency, item: Option<ItemId>, amount: i64) {
    let effective_on = draft.today;
    draft.post(Movement {
        currency,
        item,
        kind: EntryKind::Adjustment,
        amount,
        payment: None,
        effective_on,
    });
}

/// Notes a hold from today on with all that is owed: terms may suspend interest on its days.
pub fn suspend(draft: &mut Draft, reason: &str, until: Date) {
    let from = draft.today;
    let mut ids = Vec::new();
    for item in &mut draft.dossier.items {
        if item.is_open() && item.kind.is_principal() {
            item.accrual.suspensions.push(Suspension {
                reason: reason.to_owned(),
                from,
                until,
            });
            ids.push(item.id);
        }
    }
    // Today may be charged already.
    for id in ids {
        adjust(draft, id);
    }
}

/// Ends all holds: today bears interest again.
pub fn resume(draft: &mut Draft) {
    let yesterday = plus_days(draft.today, -1);
    for item in &mut draft.dossier.items {
        let suspensions = &mut item.accrual.suspensions;
        for held in suspensions.iter_mut() {
            held.until = held.until.min(yesterday);
        }
        suspensions.retain(|held| held.from <= held.until);
    }
}
