//! What is said of a policy on the command line.

use serde::Deserialize;

use crate::client::Calls;
use crate::out::note;

#[derive(Deserialize)]
struct Warnings {
    data: Vec<Warning>,
}

#[derive(Deserialize)]
struct Warning {
    pointer: String,
    detail: String,
}

/// Says on standard error what the policy says that may not be meant: workflows that it names
/// and no case can get.
pub(crate) async fn note_warnings(calls: &Calls<'_>) -> anyhow::Result<()> {
    let warnings: Warnings = calls.get("/v1/policy/warnings").await?;
    for Warning { pointer, detail } in warnings.data {
        if pointer.is_empty() {
            note!("warning: {detail}");
        } else {
            note!("warning: {pointer}: {detail}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use regua_domain::id::TenantId;
    use regua_domain::policy::{ChargesOnPaid, Policy};
    use regua_engine::policy::read;
    use regua_storage::TenantRow;
    use serde_json::Value;

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
