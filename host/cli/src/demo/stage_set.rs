//! The stage on which the demo is played: a fresh file, a tenant, its shelf.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use regua_domain::id::{CaseId, TenantId, derived};
use regua_domain::policy::Policy;
use regua_domain::template::Template;
use regua_domain::time::Timestamp;
use regua_domain::workflow::check::Form;
use regua_engine::{Engine, PublishError};
use regua_storage::{TenantRow, TenantStore};

use crate::session::Session;

/// The tenant's name.
pub const TENANT: &str = "demo";
const WORKFLOW: &str = include_str!("../../demo/standard.yaml");
const POLICY: &str = include_str!("../../demo/policy.yaml");

/// Removes what an earlier demo left, and nothing that it did not make.
pub fn clear(file: &Path) -> Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove {}", name.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Creates the sandbox tenant.
pub async fn tenant(session: &Session) -> Result<Arc<dyn TenantStore>> {
    let policy: Policy = serde_saphyr::from_str(POLICY).context("the demo's policy")?;
    // Always the same, so that every demo is the same to the minute.
    let id = TenantId(derived(CaseId(uuid::Uuid::nil()), 0, TENANT, 0));
    let row = TenantRow {
        id,
        name: TENANT.to_owned(),
        policy,
        clock: Some(Timestamp(0)),
    };
    session.store().create_tenant(&row).await?;
    Ok(session.store().tenant(id))
}

/// Puts plugins, templates and the workflow on its shelf.
pub async fn shelf(engine: &Engine, store: &Arc<dyn TenantStore>, folder: &Path) -> Result<()> {
    for path in files(folder, "wasm")? {
        let wasm =
            std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        engine
            .add_plugin(store, wasm)
            .await
            .with_context(|| format!("plugin {}", path.display()))?;
    }
    let mut templates: std::collections::BTreeMap<String, Vec<Template>> =
        std::collections::BTreeMap::default();
    for path in files(&folder.join("templates"), "yaml")? {
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let Some((name, locale)) = name.split_once('.') else {
            bail!("{} is not named <template>.<locale>.yaml", path.display());
        };
        let text = std::fs::read_to_string(&path)?;
        let template = Template::from_yaml(name, locale, &text)?;
        templates.entry(name.to_owned()).or_default().push(template);
    }
    for (name, locales) in templates {
        engine
            .put_templates(store, locales)
            .await
            .map_err(told)
            .with_context(|| format!("template {name}"))?;
    }
    let published = engine
        .publish(store, WORKFLOW, Form::Yaml)
        .await
        .map_err(told)?;
    let reference = published.workflow.reference;
    store.activate(&reference.name, reference.version).await?;
    Ok(())
}

/// Every fault, one a line.
fn told(error: PublishError) -> anyhow::Error {
    let faults: Vec<String> = match &error {
        PublishError::Problems(problems) => problems.iter().map(ToString::to_string).collect(),
        PublishError::Templates(faults) => faults.iter().map(ToString::to_string).collect(),
        _ => return error.into(),
    };
    anyhow::anyhow!("{error}:\n  {}", faults.join("\n  "))
}

fn files(folder: &Path, extension: &str) -> Result<Vec<std::path::PathBuf>> {
    let list = folder.read_dir().with_context(|| {
        format!(
            "{} is not there: `cargo xtask plugins` builds the plugins into target/plugins",
            folder.display()
        )
    })?;
    let mut files = Vec::new();
    for file in list {
        let path = file?.path();
        if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
