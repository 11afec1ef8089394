//! What a stage was asked and what it answered, kept in a line.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use regua_domain::contract::{Call, Situation};
use regua_runtime::Stage;
use serde_json::{Value, json};

/// Where stages are kept, a folder a version of the contract.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/frozen"))
}

/// Asks a stage about a situation, as JSON, and writes down all of it: one line. Fuel and time are
/// no part of it, for they are the engine's.
pub fn line(stage: &Stage, situation: &str, config: &str) -> Result<String> {
    let asked: Situation = serde_json::from_str(situation)?;
    let Call { answer, logs, .. } = stage.decide(&asked, config);
    // As texts, in which every byte counts.
    let line = json!({
        "config": config,
        "situation": situation,
        "answer": serde_json::to_string(&answer)?,
        "logs": serde_json::to_string(&logs)?,
    });
    Ok(line.to_string())
}

/// The situation and the config of a line.
pub fn asked(line: &str) -> Result<(String, String)> {
    let line: Value = serde_json::from_str(line)?;
    let text = |key: &str| {
        let text = line[key].as_str().with_context(|| format!("no {key}"));
        text.map(str::to_owned)
    };
    Ok((text("situation")?, text("config")?))
}
