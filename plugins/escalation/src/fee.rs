//! The late fee: once per invoice for ever, in the decision whose letter names it.

use regua_sdk::Disposition;
use regua_sdk::prelude::*;
use regua_sdk::situation::Verdict;

use crate::config::{Config, LateFee};

/// With the occurrence "1", what the host holds a fee apart by.
const KIND: &str = "late-fee";
/// A decision has room for 32 proposals, and a letter for fewer; the next one has the rest.
const FEES_MAX: usize = 12;

/// A fee and its proposal's key.
pub(crate) type Named = (String, Fee);

/// The fees that the contact of this number announces. Asked again, they are what the guard
/// left of them. One that was posted while its letter was cancelled is proposed again under
/// its key: the host does not post it twice, and the letter names it.
pub(crate) fn with_contact(
    situation: &Situation,
    config: &Config,
    round: u8,
    number: usize,
) -> Result<Vec<Named>, Refusal> {
    let Some(terms) = &config.late_fee else {
        return Ok(Vec::new());
    };
    if number < usize::from(terms.from_contact) {
        return Ok(Vec::new());
    }
    let mut fees: Vec<Named> = Vec::new();
    for item in situation.items().past_due().chaseable().invoices() {
        let key = key(round, number, item);
        let Some(amount) = amount(situation, terms, item, &key)? else {
            continue;
        };
        if fees.len() < FEES_MAX && fees.iter().all(|(other, _)| *other != key) {
            fees.push((key, Fee::on(item, KIND, amount)));
        }
    }
    Ok(fees)
}

/// Names contact and item: keys know fewer characters than the names of items.
fn key(round: u8, number: usize, item: Item<'_>) -> String {
    let name: String = item
        .key()
        .chars()
        .map(|c| c.to_ascii_lowercase())
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(48)
        .collect();
    format!("fee:{round}.{number}:{name}")
}

/// None where the item has had its fee, or the fee would be nothing.
fn amount(
    situation: &Situation,
    terms: &LateFee,
    item: Item<'_>,
    key: &str,
) -> Result<Option<Amount>, Refusal> {
    let posted = situation
        .items()
        .filter(|fee| fee.kind() == ItemKind::LateFee && fee.parent() == Some(item.key()))
        .max_by_key(|fee| fee.issued_on());
    let is_ours = situation.effects_of_visit().by_key(key).latest().is_some();
    if let Some(posted) = posted {
        let is_asked_for =
            posted.chaseable().is_positive() && posted.disposition() == Disposition::Chased;
        return Ok((is_ours && is_asked_for).then(|| posted.original()));
    }
    if is_ours {
        return Ok(None);
    }
    let full = in_full(situation, terms, item)?;
    let left = match situation.verdicts().of_key(key).map(Verdict::ruling) {
        None | Some(Ruling::Allowed) => full,
        Some(Ruling::Reduced { at_most }) => full.min(at_most),
        Some(Ruling::Deferred { .. } | Ruling::Refused) => Amount::ZERO,
    };
    Ok(Some(left).filter(|left| left.is_positive()))
}

fn in_full(situation: &Situation, terms: &LateFee, item: Item<'_>) -> Result<Amount, Refusal> {
    let balance = situation.balance();
    let fixed = match &terms.amount {
        Some(amount) => amount.of(balance)?.unwrap_or_default(),
        None => Amount::ZERO,
    };
    let share = terms.basis_points.map_or(Amount::ZERO, |share| {
        item.original().share(share, Rounding::Down)
    });
    let sum = [fixed, share].into_iter().sum::<Amount>();
    let most = terms.at_most.of(balance)?;
    Ok(most.map_or(sum, |most| sum.min(most)))
}
