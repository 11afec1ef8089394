//! Tests of a stage without wasm and without a host: build a situation, ask the stage
//! through the very path its exports take, and look at what it answered.
//!
//! ```ignore
//! let situation = SituationBuilder::new().invoice("inv-1", 12_000, 3).build();
//! let answer = testkit::ask::<MyStage>(&situation, &json!({ "template": "late" })).unwrap();
//! answer.assert_leaves("sent");
//! ```

mod answer;
mod bounds;
mod builder;

pub use answer::{Answer, OpenedTask, SentMessage, SentOffer, SentPlacement, SentPlan, SentRecall};
pub use bounds::violations;
pub use builder::{EffectBuilder, EventBuilder, ItemBuilder, SituationBuilder, VerdictBuilder};
pub use serde_json::{Value, json};

use crate::{ConfigProblem, Refusal, Situation, Stage, export};

/// Asks a stage as the host does: the config goes through its text, and a decision that
/// breaks the contract's bounds, which the host would take for a plugin failure, panics.
pub fn ask<S: Stage>(situation: &Situation, config: &Value) -> Result<Answer, Refusal> {
    let situation = situation.clone().into_contract();
    let before = situation.clone();
    let decision = export::decide::<S>(situation, &config.to_string())?;
    let answer = Answer::new(before, decision);
    let violations = violations::<S>(&answer);
    assert!(
        violations.is_empty(),
        "the decision breaks the contract: {violations:#?}\n{answer:#?}"
    );
    Ok(answer)
}

/// What the stage finds wrong with a config when a workflow is published.
pub fn check_config<S: Stage>(config: &Value) -> Vec<ConfigProblem> {
    export::check_config::<S>(&config.to_string())
}

/// The JSON Schema that the stage's manifest carries.
pub fn config_schema<S: Stage>() -> Value {
    let schema = export::describe::<S>().config_schema;
    serde_json::from_str(&schema).expect("the schema is JSON")
}

/// Panics, and shows the schema as it ought to be, if [`Stage::schema`] returns another
/// than the config's type makes.
pub fn assert_schema_is_current<S: Stage>() {
    let current: Value =
        serde_json::from_str(&export::schema_of::<S::Config>()).expect("the schema is JSON");
    let same = serde_json::from_str::<Value>(&S::schema()).is_ok_and(|schema| schema == current);
    assert!(
        same,
        "the schema is not that of the config's type, which is:\n{current:#}"
    );
}

/// Panics if the manifest breaks the contract's bounds.
pub fn assert_manifest_is_sound<S: Stage>() {
    let violations = bounds::manifest_violations(&export::describe::<S>());
    assert!(
        violations.is_empty(),
        "the manifest breaks the contract: {violations:#?}"
    );
}
