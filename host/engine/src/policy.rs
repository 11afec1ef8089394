//! Reading a policy with every fault of it named, and what it means beside the shelf.

use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::window::SendWindow;
use regua_domain::workflow::check::Problem;
use regua_storage::{TenantRow, WorkflowRow};
use serde_json::{Map, Value};

/// Members that have to be there.
const NEEDED: [&str; 2] = ["display_name", "charges_on_paid_principal"];

/// Members whose own members are looked at one by one.
const PARTED: [&str; 4] = ["contact", "interest_terms", "calendars", "plugin_grants"];

/// Reads a policy document for a tenant.
///
/// Each part is tried in a sound policy by itself, so that one fault hides no other.
pub fn read(value: &Value, row: &TenantRow) -> Result<Policy, Vec<Problem>> {
    let Some(members) = value.as_object() else {
        return Err(vec![Problem::new("", "is not an object")]);
    };
    let mut faults = Vec::new();
    for name in NEEDED {
        if !members.contains_key(name) {
            faults.push(Problem::new(format!("/{name}"), "is missing"));
        }
    }
    for (name, value) in members {
        let pointer = format!("/{name}");
        match value {
            Value::Object(parts) if PARTED.contains(&name.as_str()) => {
                for (part, value) in parts {
                    let alone = Map::from_iter([(part.clone(), value.clone())]);
                    probe(
                        name,
                        Value::Object(alone),
                        format!("{pointer}/{part}"),
                        &mut faults,
                    );
                }
            }
            Value::Array(items) if name == "assignment" => {
                for (at, item) in items.iter().enumerate() {
                    let alone = Value::Array(vec![item.clone()]);
                    probe(name, alone, format!("{pointer}/{at}"), &mut faults);
                }
            }
            _ => probe(name, value.clone(), pointer, &mut faults),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let policy: Policy = serde_json::from_value(value.clone())
        .map_err(|error| vec![Problem::new("", error.to_string())])?;
    check(&policy, row, &mut faults);
    if faults.is_empty() {
        Ok(policy)
    } else {
        Err(faults)
    }
}

fn probe(name: &str, value: Value, pointer: String, faults: &mut Vec<Problem>) {
    let sound = serde_json::to_value(Policy::new("", ChargesOnPaid::Keep));
    let Ok(Value::Object(mut sound)) = sound else {
        return;
    };
    sound.insert(name.to_owned(), value);
    if let Err(error) = serde_json::from_value::<Policy>(Value::Object(sound)) {
        faults.push(Problem::new(pointer, error.to_string()));
    }
}

fn check(policy: &Policy, row: &TenantRow, faults: &mut Vec<Problem>) {
    if policy.sandbox != row.clock.is_some() {
        let text = "a tenant is created as a sandbox or not, and stays so";
        faults.push(Problem::new("/sandbox", text));
    }
    faults.extend(policy.problems());
}

/// What is wrong with a policy beside the workflows that are published: calendars that are
/// gone; quiet hours in which all of the send window of one that cases get now lies.
pub fn against(policy: &Policy, workflows: &[WorkflowRow]) -> Vec<Problem> {
    let mut faults: Vec<_> = calendars(workflows)
        .filter(|(name, _)| policy.calendar(name).is_none())
        .map(|(name, row)| {
            let text = format!("{}@{} needs the calendar `{name}`", row.name, row.version);
            Problem::new("/calendars", text)
        })
        .collect();
    faults.extend(quiet(policy, workflows));
    faults
}

fn quiet(policy: &Policy, workflows: &[WorkflowRow]) -> Vec<Problem> {
    let quiet = policy.contact.quiet_hours;
    let window = |row: &WorkflowRow| {
        let text = row.document.get("send_window").and_then(Value::as_str);
        SendWindow::parse(text.unwrap_or_default()).ok()
    };
    workflows
        .iter()
        .filter(|row| row.active)
        .filter_map(|row| Some((row, window(row)?)))
        .filter(|(_, window)| !quiet.leave_room(window))
        .map(|(row, window)| {
            let text = format!(
                "leave no minute of the send window of {}@{}, `{}`",
                row.name,
                row.version,
                window.source()
            );
            Problem::new("/contact/quiet_hours", text)
        })
        .collect()
}

/// What may not be meant: workflows that a policy names and no case can get, for nobody who
/// would get them is dunned. They may be published later, so this is no fault.
pub fn warnings(policy: &Policy, workflows: &[WorkflowRow]) -> Vec<Problem> {
    let is_active = |name: &str| workflows.iter().any(|row| row.active && row.name == name);
    let mut named = policy.workflows().peekable();
    if named.peek().is_none() {
        let text = "the policy assigns no workflow (`default_workflow`): nobody is dunned";
        return vec![Problem::new("", text)];
    }
    named
        .filter(|(_, name)| !is_active(name))
        .map(|(pointer, name)| {
            let text =
                format!("there is no active workflow `{name}`: nobody who would get it is dunned");
            Problem::new(pointer, text)
        })
        .collect()
}

/// Calendars that published workflows name, each under a version that does.
fn calendars(workflows: &[WorkflowRow]) -> impl Iterator<Item = (&str, &WorkflowRow)> {
    workflows.iter().filter_map(|row| {
        let name = row.document.get("calendar").and_then(Value::as_str)?;
        Some((name, row))
    })
}

/// The published version that needs a calendar of the tenant's own, if one does: cases may be
/// pinned to any.
pub fn calendar_user<'a>(name: &str, workflows: &'a [WorkflowRow]) -> Option<&'a WorkflowRow> {
    calendars(workflows)
        .find(|(used, _)| *used == name)
        .map(|(_, row)| row)
}

#[cfg(test)]
mod tests {
    use regua_domain::id::TenantId;
    use serde_json::json;

    use super::*;

    fn row() -> TenantRow {
        TenantRow {
            id: TenantId(uuid::Uuid::nil()),
            name: "acme".to_owned(),
            policy: Policy::new("Acme", ChargesOnPaid::Keep),
            clock: None,
            revision: 0,
        }
    }

    #[test]
    fn every_fault_of_a_policy_is_named_with_its_place() {
        let document = json!({
            "display_name": 3,
            "reopen_day": 5,
            "contact": { "quiet_hours": { "from": "x", "to": 1 }, "gap_hours": { "nagging": 3 } },
            "interest_terms": { "late": { "rates": [] } },
            "assignment": [{ "workflow": "a" }, { "workflow": "b", "currency": "ZZZ" }],
            "plugin_grants": { "nagger": ["send-message", "sue"], "noter": ["add-note"] },
            "signed_plugins": "yes",
        });
        let faults = read(&document, &row()).unwrap_err();
        let places: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(
            places,
            [
                "/charges_on_paid_principal",
                "/assignment/1",
                "/contact/gap_hours",
                "/contact/quiet_hours",
                "/display_name",
                "/interest_terms/late",
                "/plugin_grants/nagger",
                "/reopen_day",
                "/signed_plugins",
            ]
        );
    }

    #[test]
    fn a_live_tenant_does_not_become_a_sandbox() {
        let mut policy = row().policy;
        policy.sandbox = true;
        let document = serde_json::to_value(policy).unwrap();
        let faults = read(&document, &row()).unwrap_err();
        assert_eq!(faults[0].pointer, "/sandbox");
    }

    #[test]
    fn what_is_shown_can_be_set_again() {
        let document = serde_json::to_value(row().policy).unwrap();
        assert_eq!(read(&document, &row()).unwrap(), row().policy);
    }
}
