//! What a tenant puts on its shelf, and how a workflow goes from document to version.

use std::sync::Arc;

use regua_domain::contract::is_name;
use regua_domain::cut::cut;
use regua_domain::template::context::Context;
use regua_domain::template::{RenderError, Template, TemplateSet};
use regua_domain::workflow::check::{Form, Problem, check_text, read};
use regua_domain::workflow::{PluginLock, Workflow};
use regua_runtime::{AdmissionError, Admitted, Whose, sha256_hex};
use regua_storage::{PluginRow, Signed, StoreError, TemplateRow, TenantStore, WorkflowRow};

use crate::meter::quota::Quota;
use crate::meter::uploads::{self, OverQuota};
use crate::revoke::revoked;
use crate::shelf::ShelfView;
use crate::signing::{self, Given, SignatureError};
use crate::{Engine, EngineError};

/// A plugin on the shelf.
#[derive(Debug, Clone)]
pub struct Added {
    /// Its row.
    pub plugin: PluginRow,
    /// Whether it is new; else these bytes were there already.
    pub is_new: bool,
    /// What of it is nearly as much as a stage may have.
    pub near: Vec<String>,
}

/// A published version.
#[derive(Debug)]
pub struct Published {
    /// Compiled.
    pub workflow: Workflow,
}

/// Why something was not put on the shelf. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The plugin is none.
    #[error("the plugin was not admitted")]
    NotAdmitted(#[source] AdmissionError),
    /// It is not signed as it has to be.
    #[error("the signature of the plugin was not taken")]
    Signature(#[source] SignatureError),
    /// It is more than the tenant may have.
    #[error(transparent)]
    OverQuota(#[from] OverQuota),
    /// The version stands for other bytes, on the shelf or since it was removed.
    #[error("{label} was added before, with other bytes: a version never changes")]
    VersionTaken {
        /// Name and version.
        label: String,
    },
    /// A template is called what no workflow could name.
    #[error("`{name}` is no template's name: it has 1 to 128 characters, none a control character")]
    TemplateName {
        /// The name.
        name: String,
    },
    /// Templates have faults, all of them told.
    #[error("{} of the templates' texts cannot be rendered", .0.len())]
    Templates(Vec<RenderError>),
    /// The document has problems, all of them told.
    #[error("the workflow has {} problems", .0.len())]
    Problems(Vec<Problem>),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<StoreError> for PublishError {
    fn from(error: StoreError) -> Self {
        Self::Engine(error.into())
    }
}

/// By whom an upload is signed, held against what the tenant asks for as it is now.
async fn signed(
    store: &Arc<dyn TenantStore>,
    given: Given<'_>,
    digest: &str,
) -> Result<Option<Signed>, PublishError> {
    let row = store.row().await?;
    let signed = signing::check(&**store, &row, given, digest).await?;
    signed.map_err(PublishError::Signature)
}

impl Engine {
    /// Admits a plugin that nobody signed and puts it on a tenant's shelf.
    pub async fn add_plugin(
        &self,
        store: &Arc<dyn TenantStore>,
        wasm: Vec<u8>,
    ) -> Result<Added, PublishError> {
        self.add_signed_plugin(store, wasm, Given::default()).await
    }

    /// Admits a plugin, by the signature that is given where there is one, and puts it on a
    /// tenant's shelf.
    pub async fn add_signed_plugin(
        &self,
        store: &Arc<dyn TenantStore>,
        wasm: Vec<u8>,
        given: Given<'_>,
    ) -> Result<Added, PublishError> {
        let quota = Quota::read(&**store).await?;
        if let Some(over) = uploads::begin(&**store, &quota, self.clock.now()).await? {
            return Err(over.into());
        }
        let digest = sha256_hex(&wasm);
        signed(store, given, &digest).await?;
        let runtime = Arc::clone(&self.runtime);
        let was_kept = runtime.keeps(&digest);
        // On none of the threads that live cases wait for.
        let turn = self.admissions.turn(store.id()).await;
        let over = uploads::room(&**store, &quota, &digest, wasm.len() as u64).await?;
        if let Some(over) = over {
            return Err(over.into());
        }
        let admitted = tokio::task::spawn_blocking(move || runtime.admit(wasm))
            .await
            .map_err(|_| EngineError::Workers)?
            .map_err(PublishError::NotAdmitted)?;
        let added = self.add_admitted(store, admitted, given).await;
        if added.is_err() && !was_kept {
            self.runtime.forget(&digest);
        }
        let (plugin, is_new, near) = added?;
        let known = if is_new {
            None
        } else {
            let all = store.plugins().await?;
            all.into_iter().find(|row| row.digest == plugin.digest)
        };
        drop(turn);
        Ok(Added {
            plugin: known.unwrap_or(plugin),
            is_new,
            near,
        })
    }

    /// Puts what was admitted on the shelf, if it is signed as it has to be and there is room by
    /// now: a compiler may take minutes, a key be removed meanwhile, and another node add as much.
    async fn add_admitted(
        &self,
        store: &Arc<dyn TenantStore>,
        admitted: Admitted,
        given: Given<'_>,
    ) -> Result<(PluginRow, bool, Vec<String>), PublishError> {
        let plugin = PluginRow {
            signed: signed(store, given, &admitted.digest).await?,
            manifest: admitted.manifest,
            digest: admitted.digest,
            added_at: self.clock.now(),
        };
        let allowed = Quota::read(&**store).await?.component_bytes;
        let added = store.add_plugin(&plugin, &admitted.wasm, allowed).await;
        let is_new = added.map_err(|error| match error {
            StoreError::NoRoom {
                bytes,
                stored,
                allowed,
            } => OverQuota::Bytes {
                bytes,
                stored,
                allowed,
            }
            .into(),
            StoreError::Taken { .. } => {
                let label = format!("{}@{}", plugin.manifest.name, plugin.manifest.version);
                PublishError::VersionTaken { label }
            }
            error => error.into(),
        })?;
        Ok((plugin, is_new, admitted.near))
    }

    /// Takes a plugin version from a tenant's shelf, and the native code that was made of it where
    /// no other tenant has it.
    pub async fn remove_plugin(
        &self,
        store: &dyn TenantStore,
        name: &str,
        version: &str,
    ) -> Result<(), StoreError> {
        let mut plugins = store.plugins().await?.into_iter();
        let is_it = |row: &PluginRow| row.manifest.name == name && row.manifest.version == version;
        let found = plugins.find(is_it);
        store.remove_plugin(name, version, self.clock.now()).await?;
        if let Some(PluginRow { digest, .. }) = found
            && !self.store.any_has_plugin(&digest).await?
        {
            self.runtime.forget(&digest);
        }
        Ok(())
    }

    /// Checks the locales of a template together, rendering each against a sample, and
    /// puts them on the shelf.
    pub async fn put_templates(
        &self,
        store: &Arc<dyn TenantStore>,
        templates: Vec<Template>,
    ) -> Result<(), PublishError> {
        let Some(name) = templates.first().map(|template| template.name.clone()) else {
            return Ok(());
        };
        if !(1..=128).contains(&name.chars().count()) || name.contains(char::is_control) {
            let name = cut(&name, 60).into_owned();
            return Err(PublishError::TemplateName { name });
        }
        let set = TemplateSet::new(&name, templates.clone()).map_err(PublishError::Templates)?;
        let faults = set.check(Context::sample);
        if !faults.is_empty() {
            return Err(PublishError::Templates(faults));
        }
        let put_at = self.clock.now();
        let row = |template| TemplateRow { template, put_at };
        let rows: Vec<_> = templates.into_iter().map(row).collect();
        Ok(store.put_templates(&rows).await?)
    }

    /// Checks a document against a tenant's shelf, as its next version would be.
    pub async fn check(
        &self,
        store: &Arc<dyn TenantStore>,
        text: &str,
        form: Form,
    ) -> Result<Workflow, PublishError> {
        let row = store.row().await?;
        let plugins = store.plugins().await?;
        let digests: Vec<_> = plugins.iter().map(|plugin| plugin.digest.clone()).collect();
        let bound = self.bind(store, &digests).await?;
        let locks = plugins
            .into_iter()
            .map(|plugin| PluginLock {
                digest: plugin.digest,
                manifest: plugin.manifest,
            })
            .collect();
        let templates = store
            .templates()
            .await?
            .into_iter()
            .map(|row| row.template)
            .collect();
        let shelf = ShelfView::new(locks, templates, Some(bound), row.policy.clone())
            .map_err(PublishError::Templates)?
            .without(revoked(&**store).await?);
        let version = self.next_version(store, text, form).await?;
        let text = text.to_owned();
        let whose = Whose {
            id: row.id.0.as_u128(),
            percent: Quota::read(&**store).await?.workers_percent,
        };
        let checked = self
            .workers
            .run_for(whose, move || {
                check_text(&text, form, &shelf, &row.policy, version)
            })
            .into_recv_async()
            .await
            .map_err(|_| EngineError::Workers)?;
        checked.map_err(PublishError::Problems)
    }

    async fn next_version(
        &self,
        store: &Arc<dyn TenantStore>,
        text: &str,
        form: Form,
    ) -> Result<u32, PublishError> {
        let value = read(text, form).map_err(PublishError::Problems)?;
        let name = value
            .get("name")
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        // Of what is no name, which the check tells, no store has a version; and one of them cannot
        // be asked for every text.
        if !is_name(name, 64) {
            return Ok(1);
        }
        Ok(store.next_version(name).await?)
    }

    /// Checks a document and publishes it as its next version. New cases get it once it
    /// is activated.
    pub async fn publish(
        &self,
        store: &Arc<dyn TenantStore>,
        text: &str,
        form: Form,
    ) -> Result<Published, PublishError> {
        let workflow = self.check(store, text, form).await?;
        let document = read(text, form).map_err(PublishError::Problems)?;
        let mut plugins: Vec<_> = workflow
            .stages
            .iter()
            .map(|stage| (stage.plugin.label(), stage.plugin.digest.clone()))
            .collect();
        plugins.sort_unstable();
        plugins.dedup();
        let templates = store.templates().await?.into_iter().map(|row| row.template);
        let row = WorkflowRow {
            name: workflow.reference.name.clone(),
            version: workflow.reference.version,
            document,
            plugins,
            templates: templates
                .filter(|t| workflow.templates.contains_key(&t.name))
                .collect(),
            active: false,
            published_at: self.clock.now(),
        };
        store.publish(&row).await.map_err(|error| match error {
            StoreError::Missing {
                what: "plugin",
                name,
            } => {
                let text = format!("the plugin `{name}` was removed meanwhile");
                PublishError::Problems(vec![Problem::new("/stages", text)])
            }
            error => error.into(),
        })?;
        Ok(Published { workflow })
    }
}
