//! Reading a policy with every fault of it named.

use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::window::SendWindow;
use regua_domain::workflow::check::Problem;
use regua_storage::{TenantRow, WorkflowRow};
use serde_json::{Map, Value};

use crate::out::note;

/// Members that have to be there.
const NEEDED: [&str; 2] = ["display_name", "charges_on_paid_principal"];

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
            Value::Object(parts) if name == "contact" || name == "interest_terms" => {
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

/// What is wrong with a policy beside the workflows that cases get now: quiet hours in which
/// all of a send window lies.
pub fn against(policy: &Policy, workflows: &[WorkflowRow]) -> Vec<Problem> {
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

/// Says on standard error which workflows a policy names that no case can get: nobody who
/// would get them is dunned. They may be published later, so this is no fault.
pub fn note_missing(policy: &Policy, workflows: &[WorkflowRow]) {
    let is_active = |name: &str| workflows.iter().any(|row| row.active && row.name == name);
    let mut named = policy.workflows().peekable();
    if named.peek().is_none() {
        note!("warning: the policy assigns no workflow (`default_workflow`): nobody is dunned");
    }
    for (pointer, name) in named.filter(|(_, name)| !is_active(name)) {
        note!(
            "warning: {pointer}: there is no active workflow `{name}`: nobody who would get it is \
             dunned"
        );
    }
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
                "/reopen_day",
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
    fn the_example_has_every_setting_and_is_sound() {
        let document = include_str!("../../../examples/policy.yaml");
        let document: Value = serde_saphyr::from_str(document).unwrap();
        let policy = read(&document, &row()).unwrap();
        let Ok(Value::Object(all)) = serde_json::to_value(policy) else {
            panic!("not an object")
        };
        for name in all.keys() {
            assert!(document.get(name).is_some(), "{name}");
        }
    }

    #[test]
    fn what_is_shown_can_be_set_again() {
        let document = serde_json::to_value(row().policy).unwrap();
        assert_eq!(read(&document, &row()).unwrap(), row().policy);
    }
}
