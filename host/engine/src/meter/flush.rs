//! Adding what a process counted to what the store has.

use std::time::Duration;

use regua_domain::id::TenantId;
use regua_storage::records::get_all;
use regua_storage::{RecordWrite, Seen, StoreError, TenantStore};
use tokio::sync::watch;

use super::account::{Account, News};
use super::usage::{Day, Usage, dropped_at, key};
use crate::open::chain;
use crate::{Engine, EngineError};

/// How often it is done.
const EVERY: Duration = Duration::from_secs(1);
/// How often it is tried where other nodes write at the same moment.
const TRIES: u32 = 16;

impl Engine {
    /// Writes what this process counted of a tenant's use. What cannot be written stays counted;
    /// a store that fails half-way through writing may have it twice. What was begun goes on
    /// where the caller does not wait.
    pub async fn write_usage(&self, tenant: TenantId) -> Result<(), EngineError> {
        let account = self.meter.account(tenant);
        let store = self.store.tenant(tenant);
        let writing = tokio::spawn(async move { write(&*store, &account).await });
        Ok(writing.await.map_err(|_| EngineError::Workers)??)
    }

    /// The same of every tenant; what fails is logged, and done later.
    pub(crate) async fn write_all_usage(&self) {
        for (tenant, account) in self.meter.unwritten() {
            if let Err(error) = write(&*self.store.tenant(tenant), &account).await {
                let error = chain(&error);
                tracing::warn!(%tenant, error, "what was used is not written yet");
            }
        }
    }

    /// Writes again and again until told to stop.
    pub(crate) async fn write_usage_until(&self, mut stop: watch::Receiver<bool>) {
        // An error of the wait: whoever could say stop is gone.
        while tokio::time::timeout(EVERY, stop.wait_for(|stop| *stop))
            .await
            .is_err()
        {
            self.write_all_usage().await;
        }
    }
}

async fn write(store: &dyn TenantStore, account: &Account) -> Result<(), StoreError> {
    let news = account.take_news();
    if news.is_empty() {
        return Ok(());
    }
    let mut tries = 0;
    loop {
        tries += 1;
        match add(store, account, &news).await {
            Err(StoreError::Changed { .. }) if tries < TRIES => {}
            Err(error) => {
                account.give_back(news);
                return Err(error);
            }
            Ok(()) => return Ok(()),
        }
    }
}

async fn add(store: &dyn TenantStore, account: &Account, news: &News) -> Result<(), StoreError> {
    let keys: Vec<String> = news
        .usage
        .keys()
        .map(|(day, digest)| key(digest, *day))
        .collect();
    let ids: Vec<&str> = keys.iter().map(String::as_str).collect();
    let mut known = get_all::<Usage>(store, &ids).await?;
    let mut writes = Vec::new();
    for ((day, _), id, usage) in news.usage.iter().zip(&keys).map(|((k, u), id)| (k, id, u)) {
        let at = known.iter().position(|kept| kept.id == *id);
        let (mut sum, seen) = match at.map(|at| known.swap_remove(at)) {
            Some(kept) => (kept.value, Seen::Version(kept.version)),
            None => (Usage::default(), Seen::Nothing),
        };
        sum.add(usage);
        writes.push(RecordWrite::put(id, seen, &sum, Some(dropped_at(*day)))?);
    }
    let dates: Vec<String> = news.days.keys().map(ToString::to_string).collect();
    let ids: Vec<&str> = dates.iter().map(String::as_str).collect();
    let mut known = get_all::<Day>(store, &ids).await?;
    let mut learned = Vec::new();
    for ((date, day), id) in news.days.iter().zip(&dates) {
        let at = known.iter().position(|kept| kept.id == *id);
        let (mut sum, seen) = match at.map(|at| known.swap_remove(at)) {
            Some(kept) => (kept.value, Seen::Version(kept.version)),
            None => (Day::default(), Seen::Nothing),
        };
        sum.add(day);
        writes.push(RecordWrite::put(id, seen, &sum, Some(dropped_at(*date)))?);
        learned.push((*date, sum));
    }
    store.write_records(writes).await?;
    for (date, day) in learned {
        account.learn(date, day);
    }
    Ok(())
}
