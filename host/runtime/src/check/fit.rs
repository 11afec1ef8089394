//! What a proposal has to fit: the situation it was made in.

use std::collections::HashSet;

use regua_domain::contract::{ActionKind, EffectState, Proposal, Situation};
use regua_domain::situation::ITEMS_MAX;
use regua_domain::time::{Date, plus_days};

use super::HORIZON_DAYS;
use super::findings::Findings;
use super::text::is_item_key;

/// The situation that a proposal has to fit; none where its key was done before on this
/// visit. The guard lets such a one pass and nothing of it is done again, so only its form
/// matters: a letter may still be about items that were paid since.
#[derive(Clone, Copy)]
pub(super) struct Fit<'a>(Option<&'a Situation>);

/// What kind of action a key was done as on this visit, if it was: and has neither failed
/// since nor been cancelled.
pub(super) fn done_as(key: &str, situation: &Situation) -> Option<ActionKind> {
    let stage = &situation.stage;
    let mut effects = situation.effects.iter();
    let done = effects.find(|effect| {
        effect.key == key
            && effect.stage == stage.id
            && effect.at >= stage.entered
            && !matches!(effect.state, EffectState::Failed | EffectState::Cancelled)
    })?;
    Some(done.kind)
}

impl<'a> Fit<'a> {
    /// What this proposal has to fit.
    pub(super) fn of(proposal: &Proposal, situation: &'a Situation) -> Self {
        let is_done = done_as(&proposal.key, situation).is_some();
        Self((!is_done).then_some(situation))
    }

    /// The situation, unless the proposal need not fit it.
    pub(super) const fn situation(self) -> Option<&'a Situation> {
        self.0
    }

    /// A date from so many days after today on, 3660 days after it at most.
    pub(super) fn date(self, field: &str, date: Date, days_ahead: i64, found: &mut Findings<'_>) {
        let Some(today) = self.0.map(|situation| situation.now.local_date) else {
            return;
        };
        let earliest = plus_days(today, days_ahead);
        found.unless(date >= earliest, || {
            (field.to_owned(), format!("{date} is before {earliest}"))
        });
        found.unless(date <= plus_days(today, HORIZON_DAYS), || {
            (
                field.to_owned(),
                format!("{date} is more than ten years ahead"),
            )
        });
    }

    /// One item of the situation.
    pub(super) fn item(self, field: &str, key: &str, found: &mut Findings<'_>) {
        item_key(field, key, found);
        if let Some(situation) = self.0 {
            let mut items = situation.balance.items.iter();
            found.unless(items.any(|item| item.key == key), || {
                (
                    field.to_owned(),
                    format!("{key:?} is not an item of the situation"),
                )
            });
        }
    }

    /// Items of the situation, each once and at least one.
    pub(super) fn items(self, keys: &[String], found: &mut Findings<'_>) {
        item_keys(keys, found);
        let Some(situation) = self.0 else {
            return;
        };
        let items = situation.balance.items.iter();
        let known: HashSet<&str> = items.map(|item| item.key.as_str()).collect();
        for (at, key) in keys.iter().enumerate().take(ITEMS_MAX) {
            found.unless(known.contains(key.as_str()), || {
                (
                    format!("items[{at}]"),
                    format!("{key:?} is not an item of the situation"),
                )
            });
        }
    }
}

/// The keys of items, open or not: 1 to 200, each once.
pub(super) fn item_keys(keys: &[String], found: &mut Findings<'_>) {
    found.unless(!keys.is_empty(), || {
        ("items".to_owned(), "empty".to_owned())
    });
    found.unless(keys.len() <= ITEMS_MAX, || {
        (
            "items".to_owned(),
            format!("{} where {ITEMS_MAX} are allowed", keys.len()),
        )
    });
    let mut seen = HashSet::new();
    for (at, key) in keys.iter().enumerate().take(ITEMS_MAX) {
        item_key(&format!("items[{at}]"), key, found);
        found.unless(seen.insert(key.as_str()), || {
            (format!("items[{at}]"), format!("{key:?} is named twice"))
        });
    }
}

fn item_key(field: &str, key: &str, found: &mut Findings<'_>) {
    found.unless(is_item_key(key), || {
        (
            field.to_owned(),
            format!("{key:?} is not 1 to 64 characters of a-z, 0-9, - and _"),
        )
    });
}
