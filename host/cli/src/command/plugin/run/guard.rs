//! The guard's word on a decision that was made on somebody's own machine.
//!
//! The guard rules on a case in its place: with the tenant's policy, the workflow, and all that is
//! at hand of the customer. A situation tells only a part of that. What it does not tell is
//! assumed, and each assumption that can matter is said.

mod dossier;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::Tz;
use regua_domain::calendar::{Calendar, Roll, WEEKENDS};
use regua_domain::case::WorkflowRef;
use regua_domain::contract::{
    Action, Content, CoverKind, Decision, Manifest, Message, Situation, Verdict,
};
use regua_domain::guard::Bench;
use regua_domain::money::Currency;
use regua_domain::policy::Policy;
use regua_domain::template::{Parts, Template, TemplateSet};
use regua_domain::window::SendWindow;
use regua_domain::workflow::{
    CatchUp, Earliest, HoldWithTask, LateEntry, OnFailure, OnReanchor, PluginLock, Span, Stage,
    Workflow,
};
use serde::Serialize;

use crate::command::policy;
use crate::exit::Usage;

/// At any time of any day.
const ALWAYS: &str = "0 * * * * *";

/// What the guard said, and what it took for given.
#[derive(Debug, Default, Serialize)]
pub(super) struct Ruled {
    /// One for each proposal, in its order.
    pub verdicts: Vec<Verdict>,
    /// In words: what the situation does not tell.
    pub assumed: Vec<String>,
}

/// Rules on a decision as a host would, as far as the situation tells. Errors: the situation names
/// a currency or a time zone that there is not.
pub(super) fn rule(
    decision: &Decision,
    situation: &Situation,
    config: &str,
    plugin: (&str, &Manifest),
    policy: Option<Policy>,
) -> anyhow::Result<Ruled> {
    let wrong =
        |pointer: &str, text: String| Usage(format!("the situation at `{pointer}`: {text}"));
    let currency = Currency::parse(&situation.balance.currency)
        .map_err(|error| wrong("/balance/currency", error.to_string()))?;
    let zone: Tz = situation.now.time_zone.parse().map_err(|_| {
        let name = &situation.now.time_zone;
        wrong("/now/time-zone", format!("`{name}` is no IANA time zone"))
    })?;
    let assumed = assumed(decision, situation, policy.is_some());
    let policy = policy.unwrap_or_else(policy::plain);
    let stage = stage(situation, config, plugin);
    let workflow = workflow(stage.clone(), decision)?;
    let dossier = dossier::of(situation, currency, zone);
    let Some(case) = dossier.cases.first() else {
        anyhow::bail!("a stand-in of a dossier has its case");
    };
    let bench = Bench {
        policy: &policy,
        workflow: &workflow,
        stage: &stage,
        dossier: &dossier,
        case,
        not_before: situation.stage.entered,
        now: situation.now.at,
        today: situation.now.local_date,
    };
    Ok(Ruled {
        verdicts: bench.judge(decision).verdicts,
        assumed,
    })
}

/// The stage where the case is: a workflow gives it more than the guard looks at.
fn stage(situation: &Situation, config: &str, (digest, manifest): (&str, &Manifest)) -> Stage {
    Stage {
        id: situation.stage.id.clone(),
        plugin: PluginLock {
            digest: digest.to_owned(),
            manifest: manifest.clone(),
        },
        config: Arc::from(config),
        config_digest: String::new(),
        at: Earliest {
            days_overdue: None,
            after_previous: None,
        },
        on: BTreeMap::new(),
        on_failure: OnFailure::Hold(HoldWithTask {
            hold: Span::days(7),
            task: String::new(),
            team: String::new(),
        }),
    }
}

/// A workflow of one stage, without a tolerance, whose send window is always open, and which has
/// every template that is asked for.
fn workflow(stage: Stage, decision: &Decision) -> anyhow::Result<Workflow> {
    let calendar = Calendar::named(WEEKENDS);
    let templates = messages(decision).filter_map(|message| match &message.content {
        Content::Template(name) => Some((name.clone(), template(name)?)),
        Content::Inline { .. } => None,
    });
    Ok(Workflow {
        reference: WorkflowRef {
            name: String::new(),
            version: 1,
        },
        stages: vec![stage],
        window: SendWindow::parse(ALWAYS)?,
        calendar: calendar.ok_or_else(|| anyhow::anyhow!("there is no calendar {WEEKENDS}"))?,
        roll: Roll::None,
        tolerance: BTreeMap::new(),
        late_entry: LateEntry::First,
        catch_up: CatchUp::default(),
        on_reanchor: OnReanchor::default(),
        paid: None,
        max_silence: 30,
        templates: templates.collect(),
    })
}

/// A template that can always be written.
fn template(name: &str) -> Option<TemplateSet> {
    let template = Template {
        name: name.to_owned(),
        locale: "en".to_owned(),
        parts: Parts {
            subject: "A letter".to_owned(),
            text: "A letter".to_owned(),
            short: Some("A letter".to_owned()),
            html: None,
        },
    };
    TemplateSet::new(name, vec![template]).ok()
}

/// All messages of a decision, drafts for people too.
fn messages(decision: &Decision) -> impl Iterator<Item = &Message> {
    let actions = decision.proposals.iter().map(|proposal| &proposal.action);
    actions.filter_map(|action| match action {
        Action::SendMessage(message) => Some(message),
        Action::OpenTask { draft, .. } => draft.as_ref(),
        _ => None,
    })
}

/// What of it can matter to this decision.
fn assumed(decision: &Decision, situation: &Situation, has_policy: bool) -> Vec<String> {
    let has = |wanted: &dyn Fn(&Action) -> bool| {
        let mut actions = decision.proposals.iter().map(|proposal| &proposal.action);
        actions.any(wanted)
    };
    let mut assumed = Vec::new();
    if decision.proposals.is_empty() {
        return assumed;
    }
    if !has_policy {
        assumed.push(
            "the policy is a new tenant's, without teams, agencies and terms of interest: \
             --policy FILE says another"
                .to_owned(),
        );
    }
    if has(&|action| matches!(action, Action::SendMessage(_))) {
        assumed.push(
            "the workflow's send window is open, it has no tolerance, and the stage's day has come"
                .to_owned(),
        );
        assumed.push(
            "channels that are not reachable have no address; contacts of other cases in the last \
             7 days were all at the time of the last one"
                .to_owned(),
        );
    }
    let mut names: Vec<_> = messages(decision)
        .filter_map(|message| match &message.content {
            Content::Template(name) => Some(format!("`{name}`")),
            Content::Inline { .. } => None,
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    if !names.is_empty() {
        let names = names.join(", ");
        assumed.push(format!(
            "the tenant has the template {names}, and it can be written"
        ));
    }
    if has(&|action| matches!(action, Action::AddFee { .. } | Action::AddInterest { .. })) {
        assumed.push("no fee and no interest was charged on the items before".to_owned());
    }
    let covers = situation.balance.covers.iter();
    let mut of_several =
        covers.filter(|cover| cover.subject.is_empty() && !matches!(cover.kind, CoverKind::Hold));
    if of_several.next().is_some() {
        assumed.push("covers of several items take the oldest of all items first".to_owned());
    }
    if situation.balance.items_omitted > 0 {
        let omitted = situation.balance.items_omitted;
        assumed.push(format!(
            "the {omitted} items that the situation leaves out are not there"
        ));
    }
    assumed
}

#[cfg(test)]
mod tests;
