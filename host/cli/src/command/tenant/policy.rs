//! Reading a policy with every fault of it named.

use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::workflow::check::Problem;
use regua_storage::TenantRow;
use serde_json::{Map, Value};

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
    let mut say = |ok: bool, pointer: &str, text: &str| {
        if !ok {
            faults.push(Problem::new(pointer, text));
        }
    };
    let name = policy.display_name.trim();
    say(!name.is_empty(), "/display_name", "is empty");
    say(
        !policy.display_name.chars().any(char::is_control),
        "/display_name",
        "has a control character",
    );
    say(
        policy.sandbox == row.clock.is_some(),
        "/sandbox",
        "a tenant is created as a sandbox or not, and stays so",
    );
    let quiet = policy.contact.quiet_hours;
    say(
        quiet.from < 1_440 && quiet.to < 1_440,
        "/contact/quiet_hours",
        "minutes of a day are 0 to 1439",
    );
    say(
        policy.fee_ceilings.values().all(|share| *share <= 10_000),
        "/fee_ceilings",
        "a share is at most 10000 basis points",
    );
    say(
        is_link_base(&policy.link_base),
        "/link_base",
        "is not an https:// address",
    );
}

/// Whether links can lead there; nowhere, where it is empty.
pub fn is_link_base(text: &str) -> bool {
    text.is_empty() || text.starts_with("https://")
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
