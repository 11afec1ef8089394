//! A customer's run: step after step, from one instant to another.
//!
//! A live node runs a customer at one instant; a sandbox runs it through virtual time, from
//! timer to timer and fact to fact. It is the same loop, and customers do not depend on one
//! another, so each can be run by itself.

use crate::dossier::{ChangeSet, Dossier, Draft, Journal, LoggedFact, NewIds};
use crate::fact::FactError;
use crate::handover;
use crate::intake::{Taken, take_in};
use crate::step::{HostFault, Stages, Step, step};
use crate::tenant::Tenant;
use crate::time::Timestamp;
use crate::timeline::Happening;

/// What the product ships with as [`Runner::steps_max`].
pub const STEPS_MAX: u32 = 4_096;

/// How a run is made.
#[derive(Clone, Copy)]
pub struct Runner<'a> {
    /// For whom.
    pub tenant: &'a Tenant,
    /// Who answers for the stages.
    pub stages: &'a dyn Stages,
    /// Effects are captured: handed over at once, to nobody.
    pub capture: bool,
    /// Steps one run may make before it is cut off, to go on in the next: a bound on the
    /// size of a commit, not on the case (that is [`crate::plan::TRANSITIONS_A_DAY`]).
    pub steps_max: u32,
}

/// What a run came to.
#[derive(Debug)]
pub struct Ran {
    /// As it is now.
    pub dossier: Dossier,
    /// What is to be appended.
    pub journal: Journal,
    /// The next wake-up. Of a run that was cut off it is `now`: the next run goes on there,
    /// never before.
    pub wake: Timestamp,
    /// The instant it came to.
    pub now: Timestamp,
}

impl Ran {
    /// What turns the dossier that the run began with into the one it ended with.
    pub fn changes(self, before: &Dossier) -> ChangeSet {
        ChangeSet::between(before, &self.dossier, self.journal)
    }
}

impl Runner<'_> {
    /// Runs a customer from `from` until nothing is due by `until`.
    pub fn run(
        &self,
        dossier: Dossier,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Ran, HostFault> {
        let mut ran = Ran {
            dossier,
            journal: Journal::default(),
            wake: Timestamp::NEVER,
            now: from,
        };
        for _ in 0..self.steps_max.max(1) {
            if ran.dossier.coming.is_empty() && ran.dossier.more_coming {
                // What comes next is not at hand, and may come before the next timer.
                break;
            }
            if self.take_coming(&mut ran) || self.hand_over(&mut ran) {
                continue;
            }
            match step(self.tenant, &ran.dossier, ran.now, self.stages)? {
                Step::Moved(draft) => ran.absorb(*draft),
                Step::Rest { until: next } => {
                    let coming = ran
                        .dossier
                        .coming
                        .front()
                        .map_or(Timestamp::NEVER, |fact| fact.at);
                    ran.wake = next.min(coming);
                    if ran.wake > until {
                        return Ok(ran);
                    }
                    ran.now = ran.wake.max(ran.now);
                }
            }
        }
        ran.wake = ran.now;
        Ok(ran)
    }

    /// Takes in the next fact that was told ahead, if its instant has come.
    fn take_coming(&self, ran: &mut Ran) -> bool {
        let due = ran
            .dossier
            .coming
            .front()
            .is_some_and(|fact| fact.at <= ran.now);
        if !due {
            return false;
        }
        let mut dossier = ran.dossier.clone();
        let Some(fact) = dossier.coming.pop_front() else {
            return false;
        };
        let draft = Draft::new(dossier, ran.now);
        let draft = match tell(self.tenant, draft.clone(), &fact) {
            Ok((draft, _)) => draft,
            Err(error) => ignored(draft, &fact, &error),
        };
        ran.absorb(draft);
        true
    }

    /// Captures what waits in the outbox, where effects are captured.
    fn hand_over(&self, ran: &mut Ran) -> bool {
        if !self.capture {
            return false;
        }
        let Some(effect) = handover::queued(&ran.dossier).next() else {
            return false;
        };
        let key = effect.key;
        let today = ran.now.date_in(ran.dossier.customer.time_zone);
        let objection = handover::objection(self.tenant, &ran.dossier, effect, today);
        let mut draft = Draft::new(ran.dossier.clone(), ran.now);
        match objection {
            None => handover::done(&mut draft, key),
            Some(because) => handover::cancel(&mut draft, key, because),
        }
        ran.absorb(draft);
        true
    }
}

impl Ran {
    fn absorb(&mut self, draft: Draft) {
        self.dossier = draft.dossier;
        self.journal.extend(draft.journal);
    }
}

/// Takes a fact in and logs it, on a draft whose dossier holds what it names.
pub fn tell(
    tenant: &Tenant,
    mut draft: Draft,
    fact: &LoggedFact,
) -> Result<(Draft, Taken), FactError> {
    let taken = take_in(
        &tenant.policy,
        &mut draft,
        &fact.fact,
        NewIds { seed: fact.id },
    )?;
    log(&mut draft, fact);
    Ok((draft, taken))
}

/// A fact told ahead that cannot be taken in when its instant comes is said so.
fn ignored(mut draft: Draft, fact: &LoggedFact, error: &FactError) -> Draft {
    let event = draft.event("fact.ignored", None, None);
    draft.tell(
        None,
        Happening::FactIgnored {
            event,
            because: error.to_string(),
        },
    );
    log(&mut draft, fact);
    draft
}

/// Notes that a fact was taken in, now.
fn log(draft: &mut Draft, fact: &LoggedFact) {
    draft.journal.facts.push(LoggedFact {
        taken: Some(draft.now),
        ..fact.clone()
    });
}
