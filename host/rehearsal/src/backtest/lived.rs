//! What a policy did with one customer.

use std::collections::BTreeMap;

use regua_domain::contract::{ActionKind, Purpose, Ruling};
use regua_domain::effect::{Effect, EffectKey, Letter};
use regua_domain::fact::Fact;
use regua_domain::narrate::{self, Names};
use regua_domain::tenant::Tenant;
use regua_domain::time::{Date, Timestamp};
use regua_domain::timeline::{Happening, TimelineEntry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Costs, Past, Span, Spent, known_at};
use crate::play::{Play, sent, stands};

/// A message that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sent {
    /// On the customer's day.
    #[schemars(with = "chrono::NaiveDate")]
    pub on: Date,
    /// How.
    pub channel: String,
    /// Why.
    pub purpose: String,
    /// The stage that wrote it.
    pub stage: String,
    /// All that it asks for had been paid before that day, though nobody knew it yet.
    pub after_paid: bool,
}

/// What a policy did with one customer in a span.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lived {
    /// Messages that were sent.
    pub contacts: Vec<Sent>,
    /// Tasks that were opened.
    pub tasks: u32,
    /// Fees and interest that were charged, minor units by currency.
    pub fees: BTreeMap<String, i64>,
    /// Plans and discounts that were offered.
    pub offers: u32,
    /// Placements with agencies.
    pub placements: u32,
    /// What the guard did not allow, by rule.
    pub refused: BTreeMap<String, u32>,
    /// How many times a stage was asked.
    pub decisions: u64,
    /// Failures and refusals of stages.
    pub failures: u32,
    /// What all of it cost, minor units of the tenant's own money.
    pub spent: Spent,
    /// Facts that had nothing to be about: what was told of doings of another policy.
    pub untold: u32,
    /// How each case stands at the end: its stage, or how it ended.
    pub stands: Vec<String>,
    /// What happened, a line each; of customers with whom both policies did alike, nothing.
    pub story: Vec<String>,
}

impl Lived {
    /// The day of the first message.
    pub fn first_contact(&self) -> Option<Date> {
        self.contacts.first().map(|contact| contact.on)
    }

    /// Messages that were sent after all that they ask for was paid.
    pub fn after_paid(&self) -> usize {
        self.contacts
            .iter()
            .filter(|contact| contact.after_paid)
            .count()
    }

    pub(super) fn of(
        tenant: &Tenant,
        play: &mut Play<'_>,
        past: &Past,
        span: Span,
        untold: u32,
        costs: &Costs,
    ) -> Self {
        let mut journal = play.take_journal();
        journal
            .timeline
            .retain(|entry| (span.from..=span.until).contains(&entry.at));
        let mut lived = Self {
            untold,
            stands: play
                .dossier()
                .cases
                .iter()
                .map(|case| stands(case).to_owned())
                .collect(),
            ..Self::default()
        };
        let zone = play.dossier().customer.time_zone;
        for entry in &journal.timeline {
            lived.note(tenant, play, past, entry, costs);
        }
        let asked = journal.decisions.iter();
        let asked = asked.filter(|call| (span.from..=span.until).contains(&call.at));
        lived.decisions = asked.count() as u64;
        let items = play
            .dossier()
            .items
            .iter()
            .filter(|item| !item.kind.is_principal());
        let days = span.from.date_in(zone)..=span.until.date_in(zone);
        for charge in items.filter(|item| days.contains(&item.issued_on)) {
            let fees = lived.fees.entry(charge.currency.to_string());
            *fees.or_default() += charge.original;
        }
        let names = Names::of(play.dossier());
        let entries = journal.timeline.iter();
        lived.story = entries.map(|entry| narrate::entry(entry, &names)).collect();
        lived
    }

    fn note(
        &mut self,
        tenant: &Tenant,
        play: &Play<'_>,
        past: &Past,
        entry: &TimelineEntry,
        costs: &Costs,
    ) {
        if let Some(key) = sent(entry) {
            return self.contact(tenant, play, past, entry.at, key, costs);
        }
        match &entry.what {
            Happening::TaskOpened { .. } => {
                self.tasks += 1;
                self.spent += Spent::from(costs.of_action(ActionKind::OpenTask));
            }
            Happening::Effected { kind, .. } => match kind {
                ActionKind::OfferPlan | ActionKind::OfferDiscount => self.offers += 1,
                ActionKind::PlaceWithAgency => {
                    self.placements += 1;
                    self.spent += Spent::from(costs.of_action(*kind));
                }
                _ => {}
            },
            Happening::Decided { rulings, .. } => {
                for ruled in rulings
                    .iter()
                    .filter(|r| r.verdict.ruling == Ruling::Refused)
                {
                    *self.refused.entry(ruled.verdict.rule.clone()).or_default() += 1;
                }
            }
            Happening::StageFailed { .. } | Happening::StageRefused { .. } => self.failures += 1,
            _ => {}
        }
    }

    fn contact(
        &mut self,
        tenant: &Tenant,
        play: &Play<'_>,
        past: &Past,
        at: Timestamp,
        key: EffectKey,
        costs: &Costs,
    ) {
        let Some(effect) = play.dossier().effect(key) else {
            return;
        };
        let Some(letter) = &effect.letter else {
            return;
        };
        let on = at.date_in(play.dossier().customer.time_zone);
        self.spent += Spent::from(costs.of_channel(&letter.channel));
        self.contacts.push(Sent {
            on,
            channel: letter.channel.name().to_owned(),
            purpose: letter.purpose.name().to_owned(),
            stage: effect.stage.clone(),
            after_paid: was_paid(tenant, play, past, (effect, letter), on),
        });
    }
}

/// Whether all that a letter asks for had been paid by its day, by what became known later.
fn was_paid(
    tenant: &Tenant,
    play: &Play<'_>,
    past: &Past,
    (effect, letter): (&Effect, &Letter),
    on: Date,
) -> bool {
    let Some(case) = play.dossier().case(effect.key.case) else {
        return false;
    };
    let workflow = tenant.workflows.get(&case.workflow);
    let tolerance = workflow.map_or(0, |workflow| workflow.tolerance(case.currency));
    let later = past.facts.iter().filter(|fact| known_at(fact) > effect.at);
    let paid = later.filter_map(|fact| match &fact.fact {
        Fact::Payment(payment) if !payment.pending && payment.paid_on < on => {
            (payment.amount.currency == case.currency).then_some(payment.amount.minor)
        }
        _ => None,
    });
    letter.purpose != Purpose::Confirmation && letter.chaseable - paid.sum::<i64>() <= tolerance
}
