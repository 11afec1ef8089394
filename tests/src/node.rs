//! A node at work over a filled store, as `regua serve` is: it runs who is due and hands over what
//! waits.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use regua_domain::id::TenantId;
use regua_domain::time::Timestamp;
use regua_engine::post::Post;
use regua_engine::{Clock, Crew, Engine, EngineError, Keeper, Pace};
use tokio::sync::watch;

/// A clock that goes on from an instant, some times as fast as the machine's.
#[derive(Debug)]
pub struct Going {
    from: Timestamp,
    pace: i64,
    since: Instant,
}

impl Going {
    /// Begins at once.
    pub fn from(from: Timestamp, pace: i64) -> Self {
        Self {
            from,
            pace,
            since: Instant::now(),
        }
    }
}

impl Clock for Going {
    fn now(&self) -> Timestamp {
        let elapsed = i64::try_from(self.since.elapsed().as_millis());
        self.from.plus_ms(elapsed.unwrap_or_default() * self.pace)
    }
}

/// Works until it is told to stop.
pub async fn work(engine: &Engine, post: Arc<Post>, pace: Pace, stop: watch::Receiver<bool>) {
    let crew = Crew {
        post,
        keeper: Arc::new(NoRecords),
    };
    engine.serve(pace, crew, stop).await;
}

/// How many customers are to be run and effects to be handed over.
pub async fn left(engine: &Engine, tenant: TenantId) -> anyhow::Result<u64> {
    let standing = engine.store().standing(tenant, engine.clock().now());
    let standing = standing.await?;
    Ok(standing.due + standing.leased + standing.queued)
}

/// The wave has no records that come due.
struct NoRecords;

#[async_trait]
impl Keeper for NoRecords {
    async fn keep(&self, _: TenantId) -> Result<bool, EngineError> {
        Ok(false)
    }
}
