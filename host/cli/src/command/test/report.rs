//! What scenarios came to, for people, as JSON, and for build servers.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use quick_junit::{NonSuccessKind, Report as JUnit, TestCase, TestCaseStatus, TestSuite};
use regua_domain::workflow::check::Lines;
use regua_engine::rehearse::Rehearsal;
use regua_rehearsal::scenario::{Coverage, Covered, Mismatch, Outcome};
use serde_json::{Value, json};

use super::setup::Place;
use super::{Faulty, Found, update};
use crate::exit;
use crate::out::{difference, put, say};

/// All that scenarios came to.
pub(super) struct Report {
    faulty: Vec<Faulty>,
    played: Vec<Played>,
    coverage: BTreeMap<Place, Coverage>,
    covered: Vec<Covered>,
}

/// What one came to.
struct Played {
    file: PathBuf,
    title: String,
    days: i64,
    outcome: Outcome,
    places: Lines,
    /// Whether what came was written into it, where that was to be done.
    updated: Option<anyhow::Result<()>>,
}

impl Played {
    fn is_updated(&self) -> bool {
        matches!(self.updated, Some(Ok(())))
    }

    fn is_as_expected(&self) -> bool {
        self.is_updated() || self.outcome.is_as_expected()
    }

    fn verdict(&self) -> &'static str {
        match (self.is_updated(), self.is_as_expected()) {
            (true, _) => "updated",
            (false, true) => "passed",
            (false, false) => "failed",
        }
    }

    /// What is wrong, over several lines.
    fn told(&self) -> String {
        let mut faults = self.outcome.faults.clone();
        self.places.number(&mut faults);
        let mut text = String::new();
        for fault in faults {
            let _ = writeln!(text, "  {fault}");
        }
        for mismatch in &self.outcome.mismatches {
            let Mismatch {
                pointer,
                customer,
                on,
                ..
            } = mismatch;
            let place = self.places.place(&format!("{pointer}/expect"));
            let (line, column) = place.unwrap_or_default();
            let head = format!("  line {line}, column {column}, {customer} by {on}:\n");
            text.push_str(&head);
            text.push_str(&differences(mismatch));
        }
        if let Some(Err(error)) = &self.updated {
            let _ = writeln!(text, "  it is left as it is: {}", exit::chain(error));
        }
        text
    }
}

fn differences(mismatch: &Mismatch) -> String {
    let yaml = |value: &Value| match value.as_object() {
        Some(members) if members.is_empty() => String::new(),
        _ => update::yaml(value).unwrap_or_else(|_| value.to_string()),
    };
    difference(&yaml(&mismatch.expected), &yaml(&mismatch.came))
}

impl Report {
    pub(super) fn new(faulty: Vec<Faulty>) -> Self {
        Self {
            faulty,
            played: Vec::new(),
            coverage: BTreeMap::new(),
            covered: Vec::new(),
        }
    }

    pub(super) fn add(
        &mut self,
        found: Found,
        outcome: Outcome,
        updated: Option<anyhow::Result<()>>,
    ) {
        let known = self.coverage.entry(found.setup).or_default();
        known.add(outcome.coverage.clone());
        let last = found.scenario.steps.iter().map(|step| step.on).max();
        let last = last.unwrap_or(found.scenario.starts);
        self.played.push(Played {
            file: found.file,
            title: found.scenario.title.clone(),
            days: (last - found.scenario.starts).num_days() + 1,
            outcome,
            places: Lines::of(&found.text),
            updated,
        });
    }

    /// How much of the workflows of each setup was gone through.
    pub(super) fn cover(&mut self, rehearsals: &BTreeMap<Place, Arc<Rehearsal>>) {
        for (place, coverage) in &self.coverage {
            let workflows = rehearsals[place].tenant.workflows.values();
            let mut covered: Vec<_> = workflows.map(|workflow| coverage.of(workflow)).collect();
            covered.sort_by(|a, b| a.workflow.cmp(&b.workflow));
            self.covered.extend(covered);
        }
    }

    pub(super) fn is_as_expected(&self) -> bool {
        self.faulty.is_empty() && self.played.iter().all(Played::is_as_expected)
    }

    pub(super) fn tell(&self) {
        for Faulty { file, faults } in &self.faulty {
            for fault in faults {
                say!("{}: {fault}", file.display());
            }
        }
        for played in &self.played {
            let (file, title) = (played.file.display(), &played.title);
            say!("{:<8}{file}: {title}", played.verdict());
            if played.outcome.expectations == 0 {
                say!("  it expects nothing: what must never happen did not, and that is all");
            }
            if !played.is_as_expected() {
                put!("{}", played.told());
            }
        }
        for covered in &self.covered {
            let Covered {
                workflow,
                stages,
                ways,
                missing,
            } = covered;
            say!(
                "{workflow}: {} of {} stages, {} of {} ways out of them",
                stages.0,
                stages.1,
                ways.0,
                ways.1
            );
            for missing in missing {
                say!("  never  {missing}");
            }
        }
        let passed = self.played.iter().filter(|played| played.is_as_expected());
        let decisions: u64 = self
            .played
            .iter()
            .map(|played| played.outcome.decisions)
            .sum();
        let days: i64 = self.played.iter().map(|played| played.days).sum();
        say!(
            "{} of {} scenarios as expected; {days} days, {decisions} decisions",
            passed.count(),
            self.played.len() + self.faulty.len()
        );
    }

    pub(super) fn as_json(&self) -> Value {
        let played = self.played.iter().map(|played| {
            let mut faults = played.outcome.faults.clone();
            played.places.number(&mut faults);
            let mismatches = played.outcome.mismatches.iter();
            let mismatches = mismatches.map(|mismatch| {
                let place = played.places.place(&format!("{}/expect", mismatch.pointer));
                json!({
                    "line": place.map(|(line, _)| line), "customer": mismatch.customer,
                    "on": mismatch.on, "expected": mismatch.expected, "came": mismatch.came,
                })
            });
            json!({
                "file": played.file, "scenario": played.title, "verdict": played.verdict(),
                "expectations": played.outcome.expectations,
                "decisions": played.outcome.decisions, "faults": faults,
                "mismatches": mismatches.collect::<Vec<_>>(),
            })
        });
        let covered = self.covered.iter().map(|covered| {
            json!({
                "workflow": covered.workflow.to_string(),
                "stages": { "entered": covered.stages.0, "of": covered.stages.1 },
                "ways": { "taken": covered.ways.0, "of": covered.ways.1 },
                "never": covered.missing,
            })
        });
        let faulty = self.faulty.iter();
        let faulty =
            faulty.map(|Faulty { file, faults }| json!({ "file": file, "faults": faults }));
        json!({
            "scenarios": played.collect::<Vec<_>>(), "faulty": faulty.collect::<Vec<_>>(),
            "coverage": covered.collect::<Vec<_>>(),
        })
    }

    /// A report of the form that build servers read.
    pub(super) fn junit(&self) -> anyhow::Result<String> {
        let mut suite = TestSuite::new("scenarios");
        for Faulty { file, faults } in &self.faulty {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message("the scenario has faults");
            status.set_description(in_xml(&faults.join("\n")));
            suite.add_test_case(TestCase::new(file.display().to_string(), status));
        }
        for played in &self.played {
            let status = if played.is_as_expected() {
                TestCaseStatus::success()
            } else {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_message("it came otherwise than expected");
                status.set_description(in_xml(&played.told()));
                status
            };
            let mut case = TestCase::new(in_xml(&played.title), status);
            case.set_classname(played.file.display().to_string());
            suite.add_test_case(case);
        }
        let mut report = JUnit::new("regua test");
        report.add_test_suite(suite);
        Ok(report.to_string()?)
    }
}

/// A text without the characters that XML 1.0 has not (2.2).
fn in_xml(text: &str) -> String {
    let has_not = |c: char| matches!(c, '\u{fffe}' | '\u{ffff}');
    text.replace(has_not, "\u{fffd}")
}
