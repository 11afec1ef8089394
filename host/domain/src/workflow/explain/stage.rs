//! A stage in words.

use std::fmt::Write as _;

use serde_json::Value;

use super::{days, wrap};
use crate::workflow::{DeclaredEnd, OnFailure, Span, Stage, Target};

pub(super) fn tell(place: usize, stage: &Stage, text: &mut String) {
    let _ = writeln!(text, "## {}. {}\n", place + 1, stage.id);
    let manifest = &stage.plugin.manifest;
    let summary = match manifest.summary.trim().trim_end_matches('.') {
        "" => String::new(),
        summary => format!(": {summary}"),
    };
    wrap(
        &format!(
            "{} It runs `{}`{summary}.",
            beginning(stage),
            stage.plugin.label()
        ),
        "",
        "",
        text,
    );
    let settings = settings(stage);
    if !settings.is_empty() {
        text.push_str("\nSettings:\n\n");
        for setting in settings {
            wrap(&setting, "- ", "  ", text);
        }
    }
    text.push_str("\nThen:\n\n");
    for (outcome, target) in &stage.on {
        wrap(
            &format!("`{outcome}`: {}.", leads(target)),
            "- ",
            "  ",
            text,
        );
    }
    wrap(
        &format!(
            "if the stage fails or refuses: {}.",
            failure(&stage.on_failure)
        ),
        "- ",
        "  ",
        text,
    );
}

fn beginning(stage: &Stage) -> String {
    let day = stage.at.days_overdue.map(|count| match count {
        0 => "on the day on which the debt falls due".to_owned(),
        1.. => format!(
            "when the debt is {} overdue",
            days(count.unsigned_abs() as u16)
        ),
        _ => format!(
            "{} before the earliest due date",
            days(count.unsigned_abs() as u16)
        ),
    });
    let after = stage.at.after_previous.filter(|span| span.days > 0);
    let after = after.map(|span| format!("{} after the stage before it was left", length(span)));
    match (day, after) {
        (None, None) => "Begins as soon as another stage leads here.".to_owned(),
        (Some(day), None) => format!("Begins {day}, at the earliest."),
        (None, Some(after)) => format!("Begins {after}, at the earliest."),
        (Some(day), Some(after)) => format!("Begins {day}, but not before {after}."),
    }
}

fn length(span: Span) -> String {
    match (span.business, span.days) {
        (false, count) => days(count),
        (true, 1) => "1 business day".to_owned(),
        (true, count) => format!("{count} business days"),
    }
}

fn leads(target: &Target) -> String {
    match target {
        Target::Stage(id) => format!("goes on to `{id}`"),
        Target::End {
            end: DeclaredEnd::Returned,
        } => "the case ends as returned".to_owned(),
        Target::End {
            end: DeclaredEnd::WrittenOff,
        } => "the case ends as written off".to_owned(),
        Target::End {
            end: DeclaredEnd::Closed,
        } => "the case is closed".to_owned(),
    }
}

fn failure(on_failure: &OnFailure) -> String {
    match on_failure {
        OnFailure::Stage { stage } => format!("goes to `{stage}`"),
        OnFailure::Hold(hold) => {
            format!(
                "the case is held for {}, and the team `{}` gets the task “{}”",
                length(hold.hold),
                hold.team,
                hold.task
            )
        }
    }
}

/// `title (name): value` for each of the config's members, nested ones by dotted names.
fn settings(stage: &Stage) -> Vec<String> {
    let config: Value = serde_json::from_str(&stage.config).unwrap_or_default();
    let schema: Value =
        serde_json::from_str(&stage.plugin.manifest.config_schema).unwrap_or_default();
    let mut found = Vec::new();
    flatten("", &config, &schema, &mut found);
    found
}

fn flatten(name: &str, value: &Value, schema: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) if !members.is_empty() || name.is_empty() => {
            for (key, value) in members {
                let below = if name.is_empty() {
                    key.clone()
                } else {
                    format!("{name}.{key}")
                };
                flatten(&below, value, &schema["properties"][key], found);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (index, item) in items.iter().enumerate() {
                flatten(
                    &format!("{name}[{}]", index + 1),
                    item,
                    &schema["items"],
                    found,
                );
            }
        }
        value => {
            let title = schema["title"]
                .as_str()
                .map(|title| format!("{title} (`{name}`)"));
            found.push(format!(
                "{}: {}",
                title.unwrap_or_else(|| format!("`{name}`")),
                shown(value)
            ));
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
