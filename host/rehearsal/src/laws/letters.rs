//! Laws of what debtors are written.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use regua_domain::contract::{Action, EffectState, Purpose};
use regua_domain::customer::Customer;
use regua_domain::effect::{Effect, Letter};
use regua_domain::fact::Fact;
use regua_domain::hours::Hours;
use regua_domain::time::{DAY_MS, HOUR_MS, Timestamp};
use regua_domain::workflow::Workflow;

use super::Case;

impl<'a> Case<'a> {
    /// Letters that left, or are about to, with their effects.
    fn letters(self) -> impl Iterator<Item = (&'a Effect, &'a Letter)> {
        let effects = self.dossier.effects.iter();
        let left = effects.filter(|effect| effect.state != EffectState::Cancelled);
        left.filter_map(|effect| Some((effect, effect.letter.as_ref()?)))
    }

    fn workflow_of(self, effect: &Effect) -> Option<&'a Workflow> {
        let case = self.dossier.case(effect.key.case)?;
        self.tenant
            .workflows
            .get(&case.workflow)
            .map(|workflow| &**workflow)
    }

    /// Where the debtor lived at an instant, as was told by then; in the instant of a move, there
    /// and here.
    pub(super) fn zones_at(self, at: Timestamp) -> Vec<Tz> {
        let facts = self.journal.facts.iter();
        let told = facts.filter_map(|fact| match &fact.fact {
            Fact::Customer(facts) => Some((fact.taken?, facts.time_zone)),
            _ => None,
        });
        let told: Vec<_> = told.take_while(|(taken, _)| *taken <= at).collect();
        let first = told.iter().rposition(|(taken, _)| *taken < at).unwrap_or(0);
        let zones: Vec<_> = told[first..].iter().map(|(_, zone)| *zone).collect();
        if zones.is_empty() {
            vec![self.dossier.customer.time_zone]
        } else {
            zones
        }
    }

    /// When something was, for a person.
    pub(super) fn wall(self, at: Timestamp) -> String {
        let local = at.in_zone(self.dossier.customer.time_zone);
        local.format("%Y-%m-%d %H:%M").to_string()
    }
}

pub(super) fn of_debts(case: Case<'_>) -> Vec<String> {
    let asks = case
        .letters()
        .filter(|(_, letter)| letter.purpose != Purpose::Confirmation);
    let for_nothing = asks.filter(|(effect, letter)| {
        let pinned = case.dossier.case(effect.key.case);
        let tolerance = case.workflow_of(effect).zip(pinned);
        let tolerance = tolerance.map_or(0, |(workflow, case)| workflow.tolerance(case.currency));
        letter.chaseable <= tolerance
    });
    for_nothing
        .map(|(effect, letter)| {
            let (at, asked) = (case.wall(effect.at), letter.chaseable);
            format!("`{}` of {at} asks for {asked} minor units", effect.proposal)
        })
        .collect()
}

/// Of demands alone: what a reminder asks for may be what is coming due.
pub(super) fn add_up(case: Case<'_>) -> Vec<String> {
    let demands = case
        .letters()
        .filter(|(_, letter)| letter.purpose == Purpose::Demand);
    let wrong = demands.filter_map(|(effect, letter)| {
        let mut calls = case.journal.decisions.iter();
        let shown = calls.rfind(|call| {
            (call.case, call.sequence) == (effect.key.case, effect.key.sequence)
        })?;
        let owed = shown.situation.balance.chaseable;
        let effects = case.dossier.effects.iter();
        let beside = effects.filter(|other| {
            (other.key.case, other.key.sequence) == (effect.key.case, effect.key.sequence)
        });
        let fees: i64 = beside
            .map(|effect| match &effect.action {
                Action::AddFee { amount, .. } => *amount,
                _ => 0,
            })
            .sum();
        let has_interest = |other: &Effect| matches!(other.action, Action::AddInterest { .. });
        let mut others = case.dossier.effects.iter();
        let interest = others.any(|other| {
            (other.key.case, other.key.sequence) == (effect.key.case, effect.key.sequence)
                && has_interest(other)
        });
        // A fee may be reduced to its ceiling, and interest is the host's to reckon.
        let most = if interest { i64::MAX } else { owed + fees };
        (!(owed..=most).contains(&letter.chaseable)).then(|| {
            let (at, asked) = (case.wall(effect.at), letter.chaseable);
            format!(
                "`{}` of {at} asks for {asked} minor units, where {owed} were owed and {fees} added",
                effect.proposal
            )
        })
    });
    wrong.collect()
}

pub(super) fn in_hours(case: Case<'_>) -> Vec<String> {
    let wrong = case.letters().filter_map(|(effect, letter)| {
        let workflow = case.workflow_of(effect)?;
        let objections = case.zones_at(effect.at).into_iter().map(|time_zone| {
            let customer = Customer {
                time_zone,
                ..case.dossier.customer.clone()
            };
            let hours = Hours {
                policy: &case.tenant.policy,
                workflow,
                customer: &customer,
            };
            hours.objection(letter.purpose, effect.at)
        });
        let objections: Option<Vec<_>> = objections.collect();
        let (rule, _) = objections?.pop()?;
        let at = case.wall(effect.at);
        Some(format!(
            "`{}` left at {at}, against {rule}",
            effect.proposal
        ))
    });
    wrong.collect()
}

/// What came back was no contact.
pub(super) fn capped(case: Case<'_>) -> Vec<String> {
    let policy = &case.tenant.policy.contact;
    let made = case.letters().filter(|(effect, _)| effect.is_contact());
    let bound = made.filter(|(_, letter)| !policy.exempt.contains(&letter.purpose));
    let bound: Vec<_> = bound.collect();
    let mut by_channel: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (effect, letter) in &bound {
        by_channel
            .entry(&letter.channel)
            .or_default()
            .push(effect.at);
    }
    let mut broken = Vec::new();
    for (channel, times) in by_channel {
        let cap = policy.per_channel_7_days.get(channel).copied();
        let cap = usize::from(cap.unwrap_or(policy.per_channel_7_days_default));
        for within in times.windows(cap + 1) {
            if within[cap].0 - within[0].0 < 7 * DAY_MS {
                let at = case.wall(within[cap]);
                broken.push(format!(
                    "more than {cap} by {} in 7 days, at {at}",
                    channel.name()
                ));
            }
        }
    }
    for (before, after) in bound.iter().zip(bound.iter().skip(1)) {
        let gap = policy.gap_hours.get(&after.1.purpose).copied().unwrap_or(0);
        if after.0.at.0 - before.0.at.0 < i64::from(gap) * HOUR_MS {
            let at = case.wall(after.0.at);
            broken.push(format!("less than {gap} hours after the last, at {at}"));
        }
    }
    broken
}

pub(super) fn counted(case: Case<'_>) -> Vec<String> {
    let mut sent: BTreeMap<&str, u32> = BTreeMap::new();
    for (_, letter) in case.letters() {
        *sent.entry(letter.channel.name()).or_default() += 1;
    }
    let counted = &case.dossier.standing.contacts;
    let wrong = sent
        .iter()
        .filter(|(channel, count)| counted.get(**channel) != Some(count));
    let wrong = wrong.map(|(channel, count)| {
        let counted = counted.get(*channel).copied().unwrap_or(0);
        format!("{count} by {channel}, and {counted} are counted")
    });
    wrong.collect()
}
