//! What two policies did, in sum and where they differ most.

use std::collections::BTreeMap;

use regua_domain::time::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Compared, Lived, Sent, Spent};

/// Differences that are kept with both stories.
const DIFFERENCES_MAX: usize = 100;

/// What a policy did with all customers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// Customers who were written to.
    pub contacted: u64,
    /// Messages, by channel.
    pub contacts: BTreeMap<String, u64>,
    /// Messages, by stage.
    pub by_stage: BTreeMap<String, u64>,
    /// Messages, by the week in which they were sent (its Monday).
    #[schemars(with = "BTreeMap<String, u64>")]
    pub by_week: BTreeMap<Date, u64>,
    /// Tasks that were opened.
    pub tasks: u64,
    /// Fees and interest, minor units by currency.
    pub fees: BTreeMap<String, i64>,
    /// Plans and discounts that were offered.
    pub offers: u64,
    /// Placements with agencies.
    pub placements: u64,
    /// What the guard did not allow, by rule.
    pub refused: BTreeMap<String, u64>,
    /// How many times a stage was asked.
    pub decisions: u64,
    /// Failures and refusals of stages.
    pub failures: u64,
    /// Minor units of the tenant's own money.
    pub spent: Spent,
    /// Messages that were sent after all that they ask for had been paid.
    pub after_paid: u64,
    /// Facts that had nothing to be about.
    pub untold: u64,
    /// How many cases stand how at the end.
    pub stands: BTreeMap<String, u64>,
}

impl Totals {
    fn add(&mut self, lived: &Lived) {
        self.contacted += u64::from(!lived.contacts.is_empty());
        for Sent {
            on,
            channel,
            stage,
            after_paid,
            ..
        } in &lived.contacts
        {
            *self.contacts.entry(channel.clone()).or_default() += 1;
            *self.by_stage.entry(stage.clone()).or_default() += 1;
            let week = on.week(chrono::Weekday::Mon).first_day();
            *self.by_week.entry(week).or_default() += 1;
            self.after_paid += u64::from(*after_paid);
        }
        self.tasks += u64::from(lived.tasks);
        for (currency, amount) in &lived.fees {
            *self.fees.entry(currency.clone()).or_default() += amount;
        }
        self.offers += u64::from(lived.offers);
        self.placements += u64::from(lived.placements);
        for (rule, count) in &lived.refused {
            *self.refused.entry(rule.clone()).or_default() += u64::from(*count);
        }
        self.decisions += lived.decisions;
        self.failures += u64::from(lived.failures);
        self.spent += lived.spent;
        self.untold += u64::from(lived.untold);
        for stands in &lived.stands {
            *self.stands.entry(stands.clone()).or_default() += 1;
        }
    }

    /// All messages.
    pub fn messages(&self) -> u64 {
        self.contacts.values().sum()
    }
}

/// A customer with whom the policies would have done otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// How many things one did and the other did not.
    pub size: u64,
    /// The customer, and what each did.
    #[serde(flatten)]
    pub compared: Compared,
}

/// What a backtest came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Customers who were played.
    pub customers: u64,
    /// Customers with whom the policies would have done otherwise.
    pub different: u64,
    /// What the live policy would have done.
    pub live: Totals,
    /// What the candidate would have done.
    pub candidate: Totals,
    /// Customers whom the live policy would have written to, and the candidate never.
    pub never_by_candidate: Vec<String>,
    /// Customers whom the candidate would have written to, and the live policy never.
    pub never_by_live: Vec<String>,
    /// Customers whom the candidate would have written to after they had paid.
    pub after_paid_by_candidate: Vec<String>,
    /// The same of the live policy.
    pub after_paid_by_live: Vec<String>,
    /// The largest differences, the largest first.
    pub differences: Vec<Difference>,
}

impl Report {
    /// Adds a customer.
    pub fn add(&mut self, compared: Compared) {
        self.customers += 1;
        self.live.add(&compared.live);
        self.candidate.add(&compared.candidate);
        let reference = &compared.reference;
        let (live, candidate) = (&compared.live, &compared.candidate);
        match (live.contacts.is_empty(), candidate.contacts.is_empty()) {
            (false, true) => self.never_by_candidate.push(reference.clone()),
            (true, false) => self.never_by_live.push(reference.clone()),
            _ => {}
        }
        if candidate.after_paid() > 0 {
            self.after_paid_by_candidate.push(reference.clone());
        }
        if live.after_paid() > 0 {
            self.after_paid_by_live.push(reference.clone());
        }
        let size = size(live, candidate);
        if size == 0 {
            return;
        }
        self.different += 1;
        // Of equal ones, those that came first.
        let place = self.differences.partition_point(|known| known.size >= size);
        if place < DIFFERENCES_MAX {
            self.differences
                .insert(place, Difference { size, compared });
            self.differences.truncate(DIFFERENCES_MAX);
        }
    }
}

/// How many things one did and the other did not.
pub(super) fn size(live: &Lived, candidate: &Lived) -> u64 {
    let missing = |these: &Lived, those: &Lived| {
        let mut left: Vec<_> = those.contacts.iter().map(|c| (c.on, &c.channel)).collect();
        let mut missing = 0;
        for contact in &these.contacts {
            match left
                .iter()
                .position(|other| *other == (contact.on, &contact.channel))
            {
                Some(at) => drop(left.swap_remove(at)),
                None => missing += 1,
            }
        }
        missing
    };
    let counts = [
        (live.tasks, candidate.tasks),
        (live.offers, candidate.offers),
        (live.placements, candidate.placements),
        (live.failures, candidate.failures),
        (u32::from(live.fees != candidate.fees), 0),
        (u32::from(live.stands != candidate.stands), 0),
    ];
    let counts = counts.map(|(live, candidate)| u64::from(live.abs_diff(candidate)));
    missing(live, candidate) + missing(candidate, live) + counts.iter().sum::<u64>()
}
