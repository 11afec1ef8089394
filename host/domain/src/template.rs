//! Templates: the text that a debtor reads.
//!
//! An admin of the tenant publishes them; a stage only names them. Every value comes from
//! the host's [`Context`](context::Context) and is data: template syntax in a customer's
//! name stays text. Rendering is pure, bounded in fuel, depth, source and output, and
//! escapes HTML in the `html` part.
//!
//! ```
//! use regua_domain::template::context::Context;
//! use regua_domain::template::{PartSet, Template, TemplateSet};
//!
//! let yaml = "subject: 'Reminder for {{ customer.name }}'\ntext: 'Please pay {{ balance.overdue }}.'";
//! let template = Template::from_yaml("first-day-late", "en", yaml).unwrap();
//! let set = TemplateSet::new("first-day-late", vec![template]).unwrap();
//! let sms = set.render("en-GB", PartSet::Message, &Context::sample("en-GB")).unwrap();
//! assert_eq!(sms.text, "Please pay USD 1,234.50.");
//! ```

mod address;
pub mod context;
mod engine;
mod error;
mod html;
mod inline;
mod part;
mod scan;
mod source;

use std::fmt;
use std::sync::Arc;

use minijinja::Environment;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use crate::format::locale_chain;
use context::Context;

pub use address::web_address;
pub use error::{Fault, RenderError, TemplateError};
pub use inline::{check_inline, render_inline};
pub use part::{Part, PartSet, Parts, Rendered};
pub(crate) use source::is_locale;
pub use source::{SOURCE_BYTES_MAX, typed_address};

/// The longest subject, in characters.
pub const SUBJECT_CHARS_MAX: usize = 200;
/// The longest text, in bytes.
pub const TEXT_BYTES_MAX: usize = 32 * 1024;
/// The longest short text, in characters: three SMS of 160.
pub const SHORT_CHARS_MAX: usize = 480;
/// The longest HTML, in bytes: mail programs cut off what is longer than about 100 kB.
pub const HTML_BYTES_MAX: usize = 96 * 1024;

/// A template in one locale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// What workflows call it.
    pub name: String,
    /// A language tag such as `pt-BR`.
    pub locale: String,
    /// Its sources.
    pub parts: Parts,
}

impl Template {
    /// Reads the parts from YAML. What is wrong with them is found by [`TemplateSet::new`].
    pub fn from_yaml(name: &str, locale: &str, text: &str) -> Result<Self, TemplateError> {
        let parts = serde_saphyr::from_str(text)
            .map_err(|error| TemplateError::yaml(name, locale, &error))?;
        Ok(Self {
            name: name.to_owned(),
            locale: locale.to_owned(),
            parts,
        })
    }
}

/// All locales of a template, compiled. Cloning shares.
#[derive(Clone)]
pub struct TemplateSet(Arc<Compiled>);

struct Compiled {
    name: String,
    environment: Environment<'static>,
    locales: Vec<Locale>,
}

/// One locale: which optional parts it has, and the key of each part in the environment.
struct Locale {
    tag: String,
    short: bool,
    html: bool,
    keys: [String; 4],
}

impl TemplateSet {
    /// Checks and compiles the locales of one template; every fault is reported.
    pub fn new(name: &str, templates: Vec<Template>) -> Result<Self, Vec<RenderError>> {
        let mut environment = engine::environment();
        let (mut locales, mut faults): (Vec<Locale>, Vec<RenderError>) = (Vec::new(), Vec::new());
        for template in templates {
            let at =
                |part, line, fault| RenderError::new(name, &template.locale, part, line, fault);
            if template.name != name {
                faults.push(at(
                    None,
                    None,
                    Fault::OtherName {
                        found: template.name.clone(),
                    },
                ));
            }
            if !is_locale(&template.locale) {
                faults.push(at(None, None, Fault::NotALocale));
            }
            if locales.iter().any(|locale| locale.tag == template.locale) {
                faults.push(at(None, None, Fault::LocaleTwice));
                continue;
            }
            let keys = ALL_PARTS.map(|part| format!("{}/{part}", template.locale));
            let Parts {
                subject,
                text,
                short,
                html,
            } = template.parts;
            let (has_short, has_html) = (short.is_some(), html.is_some());
            for (part, source) in
                ALL_PARTS
                    .into_iter()
                    .zip([Some(subject), Some(text), short, html])
            {
                let Some(source) = source else { continue };
                let found = source::faults(part, &source);
                if found.is_empty() {
                    let key = keys[part as usize].clone();
                    if let Err(error) = environment.add_template_owned(key, source) {
                        faults.push(RenderError::from_engine(
                            name,
                            &template.locale,
                            part,
                            &error,
                        ));
                    }
                }
                faults.extend(found.into_iter().map(|(line, fault)| {
                    RenderError::new(name, &template.locale, Some(part), line, fault)
                }));
            }
            locales.push(Locale {
                tag: template.locale,
                short: has_short,
                html: has_html,
                keys,
            });
        }
        if faults.is_empty() {
            Ok(Self(Arc::new(Compiled {
                name: name.to_owned(),
                environment,
                locales,
            })))
        } else {
            Err(faults)
        }
    }

    /// The template's name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The locales it is written in, as given.
    pub fn locales(&self) -> impl Iterator<Item = &str> {
        self.0.locales.iter().map(|locale| locale.tag.as_str())
    }

    /// Whether any part of it, in any locale, has a link of the host's.
    pub fn has_links(&self) -> bool {
        let mut parts = self.0.environment.templates();
        parts.any(|(_, part)| part.undeclared_variables(false).contains("links"))
    }

    /// Renders for a reader of `locale`, in the first locale of its [`locale_chain`] that
    /// the template has.
    pub fn render(
        &self,
        locale: &str,
        parts: PartSet,
        context: &Context,
    ) -> Result<Rendered, RenderError> {
        let found = locale_chain(locale)
            .into_iter()
            .find_map(|tag| self.0.locales.iter().find(|locale| locale.tag == tag))
            .ok_or_else(|| RenderError::new(self.name(), locale, None, None, self.no_locale()))?;
        let root = Value::from(Serde(context));
        let part = |part| self.render_part(found, part, &root, context);
        let subject = match parts {
            PartSet::Email | PartSet::Letter => Some(part(Part::Subject)?),
            PartSet::Message | PartSet::Script => None,
        };
        let text = part(if parts == PartSet::Message && found.short {
            Part::Short
        } else {
            Part::Text
        })?;
        let html = if parts == PartSet::Email && found.html {
            Some(part(Part::Html)?)
        } else {
            None
        };
        Ok(Rendered {
            subject,
            text,
            html,
        })
    }

    /// Test-renders every part of every locale against a sample for that locale, such as
    /// [`Context::sample`](context::Context::sample), and reports the fault of each.
    pub fn check(&self, sample: impl Fn(&str) -> Context) -> Vec<RenderError> {
        let mut faults = Vec::new();
        for locale in &self.0.locales {
            let context = sample(&locale.tag);
            let root = Value::from(Serde(&context));
            for part in ALL_PARTS {
                let there = match part {
                    Part::Short => locale.short,
                    Part::Html => locale.html,
                    Part::Subject | Part::Text => true,
                };
                if there {
                    faults.extend(self.render_part(locale, part, &root, &context).err());
                }
            }
        }
        faults
    }

    fn render_part(
        &self,
        locale: &Locale,
        part: Part,
        root: &Value,
        context: &Context,
    ) -> Result<String, RenderError> {
        let compiled = &*self.0;
        let rendered = compiled
            .environment
            .get_template(&locale.keys[part as usize])
            .and_then(|template| template.render(root.clone()))
            .map_err(|error| RenderError::from_engine(&compiled.name, &locale.tag, part, &error))?;
        engine::check_output(part, &rendered, context).map_err(|fault| {
            RenderError::new(&compiled.name, &locale.tag, Some(part), None, fault)
        })?;
        Ok(rendered)
    }

    fn no_locale(&self) -> Fault {
        Fault::NoLocale {
            known: self.locales().collect::<Vec<_>>().join(", "),
        }
    }
}

impl fmt::Debug for TemplateSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TemplateSet").field(&self.0.name).finish()
    }
}

/// In the order of their discriminants.
const ALL_PARTS: [Part; 4] = [Part::Subject, Part::Text, Part::Short, Part::Html];

#[cfg(test)]
mod tests;
