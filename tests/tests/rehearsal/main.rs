//! Policies tried out in memory, with the real components: what comes of a story there is what comes
//! of it in a store.

mod backtest;
mod conformance;
mod same;

use std::sync::Arc;

use regua_domain::policy::{ChargesOnPaid, Policy};
use regua_domain::workflow::check::Form;
use regua_engine::{Engine, ManualClock, Open, Settings};
use regua_rehearsal::scenario::{Scenario, scenario};
use regua_runtime::Workers;
use regua_tests::wave::Place;
use regua_tests::{NOON, Sandbox, built, patient};
use serde_json::Value;

/// The demo's ladder: four plugins, five stages.
const STANDARD: &str = include_str!("../../../host/cli/demo/standard.yaml");

/// The plugins that come with Régua.
const PLUGINS: [&str; 4] = [
    "first-day-late-email",
    "escalation",
    "payment-plan-offer",
    "agency-handoff",
];

fn read(text: &str) -> Scenario {
    scenario(text, Form::Yaml).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

async fn host(place: &Place) -> Engine {
    std::fs::create_dir_all(&place.cache).unwrap();
    Engine::new(
        place.open().await.unwrap(),
        patient(&place.cache),
        Arc::new(Workers::start(2).unwrap()),
        Arc::new(ManualClock::at(NOON)),
        Settings::shipped(),
    )
}

/// A sandbox tenant with the demo's ladder, at [`NOON`].
async fn sandbox(host: &Engine) -> Sandbox {
    let policy = Policy {
        default_workflow: Some("standard".to_owned()),
        link_base: "https://pay.example".to_owned(),
        teams: ["collections", "sales"].map(str::to_owned).into(),
        agencies: ["northern-recovery".to_owned()].into(),
        fee_ceilings: [("late-fee".to_owned(), 200)].into(),
        ..Policy::new("Rehearsed", ChargesOnPaid::Waive)
    };
    let sandbox = Sandbox::of(host, "rehearsed", policy).await;
    for plugin in PLUGINS {
        sandbox.add(built::plugin(plugin)).await;
        sandbox.add_templates_of(plugin).await;
    }
    let ladder: Value = serde_saphyr::from_str(STANDARD).unwrap();
    sandbox.publish(&ladder).await;
    sandbox
}

async fn opened(host: &Engine) -> Arc<Open> {
    host.open("rehearsed").await.unwrap().unwrap()
}
