//! One customer's share of what is told: taken fact by fact, committed as one.

use std::collections::HashSet;

use regua_domain::dossier::{ChangeSet, Dossier, Draft, LoggedFact};
use regua_domain::fact::Fact;
use regua_domain::id::CustomerId;
use regua_domain::intake::Taken;
use regua_domain::time::Timestamp;
use regua_storage::{Commit, KnownFact, StoreError};

use super::TellError;
use crate::intake::Intake;
use crate::{Open, notices};

/// A fact on its way to its customer.
pub(super) struct Share {
    /// Where its answer goes.
    pub(super) index: usize,
    /// See [`Telling::group`](super::Telling::group).
    pub(super) group: Option<u64>,
    /// What is told.
    pub(super) fact: LoggedFact,
}

#[allow(
    clippy::too_many_arguments,
    reason = "one customer's share of a batch, used once"
)]
pub(super) fn tell_one(
    open: &Open,
    now: Timestamp,
    before: &Dossier,
    is_new: bool,
    facts: &[Share],
    seen: &[Option<KnownFact>],
    told: &mut [Option<Result<Taken, TellError>>],
) -> Result<Option<Commit>, StoreError> {
    let mut left_out = HashSet::new();
    // Again without the groups of which a fact was refused, until none is: what was taken of
    // such a group may have changed what became of others.
    let intake = loop {
        let mut refused = HashSet::new();
        let mut intake = Intake::new(&open.tenant, Draft::new(before.clone(), now));
        let mut exists = !is_new;
        for (Share { index, group, fact }, seen) in facts.iter().zip(seen) {
            if group.is_some_and(|group| left_out.contains(&group)) {
                if !matches!(told[*index], Some(Err(_))) {
                    told[*index] = Some(Err(TellError::WithGroup));
                }
                continue;
            }
            let result = if let Some(seen) = seen {
                known(before.customer.id, fact, seen)
            } else if !exists && !matches!(fact.fact, Fact::Customer(_)) {
                Err(TellError::UnknownCustomer(
                    before.customer.reference.clone(),
                ))
            } else if let Err(error) = fact.check() {
                Err(error.into())
            } else {
                let (next, taken) = intake.take(fact);
                intake = next;
                taken.map_err(TellError::from)
            };
            exists |= result.is_ok();
            if result.is_err() {
                refused.extend(*group);
            }
            told[*index] = Some(result);
        }
        if refused.is_empty() {
            break intake;
        }
        left_out.extend(refused);
    };
    let draft = intake.draft;
    if draft.journal.is_empty() && draft.dossier == *before {
        return Ok(None);
    }
    let records = notices::of(open, &draft.dossier, &draft.journal, now)?;
    Ok(Some(Commit {
        customer: before.customer.id,
        seen: (!is_new).then_some(before.version),
        epoch: None,
        records,
        changes: {
            let mut changes = ChangeSet::between(before, &draft.dossier, draft.journal);
            if is_new {
                changes.customer = Some(draft.dossier.customer.clone());
            }
            changes
        },
        wake: now,
        release: false,
    }))
}

/// What becomes of a fact whose id was told before: that of another is never taken for it.
fn known(customer: CustomerId, fact: &LoggedFact, known: &KnownFact) -> Result<Taken, TellError> {
    let id = fact.id;
    if known.customer != customer {
        return Err(TellError::OtherCustomer { id });
    }
    if known.fact != fact.fact {
        return Err(TellError::OtherFact { id });
    }
    Ok(Taken::Known)
}
