//! Backtests: a tenant's own past, played again under two policies.
//!
//! What was told of each customer (invoices, payments, disputes, replies) is told again on the day
//! on which it became known, under the policy that is live and under a candidate, each in memory
//! and from the first fact on. What happened to the customer in the span that is looked at is
//! counted and compared.
//!
//! What cannot be known is not guessed: payments come when they came, whatever letters were or were
//! not sent. So a backtest tells what a policy would have *done*, and never what it would have
//! brought in.

mod cost;
mod lived;
mod report;

use regua_domain::dossier::LoggedFact;
use regua_domain::fact::Fact;
use regua_domain::step::{HostFault, Stages};
use regua_domain::tenant::Tenant;
use regua_domain::time::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::play::Play;

pub use cost::{Costs, Spent};
pub use lived::{Lived, Sent};
pub use report::{Difference, Report, Totals};

/// What was told of one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The tenant's own key for them.
    pub(crate) reference: String,
    /// The facts, in the order in which they became known.
    pub(crate) facts: Vec<LoggedFact>,
}

impl Past {
    /// Puts what was told in the order in which it became known. Of one instant, who the customer
    /// is comes first, then what they were billed.
    pub fn new(reference: String, mut facts: Vec<LoggedFact>) -> Self {
        let rank = |fact: &Fact| match fact {
            Fact::Customer(_) => 0,
            Fact::InvoiceIssued(_) => 1,
            _ => 2,
        };
        facts.sort_by_key(|fact| (known_at(fact), rank(&fact.fact), fact.at, fact.id));
        Self { reference, facts }
    }
}

/// When a fact became known: what was told ahead, when it happens.
pub(crate) fn known_at(fact: &LoggedFact) -> Timestamp {
    fact.taken.unwrap_or(fact.at)
}

/// What is looked at: from an instant on, up to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first instant.
    pub from: Timestamp,
    /// The last.
    pub until: Timestamp,
}

/// What one policy is.
#[derive(Clone, Copy)]
pub struct Policy<'a> {
    /// Its workflows and settings.
    pub tenant: &'a Tenant,
    /// Who answers for its stages.
    pub stages: &'a dyn Stages,
}

/// What two policies would have done with one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Compared {
    /// The tenant's own key for them.
    pub reference: String,
    /// Under the policy that is live.
    pub live: Lived,
    /// Under the candidate.
    pub candidate: Lived,
}

/// Plays a customer's past under both policies.
///
/// # Errors
/// Where a stage could not be asked at all, for no fault of the tenant's.
pub fn compare(
    past: &Past,
    span: Span,
    live: Policy<'_>,
    candidate: Policy<'_>,
    costs: &Costs,
) -> Result<Compared, HostFault> {
    let mut compared = Compared {
        reference: past.reference.clone(),
        live: live.live(past, span, costs)?,
        candidate: candidate.live(past, span, costs)?,
    };
    if report::size(&compared.live, &compared.candidate) == 0 {
        compared.live.story.clear();
        compared.candidate.story.clear();
    }
    Ok(compared)
}

impl Policy<'_> {
    /// Plays a customer's past under this policy.
    ///
    /// # Errors
    /// See [`compare`].
    pub fn live(self, past: &Past, span: Span, costs: &Costs) -> Result<Lived, HostFault> {
        let Some(first) = past.facts.first() else {
            return Ok(Lived::default());
        };
        let mut play = Play::new(self.tenant, &past.reference, known_at(first));
        let mut untold = 0;
        let known = |fact: &&LoggedFact| known_at(fact) <= span.until;
        for fact in past.facts.iter().take_while(known) {
            play = play.run(self.stages, known_at(fact))?;
            // A fact about what only the recorded run did has nothing to be about here.
            untold += u32::from(play.tell_as(fact).is_err());
        }
        play = play.run(self.stages, span.until)?;
        Ok(Lived::of(self.tenant, &mut play, past, span, untold, costs))
    }
}
