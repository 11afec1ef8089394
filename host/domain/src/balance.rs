//! What a customer owes in one currency on a day: covers applied, and the anchor.

use crate::contract::{CoverKind, Purpose, SeenCover};
use crate::cover::Cover;
use crate::dossier::Dossier;
use crate::id::ItemId;
use crate::ledger::{Disposition, Item};
use crate::money::Currency;
use crate::time::Date;

/// A balance on a civil date.
#[derive(Debug, Clone)]
pub struct View<'a> {
    /// The customer's civil date.
    pub today: Date,
    /// Open items, oldest due first, each with what may be chased of it, minor units.
    pub items: Vec<(&'a Item, i64)>,
    /// Active covers with what each takes, minor units.
    pub covers: Vec<(&'a Cover, i64)>,
    /// Sum over open items.
    pub outstanding: i64,
    /// … that are past due.
    pub past_due: i64,
    /// … that are past due, not placed and not covered.
    pub chaseable: i64,
    /// The due date from which `days_overdue` counts.
    pub anchor: Option<Date>,
    /// See the contract: negative while something is coming due and nothing is overdue.
    pub days_overdue: i32,
    /// The earliest coming due date, while nothing is overdue: a remainder up to the
    /// tolerance is not.
    pub coming: Option<Date>,
}

impl<'a> View<'a> {
    /// Looks at a dossier. Balances up to `tolerance` (minor units) set no anchor.
    pub fn of(dossier: &'a Dossier, currency: Currency, today: Date, tolerance: i64) -> Self {
        let mut items: Vec<(&Item, i64)> = dossier
            .items
            .iter()
            .filter(|item| item.currency == currency && item.is_open())
            .map(|item| (item, item.outstanding))
            .collect();
        let covers = apply_covers(dossier, currency, &mut items);
        for (item, chaseable) in &mut items {
            if item.disposition == Disposition::Placed {
                *chaseable = 0;
            }
        }
        let past_due = || items.iter().filter(|(item, _)| item.is_past_due(today));
        let anchor = past_due()
            .filter(|(item, _)| item.kind.is_principal())
            .scan(0_i64, |sum, (item, chaseable)| {
                *sum = sum.saturating_add(*chaseable);
                Some((item.due_on, *sum))
            })
            .find(|(_, sum)| *sum > tolerance)
            .map(|(due_on, _)| due_on);
        let owed_past_due = past_due().map(|(item, _)| item.outstanding).sum();
        let coming = items
            .iter()
            .map(|(item, _)| item.due_on)
            .find(|due_on| *due_on >= today)
            .filter(|_| anchor.is_none() && owed_past_due <= tolerance);
        let days_overdue = match anchor {
            Some(anchor) => days_between(anchor, today),
            None => coming.map_or(0, |due_on| days_between(due_on, today)),
        };
        Self {
            today,
            outstanding: items.iter().map(|(item, _)| item.outstanding).sum(),
            past_due: owed_past_due,
            chaseable: past_due().map(|(_, chaseable)| chaseable).sum(),
            anchor,
            days_overdue,
            coming,
            covers,
            items,
        }
    }

    /// What may be chased of an item, minor units; 0 where it is not open.
    pub fn chaseable_of(&self, id: ItemId) -> i64 {
        self.items
            .iter()
            .find(|(item, _)| item.id == id)
            .map_or(0, |(_, chaseable)| *chaseable)
    }

    /// What a message of a purpose asks for, minor units: what is past due, or of a
    /// reminder while nothing is overdue what is coming due.
    pub fn asked_for(&self, purpose: Purpose) -> i64 {
        if purpose == Purpose::Reminder && self.coming.is_some() {
            self.items.iter().map(|(_, chaseable)| *chaseable).sum()
        } else {
            self.chaseable
        }
    }

    /// The hold on the whole account that ends last.
    pub fn held_until(&self) -> Option<Date> {
        self.covers
            .iter()
            .filter(|(cover, _)| cover.kind == CoverKind::Hold && cover.items.is_empty())
            .filter_map(|(cover, _)| cover.until)
            .max()
    }

    /// The covers in the contract's form.
    pub fn seen_covers(&self) -> Vec<SeenCover> {
        let mut seen: Vec<_> = self
            .covers
            .iter()
            .map(|(cover, amount)| SeenCover {
                kind: cover.kind,
                subject: match cover.items.as_slice() {
                    [item] => item.to_string(),
                    _ => String::new(),
                },
                amount: *amount,
                until: cover.until,
            })
            .collect();
        seen.sort_by(|a, b| (&a.subject, a.kind, a.until).cmp(&(&b.subject, b.kind, b.until)));
        seen
    }
}

/// Outstanding on a cover's items, or on all of the account where it names none.
pub fn outstanding_of(all: &[Item], currency: Currency, items: &[ItemId]) -> i64 {
    all.iter()
        .filter(|item| item.currency == currency && (items.is_empty() || items.contains(&item.id)))
        .map(|item| item.outstanding)
        .sum()
}

/// What money paid on a promise's or plan's items since it began, minor units; never below 0.
pub fn paid_since(dossier: &Dossier, cover: &Cover) -> i64 {
    (cover.baseline - outstanding_of(&dossier.items, cover.currency, &cover.items)).max(0)
}

/// Whole days from one date to a later one; negative where it is earlier.
pub fn days_between(from: Date, to: Date) -> i32 {
    i32::try_from(to.signed_duration_since(from).num_days()).unwrap_or(i32::MAX)
}

fn apply_covers<'a>(
    dossier: &'a Dossier,
    currency: Currency,
    items: &mut [(&Item, i64)],
) -> Vec<(&'a Cover, i64)> {
    let mut covers: Vec<&Cover> = dossier
        .covers
        .iter()
        .filter(|cover| cover.currency == currency && cover.is_active())
        .collect();
    covers.sort_by_key(|cover| (cover.kind, cover.id));
    covers
        .into_iter()
        .map(|cover| {
            let mut left = cover
                .remaining(paid_since(dossier, cover))
                .unwrap_or(i64::MAX);
            let mut taken = 0;
            for (item, chaseable) in items.iter_mut() {
                if cover.items.is_empty() || cover.items.contains(&item.id) {
                    let part = left.min(*chaseable);
                    *chaseable -= part;
                    left -= part;
                    taken += part;
                }
            }
            (cover, taken)
        })
        .collect()
}
