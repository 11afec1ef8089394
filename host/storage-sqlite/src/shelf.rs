//! What is kept once a tenant, and how it changes.

use regua_domain::id::TenantId;
use regua_domain::policy::Policy;
use regua_domain::time::Timestamp;
use regua_storage::{PluginRow, StoreError, TemplateRow, TenantRow, WorkflowRow};
use sqlx::SqliteConnection;

use crate::{plugin, template, tenant, workflow};

/// One change, carried out by the writer.
#[derive(Debug)]
pub(crate) enum Change {
    CreateTenant(TenantRow),
    PutPolicy(TenantId, Policy),
    SetClock(TenantId, Timestamp),
    AddPlugin(TenantId, PluginRow, Vec<u8>),
    PutTemplates(TenantId, Vec<TemplateRow>),
    Publish(TenantId, WorkflowRow),
    Activate(TenantId, String, u32),
}

impl Change {
    /// Carries it out within the open transaction; answers whether anything changed.
    pub(crate) async fn carry_out(
        &self,
        connection: &mut SqliteConnection,
    ) -> Result<bool, StoreError> {
        match self {
            Self::CreateTenant(row) => tenant::create(connection, row).await,
            Self::PutPolicy(id, policy) => tenant::put_policy(connection, *id, policy).await,
            Self::SetClock(id, now) => tenant::set_clock(connection, *id, *now).await,
            Self::AddPlugin(id, row, wasm) => plugin::add(connection, *id, row, wasm).await,
            Self::PutTemplates(id, rows) => template::put(connection, *id, rows).await,
            Self::Publish(id, row) => workflow::publish(connection, *id, row).await,
            Self::Activate(id, name, version) => {
                workflow::activate(connection, *id, name, *version).await
            }
        }
    }
}
