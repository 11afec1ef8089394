//! A node to be killed: works on a filled store until nothing is due.
//!
//! `node STORE CACHE SECONDS`: its clock stands that many seconds after the wave's instant, so
//! that leases of a node that was killed have ended. It says `working N` when it begins, with
//! how many effects it found in the outbox; `committed N` after every batch, with how many
//! customers it has committed by then; and `done` when nothing is left.

use std::sync::Arc;

use anyhow::{Result, bail};
use regua_engine::{Progress, Settings};
use regua_tests::wave::Place;
use regua_tests::{sample, wave};

/// The product's own: see `regua`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [store, cache, seconds] = arguments.as_slice() else {
        bail!("node STORE CACHE SECONDS")
    };
    let place = Place {
        store: store.clone(),
        cache: cache.into(),
    };
    let clock = sample::now().plus_ms(seconds.parse::<i64>()? * 1_000);
    // Small batches: a kill is to find many of them half-way.
    let settings = Settings {
        batch: 48,
        ..Settings::shipped()
    };
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(async {
            let (engine, open) = wave::engine(&place, clock, settings).await?;
            println!("working {}", open.store.queued(u32::MAX).await?.len());
            let told: Progress = Arc::new(|done| println!("committed {done}"));
            let worked = engine
                .work(&open, sample::now(), sample::now(), Some(told))
                .await?;
            anyhow::ensure!(worked.faults == 0, "{worked:?}");
            println!("done");
            Ok(())
        })
}
