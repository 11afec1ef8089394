//! A look at a file before anything is done to it.

use std::path::Path;

use regua_domain::id::TenantId;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use uuid::Uuid;

use crate::SqliteStore;
use crate::options::OpenError;

impl SqliteStore {
    /// The tenants that a file holds. Nothing in it is changed, so that it may turn out to
    /// be anybody's: an error where it is no store.
    pub async fn tenants_of(path: impl AsRef<Path>) -> Result<Vec<TenantId>, OpenError> {
        let path = path.as_ref();
        let failed = |source| OpenError::NotAStore {
            path: path.display().to_string(),
            source,
        };
        let mut connection = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .disable_statement_logging()
            .connect()
            .await
            .map_err(failed)?;
        let rows = sqlx::query("SELECT tenant FROM tenant ORDER BY name")
            .fetch_all(&mut connection)
            .await
            .map_err(failed)?;
        connection.close().await.map_err(failed)?;
        rows.iter()
            .map(|row| row.try_get::<Uuid, _>(0).map(TenantId).map_err(failed))
            .collect()
    }
}
