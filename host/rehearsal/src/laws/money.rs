//! Laws of what is owed.

use std::collections::BTreeMap;

use regua_domain::contract::{Action, EffectState};
use regua_domain::policy::ChargesOnPaid;

use super::Case;

pub(super) fn adds_up(case: Case<'_>) -> Vec<String> {
    let mut items = BTreeMap::new();
    let mut accounts = BTreeMap::new();
    for entry in &case.journal.ledger {
        match entry.item {
            Some(item) => *items.entry(item).or_insert(0) += entry.amount,
            None => *accounts.entry(entry.currency).or_insert(0) -= entry.amount,
        }
    }
    let mut broken = Vec::new();
    for item in &case.dossier.items {
        let sum = items.get(&item.id).copied().unwrap_or(0);
        if sum != item.outstanding || !(0..=item.original).contains(&item.outstanding) {
            let (reference, owed) = (&item.reference, item.outstanding);
            broken.push(format!(
                "{reference} owes {owed} of {}, its entries {sum}",
                item.original
            ));
        }
    }
    for account in &case.dossier.accounts {
        let sum = accounts.get(&account.currency).copied().unwrap_or(0);
        if sum != account.credit || account.credit < 0 {
            broken.push(format!(
                "a credit of {} {}, its entries {sum}",
                account.credit, account.currency
            ));
        }
    }
    broken
}

pub(super) fn below_ceilings(case: Case<'_>) -> Vec<String> {
    let ceilings = &case.tenant.policy.fee_ceilings;
    let fees = case.dossier.items.iter().flat_map(|item| {
        let fees = item.fees.iter();
        fees.map(move |(kind, amount)| (item, kind, *amount))
    });
    let wrong = fees.filter_map(|(item, kind, amount)| {
        let ceiling = *ceilings.get(kind)?;
        // Rounded as it may be: by less than a minor unit.
        let most = i128::from(item.original) * i128::from(ceiling) / 10_000 + 1;
        (i128::from(amount) > most).then(|| {
            format!(
                "{amount} minor units of {kind} on {}, at most {most}",
                item.reference
            )
        })
    });
    wrong.collect()
}

pub(super) fn charges_on_paid(case: Case<'_>) -> Vec<String> {
    if case.tenant.policy.charges_on_paid_principal == ChargesOnPaid::Keep {
        return Vec::new();
    }
    let items = case.dossier.items.iter();
    let charges = items.filter(|item| !item.kind.is_principal() && item.outstanding > 0);
    let wrong = charges.filter_map(|charge| {
        let parent = case.dossier.item(charge.parent?)?;
        parent.paid_in_full_on()?;
        let (owed, paid) = (charge.outstanding, &parent.reference);
        Some(format!(
            "{} owes {owed} minor units, though {paid} was paid",
            charge.reference
        ))
    });
    wrong.collect()
}

/// What is taken away is of a contract that owed something past due.
pub(super) fn service_of_the_late(case: Case<'_>) -> Vec<String> {
    let effects = case.dossier.effects.iter();
    let taken = effects.filter_map(|effect| match &effect.action {
        Action::ChangeService { contract, change } if change.takes_away() => {
            (effect.state != EffectState::Cancelled).then_some((effect, contract))
        }
        _ => None,
    });
    let wrong = taken.filter(|(effect, contract)| {
        let zones = case.zones_at(effect.at).into_iter();
        let Some(day) = zones.map(|zone| effect.at.date_in(zone)).max() else {
            return false;
        };
        let mut items = case.dossier.items.iter();
        !items.any(|item| {
            item.contract.as_ref() == Some(*contract)
                && item.due_on < day
                && item.settled_at.is_none_or(|settled| settled >= effect.at)
        })
    });
    let told = wrong.map(|(effect, contract)| {
        let at = case.wall(effect.at);
        format!("{contract} owed nothing past due at {at}")
    });
    told.collect()
}

pub(super) fn one_charge(case: Case<'_>) -> Vec<String> {
    let mut under_way: BTreeMap<_, u32> = BTreeMap::new();
    let effects = case.dossier.effects.iter();
    for effect in effects.filter(|effect| effect.is_unanswered_charge()) {
        *under_way.entry(effect.key.case).or_default() += 1;
    }
    let several = under_way.into_iter().filter(|(_, count)| *count > 1);
    let several = several.map(|(case, count)| format!("{count} charges of {case} are unanswered"));
    several.collect()
}
