//! Publishing's gate: reads a document, checks it whole, and compiles it.
//!
//! Every fault is reported at once, with an RFC 6901 pointer into the document and, where
//! the text is at hand, its line. The checks are lenient about one another: what one fault
//! makes unreadable is left out by the checks that would need it, so that one typo is one
//! problem.

mod bounds;
mod closest;
mod compile;
mod config;
mod draft;
mod effort;
mod grants;
mod ground;
mod parts;
mod paths;
mod problem;
mod read;
mod references;
mod schema;
mod stages;
mod version;
mod wording;

use std::sync::Arc;

use serde_json::Value;

use super::{PluginLock, Workflow};
use crate::calendar::Calendar;
use crate::contract::ConfigProblem;
use crate::policy::Policy;
use crate::template::TemplateSet;

pub use compile::canonical;
pub use grants::ungranted;
pub use problem::Problem;
pub use read::{DOCUMENT_BYTES_MAX, Form, Lines, read};
pub use schema::{Schema, document_schema};
pub use version::{Requirement, Version, highest};

/// The largest config of a stage, as canonical JSON.
pub const CONFIG_BYTES_MAX: usize = 16 * 1024;
/// The most stages a workflow may have.
pub const STAGES_MAX: usize = 100;
/// The most problems of a document that are told; of more, how many there are.
pub const PROBLEMS_MAX: usize = 100;
/// The host's own outcome of a stage that a late timer passes over.
pub const SKIPPED: &str = "skipped";
/// The host's own outcome of a case whose debt is gone.
pub const PAID: &str = "paid";
/// The team that always exists: where tasks go by default.
pub const DEFAULT_TEAM: &str = "collections";

/// What the checker asks of a tenant's shelf: its plugins and templates.
pub trait Shelf {
    /// Every plugin version on the shelf: name and semantic version.
    fn plugins(&self) -> Vec<(String, String)>;
    /// One plugin version. The checker has matched the version already: it is exact.
    fn plugin(&self, name: &str, version: &str) -> Option<PluginLock>;
    /// Why a version is not to be asked any more; none: it may be.
    fn revoked(&self, _name: &str, _version: &str) -> Option<String> {
        None
    }
    /// The names of all published templates.
    fn templates(&self) -> Vec<String>;
    /// A published template.
    fn template(&self, name: &str) -> Option<TemplateSet>;
    /// The tenant's segments; `None` where it keeps no list and any name will do.
    fn segments(&self) -> Option<Vec<String>> {
        None
    }
    /// The names of holiday calendars, sorted.
    fn calendars(&self) -> Vec<String> {
        Calendar::names().map(str::to_owned).collect()
    }
    /// A holiday calendar; by default those that come with Régua.
    fn calendar(&self, name: &str) -> Option<Arc<Calendar>> {
        Calendar::named(name)
    }
    /// Asks the component's `check-config`. `config` is canonical JSON that fits the
    /// plugin's schema. The error is why it could not answer.
    fn check_config(&self, lock: &PluginLock, config: &str) -> Result<Vec<ConfigProblem>, String>;
}

/// Checks a document whole and compiles it into version `version` of its workflow.
///
/// The problems come in the document's order, without a line: see [`Lines::number`], or
/// [`check_text`], which does both.
pub fn check(
    value: &Value,
    shelf: &dyn Shelf,
    policy: &Policy,
    version: u32,
) -> Result<Workflow, Vec<Problem>> {
    let mut faults = Faults::default();
    schema::check_document(value, &mut faults);
    let draft = draft::Draft::of(value);
    ground::check(&draft, shelf, policy, &mut faults);
    let asked = stages::check(&draft, shelf, policy, &mut faults);
    paths::check(&draft, &mut faults);
    if faults.told.is_empty() {
        match compile::compile(value, asked, shelf, version) {
            Ok(workflow) => return Ok(workflow),
            Err(text) => faults.add("", text),
        }
    }
    Err(faults.in_order(value))
}

/// Compiles a document that was checked when it was published. Nothing is checked again, nor
/// do settings that changed since unpublish it: what it has locked is what is on the shelf.
pub fn reopen(value: &Value, shelf: &dyn Shelf, version: u32) -> Result<Workflow, String> {
    let asked = stages::locked(&draft::Draft::of(value), shelf);
    compile::compile(value, asked, shelf, version)
}

/// [`read`], then [`check`], with the line of every problem.
pub fn check_text(
    text: &str,
    form: Form,
    shelf: &dyn Shelf,
    policy: &Policy,
    version: u32,
) -> Result<Workflow, Vec<Problem>> {
    let value = read(text, form)?;
    check(&value, shelf, policy, version).map_err(|mut problems| {
        Lines::of(text).number(&mut problems);
        problems
    })
}

/// The problems found so far.
#[derive(Debug, Default)]
struct Faults {
    told: Vec<Problem>,
    /// Found beside these, and only counted.
    untold: usize,
}

impl Faults {
    fn add(&mut self, pointer: impl Into<String>, text: impl Into<String>) {
        self.told.push(Problem::new(pointer, text));
    }

    /// In the document's order: keys in the order of the host's own document, indices as
    /// numbers, and each problem once. The last says how many there are beyond
    /// [`PROBLEMS_MAX`].
    fn in_order(mut self, value: &Value) -> Vec<Problem> {
        self.told.sort_by_cached_key(|problem| problem.place(value));
        self.told.dedup();
        let untold = self.untold + self.told.len().saturating_sub(PROBLEMS_MAX);
        self.told.truncate(PROBLEMS_MAX);
        if untold > 0 {
            self.add("", format!("and {untold} more problems"));
        }
        self.told
    }
}

#[cfg(test)]
mod tests;
