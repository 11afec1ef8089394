//! Facts that are told one by one, by many at once, go into the store together: whoever comes
//! while others' are being told waits for the next go, which takes all who wait. Alone, nobody
//! waits for anybody.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use regua_domain::id::TenantId;
use regua_domain::intake::Taken;
use regua_domain::time::Timestamp;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::{TellError, Telling};
use crate::{Engine, EngineError, Open};

/// Facts told in one go at most.
const AT_ONCE: usize = 256;
/// Where that failed, so many at once are told by themselves.
const ALONE: usize = 8;

/// What became of one fact.
type Told = Result<Result<Taken, TellError>, EngineError>;

struct Waiting {
    open: Arc<Open>,
    now: Timestamp,
    telling: Telling,
    told: oneshot::Sender<Told>,
}

/// Those who wait, by tenant; a tenant is in it while somebody tells for it.
#[derive(Default)]
pub(crate) struct Gathering(Mutex<HashMap<TenantId, Vec<Waiting>>>);

impl Gathering {
    fn with<T>(&self, with: impl FnOnce(&mut HashMap<TenantId, Vec<Waiting>>) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits; answers whether nobody tells for the tenant yet.
    fn join(&self, tenant: TenantId, waiting: Waiting) -> bool {
        self.with(|all| {
            let is_first = !all.contains_key(&tenant);
            all.entry(tenant).or_default().push(waiting);
            is_first
        })
    }

    /// Those whose turn it is; none: nobody waits, and nobody tells any more.
    fn next(&self, tenant: TenantId) -> Vec<Waiting> {
        self.with(|all| {
            let waiting = all.entry(tenant).or_default();
            let next: Vec<_> = waiting.drain(..waiting.len().min(AT_ONCE)).collect();
            if next.is_empty() {
                all.remove(&tenant);
            }
            next
        })
    }
}

/// Whoever tells for a tenant; where that ends badly, those who wait hear of it, and the next
/// one begins anew.
struct Teller {
    engine: Engine,
    tenant: TenantId,
    is_done: bool,
}

impl Drop for Teller {
    fn drop(&mut self) {
        if !self.is_done {
            self.engine.gathering.with(|all| all.remove(&self.tenant));
            tracing::error!(tenant = %self.tenant, "telling ended by itself");
        }
    }
}

impl Engine {
    /// Takes one fact in at `now`, as [`Engine::tell`] does, together with what others tell of
    /// the same tenant at the same time.
    pub async fn tell_one(&self, open: &Arc<Open>, now: Timestamp, telling: Telling) -> Told {
        let (told, hear) = oneshot::channel();
        let tenant = open.row.id;
        let waiting = Waiting {
            open: Arc::clone(open),
            now,
            telling,
            told,
        };
        if self.gathering.join(tenant, waiting) {
            let teller = Teller {
                engine: self.clone(),
                tenant,
                is_done: false,
            };
            // Its own task: whoever began it may hang up, and the others' facts go in all the same.
            tokio::spawn(teller.run());
        }
        hear.await.map_err(|_| EngineError::Workers)?
    }
}

impl Teller {
    async fn run(mut self) {
        loop {
            let next = self.engine.gathering.next(self.tenant);
            self.is_done = next.is_empty();
            if self.is_done {
                return;
            }
            self.go(next).await;
        }
    }

    /// Tells some together; where that fails, each by itself and once more, so that what is wrong
    /// with one is nobody else's matter.
    async fn go(&self, waiting: Vec<Waiting>) {
        // The last to come knows the tenant as it is by now.
        let Some(last) = waiting.last() else {
            return;
        };
        let tellings = waiting.iter().map(|one| one.telling.clone()).collect();
        if let Ok(told) = self.engine.tell(&last.open, last.now, tellings).await {
            for (one, told) in waiting.into_iter().zip(told) {
                // An error: it does not wait any more.
                let _ = one.told.send(Ok(told));
            }
            return;
        }
        let mut alone = JoinSet::new();
        for one in waiting {
            if alone.len() >= ALONE {
                alone.join_next().await;
            }
            let engine = self.engine.clone();
            alone.spawn(async move {
                let told = engine
                    .tell(&one.open, one.now, vec![one.telling])
                    .await
                    .map(|mut told| told.pop().unwrap_or(Ok(Taken::Known)));
                let _ = one.told.send(told);
            });
        }
        while alone.join_next().await.is_some() {}
    }
}
