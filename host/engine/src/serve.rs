//! A node at work: it goes round the tenants that have something due, and gives each its turn.
//!
//! There are four kinds of errands (customers to run, effects to hand over, events to tell
//! endpoints of, other records that are due), each with lanes of its own, so that none waits for another. A lane takes the tenant
//! of the round who has the fewest, does one batch for it and puts it back at the end: a tenant
//! with a hundred thousand due customers gets as many turns as one with ten, as long as both have
//! any. What a batch takes of the threads is shared by them ([`regua_runtime::Workers`]), not here. Nodes do not know one another: what one has claimed, the others do not get.

mod depths;
mod round;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use regua_domain::id::TenantId;
use regua_storage::{Due, OPERATOR};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::lines::Lines;
use crate::open::chain;
use crate::post::Post;
use crate::{Engine, EngineError};
use depths::Depths;
use round::{Round, Turn};

/// How a node goes round.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How often it looks for tenants with something due, milliseconds.
    pub look_ms: u64,
    /// Batches of effects under way at once.
    pub delivery_lanes: u32,
    /// Batches of events under way at once.
    pub event_lanes: u32,
    /// Tenants whose records are looked after at once.
    pub record_lanes: u32,
}

impl Pace {
    /// What the product ships with.
    pub const fn shipped() -> Self {
        Self {
            look_ms: 200,
            delivery_lanes: 2,
            event_lanes: 2,
            record_lanes: 1,
        }
    }
}

/// How many times as many lanes there are for customers as one tenant may have: they are tasks, and
/// cost nothing but the customers that they hold, whose number is bounded by itself.
const LANES_TIMES: u32 = 8;

/// The operator's own records are looked at once in so many looks.
const OPERATOR_LOOKS: u64 = 300;

/// Looks after records that are due: jobs, notices, what has had its time.
#[async_trait]
pub trait Keeper: Send + Sync + 'static {
    /// Works on what is due in a tenant for a while; answers whether there may be more.
    async fn keep(&self, tenant: TenantId) -> Result<bool, EngineError>;
}

/// What a node works with beside the engine.
#[derive(Clone)]
pub struct Crew {
    /// Hands effects over, and tells of events.
    pub post: Arc<Post>,
    /// Looks after records.
    pub keeper: Arc<dyn Keeper>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Errand {
    Customers,
    Effects,
    Events,
    Records,
}

impl Errand {
    const ALL: [Self; 4] = [Self::Customers, Self::Effects, Self::Events, Self::Records];

    const fn is_due(self, due: &Due) -> bool {
        match self {
            Self::Customers => due.customers,
            Self::Effects => due.effects,
            // Events are records, too: whose turn it is finds out which.
            Self::Events | Self::Records => due.records,
        }
    }
}

/// Does errands; cloned into each lane.
#[derive(Clone)]
struct Lane {
    engine: Engine,
    crew: Crew,
    errand: Errand,
    /// Of effects, or of events: an endpoint's place is not taken by the other.
    lines: Arc<Lines>,
}

impl Engine {
    /// Works until told to stop; what was begun is finished then.
    pub async fn serve(&self, pace: Pace, crew: Crew, mut stop: watch::Receiver<bool>) {
        let (of_effects, of_events) = (Arc::new(Lines::default()), Arc::new(Lines::default()));
        let rounds = Errand::ALL.map(|errand| {
            let of_tenant = match errand {
                Errand::Customers => self.settings.lanes.max(1),
                Errand::Effects | Errand::Events | Errand::Records => u32::MAX,
            };
            (errand, Arc::new(Round::new(of_tenant)))
        });
        let mut lanes = JoinSet::new();
        for (errand, round) in &rounds {
            let count = match errand {
                Errand::Customers => self.settings.lanes.max(1).saturating_mul(LANES_TIMES),
                Errand::Effects => pace.delivery_lanes,
                Errand::Events => pace.event_lanes,
                Errand::Records => pace.record_lanes,
            };
            for _ in 0..count.max(1) {
                let lane = Lane {
                    engine: self.clone(),
                    crew: crew.clone(),
                    errand: *errand,
                    lines: Arc::clone(if *errand == Errand::Effects {
                        &of_effects
                    } else {
                        &of_events
                    }),
                };
                lanes.spawn(lane.run(Arc::clone(round)));
            }
        }
        let look = Duration::from_millis(pace.look_ms.max(1));
        let mut looks: u64 = 0;
        let depths = Arc::new(Depths::default());
        lanes.spawn({
            let (engine, depths, stop) = (self.clone(), Arc::clone(&depths), stop.clone());
            async move { depths.run(&engine, stop).await }
        });
        lanes.spawn({
            let (engine, stop) = (self.clone(), stop.clone());
            async move { engine.write_usage_until(stop).await }
        });
        while !*stop.borrow() {
            match self.store.due(self.clock.now()).await {
                Ok(due) => {
                    for (errand, round) in &rounds {
                        let of_errand = due.iter().filter(|due| errand.is_due(due));
                        round.join(of_errand.map(|due| due.tenant));
                        // The operator is no tenant, and seldom has anything due.
                        if *errand == Errand::Records && looks.is_multiple_of(OPERATOR_LOOKS) {
                            round.join(std::iter::once(OPERATOR));
                        }
                    }
                    depths.see(&due);
                    looks = looks.wrapping_add(1);
                }
                Err(error) => {
                    tracing::error!(error = chain(&error), "what is due cannot be told");
                }
            }
            // An error: whoever could say stop is gone.
            let told = tokio::time::timeout(look, stop.changed()).await;
            if matches!(told, Ok(Err(_))) {
                break;
            }
        }
        for (_, round) in &rounds {
            round.close();
        }
        of_effects.close();
        of_events.close();
        while let Some(ended) = lanes.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a lane ended badly");
            }
        }
        of_effects.idle().await;
        of_events.idle().await;
        self.write_all_usage().await;
    }
}

impl Lane {
    async fn run(self, round: Arc<Round>) {
        while let Some(tenant) = round.next().await {
            // In a task of its own: a bug that one tenant's data brings out ends no lane.
            let lane = self.clone();
            let done = tokio::spawn(async move { lane.batch(tenant).await }).await;
            let turn = match done {
                Ok(Ok(true)) => Turn::More,
                Ok(Ok(false)) => Turn::Over,
                Ok(Err(error)) => {
                    let error = chain(&error);
                    tracing::error!(%tenant, errand = ?self.errand, error, "a batch failed");
                    Turn::Over
                }
                Err(error) => {
                    tracing::error!(%tenant, errand = ?self.errand, %error, "a batch panicked");
                    Turn::Over
                }
            };
            round.give_back(tenant, turn);
        }
    }

    /// One batch; answers whether there may be more.
    async fn batch(&self, tenant: TenantId) -> Result<bool, EngineError> {
        match self.errand {
            Errand::Customers => {
                let (_, open) = self.engine.opened(tenant).await?;
                self.engine.work_once(&open).await
            }
            Errand::Effects => {
                let (_, open) = self.engine.opened(tenant).await?;
                let (engine, post) = (&self.engine, &self.crew.post);
                let delivered = engine.deliver(&open, post, &self.lines).await?;
                // Where all of it was put off, others have their turn first.
                Ok(delivered.taken > delivered.later)
            }
            Errand::Events => {
                let (_, open) = self.engine.opened(tenant).await?;
                let (engine, post) = (&self.engine, &self.crew.post);
                let announced = engine.announce(&open, post, &self.lines).await?;
                Ok(announced.taken > 0)
            }
            Errand::Records => self.crew.keeper.keep(tenant).await,
        }
    }
}
