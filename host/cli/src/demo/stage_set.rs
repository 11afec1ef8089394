//! The stage on which the demo is played: a fresh file, a tenant, its shelf.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use regua_domain::id::{CaseId, TenantId, derived};
use regua_domain::policy::Policy;
use regua_domain::template::Template;
use regua_domain::time::Timestamp;
use regua_domain::workflow::check::Form;
use regua_engine::{Engine, PublishError};
use regua_storage::{TenantRow, TenantStore};
use regua_storage_sqlite::SqliteStore;

use crate::session::Session;

/// The tenant's name.
pub const TENANT: &str = "demo";
const WORKFLOW: &str = include_str!("../../demo/standard.yaml");
const POLICY: &str = include_str!("../../demo/policy.yaml");

/// The tenant's id: always the same, so that every demo is the same to the minute, and so
/// that the file of an earlier one is known by it.
fn id() -> TenantId {
    TenantId(derived(CaseId(uuid::Uuid::nil()), 0, TENANT, 0))
}

/// Removes the file of an earlier demo; any other file is refused and stays as it is.
pub async fn clear(file: &Path) -> Result<()> {
    if file.symlink_metadata().is_err() {
        return Ok(());
    }
    let refused = || {
        format!(
            "the demo plays in a file of its own, and would have to replace {}, which no demo \
             made: name another by --database or REGUA_DATABASE, or remove it yourself",
            file.display()
        )
    };
    let tenants = SqliteStore::tenants_of(file).await.with_context(refused)?;
    if tenants != [id()] {
        bail!(refused());
    }
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
    let row = TenantRow {
        id: id(),
        name: TENANT.to_owned(),
        policy,
        clock: Some(Timestamp(0)),
        revision: 0,
    };
    session.store().create_tenant(&row).await?;
    Ok(session.store().tenant(id()))
}

/// What goes on its shelf, read before any file is replaced.
pub struct Props {
    plugins: Vec<(PathBuf, Vec<u8>)>,
    templates: BTreeMap<String, Vec<Template>>,
}

/// Reads plugins and templates from the folder that they were built into.
pub fn props(folder: &Path) -> Result<Props> {
    let mut props = Props {
        plugins: Vec::new(),
        templates: BTreeMap::new(),
    };
    let cannot_read = |path: &Path| format!("cannot read {}", path.display());
    for path in files(folder, "wasm")? {
        let wasm = std::fs::read(&path).with_context(|| cannot_read(&path))?;
        props.plugins.push((path, wasm));
    }
    for path in files(&folder.join("templates"), "yaml")? {
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let Some((name, locale)) = name.split_once('.') else {
            bail!("{} is not named <template>.<locale>.yaml", path.display());
        };
        let text = std::fs::read_to_string(&path).with_context(|| cannot_read(&path))?;
        let template = Template::from_yaml(name, locale, &text)?;
        let locales = props.templates.entry(name.to_owned()).or_default();
        locales.push(template);
    }
    Ok(props)
}

/// Puts plugins, templates and the workflow on its shelf.
pub async fn shelf(engine: &Engine, store: &Arc<dyn TenantStore>, props: Props) -> Result<()> {
    for (path, wasm) in props.plugins {
        engine
            .add_plugin(store, wasm)
            .await
            .with_context(|| format!("plugin {}", path.display()))?;
    }
    for (name, locales) in props.templates {
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
    store
        .activate(&reference.name, reference.version, Vec::new())
        .await?;
    Ok(())
}

/// Every fault, in one line: an error begins no lines of its own.
fn told(error: PublishError) -> anyhow::Error {
    let faults: Vec<String> = match &error {
        PublishError::Problems(problems) => problems.iter().map(ToString::to_string).collect(),
        PublishError::Templates(faults) => faults.iter().map(ToString::to_string).collect(),
        _ => return error.into(),
    };
    anyhow::anyhow!("{error}: {}", faults.join("; "))
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
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
    anyhow::ensure!(
        !files.is_empty(),
        "there is no *.{extension} in {}",
        folder.display()
    );
    files.sort();
    Ok(files)
}
