//! What a run of fixtures came to, for people and as JSON.

use std::path::PathBuf;

use regua_domain::contract::{Answer, Call, Manifest};
use regua_runtime::Admitted;
use serde_json::{Value, json};

use super::answer::{Expected, difference};
use super::coverage::{Coverage, Covered, percentile};
use super::fixture::Fixture;
use crate::command::plugin::run::refused;
use crate::out::{put, say, say_lines};

/// All that fixtures came to.
pub(super) struct Report<'a> {
    component: PathBuf,
    admitted: &'a Admitted,
    fuel_max: u64,
    tried: Vec<Tried>,
    coverage: Coverage,
}

/// What one came to.
struct Tried {
    fixture: Fixture,
    call: Call,
    /// What came was written into it.
    updated: bool,
}

impl Tried {
    fn came(&self) -> Option<Expected> {
        Expected::of(&self.call.answer)
    }

    fn passed(&self) -> bool {
        self.updated || (self.fixture.expected.is_some() && self.came() == self.fixture.expected)
    }

    fn verdict(&self) -> &'static str {
        match (self.updated, self.passed()) {
            (true, _) => "updated",
            (false, true) => "passed",
            (false, false) => "failed",
        }
    }
}

impl<'a> Report<'a> {
    pub(super) fn new(component: PathBuf, admitted: &'a Admitted, fuel_max: u64) -> Self {
        Self {
            component,
            admitted,
            fuel_max,
            tried: Vec::new(),
            coverage: Coverage::default(),
        }
    }

    pub(super) fn add(&mut self, fixture: Fixture, call: Call, updated: bool) {
        self.coverage.add(&call.answer);
        self.tried.push(Tried {
            fixture,
            call,
            updated,
        });
    }

    /// How many failed.
    pub(super) fn failed(&self) -> usize {
        self.tried.iter().filter(|tried| !tried.passed()).count()
    }

    /// Fuel of all calls, sorted.
    fn fuel(&self) -> Vec<u64> {
        let mut fuel: Vec<_> = self.tried.iter().map(|tried| tried.call.fuel).collect();
        fuel.sort_unstable();
        fuel
    }

    fn memory_peak(&self) -> u64 {
        let peaks = self.tried.iter().map(|tried| tried.call.memory_peak);
        peaks.max().unwrap_or(0)
    }

    fn count(&self, verdict: &str) -> usize {
        let with = self.tried.iter().filter(|tried| tried.verdict() == verdict);
        with.count()
    }

    pub(super) fn tell(&self) {
        let manifest = &self.admitted.manifest;
        let Manifest { name, version, .. } = manifest;
        say!("{name}@{version} of {}", self.component.display());
        for tried in &self.tried {
            say!("{:8} {}", tried.verdict(), tried.fixture.name());
            if !tried.passed() {
                tell_why(tried);
            }
        }
        let [passed, failed, updated] = ["passed", "failed", "updated"].map(|is| self.count(is));
        say!("{passed} passed, {failed} failed, {updated} updated");
        let outcomes = self.coverage.of_outcomes(manifest);
        let actions = self.coverage.of_actions(manifest);
        say!("outcomes  {}", covered(&outcomes));
        say!("proposes  {}", covered(&actions));
        let fuel = self.fuel();
        let [p50, p99, max] = [50, 99, 100].map(|percent| percentile(&fuel, percent));
        say!(
            "fuel      p50 {p50}, p99 {p99}, max {max} of {}",
            self.fuel_max
        );
        let kibibytes = self.memory_peak().div_ceil(1_024);
        say!("memory    {kibibytes} KiB at its peak");
    }

    pub(super) fn as_json(&self) -> Value {
        let manifest = &self.admitted.manifest;
        let coverage = |covered: Covered| {
            let reached = covered.reached();
            json!({ "declared": covered.declared, "reached": reached, "missing": covered.missing })
        };
        let fuel = self.fuel();
        let tried: Vec<_> = self.tried.iter().map(tried_as_json).collect();
        json!({
            "component": self.component,
            "name": manifest.name,
            "version": manifest.version,
            "digest": self.admitted.digest,
            "passed": self.count("passed"),
            "failed": self.count("failed"),
            "updated": self.count("updated"),
            "fixtures": tried,
            "outcomes": coverage(self.coverage.of_outcomes(manifest)),
            "proposes": coverage(self.coverage.of_actions(manifest)),
            "fuel": {
                "p50": percentile(&fuel, 50),
                "p99": percentile(&fuel, 99),
                "max": percentile(&fuel, 100),
                "allowed": self.fuel_max,
            },
            "memory_peak": self.memory_peak(),
        })
    }
}

/// What the stage itself said of it, and then how the answers differ.
fn tell_why(tried: &Tried) {
    match &tried.call.answer {
        Answer::Refusal(refusal) => {
            for line in refused(refusal) {
                say_lines("    it refused: ", &line);
            }
        }
        Answer::Failure { kind, detail } => {
            say_lines("    it failed: ", &format!("{}: {detail}", kind.name()));
        }
        Answer::Inconclusive => say!("    its deadline passed"),
        _ => {}
    }
    for line in &tried.call.logs {
        say_lines("    log ", &format!("{}: {}", line.level, line.text));
    }
    if tried.fixture.expected.is_none() {
        say!("    it does not say what is expected: --update writes what came");
    }
    let came = tried.came();
    if came.is_some() {
        put!(
            "{}",
            difference(tried.fixture.expected.as_ref(), came.as_ref())
        );
    }
}

fn covered(covered: &Covered) -> String {
    let Covered { declared, missing } = covered;
    let counted = format!("{} of {declared}", covered.reached());
    if missing.is_empty() {
        return counted;
    }
    format!("{counted}; no fixture reaches {}", missing.join(", "))
}

fn tried_as_json(tried: &Tried) -> Value {
    json!({
        "name": tried.fixture.name(),
        "verdict": tried.verdict(),
        "expected": tried.fixture.expected,
        "call": tried.call,
    })
}
