//! JSON Schema's errors, made readable.

use std::sync::OnceLock;

use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{
    Draft, PatternCache, PatternOptions, ValidationError, ValidationOptions, Validator,
};
use serde_json::Value;

use super::closest::{closest, did_you_mean};
use super::problem::{Problem, join, list};
use super::wording::{MESSAGE_CHARS_MAX, none_of, unfit, wanted, wrong_type};
use super::{Faults, PROBLEMS_MAX};
use crate::cut::cut;
use crate::workflow::Document;

/// A schema that instances can be held against.
#[derive(Debug)]
pub struct Schema {
    /// As it was given.
    pub value: Value,
    validator: Validator,
    patterns: PatternCache,
}

/// A pattern takes at most so much memory once it is compiled.
const PATTERN_MEMORY_MAX: usize = 1 << 20;

impl Schema {
    /// Compiles a schema of draft 2020-12. It may not refer to other documents, and its
    /// patterns are of the kind that is matched in linear time: schemas come from tenants.
    pub fn new(value: Value) -> Result<Self, String> {
        let patterns = PatternCache::new();
        options(&patterns)
            .build(&value)
            .map_err(|error| {
                let text = error.to_string();
                let why = match error.kind() {
                    Kind::Format { format } if format == "regex" => {
                        " that is matched in linear time and compiles to at most 1 MiB"
                    }
                    _ => "",
                };
                format!("{}{why}", cut(&text, MESSAGE_CHARS_MAX))
            })
            .map(|validator| Self {
                value,
                validator,
                patterns,
            })
    }

    /// The faults of an instance, at most [`PROBLEMS_MAX`] of them.
    pub fn problems(&self, instance: &Value) -> Vec<Problem> {
        let mut faults = Faults::default();
        self.check("", instance, &mut faults);
        faults.in_order(instance)
    }

    /// How parts of it are compiled by themselves: as the whole was, sharing its patterns.
    pub(super) fn options(&self) -> ValidationOptions<'_> {
        options(&self.patterns)
    }

    /// Tells the faults of an instance that stands at `base` in the document; whether there
    /// is none.
    pub(super) fn check(&self, base: &str, instance: &Value, faults: &mut Faults) -> bool {
        let mut found = Found::default();
        let mut errors = self.validator.iter_errors(instance);
        for error in errors.by_ref().take(PROBLEMS_MAX) {
            self.tell(base, &error, &mut found);
        }
        faults.untold += errors.count() + found.untold;
        // A member that was misspelt is not missing as well.
        let Found {
            mut problems,
            missing,
            meant,
            ..
        } = found;
        let told = |(pointer, name): &(String, String)| {
            meant
                .iter()
                .any(|(other, meant)| other == pointer && meant == name)
        };
        problems.extend(
            missing
                .into_iter()
                .filter(|member| !told(member))
                .map(|(pointer, name)| Problem::new(pointer, format!("`{name}` is missing"))),
        );
        let fits = problems.is_empty();
        faults.told.extend(problems);
        fits
    }

    fn tell(&self, base: &str, error: &ValidationError<'_>, found: &mut Found) {
        let pointer = format!("{base}{}", error.instance_path().as_str());
        let instance = error.instance();
        let text = match error.kind() {
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                return self.tell_alternatives(base, &pointer, error, context, found);
            }
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => {
                let known = self.known_members(error);
                let known = || known.iter().map(String::as_str);
                for name in unexpected.iter().take(PROBLEMS_MAX) {
                    let hint = closest(name, known()).map_or_else(String::new, |meant| {
                        found.meant.push((pointer.clone(), meant.to_owned()));
                        did_you_mean(meant)
                    });
                    found.push(
                        join(&pointer, name),
                        format!("`{name}` is not known here{hint}"),
                    );
                }
                found.untold += unexpected.len().saturating_sub(PROBLEMS_MAX);
                return;
            }
            Kind::Type { kind } => wrong_type(instance, &wanted(kind)),
            Kind::Required { property } => {
                found
                    .missing
                    .push((pointer, property.as_str().unwrap_or_default().to_owned()));
                return;
            }
            Kind::Enum { options } => {
                none_of(instance, options.as_array().map_or(&[], Vec::as_slice))
            }
            Kind::Constant { expected_value } => {
                none_of(instance, std::slice::from_ref(expected_value))
            }
            Kind::Pattern { pattern } => self.form(error).map_or_else(
                || cut(&error.to_string(), MESSAGE_CHARS_MAX).into_owned(),
                |about| unfit(instance, pattern, about),
            ),
            Kind::MinLength { limit: 1 } => "is empty".to_owned(),
            Kind::FalseSchema => "is not possible here".to_owned(),
            _ => cut(&error.to_string(), MESSAGE_CHARS_MAX).into_owned(),
        };
        found.push(pointer, text);
    }

    /// Of the forms that are possible, tells the faults of the one that was meant.
    fn tell_alternatives(
        &self,
        base: &str,
        pointer: &str,
        error: &ValidationError<'_>,
        context: &[Vec<ValidationError<'static>>],
        found: &mut Found,
    ) {
        let instance = error.instance();
        let here = error.instance_path().as_str();
        let is_here = |e: &ValidationError<'_>| e.instance_path().as_str() == here;
        let wrong_type_here = |branch: &&Vec<ValidationError<'static>>| {
            branch
                .iter()
                .any(|e| is_here(e) && matches!(e.kind(), Kind::Type { .. }))
        };
        let fitting: Vec<_> = context
            .iter()
            .filter(|branch| !wrong_type_here(branch))
            .collect();
        if fitting.is_empty() {
            let kinds = context
                .iter()
                .flatten()
                .filter(|e| is_here(e))
                .filter_map(|e| match e.kind() {
                    Kind::Type { kind } => Some(wanted(kind)),
                    _ => None,
                });
            let mut kinds: Vec<_> = kinds.filter(|kind| !kind.is_empty()).collect();
            kinds.dedup();
            found.push(pointer, wrong_type(instance, &kinds.join(" or ")));
            return;
        }
        let options: Option<Vec<_>> = fitting.iter().map(|branch| constants(branch)).collect();
        if let Some(options) = options {
            found.push(pointer, none_of(instance, &options.concat()));
            return;
        }
        let strangeness = |branch: &Vec<ValidationError<'static>>| {
            branch
                .iter()
                .filter(|e| is_here(e))
                .map(|e| match e.kind() {
                    Kind::AdditionalProperties { unexpected } => unexpected.len(),
                    // What is there and not known may be misspelt; what is missing is not there.
                    _ => 2,
                })
                .sum::<usize>()
        };
        let least = fitting.iter().map(|branch| strangeness(branch)).min();
        let mut best = fitting
            .iter()
            .filter(|branch| Some(strangeness(branch)) == least);
        if let (Some(meant), None) = (best.next(), best.next()) {
            for error in *meant {
                self.tell(base, error, found);
            }
            return;
        }
        let forms: Vec<_> = fitting
            .iter()
            .map(|branch| missing(branch))
            .filter(|names| !names.is_empty())
            .collect();
        let forms: Vec<_> = forms.iter().map(|names| list(names, "and")).collect();
        let lacks = if forms.is_empty() {
            String::new()
        } else {
            format!(": it lacks {}", forms.join(", or "))
        };
        found.push(pointer, format!("fits none of the possible forms{lacks}"));
    }

    /// What the schema says of the form that a text has not.
    fn form(&self, error: &ValidationError<'_>) -> Option<&str> {
        let (form, _) = error.schema_path().as_str().rsplit_once('/')?;
        self.value.pointer(form)?.get("description")?.as_str()
    }

    /// The members that the schema knows where it refused one.
    fn known_members(&self, error: &ValidationError<'_>) -> Vec<String> {
        let path = error.schema_path().as_str();
        let parent = path.rfind('/').map_or("", |end| &path[..end]);
        let members = self
            .value
            .pointer(&format!("{parent}/properties"))
            .and_then(Value::as_object);
        members
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect()
    }
}

/// What an instance's errors say so far.
#[derive(Default)]
struct Found {
    problems: Vec<Problem>,
    /// Members that an object lacks: its pointer, and their names.
    missing: Vec<(String, String)>,
    /// Members that were probably meant by unknown ones.
    meant: Vec<(String, String)>,
    /// Faults that are only counted.
    untold: usize,
}

impl Found {
    fn push(&mut self, pointer: impl Into<String>, text: String) {
        self.problems.push(Problem::new(pointer, text));
    }
}

/// The schema of documents, for editors.
pub fn document_schema() -> &'static Value {
    &compiled().value
}

/// The faults of a document by its own schema.
pub(super) fn check_document(value: &Value, faults: &mut Faults) {
    compiled().check("", value, faults);
}

fn options(patterns: &PatternCache) -> ValidationOptions<'static> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .offline()
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex().size_limit(PATTERN_MEMORY_MAX))
        .with_pattern_cache(patterns.clone())
}

fn compiled() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        Schema::new(schemars::schema_for!(Document).to_value())
            .expect("the document's schema is tested to compile")
    })
}

/// The values that a branch allows, where it allows only some.
fn constants(branch: &[ValidationError<'static>]) -> Option<Vec<Value>> {
    match branch.first()?.kind() {
        _ if branch.len() > 1 => None,
        Kind::Constant { expected_value } => Some(vec![Value::clone(expected_value)]),
        Kind::Enum { options } => options.as_array().cloned(),
        _ => None,
    }
}

/// The members that a branch needs and does not have.
fn missing(branch: &[ValidationError<'static>]) -> Vec<String> {
    let required = branch.iter().filter_map(|error| match error.kind() {
        Kind::Required { property } => property.as_str(),
        _ => None,
    });
    required.map(str::to_owned).collect()
}
