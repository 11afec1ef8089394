//! What a proposal has to fit: the situation it was made in.

use std::collections::BTreeSet;

use super::findings::Findings;
use super::{HORIZON_DAYS, KIB};
use crate::bindings as wit;
use crate::{ActionKind, Date};

/// The situation that a proposal has to fit; none where its key was done before on this
/// visit, for then nothing of it is done again.
#[derive(Clone, Copy)]
pub(super) struct Fit<'a>(Option<&'a wit::Situation>);

/// What kind of action a key was done as on this visit, if it was.
pub(super) fn done_as(key: &str, situation: &wit::Situation) -> Option<ActionKind> {
    let stage = &situation.stage;
    let undone = |state| {
        matches!(
            state,
            wit::EffectState::Failed | wit::EffectState::Cancelled
        )
    };
    let mut effects = situation.effects.iter();
    let done = effects.find(|effect| {
        effect.key == key
            && effect.stage == stage.id
            && effect.at >= stage.entered
            && !undone(effect.state)
    })?;
    Some(done.kind.into())
}

impl<'a> Fit<'a> {
    pub(super) fn of(key: &str, situation: &'a wit::Situation) -> Self {
        let is_done = done_as(key, situation).is_some();
        Self((!is_done).then_some(situation))
    }

    /// A date from so many days after today on.
    pub(super) fn date(self, what: &str, day: i32, days_ahead: i32, found: &mut Findings<'_>) {
        if let Some(situation) = self.0 {
            let ahead = day.saturating_sub(situation.now.local_date);
            found.must((days_ahead..=HORIZON_DAYS).contains(&ahead), || {
                format!(
                    "{what} is {}, which is not {days_ahead} to {HORIZON_DAYS} days ahead",
                    Date::from_days(day)
                )
            });
        }
    }

    pub(super) fn method(self, method: &str, found: &mut Findings<'_>) {
        found.reference("the method", method);
        if let Some(situation) = self.0 {
            let mut methods = situation.customer.methods.iter();
            found.must(methods.any(|known| known.key == method), || {
                format!("{method:?} is not among the customer's methods")
            });
        }
    }

    pub(super) fn item(self, key: &str, found: &mut Findings<'_>) {
        found.word("the item", key, b"-_");
        self.exists(key, found);
    }

    fn exists(self, key: &str, found: &mut Findings<'_>) {
        if let Some(situation) = self.0 {
            let mut items = situation.balance.items.iter();
            found.must(items.any(|item| item.key == key), || {
                format!("{key:?} is not an item of the situation")
            });
        }
    }

    /// Items of the situation.
    pub(super) fn items(self, keys: &[String], found: &mut Findings<'_>) {
        item_keys(keys, found);
        for key in keys {
            self.exists(key, found);
        }
    }

    /// The instalments of a plan add up to what may be chased of the items.
    pub(super) fn plan(self, plan: &wit::Plan, keys: &[String], found: &mut Findings<'_>) {
        let Some(situation) = self.0 else {
            return;
        };
        let is_charge = |kind| matches!(kind, wit::ItemKind::LateFee | wit::ItemKind::Interest);
        let owed: i64 = situation
            .balance
            .items
            .iter()
            .filter(|item| keys.contains(&item.key) && !(plan.waive_fees && is_charge(item.kind)))
            .map(|item| item.chaseable)
            .sum();
        let offered: i64 = plan.instalments.iter().map(|one| one.amount).sum();
        found.must(offered == owed, || {
            format!("the instalments add up to {offered} where {owed} may be chased")
        });
    }
}

/// The keys of items, open or not.
pub(super) fn item_keys(keys: &[String], found: &mut Findings<'_>) {
    found.between("items", keys.len(), 1, 200);
    let distinct: BTreeSet<&String> = keys.iter().collect();
    found.must(distinct.len() == keys.len(), || {
        "an item is named twice".to_owned()
    });
    for key in keys {
        found.word("the item", key, b"-_");
    }
}

/// One JSON value.
pub(super) fn json(text: &str, found: &mut Findings<'_>) {
    found.at_most("bytes of JSON", text.len(), 16 * KIB);
    let is_one = serde_json::from_str::<serde_json::Value>(text).is_ok();
    found.must(is_one, || "the JSON is not one value".to_owned());
}
