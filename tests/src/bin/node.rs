//! A node that serves a filled store until its input is closed; or, as `regua` itself, a compiler.
//!
//! `node STORE CACHE SECONDS RELAY HOOKS [swapping]`: its clock begins so many seconds after the wave's
//! instant, so that leases of a node that was killed have ended; its relay and its tenant's
//! system listen on these ports of loopback. It says `working` when it begins, and again and
//! again `left N`, with how many customers are to be run and effects to be handed over. One that is
//! swapping makes the tenant's second and third version the active one in turn, as fast as it can,
//! and says `swapped` each time.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use regua_engine::{Clock, Pace, Settings};
use regua_runtime::COMPILER;
use regua_tests::node::{Going, left, work};
use regua_tests::wave::Place;
use regua_tests::{outside, sample, swap, wave};
use tokio::sync::watch;

/// The product's own: see `regua`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What was left behind when a server was away for a moment, or is tried again in a minute,
/// comes round within seconds.
const PACE: i64 = 20;
/// How often it says what is left.
const TELL: Duration = Duration::from_millis(20);

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [COMPILER, limits] = arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        return Ok(regua_runtime::serve_compiler(limits));
    }
    let (arguments, swaps) = match arguments.split_last() {
        Some((last, before)) if last == "swapping" => (before, true),
        _ => (arguments.as_slice(), false),
    };
    let [store, cache, seconds, relay, hooks] = arguments else {
        bail!("node STORE CACHE SECONDS RELAY HOOKS [swapping]")
    };
    let place = Place {
        store: store.clone(),
        cache: cache.into(),
    };
    let from = sample::now().plus_ms(seconds.parse::<i64>()? * 1_000);
    let clock = Arc::new(Going::from(from, PACE));
    let (relay, hooks) = (relay.parse()?, hooks.parse()?);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(serve(&place, clock, (relay, hooks), swaps))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(
    place: &Place,
    clock: Arc<dyn Clock>,
    (relay, hooks): (u16, u16),
    swaps: bool,
) -> Result<()> {
    // Small batches: a kill is to find many of them half-way.
    let settings = Settings {
        batch: 48,
        taken_ms: Settings::shipped().lease_ms,
        ..Settings::shipped()
    };
    let (engine, open) = wave::engine(place, Arc::clone(&clock), settings).await?;
    println!("working");
    let (stop, stopped) = watch::channel(false);
    let told = std::thread::spawn(move || {
        let _ = std::io::read_to_string(std::io::stdin());
        stop.send(true)
    });
    let (counted, tenant) = (engine.clone(), open.row.id);
    let teller = tokio::spawn(async move {
        loop {
            // The server may be away for a while.
            if let Ok(left) = left(&counted, tenant).await {
                println!("left {left}");
            }
            tokio::time::sleep(TELL).await;
        }
    });
    let swapper = swaps.then(|| tokio::spawn(swap::for_ever(engine.clone(), Arc::clone(&open))));
    let post = outside::post(relay, hooks, &clock, &outside::counting());
    let pace = Pace {
        look_ms: 10,
        ..Pace::shipped()
    };
    work(&engine, Arc::new(post), pace, stopped).await;
    teller.abort();
    if let Some(swapper) = swapper {
        swapper.abort();
    }
    let _ = told.join();
    engine.store().close().await;
    Ok(())
}
