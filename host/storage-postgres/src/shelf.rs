//! What is kept once a tenant, and how it changes.

use regua_domain::id::TenantId;
use regua_domain::policy::Policy;
use regua_domain::time::Timestamp;
use regua_storage::{PluginRow, StoreError, TemplateRow, TenantRow, WorkflowRow};
use sqlx::{PgConnection, PgPool};

use crate::error::{backend, cause};
use crate::retry::Tries;
use crate::{plugin, template, tenant, workflow};

/// One change, carried out whole or not at all.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Change<'a> {
    CreateTenant(&'a TenantRow),
    PutPolicy(TenantId, &'a Policy),
    SetClock(TenantId, Timestamp),
    AddPlugin(TenantId, &'a PluginRow, &'a [u8]),
    PutTemplates(TenantId, &'a [TemplateRow]),
    Publish(TenantId, &'a WorkflowRow),
    Activate(TenantId, &'a str, u32),
}

impl Change<'_> {
    /// Carries it out in a transaction; answers whether anything changed.
    pub(crate) async fn carry_out(self, pool: &PgPool) -> Result<bool, StoreError> {
        let mut tries = Tries::default();
        loop {
            match self.attempt(pool).await {
                Err(error) => {
                    let again = match cause(&error) {
                        Some(cause) => tries.again(cause).await,
                        None => false,
                    };
                    if !again {
                        return Err(error);
                    }
                }
                changed => return changed,
            }
        }
    }

    async fn attempt(self, pool: &PgPool) -> Result<bool, StoreError> {
        let failed = backend("change the shelf");
        let mut transaction = pool.begin().await.map_err(&failed)?;
        let changed = self.within(&mut transaction).await?;
        transaction.commit().await.map_err(&failed)?;
        Ok(changed)
    }

    async fn within(self, connection: &mut PgConnection) -> Result<bool, StoreError> {
        match self {
            Self::CreateTenant(row) => tenant::create(connection, row).await,
            Self::PutPolicy(id, policy) => tenant::put_policy(connection, id, policy).await,
            Self::SetClock(id, now) => tenant::set_clock(connection, id, now).await,
            Self::AddPlugin(id, row, wasm) => plugin::add(connection, id, row, wasm).await,
            Self::PutTemplates(id, rows) => template::put(connection, id, rows).await,
            Self::Publish(id, row) => workflow::publish(connection, id, row).await,
            Self::Activate(id, name, version) => {
                workflow::activate(connection, id, name, version).await
            }
        }
    }
}
