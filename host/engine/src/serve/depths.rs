//! How much waits, told now and then to whoever watches the host.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use regua_domain::id::TenantId;
use regua_storage::{Due, Standing};
use tokio::sync::watch;

use crate::open::chain;
use crate::{Engine, EngineError, measure};

/// How often it is counted.
const EVERY: Duration = Duration::from_secs(15);

/// Tenants who had something due since they were counted last, or for whom something waited then.
#[derive(Default)]
pub(super) struct Depths(Mutex<BTreeSet<TenantId>>);

impl Depths {
    fn with<T>(&self, with: impl FnOnce(&mut BTreeSet<TenantId>) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes who has something due.
    pub(super) fn see(&self, due: &[Due]) {
        self.with(|seen| seen.extend(due.iter().map(|due| due.tenant)));
    }

    /// Counts what waits, again and again until told to stop.
    pub(super) async fn run(&self, engine: &Engine, mut stop: watch::Receiver<bool>) {
        loop {
            // An error: whoever could say stop is gone.
            match tokio::time::timeout(EVERY, stop.wait_for(|stop| *stop)).await {
                Err(_) => {}
                Ok(_) => return,
            }
            for tenant in self.with(std::mem::take) {
                match standing(engine, tenant).await {
                    Ok((name, standing)) => {
                        measure::waits(&name, &standing, engine.clock.now());
                        if standing.due + standing.leased + standing.queued > 0 {
                            self.with(|seen| seen.insert(tenant));
                        }
                    }
                    Err(error) => {
                        let error = chain(&error);
                        tracing::warn!(%tenant, error, "what waits cannot be counted");
                    }
                }
            }
        }
    }
}

async fn standing(engine: &Engine, tenant: TenantId) -> Result<(String, Standing), EngineError> {
    let (row, _) = engine.opened(tenant).await?;
    let standing = engine.store.standing(tenant, engine.clock.now()).await?;
    Ok((row.name, standing))
}
