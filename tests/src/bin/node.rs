//! A node that serves a filled store as `regua serve` does: it runs who is due and hands over
//! what waits, until its input is closed.
//!
//! `node STORE CACHE SECONDS RELAY HOOKS`: its clock begins so many seconds after the wave's
//! instant, so that leases of a node that was killed have ended; its relay and its tenant's
//! system listen on these ports of loopback. It says `working` when it begins, and again and
//! again `left N`, with how many customers are to be run and effects to be handed over.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use async_trait::async_trait;
use regua_domain::id::TenantId;
use regua_domain::time::Timestamp;
use regua_engine::{Clock, Crew, EngineError, Keeper, Pace, Settings};
use regua_tests::wave::Place;
use regua_tests::{outside, sample, wave};
use tokio::sync::watch;

/// The product's own: see `regua`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Its clock goes so many times as fast as the machine's: what was left behind when a server was
/// away for a moment, or is tried again in a minute, comes round within seconds.
const PACE: i64 = 20;
/// How often it says what is left.
const TELL: Duration = Duration::from_millis(20);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [store, cache, seconds, relay, hooks] = arguments.as_slice() else {
        bail!("node STORE CACHE SECONDS RELAY HOOKS")
    };
    let place = Place {
        store: store.clone(),
        cache: cache.into(),
    };
    let clock = Ahead {
        from: sample::now().plus_ms(seconds.parse::<i64>()? * 1_000),
        since: Instant::now(),
    };
    let (relay, hooks) = (relay.parse()?, hooks.parse()?);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(serve(&place, Arc::new(clock), relay, hooks))
}

async fn serve(place: &Place, clock: Arc<dyn Clock>, relay: u16, hooks: u16) -> Result<()> {
    // Small batches: a kill is to find many of them half-way.
    let settings = Settings {
        batch: 48,
        taken_ms: Settings::shipped().lease_ms,
        ..Settings::shipped()
    };
    let (engine, open) = wave::engine(place, Arc::clone(&clock), settings).await?;
    let crew = Crew {
        courier: Arc::new(outside::post(relay, hooks, &clock, &outside::counting())),
        keeper: Arc::new(NoRecords),
    };
    let pace = Pace {
        look_ms: 10,
        ..Pace::shipped()
    };
    println!("working");
    let (stop, stopped) = watch::channel(false);
    let told = std::thread::spawn(move || {
        let _ = std::io::read_to_string(std::io::stdin());
        stop.send(true)
    });
    let teller = {
        let engine = engine.clone();
        let (tenant, clock) = (open.row.id, Arc::clone(&clock));
        tokio::spawn(async move {
            loop {
                // The server may be away for a while.
                if let Ok(standing) = engine.store().standing(tenant, clock.now()).await {
                    println!("left {}", standing.due + standing.leased + standing.queued);
                }
                tokio::time::sleep(TELL).await;
            }
        })
    };
    engine.serve(pace, crew, stopped).await;
    teller.abort();
    let _ = told.join();
    engine.store().close().await;
    Ok(())
}

/// A clock that goes from some instant on.
struct Ahead {
    from: Timestamp,
    since: Instant,
}

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        let elapsed = i64::try_from(self.since.elapsed().as_millis());
        self.from.plus_ms(elapsed.unwrap_or_default() * PACE)
    }
}

struct NoRecords;

#[async_trait]
impl Keeper for NoRecords {
    async fn keep(&self, _: TenantId) -> Result<bool, EngineError> {
        Ok(false)
    }
}
