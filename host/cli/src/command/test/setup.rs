//! Where scenarios have their policy from: workflows, plugins, templates and settings, in files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use regua_domain::id::{CaseId, TenantId, derived};
use regua_domain::policy::Policy;
use regua_domain::template::Template;
use regua_domain::workflow::check::{Form, Lines, Problem, Schema};
use regua_engine::rehearse::{Parts, PartsError, Rehearsal};
use regua_runtime::{Runtime, Stage};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::command::document::{Document, read_document};
use crate::command::{plugin, policy, template};
use crate::exit::Usage;
use crate::out::say;

/// What a setup is called where none is named.
pub(super) const FILE: &str = "setup.yaml";

/// A setup as it is written. Paths are seen from the file that names them, and may have
/// `*` in them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Setup {
    /// The tenant's settings: a file as `regua tenant policy` takes it, or its content. A new
    /// tenant's where it is left out.
    #[serde(default)]
    policy: Option<PolicyOrFile>,
    /// The workflows: the first is the one that cases get for which the policy names none.
    #[schemars(length(min = 1))]
    workflows: Vec<String>,
    /// The plugins' components.
    #[schemars(length(min = 1))]
    plugins: Vec<String>,
    /// The templates, each called `<name>.<locale>.yaml`.
    #[serde(default)]
    templates: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum PolicyOrFile {
    File(String),
    Here(serde_json::Map<String, Value>),
}

/// The schema of setups, for editors.
pub(in crate::command) fn schema() -> Value {
    schemars::schema_for!(Setup).to_value()
}

/// Where a setup is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::command) enum Place {
    /// In a file.
    File(PathBuf),
    /// In a scenario, whose text this is, at a place of it.
    Within(PathBuf, String),
}

impl Place {
    fn folder(&self) -> &Path {
        let (Self::File(file) | Self::Within(file, _)) = self;
        file.parent().unwrap_or(Path::new("."))
    }
}

/// Puts the tenant together that a setup describes, with a draft of a workflow where a file of one
/// is named. None where something of it has faults, which were listed.
pub(in crate::command) fn open(
    runtime: &Runtime,
    place: &Place,
    draft: Option<&Path>,
) -> anyhow::Result<Option<Rehearsal>> {
    let (file, value, lines, base) = match place {
        Place::File(file) => {
            let Some(document) = Document::read(file)? else {
                return Ok(None);
            };
            let text = read_document(file)?;
            (file, document.value, Lines::of(&text), "")
        }
        Place::Within(file, text) => {
            let value = regua_domain::workflow::check::read(text, Form::Yaml);
            let value = value
                .ok()
                .and_then(|mut value| Some(value.get_mut("setup")?.take()));
            (file, value.unwrap_or_default(), Lines::of(text), "/setup")
        }
    };
    let list = |faults: Vec<Problem>| {
        let mut faults: Vec<_> = faults
            .into_iter()
            .map(|fault| Problem::new(format!("{base}{}", fault.pointer), fault.text))
            .collect();
        lines.number(&mut faults);
        for fault in faults {
            say!("{}: {fault}", file.display());
        }
    };
    let schema = Schema::new(schema());
    let schema = schema.map_err(|error| anyhow::anyhow!("the schema of setups: {error}"))?;
    let faults = schema.problems(&value);
    if !faults.is_empty() {
        list(faults);
        return Ok(None);
    }
    let setup: Setup = serde_json::from_value(value)?;
    let Some(parts) = setup.parts(runtime, place.folder(), &list)? else {
        return Ok(None);
    };
    let (mut parts, mut workflows) = parts;
    parts.draft = draft.map(document).transpose()?;
    workflows.extend(draft.map(Path::to_owned));
    let id = TenantId(derived(CaseId(uuid::Uuid::nil()), 0, "rehearsal", 0));
    match parts.assemble(runtime, id) {
        Ok(rehearsal) => Ok(Some(rehearsal)),
        Err(PartsError::Templates(faults)) => {
            for fault in faults {
                say!("{}: {fault}", file.display());
            }
            Ok(None)
        }
        Err(PartsError::Problems(at, problems)) => {
            for problem in problems {
                say!("{}: {problem}", workflows[at].display());
            }
            Ok(None)
        }
    }
}

impl Setup {
    /// Reads all that it names. None where something of it has faults, which were listed.
    fn parts(
        self,
        runtime: &Runtime,
        folder: &Path,
        list: &dyn Fn(Vec<Problem>),
    ) -> anyhow::Result<Option<(Parts, Vec<PathBuf>)>> {
        let Some(policy) = self.policy(folder, list)? else {
            return Ok(None);
        };
        let mut plugins: Vec<Arc<Stage>> = Vec::new();
        for file in files(folder, &self.plugins)? {
            let Some(admitted) = plugin::check::admit(runtime, &file)? else {
                return Ok(None);
            };
            let wasm = admitted.wasm;
            let fetch = || Ok::<_, std::convert::Infallible>(wasm);
            plugins.push(runtime.load(&admitted.digest, fetch)?);
        }
        let Some(templates) = templates(&files(folder, &self.templates)?)? else {
            return Ok(None);
        };
        let names = files(folder, &self.workflows)?;
        let mut workflows = Vec::new();
        for file in &names {
            workflows.push(document(file)?);
        }
        let parts = Parts {
            policy,
            plugins,
            templates,
            workflows,
            draft: None,
        };
        Ok(Some((parts, names)))
    }

    fn policy(&self, folder: &Path, list: &dyn Fn(Vec<Problem>)) -> anyhow::Result<Option<Policy>> {
        match &self.policy {
            None => Ok(Some(policy::plain())),
            Some(PolicyOrFile::File(name)) => policy::of(&folder.join(name)),
            Some(PolicyOrFile::Here(members)) => {
                match policy::read(&Value::Object(members.clone())) {
                    Ok(policy) => Ok(Some(policy)),
                    Err(faults) => {
                        let within = |fault: Problem| {
                            Problem::new(format!("/policy{}", fault.pointer), fault.text)
                        };
                        list(faults.into_iter().map(within).collect());
                        Ok(None)
                    }
                }
            }
        }
    }
}

/// A workflow as it is written.
pub(in crate::command) fn document(file: &Path) -> anyhow::Result<(String, Form)> {
    let text = read_document(file)?;
    let is_json = file
        .extension()
        .is_some_and(|extension| extension == "json");
    Ok((text, if is_json { Form::Json } else { Form::Yaml }))
}

/// The files that patterns name, each pattern's by name. One that names none is a fault.
fn files(folder: &Path, patterns: &[String]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for pattern in patterns {
        let whole = folder.join(pattern);
        let text = whole.to_str().context("a path that is no text")?;
        let found = glob::glob(text).map_err(|error| Usage(format!("`{pattern}`: {error}")))?;
        let before = files.len();
        for file in found {
            files.push(file.context("cannot look for files")?);
        }
        if files.len() == before {
            return Err(Usage(format!("there is no {}", whole.display())).into());
        }
    }
    Ok(files)
}

/// The templates of files. None where one has faults, which were listed.
fn templates(files: &[PathBuf]) -> anyhow::Result<Option<Vec<Template>>> {
    let mut templates = Vec::new();
    let mut has_faults = false;
    for file in files {
        let text = read_document(file)?;
        let (name, locale) = template::names(file)?;
        match Template::from_yaml(&name, &locale, &text) {
            Ok(template) => templates.push(template),
            Err(error) => {
                say!("{}: {error}", file.display());
                has_faults = true;
            }
        }
    }
    Ok((!has_faults).then_some(templates))
}
