//! The stages, one by one: names, plugins, outcomes, targets, days, failures.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::closest::{closest, hint};
use super::draft::{Draft, DraftStage, Goal};
use super::ground::{bad_name, span_too_long};
use super::problem::list;
use super::version::{Requirement, highest};
use super::{DEFAULT_TEAM, Faults, PAID, SKIPPED, Shelf, config};
use crate::contract::is_name;
use crate::policy::Policy;
use crate::template::TemplateSet;
use crate::workflow::{CatchUp, PluginLock, Span};

/// The longest title of a task, in characters.
const TASK_CHARS_MAX: usize = 200;

/// What the shelf answered: what a workflow is compiled from.
#[derive(Default)]
pub(super) struct Asked {
    /// By the stage's place.
    pub locks: Vec<Option<PluginLock>>,
    pub templates: BTreeMap<String, TemplateSet>,
}

pub(super) fn check(
    draft: &Draft<'_>,
    shelf: &dyn Shelf,
    policy: &Policy,
    faults: &mut Faults,
) -> Asked {
    let mut asked = Asked::default();
    let mut schemas = config::Schemas::default();
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for stage in &draft.stages {
        if let Some(id) = stage.id {
            if !is_name(id, 64) {
                faults.add(stage.at("id"), bad_name(id));
            }
            match seen.get(id) {
                Some(first) => faults.add(
                    stage.at("id"),
                    format!("`{id}` is the id of {first} already"),
                ),
                None => drop(seen.insert(id, &stage.pointer)),
            }
        }
        let lock = stage
            .plugin
            .and_then(|written| find_plugin(stage, written, shelf, faults));
        if let Some(lock) = &lock {
            check_outcomes(draft, stage, lock, faults);
            let templates = &mut asked.templates;
            config::check(stage, lock, shelf, policy, templates, &mut schemas, faults);
        }
        check_targets(draft, stage, faults);
        check_day(stage, faults);
        check_failure(draft, stage, policy, faults);
        asked.locks.push(lock);
    }
    asked
}

/// What a workflow that was published has locked: all that there is on its shelf.
pub(super) fn locked(draft: &Draft<'_>, shelf: &dyn Shelf) -> Asked {
    let mut unheard = Faults::default();
    let lock = |stage: &DraftStage<'_>| {
        let written = stage.plugin?;
        find_plugin(stage, written, shelf, &mut unheard)
    };
    Asked {
        locks: draft.stages.iter().map(lock).collect(),
        templates: shelf
            .templates()
            .into_iter()
            .filter_map(|name| shelf.template(&name).map(|template| (name, template)))
            .collect(),
    }
}

fn find_plugin(
    stage: &DraftStage<'_>,
    written: &str,
    shelf: &dyn Shelf,
    faults: &mut Faults,
) -> Option<PluginLock> {
    let parsed = written
        .split_once('@')
        .and_then(|(name, version)| Some((name, Requirement::parse(version)?)));
    let Some((name, requirement)) = parsed else {
        let text = format!(
            "`{written}` is not a plugin's name and version: write name@1, name@1.2 or name@1.2.3"
        );
        faults.add(stage.at("plugin"), text);
        return None;
    };
    let plugins = shelf.plugins();
    let of_name = plugins.iter().filter(|(other, _)| other == name);
    let versions: Vec<_> = of_name.map(|(_, version)| version.as_str()).collect();
    let is_asked = |version: &&str| shelf.revoked(name, version).is_none();
    let asked = versions.iter().copied().filter(is_asked);
    let found = highest(&requirement, asked).and_then(|version| shelf.plugin(name, version));
    if found.is_none() {
        let revoked = highest(&requirement, versions.iter().copied());
        let because = revoked.and_then(|version| Some((version, shelf.revoked(name, version)?)));
        faults.add(
            stage.at("plugin"),
            if let Some((version, because)) = because {
                format!("{name}@{version} is revoked, and is not asked: {because}")
            } else if versions.is_empty() {
                format!(
                    "there is no plugin `{name}`{}",
                    hint(name, plugins.iter().map(|(name, _)| name.as_str()))
                )
            } else {
                format!(
                    "there is no version {requirement} of `{name}`: there is {}",
                    list(&versions, "and")
                )
            },
        );
    }
    found
}

fn check_outcomes(
    draft: &Draft<'_>,
    stage: &DraftStage<'_>,
    lock: &PluginLock,
    faults: &mut Faults,
) {
    let label = lock.label();
    let declared: Vec<&str> = lock.manifest.outcomes.iter().map(String::as_str).collect();
    for outcome in declared.iter().filter(|outcome| is_the_hosts(outcome)) {
        faults.add(
            stage.at("plugin"),
            format!("`{label}` declares the outcome `{outcome}`, which is the host's own"),
        );
    }
    if !stage.value.get("on").is_some_and(Value::is_object) {
        return;
    }
    // An outcome that was misspelt is one problem, not two.
    let mut meant = Vec::new();
    let taken: BTreeSet<&str> = stage.on.iter().map(|(outcome, _)| *outcome).collect();
    let free: Vec<&str> = declared
        .iter()
        .copied()
        .filter(|name| !taken.contains(name))
        .collect();
    for (outcome, _) in stage
        .on
        .iter()
        .filter(|(outcome, _)| !is_the_hosts(outcome) && !declared.contains(outcome))
    {
        let text = match closest(outcome, free.iter().copied()) {
            Some(name) => {
                meant.push(name);
                format!("`{outcome}` is no outcome of `{label}`: did you mean `{name}`?")
            }
            None => format!(
                "`{outcome}` is no outcome of `{label}`: it has {}",
                list(&declared, "and")
            ),
        };
        faults.add(stage.outcome(outcome), text);
    }
    let mapped = |name: &str| taken.contains(name);
    for name in declared
        .iter()
        .filter(|name| !is_the_hosts(name) && !mapped(name) && !meant.contains(name))
    {
        faults.add(
            stage.at("on"),
            format!("the outcome `{name}` of `{label}` leads nowhere"),
        );
    }
    if draft.catch_up == Some(CatchUp::Skip) && !mapped(SKIPPED) {
        faults.add(
            stage.at("on"),
            "the host's outcome `skipped` leads nowhere, and `catch_up: skip` needs it",
        );
    }
}

fn is_the_hosts(outcome: &str) -> bool {
    outcome == SKIPPED || outcome == PAID
}

fn check_targets(draft: &Draft<'_>, stage: &DraftStage<'_>, faults: &mut Faults) {
    for (outcome, goal) in &stage.on {
        match *outcome {
            PAID => faults.add(
                stage.outcome(PAID),
                "`paid` is the workflow's, not a stage's: name the stage that it leads to under /paid",
            ),
            SKIPPED if draft.catch_up.is_some_and(|choice| choice != CatchUp::Skip) => {
                faults.add(stage.outcome(SKIPPED), "`skipped` only happens under `catch_up: skip`");
            }
            _ => {}
        }
        if let Some(Goal::Stage(id)) = goal
            && !draft.ids().any(|other| other == *id)
        {
            faults.add(
                stage.outcome(outcome),
                format!("there is no stage `{id}`{}", hint(id, draft.ids())),
            );
        }
    }
}

fn check_day(stage: &DraftStage<'_>, faults: &mut Faults) {
    if let Some(days) = stage
        .days_overdue
        .filter(|days| !(-365..=3_650).contains(days))
    {
        faults.add(
            stage.at("at/days_overdue"),
            format!("{days} is not between -365 and 3650"),
        );
    }
    let pointer = stage.at("at/after_previous");
    check_span(
        stage.value.pointer("/at/after_previous"),
        &pointer,
        0,
        faults,
    );
}

/// Reports a span below `least` days, and one that the schema lets pass and is too long.
fn check_span(value: Option<&Value>, pointer: &str, least: u16, faults: &mut Faults) {
    let Some(text) = value.and_then(Value::as_str) else {
        return;
    };
    match text.parse::<Span>() {
        Ok(span) if span.days < least => {
            faults.add(pointer, format!("`{text}` is not at least {least}d"));
        }
        Ok(_) => {}
        Err(error) => span_too_long(pointer, text, &error.to_string(), faults),
    }
}

fn check_failure(draft: &Draft<'_>, stage: &DraftStage<'_>, policy: &Policy, faults: &mut Faults) {
    if let Some(id) = stage.on_failure
        && !draft.ids().any(|other| other == id)
    {
        faults.add(
            stage.at("on_failure/stage"),
            format!("there is no stage `{id}`{}", hint(id, draft.ids())),
        );
    }
    let Some(failure) = stage.value.get("on_failure") else {
        return;
    };
    check_span(failure.get("hold"), &stage.at("on_failure/hold"), 1, faults);
    let text = |name: &str| failure.get(name).and_then(Value::as_str);
    if let Some(task) = text("task") {
        let chars = task.trim().chars().count();
        if chars == 0 || chars > TASK_CHARS_MAX || task.contains(char::is_control) {
            faults.add(
                stage.at("on_failure/task"),
                format!("a task's title is one line of 1 to {TASK_CHARS_MAX} characters"),
            );
        }
    }
    if let Some(team) =
        text("team").filter(|team| *team != DEFAULT_TEAM && !policy.teams.contains(*team))
    {
        let hint = hint(
            team,
            policy
                .teams
                .iter()
                .map(String::as_str)
                .chain([DEFAULT_TEAM]),
        );
        faults.add(
            stage.at("on_failure/team"),
            format!("there is no team `{team}`{hint}"),
        );
    }
}
