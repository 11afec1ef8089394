//! From a document without a fault to a workflow.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::Shelf;
use super::stages::Asked;
use crate::case::WorkflowRef;
use crate::money::{Currency, Money};
use crate::window::SendWindow;
use crate::workflow::{Document, Stage, Workflow};

/// Compiles; an error is what the checks should have found and did not.
pub(super) fn compile(
    value: &Value,
    asked: Asked,
    shelf: &dyn Shelf,
    version: u32,
) -> Result<Workflow, String> {
    let document: Document =
        serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    let mut stages = Vec::with_capacity(document.stages.len());
    for (stage, lock) in document.stages.into_iter().zip(asked.locks) {
        let config = canonical(&stage.config);
        stages.push(Stage {
            plugin: lock.ok_or_else(|| format!("the plugin of `{}` was not found", stage.id))?,
            id: stage.id,
            config_digest: hex(&Sha256::digest(&config)),
            config: Arc::from(config),
            at: stage.at,
            on: stage.on,
            on_failure: stage.on_failure,
        });
    }
    let mut tolerance = BTreeMap::new();
    for (code, amount) in &document.tolerance {
        let currency = Currency::parse(code).map_err(|error| error.to_string())?;
        tolerance.insert(
            currency,
            Money::parse(amount, currency)
                .map_err(|error| error.to_string())?
                .minor,
        );
    }
    Ok(Workflow {
        reference: WorkflowRef {
            name: document.name,
            version,
        },
        stages,
        window: SendWindow::parse(&document.send_window).map_err(|error| error.to_string())?,
        calendar: shelf
            .calendar(&document.calendar)
            .ok_or("the calendar was not found")?,
        roll: document.roll,
        tolerance,
        late_entry: document.late_entry,
        catch_up: document.catch_up,
        on_reanchor: document.on_reanchor,
        paid: document.paid,
        max_silence: document.max_silence.days,
        templates: asked.templates,
    })
}

/// JSON with sorted keys and without white space, whatever order a build of `serde_json`
/// keeps its maps in.
pub fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write_canonical(value, &mut text);
    text
}

fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<_, _> = members.iter().collect();
            text.push('{');
            for (index, (name, value)) in sorted.into_iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                let _ = write!(text, "{comma}{}:", Value::from(name.as_str()));
                write_canonical(value, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_canonical(item, text);
            }
            text.push(']');
        }
        scalar => {
            let _ = write!(text, "{scalar}");
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
