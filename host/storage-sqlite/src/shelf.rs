//! What is kept once a tenant, and how it changes.

use regua_domain::id::{CaseId, TenantId};
use regua_domain::policy::Policy;
use regua_domain::time::Timestamp;
use regua_storage::{
    Handing, PluginRow, RecordRow, RecordWrite, StoreError, TemplateRow, TenantRow, Tried,
    WorkflowRow,
};
use sqlx::SqliteConnection;

use crate::agenda::{self, Pinned};
use crate::{outbox, plugin, record, template, tenant, workflow};

/// One change, carried out by the writer.
#[derive(Debug)]
pub(crate) enum Change {
    CreateTenant(TenantRow),
    PutPolicy(TenantId, Policy, Option<u64>),
    SetClock(TenantId, Timestamp),
    AddPlugin(TenantId, PluginRow, Vec<u8>, u64),
    RemovePlugin(TenantId, String, String, Timestamp),
    PutTemplates(TenantId, Vec<TemplateRow>),
    Publish(TenantId, WorkflowRow),
    Activate(TenantId, String, u32, Vec<RecordWrite>),
    WakePinned(TenantId, Pinned),
    RemoveWorkflow(TenantId, String, u32, Timestamp),
    WriteRecords(TenantId, Vec<RecordWrite>),
    WriteSettings(TenantId, Vec<RecordWrite>),
    TakeDue(TenantId, &'static str, (Timestamp, Timestamp), u32),
    TakeQueued(TenantId, (Timestamp, Timestamp), u32),
    PutOff(TenantId, Vec<(Handing, Timestamp, Tried)>),
}

/// What came of a change.
#[derive(Debug)]
pub(crate) enum Changed {
    /// Whether anything is new.
    New(bool),
    Records(Vec<RecordRow>),
    Handings(Vec<Handing>),
    Woken(Option<CaseId>),
}

impl Change {
    /// Carries it out within the open transaction; answers what came of it.
    pub(crate) async fn carry_out(
        &self,
        connection: &mut SqliteConnection,
    ) -> Result<Changed, StoreError> {
        let is_new = match self {
            Self::CreateTenant(row) => tenant::create(connection, row).await,
            Self::PutPolicy(id, policy, seen) => {
                tenant::put_policy(connection, *id, policy, *seen).await
            }
            Self::SetClock(id, now) => tenant::set_clock(connection, *id, *now).await,
            Self::AddPlugin(id, row, wasm, bytes_max) => {
                plugin::add(connection, *id, row, (wasm, *bytes_max)).await
            }
            Self::RemovePlugin(id, name, version, at) => {
                plugin::remove(connection, *id, (name, version), *at).await
            }
            Self::PutTemplates(id, rows) => template::put(connection, *id, rows).await,
            Self::Publish(id, row) => workflow::publish(connection, *id, row).await,
            Self::RemoveWorkflow(id, name, version, at) => {
                workflow::remove(connection, *id, (name, *version), *at).await
            }
            Self::Activate(id, name, version, writes) => {
                workflow::activate(connection, *id, name, *version).await?;
                record::write(connection, *id, writes).await.map(|()| true)
            }
            Self::WakePinned(id, pinned) => {
                return agenda::wake_pinned(connection, *id, pinned)
                    .await
                    .map(Changed::Woken);
            }
            Self::WriteRecords(id, writes) | Self::WriteSettings(id, writes) => {
                record::write(connection, *id, writes).await.map(|()| true)
            }
            Self::PutOff(id, handings) => outbox::put_off(connection, *id, handings)
                .await
                .map(|()| true),
            Self::TakeDue(id, kind, times, limit) => {
                let taken = record::take_due(connection, *id, kind, *times, *limit).await;
                return taken.map(Changed::Records);
            }
            Self::TakeQueued(id, times, limit) => {
                let taken = outbox::take(connection, *id, *times, *limit).await;
                return taken.map(Changed::Handings);
            }
        }?;
        if is_new && let Some(tenant) = self.shelf_of() {
            tenant::revise(connection, tenant).await?;
        }
        Ok(Changed::New(is_new))
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
