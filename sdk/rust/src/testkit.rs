//! Tests of a stage without wasm and without a host: build a situation, ask the stage
//! through the very path its exports take, and look at what it answered.
//!
//! ```
//! # use regua_sdk::prelude::*;
//! # regua_sdk::outcomes! { enum Outcome { Sent = "sent" } }
//! # struct MyStage;
//! # impl Stage for MyStage {
//! #   const NAME: &'static str = "example"; const VERSION: &'static str = "1.0.0";
//! #   const SUMMARY: &'static str = ""; const PROPOSES: &'static [ActionKind] = &[];
//! #   type Config = (); type Memory = (); type Outcome = Outcome;
//! #   fn decide(_: &Situation, (): &(), (): ()) -> Result<Decision<Self>, Refusal> {
//! #       Ok(Decision::leave(Outcome::Sent))
//! #   }
//! # }
//! use regua_sdk::testkit::{self, SituationBuilder, json};
//!
//! let situation = SituationBuilder::new().invoice("inv-1", 12_000, 3).build();
//! let answer = testkit::ask::<MyStage>(&situation, &json!(null)).unwrap();
//! answer.assert_leaves("sent");
//! ```

mod answer;
mod bounds;
mod builder;
mod letters;

pub use answer::{Answer, OpenedTask, SentMessage, SentOffer, SentPlacement, SentPlan, SentRecall};
pub use bounds::violations;
pub use builder::{EffectBuilder, EventBuilder, ItemBuilder, SituationBuilder, VerdictBuilder};
pub use letters::assert_letters;
pub use serde_json::{Value, json};

use crate::{ConfigProblem, Refusal, Situation, Stage, export};

/// Asks a stage as the host does: the config goes through its text, and a decision that
/// breaks the contract's bounds, which the host would take for a plugin failure, panics.
#[track_caller]
pub fn ask<S: Stage>(situation: &Situation, config: &Value) -> Result<Answer, Refusal> {
    let situation = situation.clone().into_contract();
    let before = situation.clone();
    let decision = match export::decide::<S>(situation, &config.to_string()) {
        Ok(decision) => decision,
        Err(refusal) => {
            assert_sound(&bounds::refusal_violations(&refusal), &refusal);
            return Err(refusal);
        }
    };
    let answer = Answer::new(before, decision);
    assert_sound(&violations::<S>(&answer), &answer);
    Ok(answer)
}

#[track_caller]
fn assert_sound(violations: &[String], given: &impl std::fmt::Debug) {
    assert!(
        violations.is_empty(),
        "this breaks the contract: {violations:#?}\n{given:#?}"
    );
}

/// What the stage finds wrong with a config when a workflow is published.
#[track_caller]
pub fn check_config<S: Stage>(config: &Value) -> Vec<ConfigProblem> {
    let problems = export::check_config::<S>(&config.to_string());
    assert_sound(&bounds::problem_violations(&problems), &problems);
    problems
}

/// Where in a config those problems are: see [`check_config`].
#[track_caller]
pub fn problem_pointers<S: Stage>(config: &Value) -> Vec<String> {
    check_config::<S>(config)
        .into_iter()
        .map(|problem| problem.pointer.into_owned())
        .collect()
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
#[track_caller]
pub fn assert_manifest_is_sound<S: Stage>() {
    let manifest = export::describe::<S>();
    assert_sound(&bounds::manifest_violations(&manifest), &manifest);
}
