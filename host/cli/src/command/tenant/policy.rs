//! What is said of a policy on the command line.

use regua_domain::policy::Policy;
use regua_storage::WorkflowRow;

pub use regua_engine::policy::{against, read};

use crate::out::note;

/// Says on standard error which workflows a policy names that no case can get.
pub fn note_missing(policy: &Policy, workflows: &[WorkflowRow]) {
    for warning in regua_engine::policy::warnings(policy, workflows) {
        if warning.pointer.is_empty() {
            note!("warning: {}", warning.text);
        } else {
            note!("warning: {}: {}", warning.pointer, warning.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use regua_domain::id::TenantId;
    use regua_domain::policy::ChargesOnPaid;
    use regua_storage::TenantRow;
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_example_has_every_setting_and_is_sound() {
        let row = TenantRow {
            id: TenantId(uuid::Uuid::nil()),
            name: "acme".to_owned(),
            policy: Policy::new("Acme", ChargesOnPaid::Keep),
            clock: None,
            revision: 0,
        };
        let document = include_str!("../../../examples/policy.yaml");
        let document: Value = serde_saphyr::from_str(document).unwrap();
        let policy = read(&document, &row).unwrap();
        let Ok(Value::Object(all)) = serde_json::to_value(policy) else {
            panic!("not an object")
        };
        for name in all.keys() {
            assert!(document.get(name).is_some(), "{name}");
        }
    }
}
