//! The drivers: what carries facts and timers through the one engine of the domain.
//!
//! [`Engine`] joins a store, the sandbox and a clock. It publishes what a tenant puts on
//! its shelf, takes facts in, and works on the customers that are due: claim → load → run
//! on the sandbox's own threads → commit, in batches, several at a time. What a customer's
//! run means is [`regua_domain::run`]; nothing here decides anything.
#![deny(missing_docs)]

mod admissions;
mod announce;
mod behind;
mod clock;
mod compare;
mod deliver;
mod error;
mod intake;
mod lines;
pub mod measure;
pub mod meter;
mod notices;
mod open;
pub mod places;
pub mod policy;
pub mod post;
mod publish;
pub mod rehearse;
pub mod replay;
pub mod revoke;
pub mod rollout;
pub mod samples;
mod serve;
mod shelf;
pub mod signing;
mod stages;
mod tell;
mod work;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use regua_domain::id::TenantId;
use regua_runtime::{Runtime, Workers};
use regua_storage::Store;
use tokio::sync::Semaphore;

pub use announce::{Announced, Notice};
pub use clock::{Clock, ManualClock, SystemClock};
pub use compare::{Difference, Kind as DifferenceKind};
pub use deliver::Delivered;
pub use error::EngineError;
pub use lines::Lines;
pub use meter::uploads::OverQuota;
pub use open::{Open, chain};
pub use publish::{Added, PublishError, Published};
pub use serve::{Crew, Keeper, Pace};
pub use stages::Bound;
pub use tell::{TellError, Telling};
pub use work::{Progress, Worked};

/// How work is cut.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Customers claimed at once.
    pub batch: u32,
    /// Batches under way at once: while one is run, another is read and a third written.
    pub lanes: u32,
    /// How long a lease lasts, milliseconds.
    pub lease_ms: i64,
    /// How long an effect is a node's own once it was taken to be handed over, milliseconds:
    /// longer than any hand-over lasts, for then another node does it again.
    pub taken_ms: i64,
    /// How many days lines of plugins' logs are kept.
    pub log_days: u32,
}

impl Settings {
    /// What the product ships with.
    pub const fn shipped() -> Self {
        Self {
            batch: 512,
            lanes: 4,
            lease_ms: 60_000,
            taken_ms: 15 * 60_000,
            log_days: 30,
        }
    }
}

impl Settings {
    /// Customers who are worked on at once.
    const fn customers_at_once(&self) -> u32 {
        let lanes = if self.lanes == 0 { 1 } else { self.lanes };
        self.batch.saturating_mul(lanes)
    }
}

/// A store, a sandbox and a clock, joined.
#[derive(Clone)]
pub struct Engine {
    store: Arc<dyn Store>,
    runtime: Arc<Runtime>,
    workers: Arc<Workers>,
    clock: Arc<dyn Clock>,
    settings: Settings,
    /// Tenants that are kept open.
    opened: Arc<Mutex<HashMap<TenantId, open::Known>>>,
    /// Facts that wait to be told together.
    gathering: Arc<tell::Gathering>,
    /// Turns at the compiler.
    admissions: Arc<admissions::Admissions>,
    /// Where decisions are compared: shadows' and samples'.
    behind: Arc<behind::Behind>,
    /// What versions came to that are tried with no effect.
    shadows: Arc<rollout::Shadows>,
    /// Which decisions are taken again.
    samples: Arc<samples::Samples>,
    /// Places for dry runs.
    forecasts: Arc<places::Places>,
    /// Places for replays.
    replays: Arc<places::Places>,
    /// Where rehearsals are played.
    rehearsals: Arc<rehearse::Rehearsals>,
    /// What tenants use.
    meter: Arc<meter::Meter>,
    /// Room for customers who are worked on at once, of whomever: as many as fill a tenant's
    /// lanes.
    room: Arc<Semaphore>,
}

/// Where chance comes from: it fills the bytes that it is given.
pub type Chance = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

impl Engine {
    /// Joins them.
    pub fn new(
        store: Arc<dyn Store>,
        runtime: Arc<Runtime>,
        workers: Arc<Workers>,
        clock: Arc<dyn Clock>,
        settings: Settings,
    ) -> Self {
        Self {
            store,
            runtime,
            workers,
            clock,
            settings,
            opened: Arc::default(),
            gathering: Arc::default(),
            admissions: Arc::default(),
            behind: Arc::default(),
            shadows: Arc::default(),
            samples: Arc::default(),
            forecasts: Arc::new(places::Places::new(
                rollout::FORECASTS.0,
                rollout::FORECASTS.1,
            )),
            replays: Arc::new(places::Places::new(replay::REPLAYS.0, replay::REPLAYS.1)),
            rehearsals: Arc::default(),
            meter: Arc::default(),
            room: Arc::new(Semaphore::new(settings.customers_at_once() as usize)),
        }
    }

    /// The same over connections of its own ([`Store::apart`]), and a memory of its own of the
    /// tenants that are open.
    #[must_use]
    pub fn apart(&self) -> Self {
        Self {
            store: self.store.apart(),
            opened: Arc::default(),
            gathering: Arc::default(),
            ..self.clone()
        }
    }

    /// Waits until nothing is left that is done beside everything else: a shadow's calls are
    /// compared and written, samples are taken again. A process that ends without it loses them.
    pub async fn settled(&self) {
        self.shadows.settled().await;
        self.samples.settled().await;
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The sandbox.
    pub fn runtime(&self) -> &Arc<Runtime> {
        &self.runtime
    }

    /// The clock of tenants that are no sandbox.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }
}
