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
        let mut draft = Draft::new(dossier, from);
        let mut now = from;
        for _ in 0..self.steps_max.max(1) {
            if draft.dossier.coming.is_empty() && draft.dossier.more_coming {
                // What comes next is not at hand, and may come before the next timer.
                break;
            }
            draft.go_on(now);
            if self.take_coming(&mut draft) || self.hand_over(&mut draft) {
                continue;
            }
            if let Step::Rest { until: next } = step(self.tenant, &mut draft, self.stages)? {
                let coming = draft
                    .dossier
                    .coming
                    .front()
                    .map_or(Timestamp::NEVER, |fact| fact.at);
                let wake = next.min(coming);
                if wake > until {
                    return Ok(Ran::of(draft, wake));
                }
                now = now.max(wake);
            }
        }
        draft.now = now;
        Ok(Ran::of(draft, now))
    }

    /// Takes in the next fact that was told ahead, if its instant has come.
    fn take_coming(&self, draft: &mut Draft) -> bool {
        let now = draft.now;
        let coming = &mut draft.dossier.coming;
        let Some(fact) = coming.pop_front_if(|fact| fact.at <= now) else {
            return false;
        };
        // Where it cannot be taken in, all is as if it had not been tried.
        let journal = std::mem::take(&mut draft.journal);
        let told = tell(self.tenant, draft.clone(), &fact);
        match told {
            Ok((told, _)) => *draft = told,
            Err(error) => ignore(draft, &fact, &error),
        }
        let written = std::mem::replace(&mut draft.journal, journal);
        draft.journal.extend(written);
        true
    }

    /// Captures what waits in the outbox, where effects are captured.
    fn hand_over(&self, draft: &mut Draft) -> bool {
        if !self.capture {
            return false;
        }
        let Some(effect) = handover::queued(&draft.dossier).next() else {
            return false;
        };
        let key = effect.key;
        match handover::objection(self.tenant, &draft.dossier, effect, draft.today) {
            None => handover::done(draft, key),
            Some(because) => handover::cancel(draft, key, because),
        }
        true
    }
}

impl Ran {
    fn of(draft: Draft, wake: Timestamp) -> Self {
        Self {
            now: draft.now,
            dossier: draft.dossier,
            journal: draft.journal,
            wake,
        }
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
fn ignore(draft: &mut Draft, fact: &LoggedFact, error: &FactError) {
    let event = draft.event("fact.ignored", None, None);
    draft.tell(
        None,
        Happening::FactIgnored {
            event,
            because: error.to_string(),
        },
    );
    log(draft, fact);
}

/// Notes that a fact was taken in, now.
fn log(draft: &mut Draft, fact: &LoggedFact) {
    draft.journal.facts.push(LoggedFact {
        taken: Some(draft.now),
        ..fact.clone()
    });
}
