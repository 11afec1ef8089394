//! What holds of every customer, whatever a workflow says and a stage proposes. A law that is
//! broken is a fault of the host, or of what it was told; a policy cannot break one.

mod ladder;
mod letters;
mod money;

use std::fmt;

use regua_domain::dossier::{Dossier, Journal};
use regua_domain::tenant::Tenant;
use regua_domain::time::Timestamp;

use crate::play::Play;

/// A law that is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which.
    pub law: &'static str,
    /// How.
    pub how: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.law, self.how)
    }
}

/// What a law is held against: all that was ever written of a customer.
#[derive(Clone, Copy)]
struct Case<'a> {
    tenant: &'a Tenant,
    dossier: &'a Dossier,
    journal: &'a Journal,
    now: Timestamp,
}

/// How a law is broken, each time.
type Law = for<'a> fn(Case<'a>) -> Vec<String>;

/// Every law, by its name.
const LAWS: [(&str, Law); 13] = [
    ("nothing is asked of who owes nothing", letters::of_debts),
    (
        "a letter asks for what is owed, with the fee that it announces",
        letters::add_up,
    ),
    (
        "nobody is written to at night or outside the send window",
        letters::in_hours,
    ),
    (
        "nobody is written to more often than the policy lets",
        letters::capped,
    ),
    (
        "what was sent is counted, and what was not is not",
        letters::counted,
    ),
    ("money adds up", money::adds_up),
    ("fees stay below their ceilings", money::below_ceilings),
    (
        "charges on what was paid are as the policy says",
        money::charges_on_paid,
    ),
    ("one charge at a time", money::one_charge),
    (
        "a service is taken away for its own contract's debt",
        money::service_of_the_late,
    ),
    ("a customer has one case in a currency", ladder::one_case),
    ("no stage is skipped silently", ladder::no_silent_skip),
    ("no case is forgotten", ladder::none_forgotten),
];

/// The laws that are broken of a customer whose journal was not taken.
pub fn broken(tenant: &Tenant, play: &Play<'_>) -> Vec<Broken> {
    let case = Case {
        tenant,
        dossier: play.dossier(),
        journal: play.journal(),
        now: play.now(),
    };
    let broken = LAWS.iter().flat_map(|(law, holds)| {
        let how = holds(case).into_iter();
        how.map(|how| Broken { law, how })
    });
    broken.collect()
}
