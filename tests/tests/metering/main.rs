//! What tenants use is counted to the call, whichever node makes it; and what they may use bounds
//! what is done, of which nothing is lost.

mod adding_up;
mod fair;
mod limits;
mod reserve;

use std::sync::Arc;

use regua_domain::contract::Channel;
use regua_engine::{Engine, ManualClock, Open, Settings};
use regua_tests::sample;
use regua_tests::wave::{Place, engine, fill_open};

/// Small batches: there are many of them.
pub fn small_batches() -> Settings {
    Settings {
        batch: 16,
        ..Settings::shipped()
    }
}

/// A tenant with so many due cases, in a file that goes with the folder.
pub async fn wave(folder: &tempfile::TempDir, cases: u64) -> (Engine, Arc<Open>, Arc<ManualClock>) {
    let place = Place::file(&folder.path().join("wave.sqlite"));
    let clock = Arc::new(ManualClock::at(sample::now()));
    let opened = engine(&place, Arc::clone(&clock) as Arc<_>, small_batches()).await;
    let (engine, open) = opened.expect("an engine");
    let filled = fill_open(&open, cases, cases, &[Channel::Email]).await;
    filled.expect("a filled store");
    (engine, open, clock)
}

/// How many decisions are recorded of a tenant, and how many of these failed.
pub async fn decisions(open: &Open) -> (u64, u64) {
    use regua_domain::contract::Answer;
    let query = regua_storage::CasesQuery {
        limit: 100_000,
        ..Default::default()
    };
    let (mut made, mut failed) = (0, 0);
    for row in open.store.cases(&query).await.expect("cases") {
        let read = open.store.decisions(row.customer, row.case.id).await;
        for record in read.expect("decisions") {
            made += 1;
            failed += u64::from(matches!(record.call.answer, Answer::Failure { .. }));
        }
    }
    (made, failed)
}
