//! Looking after records that are due.

use regua_domain::id::TenantId;
use regua_domain::time::{MINUTE_MS, Timestamp};
use regua_engine::meter::logs::CallLog;
use regua_engine::meter::usage::{Day, Usage};
use regua_engine::{Engine, EngineError};
use regua_storage::{Record, RecordWrite, Seen, TenantStore};

use crate::repeat::Answer;

/// Records looked after in one go.
const BATCH: u32 = 256;

/// Works on the records of a tenant that are due; answers whether there may be more.
pub async fn keep(engine: &Engine, tenant: TenantId) -> Result<bool, EngineError> {
    let store = engine.store().tenant(tenant);
    let now = engine.clock().now();
    let until = now.plus_ms(MINUTE_MS);
    // Answers are kept for a day.
    let mut more = drop_due::<Answer>(&*store, now, until).await?;
    more |= drop_due::<Usage>(&*store, now, until).await?;
    more |= drop_due::<Day>(&*store, now, until).await?;
    more |= drop_due::<CallLog>(&*store, now, until).await?;
    more |= engine.sweep_due(tenant).await?;
    more |= crate::jobs::run_due(engine, tenant).await?;
    Ok(more)
}

/// Drops records of a kind that have had their time; answers whether there may be more.
async fn drop_due<R: Record>(
    store: &dyn TenantStore,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, EngineError> {
    let over = store.take_due(R::KIND, now, until, BATCH).await?;
    let count = over.len();
    let gone = over
        .into_iter()
        .map(|row| RecordWrite::remove::<R>(row.id, Seen::Version(row.version)));
    store.write_records(gone.collect()).await?;
    Ok(count == BATCH as usize)
}
