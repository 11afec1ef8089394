//! One stage in three languages: whatever it is told, its answers are the same.
//!
//! The first late day is the example of each SDK. Their components run in the host's own sandbox,
//! over situations that are drawn by chance from a seed.

mod situations;

use std::collections::BTreeMap;
use std::sync::Arc;

use regua_domain::contract::{Answer, Situation};
use regua_runtime::{Runtime, Stage};
use regua_tests::chance::Chance;
use regua_tests::{built, patient};
use serde_json::json;

/// Situations that are drawn.
const SITUATIONS: u64 = 400;

/// An example, by its language.
fn load(runtime: &Runtime, component: Vec<u8>) -> Arc<Stage> {
    let admitted = runtime.admit(component).unwrap();
    let kept = || Ok::<_, std::io::Error>(admitted.wasm);
    runtime.load(&admitted.digest, kept).unwrap()
}

/// The settings that stages are asked with, in turn.
fn configs() -> Vec<String> {
    [
        json!({ "template": "first-day-late" }),
        json!({ "template": "first-day-late", "minimum": { "BRL": "50.00", "JPY": "70" } }),
        json!({ "template": "first-day-late", "channels": ["letter", "sms", "email"] }),
        json!({ "template": "first-day-late", "channels": ["push"], "minimum": { "USD": "1.00" } }),
    ]
    .map(|config| config.to_string())
    .to_vec()
}

fn decided(stage: &Stage, situation: &Situation, config: &str) -> Answer {
    stage.decide(situation, config).answer
}

#[test]
fn the_first_late_day_decides_the_same_in_every_language() {
    let cache = tempfile::tempdir().unwrap();
    let runtime = patient(cache.path());
    let rust = load(&runtime, built::plugin("first-day-late-email"));
    let others = ["javascript", "python"].map(|language| {
        let stage = load(&runtime, built::example(language));
        (language, stage)
    });
    let mut outcomes: BTreeMap<String, u32> = BTreeMap::new();
    for seed in 0..SITUATIONS {
        let situation = situations::draw(&mut Chance::new(seed));
        for config in configs() {
            let wanted = decided(&rust, &situation, &config);
            let Answer::Decision(decision) = &wanted else {
                panic!("seed {seed}, {config}: {wanted:?}");
            };
            let reason = decision.reasons.first().map(|reason| reason.code.clone());
            *outcomes.entry(reason.unwrap_or_default()).or_default() += 1;
            for (language, stage) in &others {
                let found = decided(stage, &situation, &config);
                assert_eq!(
                    found, wanted,
                    "{language}, seed {seed}, {config}: {situation:#?}"
                );
            }
        }
    }
    // Chance came by all that the stage can say.
    let codes: Vec<_> = outcomes.keys().map(String::as_str).collect();
    let all = [
        "already-sent",
        "below-minimum",
        "in-flight",
        "late",
        "unreachable",
    ];
    assert_eq!(codes, all, "{outcomes:?}");
}

#[test]
fn a_config_that_does_not_fit_is_refused_at_the_same_places_in_every_language() {
    let cache = tempfile::tempdir().unwrap();
    let runtime = patient(cache.path());
    let stages = [
        built::plugin("first-day-late-email"),
        built::example("javascript"),
        built::example("python"),
    ]
    .map(|component| load(&runtime, component));
    for config in [
        json!({}),
        json!({ "template": 7 }),
        json!({ "template": "x", "channels": [] }),
        json!({ "template": "x", "minimum": { "BRL": "lots" } }),
        json!({ "template": "x", "colour": "red" }),
    ] {
        let places = stages.each_ref().map(|stage| {
            let problems = stage.check_config(&config.to_string()).result.unwrap();
            let places = problems.into_iter().map(|problem| problem.pointer);
            places.collect::<Vec<_>>()
        });
        assert_eq!(places[0].len(), 1, "{config}: {places:?}");
        assert!(
            places.iter().all(|found| *found == places[0]),
            "{config}: {places:?}"
        );
    }
}
