//! The conformance pack against the ladder that comes with the product; and it finds what is wrong
//! with a ladder that is.

use std::sync::Arc;

use regua_domain::workflow::check::Form;
use regua_engine::{Engine, Open};
use regua_rehearsal::conformance::PACK;
use regua_rehearsal::scenario::run;
use regua_tests::wave::Place;

use crate::{host, opened, read, sandbox};

/// The ladder that comes with the product, in a store that goes with the folder.
async fn shipped() -> (Engine, Arc<Open>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&Place::file(&folder.path().join("store.sqlite"))).await;
    sandbox(&host).await;
    let open = opened(&host).await;
    (host, open, folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shipped_ladder_does_as_every_story_of_the_pack_wants() {
    let (_host, open, _folder) = shipped().await;
    for (name, text) in PACK {
        let outcome = run(&open.tenant, &open.stages, &read(text)).unwrap();
        assert!(
            outcome.is_as_expected(),
            "{name}: {:#?} {:#?}",
            outcome.faults,
            outcome.mismatches
        );
        assert!(outcome.expectations > 0, "{name}");
    }
}

/// A ladder that writes at once again and again, for as long as nobody answers.
const PESTERING: &str = r#"
name: standard
send_window: "0 * * * * *"
calendar: weekends
late_entry: first
stages:
  - id: one
    plugin: first-day-late-email@1
    at: { days_overdue: 1 }
    config: { template: first-day-late }
    on: { sent: two, unreachable: { end: closed } }
    on_failure: { hold: 7d, task: "Look at this case" }
  - id: two
    plugin: first-day-late-email@1
    at: { after_previous: 1d }
    config: { template: first-day-late }
    on: { sent: one, unreachable: { end: closed } }
    on_failure: { hold: 7d, task: "Look at this case" }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_ladder_that_pesters_is_found_out() {
    let (host, open, _folder) = shipped().await;
    let rehearsal = host.rehearsal(&open, Some((PESTERING, Form::Yaml))).await;
    let rehearsal = rehearsal.unwrap_or_else(|error| panic!("{error:?}"));
    let mut found_out = Vec::new();
    for (name, text) in PACK {
        let outcome = run(&rehearsal.tenant, &rehearsal.stages, &read(text)).unwrap();
        // The host keeps what is a law, whatever the ladder is.
        assert!(outcome.faults.is_empty(), "{name}: {:#?}", outcome.faults);
        if !outcome.mismatches.is_empty() {
            found_out.push(*name);
        }
    }
    assert_eq!(found_out, ["a-missed-day", "silence-for-a-year"]);
}
