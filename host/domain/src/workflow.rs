//! Workflows: the ladder as its author writes it ([`Document`]) and as the engine walks
//! it ([`Workflow`]): checked, with plugins and templates locked by digest.

pub mod check;
mod document;
pub mod explain;
pub mod graph;
#[cfg(test)]
mod sample;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::calendar::{Calendar, Roll};
use crate::case::WorkflowRef;
use crate::contract::Manifest;
use crate::money::Currency;
use crate::template::TemplateSet;
use crate::time::{Date, Timestamp};
use crate::window::SendWindow;

pub use document::*;

/// A plugin version, locked by what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginLock {
    /// SHA-256 of the component, hex.
    pub digest: String,
    /// What it said of itself.
    pub manifest: Manifest,
}

impl PluginLock {
    /// `name@version`.
    pub fn label(&self) -> String {
        format!("{}@{}", self.manifest.name, self.manifest.version)
    }
}

/// One rung, ready to be asked.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Unique in the workflow.
    pub id: String,
    /// The component.
    pub plugin: PluginLock,
    /// Canonical JSON.
    pub config: Arc<str>,
    /// SHA-256 of it, hex.
    pub config_digest: String,
    /// The earliest day.
    pub at: Earliest,
    /// Where each outcome leads.
    pub on: BTreeMap<String, Target>,
    /// Where a refusal or failure leads.
    pub on_failure: OnFailure,
}

/// A published version of a workflow.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// Name and version.
    pub reference: WorkflowRef,
    /// In the document's order.
    pub stages: Vec<Stage>,
    /// When debtors may be written to.
    pub window: SendWindow,
    /// Business days.
    pub calendar: Arc<Calendar>,
    /// How a day that is none rolls.
    pub roll: Roll,
    /// Balances up to this are not chased, minor units.
    pub tolerance: BTreeMap<Currency, i64>,
    /// Where a case starts that is found late.
    pub late_entry: LateEntry,
    /// What becomes of a timer that fires late.
    pub catch_up: CatchUp,
    /// What becomes of a case whose anchor moves later.
    pub on_reanchor: OnReanchor,
    /// Where `paid` leads; none: the case ends.
    pub paid: Option<String>,
    /// Days after which any stage is asked again.
    pub max_silence: u16,
    /// Locked templates by name.
    pub templates: BTreeMap<String, TemplateSet>,
}

impl Workflow {
    /// A stage by id.
    pub fn stage(&self, id: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.id == id)
    }

    /// The place of a stage in the document.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.id == id)
    }

    /// Minor units up to which a balance is not chased.
    pub fn tolerance(&self, currency: Currency) -> i64 {
        self.tolerance.get(&currency).copied().unwrap_or(0)
    }

    /// The first stage that nothing but the debt's age leads to: where a new case starts.
    pub fn first(&self) -> Option<&Stage> {
        self.stages.first()
    }

    /// How many days overdue a new case's debt is at least; negative: coming due.
    pub fn first_day(&self) -> i32 {
        self.first()
            .and_then(|stage| stage.at.days_overdue)
            .unwrap_or(1)
    }

    /// Where a case that is `days_overdue` old starts: the last stage whose day has come,
    /// or the first, as the document chose.
    pub fn entry(&self, days_overdue: i32) -> Option<&Stage> {
        match self.late_entry {
            LateEntry::First => self.first(),
            LateEntry::ByAge => self.latest_by_age(0, days_overdue).or_else(|| self.first()),
        }
    }

    /// The last stage from place `from` on whose day has come.
    pub fn latest_by_age(&self, from: usize, days_overdue: i32) -> Option<&Stage> {
        self.stages
            .iter()
            .skip(from)
            .rfind(|stage| stage.at.days_overdue.is_some_and(|day| day <= days_overdue))
    }

    /// The first instant on or after `date` at which a debtor in `zone` may be written
    /// to, spread over the window's first hour by `phase`; not before `now`.
    pub fn opening(
        &self,
        date: Date,
        now: Timestamp,
        zone: chrono_tz::Tz,
        phase: u64,
    ) -> Timestamp {
        let start = Timestamp::start_of(self.calendar.roll(date, self.roll), zone).max(now);
        self.window
            .next_wake(start, zone, &self.calendar, self.roll, phase)
            .unwrap_or(Timestamp::NEVER)
    }
}
