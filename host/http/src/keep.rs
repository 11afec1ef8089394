//! Looking after records that are due.

use regua_domain::id::TenantId;
use regua_domain::time::MINUTE_MS;
use regua_engine::{Engine, EngineError};
use regua_storage::{RecordWrite, Seen, records};

use crate::repeat::Answer;

/// Records looked after in one go.
const BATCH: u32 = 256;

/// Works on the records of a tenant that are due; answers whether there may be more.
pub async fn keep(engine: &Engine, tenant: TenantId) -> Result<bool, EngineError> {
    let store = engine.store().tenant(tenant);
    let now = engine.clock().now();
    let until = now.plus_ms(MINUTE_MS);
    // Answers are kept for a day.
    let over = records::take::<Answer>(&*store, now, until, BATCH).await?;
    let count = over.len();
    let gone = over
        .into_iter()
        .map(|kept| RecordWrite::remove::<Answer>(kept.id, Seen::Version(kept.version)));
    store.write_records(gone.collect()).await?;
    let more = engine.sweep_due(tenant).await? || count == BATCH as usize;
    Ok(crate::jobs::run_due(engine, tenant).await? || more)
}
