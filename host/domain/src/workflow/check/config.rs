//! A stage's config against its plugin's schema, the tenant's shelf and the plugin itself.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::closest::hint;
use super::compile::canonical;
use super::draft::DraftStage;
use super::references::{Kind, Reference, references};
use super::schema::Schema;
use super::{CONFIG_BYTES_MAX, DEFAULT_TEAM, Faults, Shelf, bounds, effort};
use crate::policy::Policy;
use crate::template::TemplateSet;
use crate::workflow::PluginLock;

/// The plugin is asked only about a config that fits its schema and is not too large: what
/// the schema has said already it need not say again, nor be ready for.
pub(super) fn check(
    stage: &DraftStage<'_>,
    lock: &PluginLock,
    shelf: &dyn Shelf,
    policy: &Policy,
    templates: &mut BTreeMap<String, TemplateSet>,
    schemas: &mut Schemas,
    faults: &mut Faults,
) {
    let none = json!({});
    let config = stage.value.get("config").unwrap_or(&none);
    let base = stage.at("config");
    let text = canonical(config);
    if text.len() > CONFIG_BYTES_MAX {
        let len = text.len();
        faults.add(
            &base,
            format!("the config has {len} bytes as JSON, at most {CONFIG_BYTES_MAX} are possible"),
        );
        return;
    }
    let schema = match schemas.of(lock) {
        Ok(schema) => schema,
        Err(error) => {
            faults.add(
                stage.at("plugin"),
                format!(
                    "the config schema of `{}` cannot be used: {error}",
                    lock.label()
                ),
            );
            return;
        }
    };
    if !effort::is_bounded(&schema.value, config) {
        faults.add(stage.at("plugin"), format!("the config schema of `{}` goes round, takes too long, or refers other than by `#/…`", lock.label()));
        return;
    }
    let fits = schema.check(&base, config, faults);
    for reference in references(schema, config, &base) {
        resolve(reference, shelf, policy, templates, faults);
    }
    if fits {
        ask(&base, lock, shelf, &text, faults);
    }
}

/// The schemas of the plugins met so far: stages of one plugin share them.
#[derive(Default)]
pub(super) struct Schemas(BTreeMap<String, Result<Schema, String>>);

impl Schemas {
    fn of(&mut self, lock: &PluginLock) -> Result<&Schema, &str> {
        let schema = self.0.entry(lock.label()).or_insert_with(|| {
            let value: Value = serde_json::from_str(&lock.manifest.config_schema)
                .map_err(|error| error.to_string())?;
            bounds::excess(&value).map_or_else(|| Schema::new(value), Err)
        });
        schema.as_ref().map_err(String::as_str)
    }
}

fn ask(base: &str, lock: &PluginLock, shelf: &dyn Shelf, config: &str, faults: &mut Faults) {
    match shelf.check_config(lock, config) {
        Ok(problems) => {
            for problem in problems {
                let below = problem.pointer.is_empty() || problem.pointer.starts_with('/');
                let pointer = if below {
                    format!("{base}{}", problem.pointer)
                } else {
                    base.to_owned()
                };
                faults.add(pointer, problem.text);
            }
        }
        Err(error) => faults.add(
            base,
            format!("`{}` could not check its config: {error}", lock.label()),
        ),
    }
}

fn resolve(
    reference: Reference,
    shelf: &dyn Shelf,
    policy: &Policy,
    templates: &mut BTreeMap<String, TemplateSet>,
    faults: &mut Faults,
) {
    let Reference {
        kind,
        name,
        pointer,
    } = reference;
    let known: Vec<String> = match kind {
        Kind::Template => {
            if templates.contains_key(&name) {
                return;
            }
            if let Some(template) = shelf.template(&name) {
                if policy.link_base.is_empty() && template.has_links() {
                    let text = format!(
                        "the template `{name}` has links, and nothing says where they lead: set `link_base` in the tenant's policy"
                    );
                    faults.add(pointer, text);
                }
                templates.insert(name, template);
                return;
            }
            shelf.templates()
        }
        Kind::Team => policy
            .teams
            .iter()
            .cloned()
            .chain([DEFAULT_TEAM.to_owned()])
            .collect(),
        Kind::Agency => policy.agencies.iter().cloned().collect(),
        Kind::Segment => match shelf.segments() {
            Some(segments) => segments,
            None => return,
        },
        Kind::Terms => policy.interest_terms.keys().cloned().collect(),
    };
    if kind == Kind::Template || !known.contains(&name) {
        let hint = hint(&name, known.iter().map(String::as_str));
        faults.add(pointer, format!("there {} `{name}`{hint}", kind.missing()));
    }
}
