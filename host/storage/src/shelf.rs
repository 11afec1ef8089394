//! What a tenant put on its shelf: plugins, templates, workflows.

mod uses;

use async_trait::async_trait;
use regua_domain::contract::Manifest;
use regua_domain::template::Template;
use regua_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{RecordWrite, StoreError};

pub use uses::{Uses, locked};

/// A plugin version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginRow {
    /// What it says of itself; name and version are its key.
    pub manifest: Manifest,
    /// SHA-256 of the component, hex.
    pub digest: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// By what it was signed, where it was.
    pub signed: Option<Signed>,
}

/// The signature that a plugin version came with. It can be checked for ever, also when the key
/// is no longer one of the tenant's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The key's id.
    pub key: String,
    /// The key: an Ed25519 public key, 64 hexadecimal digits.
    pub public_key: String,
    /// The signature, 128 hexadecimal digits.
    pub signature: String,
}

/// A template in one locale; a later one of the same name and locale replaces it for
/// workflows published from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateRow {
    /// Name, locale and parts.
    pub template: Template,
    /// When it was put.
    pub put_at: Timestamp,
}

/// A published version of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowRow {
    /// The document's name.
    pub name: String,
    /// Counts from 1.
    pub version: u32,
    /// The document as it was published, JSON.
    pub document: serde_json::Value,
    /// Digest of each plugin it locks, by `name@version`.
    pub plugins: Vec<(String, String)>,
    /// The templates it locks, as they were.
    pub templates: Vec<Template>,
    /// Whether new cases get it.
    pub active: bool,
    /// When it was published.
    pub published_at: Timestamp,
}

/// One tenant's shelf.
#[async_trait]
pub trait Shelf: Send + Sync {
    /// Adds a plugin version. The same bytes again change nothing and answer `false`, but that
    /// a signature is kept where there was none; other bytes under a taken version are refused,
    /// and a version stays taken when it is removed. A component that is not there yet is refused
    /// where all of them together would have more than `bytes_max` bytes.
    async fn add_plugin(
        &self,
        plugin: &PluginRow,
        wasm: &[u8],
        bytes_max: u64,
    ) -> Result<bool, StoreError>;

    /// All plugin versions, by name and version.
    async fn plugins(&self) -> Result<Vec<PluginRow>, StoreError>;

    /// Removes a plugin version, and its component where no other version has the same one.
    /// [`StoreError::InUse`] names the workflow versions that lock it.
    async fn remove_plugin(
        &self,
        name: &str,
        version: &str,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// The component of a digest.
    async fn component(&self, digest: &str) -> Result<Vec<u8>, StoreError>;

    /// Bytes of all components.
    async fn component_bytes(&self) -> Result<u64, StoreError>;

    /// Puts templates, all or none.
    async fn put_templates(&self, templates: &[TemplateRow]) -> Result<(), StoreError>;

    /// All templates as of now, by name and locale.
    async fn templates(&self) -> Result<Vec<TemplateRow>, StoreError>;

    /// The version that a workflow is published as next: one more than ever was, removed or not.
    async fn next_version(&self, name: &str) -> Result<u32, StoreError>;

    /// Publishes a workflow as the given version, which must be the next one. Every plugin that
    /// it locks must be there: the first that is not is [`StoreError::Missing`].
    async fn publish(&self, workflow: &WorkflowRow) -> Result<(), StoreError>;

    /// Removes a version of a workflow that nothing needs any more; [`StoreError::InUse`] tells
    /// what does (see [`Uses`]). No other document is ever published under its number.
    async fn remove_workflow(
        &self,
        name: &str,
        version: u32,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Every version of every workflow, by name and version.
    async fn workflows(&self) -> Result<Vec<WorkflowRow>, StoreError>;

    /// Makes a version the one that new cases get, and writes records in the same transaction.
    async fn activate(
        &self,
        name: &str,
        version: u32,
        writes: Vec<RecordWrite>,
    ) -> Result<(), StoreError>;
}
