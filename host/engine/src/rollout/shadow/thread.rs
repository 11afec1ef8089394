//! The thread on which calls are compared, and how what that came to gets into the store.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use regua_domain::id::TenantId;
use regua_runtime::Whose;
use regua_storage::Store;

use super::call::{Call, Compared};
use super::{Report, Which, add};
use crate::behind::Behind;
use crate::open::chain;

/// Calls of one tenant that wait to be compared.
const QUEUE: u32 = 1_024;
/// Of all tenants together.
const QUEUE_IN_ALL: u32 = 8_192;
/// What was compared is written so often, at most.
const WRITTEN_EVERY: Duration = Duration::from_secs(1);
/// How long a process that ends waits for what is left.
const SETTLED_WITHIN: Duration = Duration::from_mins(1);
/// How often it looks.
const LOOK: Duration = Duration::from_millis(10);

/// What was compared behind everything else.
#[derive(Default)]
pub(crate) struct Shadows {
    counted: Arc<Counted>,
}

#[derive(Default)]
struct Counted(Mutex<State>);

#[derive(Default)]
struct State {
    /// Calls that wait to be compared.
    waiting: HashMap<TenantId, u32>,
    in_all: u32,
    /// What is not written yet.
    pending: BTreeMap<Which, Report>,
    /// Whether it will be.
    is_written: bool,
    /// How many writes are under way.
    writing: u32,
}

impl Shadows {
    /// Takes calls to be compared; those that do not fit are passed over.
    pub(in crate::rollout) fn take(
        &self,
        behind: &Behind,
        store: &Arc<dyn Store>,
        calls: Vec<Call>,
    ) {
        if calls.is_empty() {
            return;
        }
        let runtime = tokio::runtime::Handle::current();
        for call in calls {
            let counted = Writing {
                counted: Arc::clone(&self.counted),
                store: Arc::clone(store),
                runtime: runtime.clone(),
            };
            let thread = behind.thread();
            let Some(thread) = thread.filter(|_| self.counted.may_wait(call.which.0)) else {
                counted.note(call, Compared::Not);
                continue;
            };
            let whose = Whose {
                id: call.which.0.0.as_u128(),
                percent: 100,
            };
            // Nobody waits for it.
            drop(thread.run_for(whose, move || {
                let (waiting, tenant) = (Arc::clone(&counted.counted), call.which.0);
                let compared = call.compare();
                counted.note(call, compared);
                waiting.waited(tenant);
            }));
        }
    }
}

impl Shadows {
    /// Waits until all that was taken is compared and written, for a minute at most: for a process
    /// that has done its work and ends.
    pub(crate) async fn settled(&self) {
        let until = Instant::now() + SETTLED_WITHIN;
        while !self.counted.is_settled() && Instant::now() < until {
            tokio::time::sleep(LOOK).await;
        }
    }
}

impl Counted {
    fn is_settled(&self) -> bool {
        let state = self.lock();
        state.in_all == 0 && state.pending.is_empty() && !state.is_written && state.writing == 0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether one more call of a tenant may wait: then it does.
    fn may_wait(&self, tenant: TenantId) -> bool {
        let mut state = self.lock();
        let waiting = state.waiting.get(&tenant).copied().unwrap_or_default();
        let may = waiting < QUEUE && state.in_all < QUEUE_IN_ALL;
        if may {
            state.waiting.insert(tenant, waiting + 1);
            state.in_all += 1;
        }
        may
    }

    /// One waits no longer.
    fn waited(&self, tenant: TenantId) {
        let mut state = self.lock();
        state.in_all -= 1;
        if let Some(waiting) = state.waiting.get_mut(&tenant) {
            *waiting -= 1;
            if *waiting == 0 {
                state.waiting.remove(&tenant);
            }
        }
    }
}

/// How what was compared gets into the store.
struct Writing {
    counted: Arc<Counted>,
    store: Arc<dyn Store>,
    runtime: tokio::runtime::Handle,
}

impl Writing {
    /// Notes what a comparison came to; it is written a little later, with what else there is by
    /// then.
    fn note(self, call: Call, compared: Compared) {
        let mut state = self.counted.lock();
        let report = state.pending.entry(call.which).or_default();
        report.note(call.about, compared);
        if !std::mem::replace(&mut state.is_written, true) {
            drop(state);
            let runtime = self.runtime.clone();
            runtime.spawn(self.write());
        }
    }

    async fn write(self) {
        tokio::time::sleep(WRITTEN_EVERY).await;
        let pending = {
            let mut state = self.counted.lock();
            state.is_written = false;
            state.writing += 1;
            std::mem::take(&mut state.pending)
        };
        for ((tenant, workflow, since), report) in pending {
            let store = self.store.tenant(tenant);
            if let Err(error) = add(&*store, &workflow, since, report).await {
                tracing::error!(error = chain(&error), workflow, "a shadow was not counted");
            }
        }
        self.counted.lock().writing -= 1;
    }
}
