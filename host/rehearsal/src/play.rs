//! One customer in memory.

use regua_domain::case::{Case, CaseState};
use regua_domain::contract::{ActionKind, EffectState};
use regua_domain::customer::Customer;
use regua_domain::dossier::{Dossier, Draft, Journal, LoggedFact};
use regua_domain::effect::EffectKey;
use regua_domain::fact::{Fact, FactError};
use regua_domain::id::{CaseId, FactId, derived};
use regua_domain::intake::Taken;
use regua_domain::run::{self, Runner, STEPS_MAX};
use regua_domain::step::{HostFault, Stages};
use regua_domain::tenant::Tenant;
use regua_domain::time::Timestamp;
use regua_domain::timeline::{Happening, TimelineEntry};

use crate::patient::Patient;

/// A customer of a tenant, from the first fact on: what a sandbox has in a store, this has in
/// memory. What leaves is captured.
///
/// Ids follow from the tenant's and the customer's reference, and from the number of the fact: the
/// same story told to the same tenant writes the same timeline, byte for byte.
#[derive(Debug, Clone)]
pub struct Play<'a> {
    tenant: &'a Tenant,
    dossier: Dossier,
    journal: Journal,
    now: Timestamp,
    /// Nothing happens before this instant but what is told.
    wake: Timestamp,
    facts: u64,
}

impl<'a> Play<'a> {
    /// A customer of whom nothing is known but the reference.
    pub fn new(tenant: &'a Tenant, reference: &str, now: Timestamp) -> Self {
        Self {
            tenant,
            dossier: Dossier::new(Customer::unknown(tenant.id, reference)),
            journal: Journal::default(),
            now,
            wake: now,
            facts: 0,
        }
    }

    /// All that is at hand of them.
    pub const fn dossier(&self) -> &Dossier {
        &self.dossier
    }

    /// All that was written so far, or since it was taken.
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The same, to be kept by the caller.
    pub fn take_journal(&mut self) -> Journal {
        std::mem::take(&mut self.journal)
    }

    /// Where its clock stands.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The id of the fact that is told next.
    pub fn next_fact(&self) -> FactId {
        fact_id(&self.dossier.customer, self.facts)
    }

    /// Tells a fact, which happens now. One that is refused changes nothing.
    pub fn tell(&mut self, fact: Fact) -> Result<Taken, FactError> {
        let fact = LoggedFact {
            id: self.next_fact(),
            at: self.now,
            fact,
            taken: None,
        };
        self.tell_as(&fact)
    }

    /// Tells a fact under its own id, whatever instant it bears.
    pub fn tell_as(&mut self, fact: &LoggedFact) -> Result<Taken, FactError> {
        let draft = Draft::new(self.dossier.clone(), self.now);
        let (draft, taken) = run::tell(self.tenant, draft, fact)?;
        self.facts += 1;
        self.wake = self.now;
        self.dossier = draft.dossier;
        self.journal.extend(draft.journal);
        Ok(taken)
    }

    /// Lets everything happen that is due by `until`, where its clock then stands.
    ///
    /// # Errors
    /// Where a stage could not be asked, for no fault of the tenant's; and where nothing more is to be
    /// played ([`Stages::stopped`]).
    pub fn run(mut self, stages: &dyn Stages, until: Timestamp) -> Result<Self, HostFault> {
        if let Some(because) = stages.stopped() {
            return Err(HostFault {
                stage: String::new(),
                detail: because.to_owned(),
            });
        }
        let runner = Runner {
            tenant: self.tenant,
            stages: &Patient(stages),
            capture: true,
            steps_max: STEPS_MAX,
        };
        let until = until.max(self.now);
        // Nothing is due before the wake-up that the last run told of; one that was cut off told of
        // where it stopped.
        while self.wake <= until {
            let ran = runner.run(self.dossier, self.wake, until)?;
            self.dossier = ran.dossier;
            self.journal.extend(ran.journal);
            self.wake = ran.wake;
        }
        self.now = until;
        Ok(self)
    }
}

/// The message that an entry says was sent, if it is one: what became of it later is told by others.
pub(crate) fn sent(entry: &TimelineEntry) -> Option<EffectKey> {
    match &entry.what {
        Happening::EffectChanged {
            key,
            kind: ActionKind::SendMessage,
            state: EffectState::Done,
            code,
        } if code.is_empty() => Some(*key),
        _ => None,
    }
}

/// How a case stands: its stage, or how it ended.
pub(crate) fn stands(case: &Case) -> &str {
    match &case.state {
        CaseState::Ended { end, .. } => end.name(),
        _ => case.stage(),
    }
}

/// The id of the fact of a number, counted from 0, of a customer.
pub fn fact_id(customer: &Customer, number: u64) -> FactId {
    FactId(derived(CaseId(customer.id.0), number, "fact", 0))
}
