//! A scenario, played.

use std::collections::BTreeMap;

use regua_domain::dossier::{Dossier, Journal};
use regua_domain::fact::Fact;
use regua_domain::step::{HostFault, Stages};
use regua_domain::tenant::Tenant;
use regua_domain::time::{Date, Timestamp};
use regua_domain::workflow::check::Problem;
use serde_json::Value;

use super::coverage::Coverage;
use super::event::{Event, Ground};
use super::expect::Expect;
use super::limits;
use super::read::{Scenario, Step, What};
use super::seen::{Mark, Witness};
use crate::laws;
use crate::play::Play;

/// What a scenario came to.
#[derive(Debug)]
pub struct Outcome {
    /// What could not be told as it is written, or was taken where it should not have been.
    pub faults: Vec<Problem>,
    /// What came otherwise than expected, or was not told yet.
    pub mismatches: Vec<Mismatch>,
    /// How many expectations there are.
    pub expectations: usize,
    /// How many times a stage was asked.
    pub decisions: u64,
    /// Which parts of the workflows it went through.
    pub coverage: Coverage,
    /// Everyone as they are at the end, by reference.
    pub customers: BTreeMap<String, Told>,
}

impl Outcome {
    /// Whether all of it came as expected.
    pub fn is_as_expected(&self) -> bool {
        self.faults.is_empty() && self.mismatches.is_empty()
    }
}

/// A customer at the end of a story.
#[derive(Debug)]
pub struct Told {
    /// All that is at hand of them.
    pub dossier: Dossier,
    /// All that was written.
    pub journal: Journal,
}

/// An expectation that was not met.
#[derive(Debug, Clone, PartialEq)]
pub struct Mismatch {
    /// The entry's place in the document.
    pub pointer: String,
    /// Of whom.
    pub customer: String,
    /// By the end of which day.
    pub on: Date,
    /// What is expected; empty: to be filled in.
    pub expected: Value,
    /// What came, as far as it is compared.
    pub came: Value,
}

/// Plays a scenario with a tenant's workflows and settings.
///
/// # Errors
/// Where a stage could not be asked at all, for no fault of the tenant's.
pub fn run(
    tenant: &Tenant,
    stages: &dyn Stages,
    scenario: &Scenario,
) -> Result<Outcome, HostFault> {
    let mut stage = Stagehand::new(tenant, stages, scenario);
    for step in &scenario.steps {
        stage.step(step)?;
    }
    Ok(stage.outcome())
}

/// Who plays it.
struct Stagehand<'a> {
    tenant: &'a Tenant,
    stages: &'a dyn Stages,
    starts: Date,
    plays: BTreeMap<&'a str, Play<'a>>,
    marks: BTreeMap<&'a str, Mark>,
    faults: Vec<Problem>,
    mismatches: Vec<Mismatch>,
    expectations: usize,
}

impl<'a> Stagehand<'a> {
    fn new(tenant: &'a Tenant, stages: &'a dyn Stages, scenario: &'a Scenario) -> Self {
        let mut faults = Vec::new();
        let plays = scenario.customers.iter().map(|(reference, person)| {
            let start = Timestamp::start_of(scenario.starts, person.time_zone);
            let mut play = Play::new(tenant, reference, start);
            if let Err(error) = play.tell(Fact::Customer(person.facts())) {
                let token = reference.replace('~', "~0").replace('/', "~1");
                faults.push(Problem::new(
                    format!("/customers/{token}"),
                    error.to_string(),
                ));
            }
            (reference.as_str(), play)
        });
        let plays = plays.collect();
        let marks = scenario.customers.keys();
        let marks = marks.map(|reference| (reference.as_str(), Mark::default()));
        Self {
            tenant,
            stages,
            starts: scenario.starts,
            plays,
            marks: marks.collect(),
            faults,
            mismatches: Vec::new(),
            expectations: 0,
        }
    }

    fn step(&mut self, step: &'a Step) -> Result<(), HostFault> {
        let customer = step.customer.as_str();
        let Some(play) = self.plays.remove(customer) else {
            return Ok(());
        };
        let mut play = play.run(self.stages, step.at)?;
        match &step.what {
            What::Happens(event, refused) => {
                let fault = happens(self.starts, &mut play, step, event, refused.as_deref());
                self.faults.extend(fault);
                // What follows from it at this very instant has happened.
                play = play.run(self.stages, step.at)?;
            }
            What::Expected(expect) => self.expected(&play, step, expect),
        }
        self.plays.insert(customer, play);
        Ok(())
    }

    fn expected(&mut self, play: &Play<'_>, step: &'a Step, expect: &Expect) {
        self.expectations += 1;
        let dossier = play.dossier();
        let pinned = dossier.cases.iter().rev().find(|case| case.is_open());
        let tolerance = pinned.and_then(|case| {
            let workflow = self.tenant.workflows.get(&case.workflow)?;
            Some(workflow.tolerance(case.currency))
        });
        let witness = Witness {
            dossier,
            timeline: &play.journal().timeline,
            today: step.on,
            tolerance: tolerance.unwrap_or(0),
        };
        let mark = self.marks.entry(step.customer.as_str()).or_default();
        let seen = witness.see(mark);
        let bounds = limits::came(&expect.0, (witness, &seen), (self.starts, step.on));
        let mut came = serde_json::to_value(seen).unwrap_or_default();
        if let Some(members) = came.as_object_mut() {
            members.extend(bounds);
        }
        let came = expect.narrow(&came);
        if came != expect.0 {
            self.mismatches.push(Mismatch {
                pointer: step.pointer.clone(),
                customer: step.customer.clone(),
                on: step.on,
                expected: expect.0.clone(),
                came,
            });
        }
    }

    fn outcome(self) -> Outcome {
        let mut coverage = Coverage::default();
        let mut decisions = 0;
        let mut faults = self.faults;
        let customers = self.plays.into_iter().map(|(reference, mut play)| {
            let broken = laws::broken(self.tenant, &play);
            faults.extend(broken.iter().map(|broken| {
                let token = reference.replace('~', "~0").replace('/', "~1");
                Problem::new(format!("/customers/{token}"), broken.to_string())
            }));
            let journal = play.take_journal();
            coverage.note(play.dossier(), &journal.timeline);
            decisions += journal.decisions.len() as u64;
            let dossier = play.dossier().clone();
            (reference.to_owned(), Told { dossier, journal })
        });
        let customers = customers.collect();
        Outcome {
            faults,
            mismatches: self.mismatches,
            expectations: self.expectations,
            decisions,
            coverage,
            customers,
        }
    }
}

/// Tells what happens. What is wrong about it, if anything is.
fn happens(
    starts: Date,
    play: &mut Play<'_>,
    step: &Step,
    event: &Event,
    refused: Option<&str>,
) -> Option<Problem> {
    let ground = Ground {
        starts,
        today: step.on,
        dossier: play.dossier(),
    };
    let told = match event.fact(ground) {
        Ok(fact) => play.tell(fact).map_err(|error| error.to_string()),
        Err(text) => Err(text),
    };
    let problem = |text: String| Some(Problem::new(step.pointer.clone(), text));
    match (told, refused) {
        (Ok(_), None) => None,
        (Ok(_), Some(_)) => problem("was taken, and should have been refused".to_owned()),
        (Err(text), None) => problem(text),
        (Err(text), Some(words)) if text.contains(words) => None,
        (Err(text), Some(words)) => problem(format!("was refused, but not by `{words}`: {text}")),
    }
}

#[cfg(test)]
mod tests;
