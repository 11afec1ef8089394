//! What is known of what happened: fields that are there where they mean something.

use regua_domain::dossier::Dossier;
use regua_domain::id::TaskId;
use regua_domain::time::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::payload::data;

/// What is known of it; a field is there where it means something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(default)]
pub struct About {
    /// Of a case: the stage that it is about; of an effect: the stage that proposed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// By what a stage was left; what came of a task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Of a case that went back, or on under another version: from which stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// How a case ended: `resolved`, `returned`, `written-off` or `closed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<&'static str>,
    /// Of a case that was opened: how late its oldest debt is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_overdue: Option<i32>,
    /// The effect that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<AboutEffect>,
    /// The task that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<AboutTask>,
    /// The payment that it is about, by the tenant's own reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<String>,
    /// The invoices that it is about, by the tenant's own references; the first hundred.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub invoices: Vec<String>,
    /// How much: what was overdue when a case was opened; what was paid, promised, disputed, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<data::Money>,
    /// Of what an agency collected: what it kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commission: Option<data::Money>,
    /// Of what an agency gave back: what it still has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<data::Money>,
    /// By when something is promised, or how long it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub until: Option<Date>,
    /// The stage's own name of the offer, plan or placement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposal: Option<String>,
    /// The version of a workflow that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollout: Option<AboutRollout>,
    /// The plugin version that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plugin: Option<AboutPlugin>,
    /// In a word: of a reply, a dispute, a return; how a plugin was found out. Of a version that
    /// was taken back, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Of a payment that failed or was taken back: its code; of a plugin: how it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Of a payment that failed: whether trying again is of no use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hard: Option<bool>,
    /// Of a dispute: whether the debtor was right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upheld: Option<bool>,
    /// Which channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
}

/// An effect, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WebhookEffect")]
pub struct AboutEffect {
    /// Names it for ever; results are told under it.
    pub key: String,
    /// `send-message`, `charge`, `add-fee`, …
    pub kind: &'static str,
    /// The stage's own name of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposal: Option<String>,
    /// What its system said of it, in a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A version of a workflow that was on trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WebhookRollout")]
pub struct AboutRollout {
    /// The workflow.
    pub workflow: String,
    /// Which version of it.
    pub version: u32,
    /// The one that is active, and under which its cases go on.
    pub active: u32,
    /// Calls of its stages that ended while it was on trial.
    pub calls: u64,
    /// Of these, refusals.
    pub refusals: u64,
    /// Of these, failures.
    pub failures: u64,
}

/// A plugin version, and the decision by which it was found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WebhookPlugin")]
pub struct AboutPlugin {
    /// `name@version`.
    pub plugin: String,
    /// SHA-256 of its component, hex.
    pub digest: String,
    /// The case.
    pub case: String,
    /// Which of its transitions.
    pub sequence: u64,
    /// The stage that was asked.
    pub stage: String,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WebhookTask")]
pub struct AboutTask {
    /// Its id.
    pub id: String,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
}

impl AboutTask {
    pub(super) fn of(dossier: &Dossier, id: TaskId) -> Self {
        let known = dossier.tasks.iter().find(|task| task.id == id);
        Self {
            id: id.to_string(),
            team: known.map(|task| task.team.clone()),
        }
    }
}
