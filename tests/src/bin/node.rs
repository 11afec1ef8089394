//! A node to be killed: works on a filled store until nothing is due.
//!
//! `node FILE SECONDS`: its clock stands that many seconds after the wave's instant, so
//! that leases of a node that was killed have ended. It says `working` when it begins and
//! `done` when nothing is left.

use std::path::Path;

use anyhow::{Result, bail};
use regua_engine::Settings;
use regua_tests::{sample, wave};

/// The product's own: see `regua`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, seconds] = arguments.as_slice() else {
        bail!("node FILE SECONDS")
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
            let (engine, open) = wave::engine(Path::new(file), clock, settings).await?;
            println!("working");
            let worked = engine
                .work(&open, sample::now(), sample::now(), None)
                .await?;
            anyhow::ensure!(worked.faults == 0, "{worked:?}");
            println!("done");
            Ok(())
        })
}
