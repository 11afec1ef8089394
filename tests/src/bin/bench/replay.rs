//! Replay: the decisions of a wave, taken again by the same components and held against what was
//! recorded.

use std::time::Instant;

use anyhow::{Result, ensure};
use regua_domain::contract::Channel;
use regua_engine::Settings;
use regua_engine::replay::Which;
use regua_tests::sample;
use regua_tests::wave::{Place, engine, fill, still};

use crate::decide::median;
use crate::{Bound, Figure};

const DECISIONS: u64 = 100_000;
const ROUNDS: usize = 3;

pub fn run() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let place = Place::file(&folder.path().join("replay.sqlite"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let all = runtime.block_on(replays(&place))?;
    Ok(vec![Figure {
        key: "replay_100k_s",
        value: median(all),
        bound: Bound::AtMost(4.0),
    }])
}

async fn replays(place: &Place) -> Result<Vec<f64>> {
    fill(place, DECISIONS, DECISIONS, &[Channel::Email]).await?;
    let (engine, open) = engine(place, still(), Settings::shipped()).await?;
    let worked = engine
        .work(&open, sample::now(), sample::now(), None)
        .await?;
    ensure!(worked.done == DECISIONS, "the wave did {worked:?}");
    let mut all = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let replayed = engine.replay(&open, Which::default()).await?;
        all.push(started.elapsed().as_secs_f64());
        ensure!(
            replayed.equal == DECISIONS && replayed.compared == DECISIONS,
            "not all are equal: {replayed:?}"
        );
        eprintln!(
            "   {DECISIONS} decisions again: {:.2} s",
            all[all.len() - 1]
        );
    }
    Ok(all)
}
