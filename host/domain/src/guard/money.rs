//! Rules on fees, interest, charges, offers and placements.

use crate::balance::View;
use crate::contract::{Action, CoverKind, ItemKind, Plan};
use crate::effect::Effect;
use crate::id::ItemId;
use crate::interest::quote;
use crate::ledger::{Disposition, Item};
use crate::time::Date;

use super::Bench;
use super::ruling::Objection;

/// The most that fees of an item may come to whose kind has no ceiling of its own, in basis
/// points: the item over again.
const FEE_CEILING_DEFAULT: u32 = 10_000;

impl Bench<'_> {
    pub(super) fn about_money(&self, action: &Action, view: &View<'_>) -> Option<Objection> {
        match action {
            Action::AddFee {
                kind,
                item,
                occurrence,
                amount,
            } => self.fee(kind, item, occurrence, *amount, view),
            Action::AddInterest { terms, item, until } => self.interest(terms, item, *until, view),
            Action::Charge { amount, method, .. } => self.charge(*amount, method.as_deref(), view),
            Action::OfferPlan {
                items,
                plans,
                valid_until,
            } => self
                .standing(*valid_until)
                .or_else(|| self.plans(items, plans, view)),
            Action::OfferDiscount {
                items, valid_until, ..
            } => self
                .standing(*valid_until)
                .or_else(|| self.chaseable_items(items, view).err()),
            Action::PlaceWithAgency { agency, items, .. } => self.placement(agency, items, view),
            Action::RecallPlacement {
                placement, items, ..
            } => self.recall(placement, items),
            _ => None,
        }
    }

    /// The item that a proposal's key names, in this case's currency.
    pub(super) fn item(&self, key: &str) -> Option<&Item> {
        let id: ItemId = key.parse().ok()?;
        self.dossier
            .item(id)
            .filter(|item| item.currency == self.case.currency)
    }

    /// A fee is posted at most once per item, kind and occurrence, for ever; only on
    /// principal that may be chased; and not above the tenant's ceiling.
    fn fee(
        &self,
        kind: &str,
        key: &str,
        occurrence: &str,
        amount: i64,
        view: &View<'_>,
    ) -> Option<Objection> {
        let Some(item) = self.item(key) else {
            return Some(Objection::refused("unknown-item"));
        };
        if !item.kind.is_principal() {
            return Some(Objection::refused("fee-on-charge"));
        }
        if item.marks.contains(&Item::charge_name(kind, occurrence)) {
            return Some(Objection::refused("fee-once"));
        }
        if view.chaseable_of(item.id) == 0 {
            return Some(Objection::refused("cover"));
        }
        let ceilings = &self.policy.fee_ceilings;
        let own = ceilings.get(kind);
        let basis_points = own.copied().unwrap_or(FEE_CEILING_DEFAULT);
        let most = i128::from(item.original) * i128::from(basis_points) / 10_000;
        // All occurrences of a kind together, and all kinds without a ceiling of their own:
        // else each hour's own occurrence, or a new name each time, would add to it.
        let shares = |charged: &str| match own {
            Some(_) => charged == kind,
            None => !ceilings.contains_key(charged),
        };
        let fees = item.fees.iter().filter(|(kind, _)| shares(kind));
        let charged = fees.fold(0_i64, |sum, (_, amount)| sum.saturating_add(*amount));
        let most = i64::try_from(most)
            .unwrap_or(i64::MAX)
            .saturating_sub(charged)
            .max(0);
        match most {
            0 => Some(Objection::refused("fee-ceiling")),
            most if amount > most => Some(Objection::reduced("fee-ceiling", most)),
            _ => None,
        }
    }

    /// Interest is charged under terms the tenant has, on principal that may be chased, of
    /// days that have come, and not above the terms' ceiling. That nothing is to be charged
    /// is no objection: at 0%, and for days charged before.
    fn interest(&self, name: &str, key: &str, until: Date, view: &View<'_>) -> Option<Objection> {
        let Some(terms) = self.policy.interest_terms.get(name) else {
            return Some(Objection::refused("unknown-terms"));
        };
        let Some(item) = self.item(key) else {
            return Some(Objection::refused("unknown-item"));
        };
        if !item.kind.is_principal() {
            return Some(Objection::refused("interest-on-charge"));
        }
        if until > self.today {
            return Some(Objection::refused("interest-in-the-future"));
        }
        if let Some(objection) = not_at_hand(item) {
            return Some(objection);
        }
        if view.chaseable_of(item.id) == 0 {
            return Some(Objection::refused("cover"));
        }
        let quote = quote(item, name, terms, until);
        quote
            .is_cut
            .then(|| Objection::reduced("interest-ceiling", quote.amount))
    }

    fn charge(
        &self,
        amount: Option<i64>,
        method: Option<&str>,
        view: &View<'_>,
    ) -> Option<Objection> {
        let methods = &self.dossier.customer.methods;
        let known = match method {
            Some(key) => methods.iter().any(|method| method.key == key),
            None => methods.iter().any(|method| method.is_default),
        };
        if !known {
            return Some(Objection::refused("unknown-method"));
        }
        // Without an answer nobody knows whether it was made: another key would charge twice.
        let is_pending =
            |effect: &Effect| effect.key.case == self.case.id && effect.is_unanswered_charge();
        if self.dossier.effects.iter().any(is_pending) {
            return Some(Objection::refused("charge-pending"));
        }
        if view.chaseable == 0 {
            return Some(Objection::refused("cover"));
        }
        match amount {
            Some(amount) if amount > view.chaseable => {
                Some(Objection::reduced("charge-chaseable", view.chaseable))
            }
            _ => None,
        }
    }

    fn standing(&self, valid_until: Date) -> Option<Objection> {
        (valid_until <= self.today).then(|| Objection::refused("offer-in-the-past"))
    }

    /// Items of a proposal, where all are open and none is wholly covered.
    fn chaseable_items(
        &self,
        keys: &[String],
        view: &View<'_>,
    ) -> Result<Vec<(&Item, i64)>, Objection> {
        keys.iter()
            .map(|key| {
                let item = self.item(key).ok_or(Objection::refused("unknown-item"))?;
                match view.chaseable_of(item.id) {
                    0 => Err(Objection::refused("cover")),
                    left => Ok((item, left)),
                }
            })
            .collect()
    }

    /// Instalments add up to what may be chased of the items, less waived charges.
    fn plans(&self, keys: &[String], plans: &[Plan], view: &View<'_>) -> Option<Objection> {
        let items = match self.chaseable_items(keys, view) {
            Ok(items) => items,
            Err(objection) => return Some(objection),
        };
        let running = view
            .covers
            .iter()
            .any(|(cover, taken)| cover.kind == CoverKind::Plan && *taken > 0);
        if running {
            return Some(Objection::refused("offer-open"));
        }
        let sum = |waived: bool| -> i64 {
            let counted = |kind: ItemKind| !waived || kind.is_principal();
            items
                .iter()
                .filter(|(item, _)| counted(item.kind))
                .map(|(_, left)| left)
                .sum()
        };
        let fits = |plan: &Plan| {
            let total: i64 = plan.instalments.iter().map(|part| part.amount).sum();
            total == sum(plan.waive_fees)
                && plan
                    .instalments
                    .iter()
                    .all(|part| part.due_on >= self.today)
        };
        (!plans.iter().all(fits)).then(|| Objection::refused("plan-total"))
    }

    fn placement(&self, agency: &str, keys: &[String], view: &View<'_>) -> Option<Objection> {
        if !self.policy.agencies.contains(agency) {
            return Some(Objection::refused("unknown-agency"));
        }
        if view.held_until().is_some() {
            return Some(Objection::refused("hold"));
        }
        self.chaseable_items(keys, view).err()
    }

    fn recall(&self, placement: &str, keys: &[String]) -> Option<Objection> {
        let placed = self.dossier.effects.iter().any(|effect| {
            effect.key.case == self.case.id
                && effect.proposal == placement
                && matches!(effect.action, Action::PlaceWithAgency { .. })
        });
        if !placed {
            return Some(Objection::refused("unknown-placement"));
        }
        let theirs = |key: &String| {
            self.item(key)
                .is_some_and(|item| item.disposition == Disposition::Placed)
        };
        (!keys.iter().all(theirs)).then(|| Objection::refused("not-placed"))
    }
}

/// Whether an item is with an agency, or not open any more.
pub(super) fn not_at_hand(item: &Item) -> Option<Objection> {
    if item.disposition == Disposition::Placed {
        Some(Objection::refused("placed"))
    } else if item.is_open() {
        None
    } else {
        Some(Objection::refused("settled"))
    }
}
