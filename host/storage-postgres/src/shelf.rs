//! What is kept once a tenant, and how it changes.

use regua_domain::id::TenantId;
use regua_domain::policy::Policy;
use regua_domain::time::Timestamp;
use regua_storage::{
    Handing, PluginRow, RecordWrite, StoreError, TemplateRow, TenantRow, Tried, WorkflowRow,
};
use sqlx::{PgConnection, PgPool};

use crate::error::{backend, cause};
use crate::retry::Tries;
use crate::{outbox, plugin, record, template, tenant, workflow};

/// One change, carried out whole or not at all.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Change<'a> {
    CreateTenant(&'a TenantRow),
    PutPolicy(TenantId, &'a Policy, Option<u64>),
    SetClock(TenantId, Timestamp),
    AddPlugin(TenantId, &'a PluginRow, &'a [u8], u64),
    RemovePlugin(TenantId, &'a str, &'a str, Timestamp),
    PutTemplates(TenantId, &'a [TemplateRow]),
    Publish(TenantId, &'a WorkflowRow),
    Activate(TenantId, &'a str, u32, &'a [RecordWrite]),
    RemoveWorkflow(TenantId, &'a str, u32, Timestamp),
    WriteRecords(TenantId, &'a [RecordWrite]),
    WriteSettings(TenantId, &'a [RecordWrite]),
    PutOff(TenantId, &'a [(Handing, Timestamp, Tried)]),
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
        let failed = backend("change what a tenant has");
        let mut transaction = pool.begin().await.map_err(&failed)?;
        let changed = self.within(&mut transaction).await?;
        transaction.commit().await.map_err(&failed)?;
        Ok(changed)
    }

    async fn within(self, connection: &mut PgConnection) -> Result<bool, StoreError> {
        let is_new = match self {
            Self::CreateTenant(row) => tenant::create(connection, row).await,
            Self::PutPolicy(id, policy, seen) => {
                tenant::put_policy(connection, id, policy, seen).await
            }
            Self::SetClock(id, now) => tenant::set_clock(connection, id, now).await,
            Self::AddPlugin(id, row, wasm, bytes_max) => {
                plugin::add(connection, id, row, (wasm, bytes_max)).await
            }
            Self::RemovePlugin(id, name, version, at) => {
                plugin::remove(connection, id, (name, version), at).await
            }
            Self::PutTemplates(id, rows) => template::put(connection, id, rows).await,
            Self::Publish(id, row) => workflow::publish(connection, id, row).await,
            Self::RemoveWorkflow(id, name, version, at) => {
                workflow::remove(connection, id, (name, version), at).await
            }
            Self::Activate(id, name, version, writes) => {
                workflow::activate(connection, id, name, version).await?;
                record::write(connection, id, writes).await.map(|()| true)
            }
            Self::WriteRecords(id, writes) | Self::WriteSettings(id, writes) => {
                record::write(connection, id, writes).await.map(|()| true)
            }
            Self::PutOff(id, handings) => outbox::put_off(connection, id, handings)
                .await
                .map(|()| true),
        }?;
        if is_new && let Some(tenant) = self.shelf_of() {
            tenant::revise(connection, tenant).await?;
        }
        Ok(is_new)
    }

    /// Whose settings or shelf it changes.
    const fn shelf_of(&self) -> Option<TenantId> {
        match self {
            Self::PutPolicy(id, ..)
            | Self::AddPlugin(id, ..)
            | Self::RemovePlugin(id, ..)
            | Self::PutTemplates(id, _)
            | Self::Publish(id, _)
            | Self::RemoveWorkflow(id, ..)
            | Self::Activate(id, ..)
            | Self::WriteSettings(id, _) => Some(*id),
            _ => None,
        }
    }
}
