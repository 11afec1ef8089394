//! One payer, day by day: what they are billed, when they pay, what they answer.

mod answers;
mod money;

use std::collections::BTreeMap;

use regua_domain::contract::{Channel, CustomerKind};
use regua_domain::customer::{Consent, ContactPoint};
use regua_domain::fact::{CustomerFacts, Fact, InvoiceFacts};
use regua_domain::money::{Currency, Money};
use regua_domain::time::{Date, Timestamp, plus_days};

use super::chance::{Chance, For};
use super::model::{Model, Segment};
use super::outcome::Outcome;
use super::{PlayError, Policy, Setting};
use crate::play::Play;

/// A payer under a policy.
pub(super) struct Payer<'a> {
    setting: &'a Setting,
    /// The first instant of each day, and of the one after the last.
    days: &'a [Timestamp],
    policy: Policy<'a>,
    chance: Chance,
    segment: &'a Segment,
    /// What the payer's hazards are multiplied by.
    frailty: f64,
    currency: Currency,
    play: Play<'a>,
    /// Messages that were sent: on which day, and what each adds to the logarithm of the hazard.
    contacts: Vec<(i64, f64)>,
    /// Replies that there is no money: on which day.
    no_money: Option<i64>,
    /// Promises: on which day they fall due, and whether they are kept.
    promise: Option<(i64, bool)>,
    /// Disputes under way, by invoice: on which day they are decided.
    disputes: BTreeMap<String, i64>,
    /// Instalments that will be paid: on which day, and how much.
    instalments: Vec<(i64, i64)>,
    outcome: Outcome,
    numbers: u64,
}

impl<'a> Payer<'a> {
    pub(super) fn new(
        setting: &'a Setting,
        days: &'a [Timestamp],
        policy: Policy<'a>,
        number: u64,
    ) -> Result<Self, PlayError> {
        let chance = Chance::of(setting.seed, number);
        let picked = pick(&setting.model, chance);
        let (name, segment) = picked.ok_or(PlayError::Nothing("no segment"))?;
        let reference = reference(number);
        let first = days.first().ok_or(PlayError::Nothing("no day"))?;
        let currency = Currency::parse(&setting.model.billing.currency);
        let currency = currency.map_err(|_| PlayError::Nothing("no currency of ISO 4217"))?;
        let mut play = Play::new(policy.tenant, &reference, *first);
        let facts = person(&reference, name, segment, setting);
        if let Err(error) = play.tell(Fact::Customer(facts)) {
            return Err(PlayError::Refused {
                payer: reference,
                what: "who they are",
                error,
            });
        }
        let sigma = setting.model.frailty_sigma;
        // Its mean is 1, so that the hazards are those of the segment as a whole.
        let frailty = (sigma * chance.normal(For::Frailty, 0, 0) - sigma * sigma / 2.0).exp();
        Ok(Self {
            setting,
            days,
            policy,
            chance,
            segment,
            frailty,
            currency,
            play,
            contacts: Vec::new(),
            no_money: None,
            promise: None,
            disputes: BTreeMap::new(),
            instalments: Vec::new(),
            outcome: Outcome::default(),
            numbers: 0,
        })
    }

    /// Lives all days.
    pub(super) fn live(mut self) -> Result<Outcome, PlayError> {
        for (day, bounds) in (0..).zip(self.days.windows(2)) {
            self.billed(day)?;
            self.decided(day);
            self = self.pays(day, bounds[0])?;
            self.play = self.play.run(self.policy.stages, bounds[1].plus_ms(-1))?;
            self.hear(day)?;
        }
        self.end();
        Ok(self.outcome)
    }

    fn date(&self, day: i64) -> Date {
        plus_days(self.setting.starts, day)
    }

    fn reference(&mut self, what: &str) -> String {
        self.numbers += 1;
        format!("{what}-{}", self.numbers)
    }

    /// Tells a fact; what the host does not take did not happen: a policy may have no room for it.
    fn tell(&mut self, fact: Fact) -> bool {
        self.play.tell(fact).is_ok()
    }

    /// Tells a fact that the host has to take under any policy.
    fn must_tell(&mut self, what: &'static str, fact: Fact) -> Result<(), PlayError> {
        let told = self.play.tell(fact);
        told.map(drop).map_err(|error| PlayError::Refused {
            payer: self.play.dossier().customer.reference.clone(),
            what,
            error,
        })
    }

    fn billed(&mut self, day: i64) -> Result<(), PlayError> {
        let billing = &self.setting.model.billing;
        let every = i64::from(billing.every_days.max(1));
        let phase = (self.chance.draw(For::BillingDay, 0, 0) * every as f64) as i64;
        if day % every != phase {
            return Ok(());
        }
        let size = (billing.sigma * self.chance.normal(For::Amount, day as u64, 0)).exp();
        let amount = (billing.median as f64 * size).round() as i64;
        let amount = amount.clamp(1, billing.most.max(1));
        let facts = InvoiceFacts {
            reference: format!("{}-{day}", self.play.dossier().customer.reference),
            amount: Money::new(amount, self.currency),
            issued_on: self.date(day),
            due_on: plus_days(self.date(day), i64::from(billing.terms_days)),
            contract: None,
        };
        self.must_tell("an invoice", Fact::InvoiceIssued(facts))?;
        self.outcome.billed += i128::from(amount);
        Ok(())
    }

    /// Disputes that are decided today.
    fn decided(&mut self, day: i64) {
        let due: Vec<_> = self.disputes.iter().filter(|(_, on)| **on <= day).collect();
        let due: Vec<String> = due
            .into_iter()
            .map(|(invoice, _)| invoice.clone())
            .collect();
        for invoice in due {
            let on = self.disputes.remove(&invoice).unwrap_or_default();
            let upheld = self.setting.model.replies.upheld;
            let upheld = self.chance.happens(upheld, For::Upheld, on as u64, 0);
            self.tell(Fact::DisputeResolved { invoice, upheld });
        }
    }

    /// What is left at the end.
    fn end(&mut self) {
        let today = self.date(i64::from(self.setting.days) - 1);
        let items = self.play.dossier().items.iter();
        for item in items.filter(|item| item.outstanding > 0) {
            let sum = if item.is_past_due(today) {
                &mut self.outcome.overdue_at_end
            } else {
                &mut self.outcome.not_yet_due
            };
            *sum += i128::from(item.outstanding);
        }
        for case in &self.play.dossier().cases {
            self.outcome.case(case);
        }
    }
}

/// The segment that a payer is of.
fn pick(model: &Model, chance: Chance) -> Option<(&str, &Segment)> {
    let sum: f64 = model.segments.values().map(|segment| segment.share).sum();
    let mut left = sum * chance.draw(For::Segment, 0, 0);
    let mut segments = model.segments.iter();
    let found = segments.find(|(_, segment)| {
        left -= segment.share;
        left < 0.0
    });
    let found = found.or_else(|| model.segments.iter().next_back());
    found.map(|(name, segment)| (name.as_str(), segment))
}

/// What the payer of a number is called.
pub(super) fn reference(number: u64) -> String {
    format!("S-{number:07}")
}

pub(super) fn person(
    reference: &str,
    segment: &str,
    of: &Segment,
    setting: &Setting,
) -> CustomerFacts {
    let contact = |channel, address: String| ContactPoint {
        channel,
        address,
        consent: Consent::Given,
        bounced: false,
    };
    CustomerFacts {
        name: format!("Payer {reference}"),
        tax_number: None,
        kind: if of.business {
            CustomerKind::Business
        } else {
            CustomerKind::Consumer
        },
        locale: setting.locale.clone(),
        jurisdiction: setting.jurisdiction.clone(),
        time_zone: setting.time_zone,
        segments: vec![segment.to_owned()],
        attributes: BTreeMap::new(),
        methods: Vec::new(),
        contacts: vec![
            contact(
                Channel::Email,
                format!("{}@payer.example", reference.to_lowercase()),
            ),
            contact(Channel::Sms, "+5511900000000".to_owned()),
            contact(Channel::Letter, "1 Example Street".to_owned()),
            contact(Channel::Phone, "+5511900000000".to_owned()),
        ],
        since: None,
    }
}
