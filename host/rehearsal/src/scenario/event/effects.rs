//! What becomes of what was done: answers to offers, results, agencies, people's tasks.

use regua_domain::contract::{ActionKind, EffectState};
use regua_domain::effect::{Effect, EffectKey, Task, TaskState};
use regua_domain::fact::{EffectResult, Fact, RemittanceFacts};
use regua_domain::id::TaskId;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Amount, Ground, Told};
use crate::scenario::moment::Day;

/// Which effect is meant.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfEffect {
    /// The key that its stage proposed it by; the newest that it can be about, where it is left
    /// out.
    #[serde(default)]
    pub key: Option<String>,
}

/// The newest effect that fits, by its proposal's key where one is named.
fn effect(
    ground: Ground<'_>,
    key: Option<&String>,
    fits: impl Fn(&Effect) -> bool,
    what: &str,
) -> Result<EffectKey, String> {
    let mut newest = ground.dossier.effects.iter().rev();
    let found = newest.find(|effect| key.is_none_or(|key| effect.proposal == *key) && fits(effect));
    found.map(|effect| effect.key).ok_or_else(|| match key {
        Some(key) => format!("there is no {what} of the key `{key}`"),
        None => format!("there is no {what}"),
    })
}

/// How a result reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Became {
    Delivered,
    Opened,
    Bounced,
    Failed,
    Confirmed,
}

/// What became of an effect: of the newest message, for what only messages become, else of the
/// newest that left and was not answered.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultIs {
    /// What.
    pub is: Became,
    /// What the other side said.
    #[serde(default)]
    pub code: Option<String>,
    /// The key that its stage proposed it by.
    #[serde(default)]
    pub key: Option<String>,
}

impl Told for ResultIs {
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
        let of_messages = matches!(
            self.is,
            Became::Delivered | Became::Opened | Became::Bounced
        );
        let left = |effect: &Effect| {
            effect.kind().is_external()
                && matches!(effect.state, EffectState::Done | EffectState::Confirmed)
                && (!of_messages || effect.letter.is_some())
        };
        let what = if of_messages {
            "message that was sent"
        } else {
            "effect that left"
        };
        let code = self.code.clone().unwrap_or_else(|| "as told".to_owned());
        Ok(Fact::EffectResult {
            effect: effect(ground, self.key.as_ref(), left, what)?,
            result: match self.is {
                Became::Delivered => EffectResult::Delivered,
                Became::Opened => EffectResult::Opened,
                Became::Bounced => EffectResult::Bounced { code },
                Became::Failed => EffectResult::Failed { code },
                Became::Confirmed => EffectResult::Confirmed { code },
            },
        })
    }
}

/// An offer that is accepted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptOffer {
    /// Which of its plans, counted from 1.
    #[serde(default = "first")]
    #[schemars(range(min = 1))]
    pub plan: usize,
    /// The key that its stage proposed it by.
    #[serde(default)]
    pub key: Option<String>,
}

const fn first() -> usize {
    1
}

impl Told for AcceptOffer {
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::OfferAnswered {
            effect: offer(ground, self.key.as_ref())?,
            accepted: Some(self.plan),
        })
    }
}

/// An offer that is declined.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct DeclineOffer(OfEffect);

impl Told for DeclineOffer {
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::OfferAnswered {
            effect: offer(ground, self.0.key.as_ref())?,
            accepted: None,
        })
    }
}

fn offer(ground: Ground<'_>, key: Option<&String>) -> Result<EffectKey, String> {
    effect(ground, key, Effect::is_open_offer, "open offer")
}

fn placement(ground: Ground<'_>) -> Result<EffectKey, String> {
    let placed = |effect: &Effect| effect.kind() == ActionKind::PlaceWithAgency;
    effect(ground, None, placed, "placement with an agency")
}

/// What an agency collected.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Remittance {
    /// What the debtor paid, the commission included.
    pub amount: Amount,
    /// What the agency kept of it.
    #[serde(default)]
    pub commission: Option<Amount>,
    /// Its own reference; one that is made up, where it is left out.
    #[serde(default)]
    pub reference: Option<String>,
    /// The entry's own day, where it is left out.
    #[serde(default)]
    pub paid_on: Option<Day>,
}

impl Told for Remittance {
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
        let reference = self.reference.as_ref();
        Ok(Fact::PlacementRemitted(RemittanceFacts {
            placement: placement(ground)?,
            reference: super::money::reference(reference, ground),
            amount: self.amount.0,
            paid_on: self.paid_on.map_or(ground.today, |day| ground.date(day)),
            invoices: Vec::new(),
            commission: self.commission.map(|amount| amount.0),
        }))
    }
}

/// A placement that comes back.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// In a word: untraceable, insolvent, term-over, …
    #[schemars(length(min = 1, max = 64))]
    pub reason: String,
    /// The invoices; all that the agency still has, where none is named.
    #[serde(default)]
    pub invoices: Vec<String>,
}

impl Told for Return {
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::PlacementReturned {
            placement: placement(ground)?,
            invoices: self.invoices.clone(),
            reason: self.reason.clone(),
        })
    }
}

/// The newest open task that fits, by its title where one is named.
fn task(
    ground: Ground<'_>,
    title: Option<&String>,
    fits: impl Fn(&Task) -> bool,
    what: &str,
) -> Result<TaskId, String> {
    let open = |task: &&Task| task.state == TaskState::Open;
    let tasks = ground.dossier.tasks.iter().filter(open);
    let fitting = tasks.filter(|task| title.is_none_or(|title| task.title == *title) && fits(task));
    let newest = fitting.max_by_key(|task| task.opened_at);
    newest.map(|task| task.id).ok_or_else(|| match title {
        Some(title) => format!("there is no {what} called `{title}`"),
        None => format!("there is no {what}"),
    })
}

/// A finished task.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteTask {
    /// What came of it.
    #[schemars(length(min = 1))]
    pub outcome: String,
    /// Its title; the newest open one, where it is left out.
    #[serde(default)]
    pub title: Option<String>,
}

impl Told for CompleteTask {
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
        Ok(Fact::TaskCompleted {
            task: task(ground, self.title.as_ref(), |_| true, "open task")?,
            outcome: self.outcome.clone(),
            by: None,
        })
    }
}

/// An approved draft.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveDraft {
    /// Its task's title; the newest open one with a draft, where it is left out.
    #[serde(default)]
    pub title: Option<String>,
}

impl Told for ApproveDraft {
    fn fact(&self, ground: Ground<'_>) -> Result<Fact, String> {
        let drafted = |task: &Task| task.draft.is_some();
        Ok(Fact::DraftApproved {
            task: task(
                ground,
                self.title.as_ref(),
                drafted,
                "open task with a draft",
            )?,
            by: None,
        })
    }
}
