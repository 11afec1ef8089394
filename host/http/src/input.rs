//! What comes in: path, query and body, each held against its schema, so that every fault is
//! found at once.

use axum::body::Bytes;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use regua_domain::strict::Strict;
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::jobs::Line;
use crate::problem::Fault;

/// Faults told of one request at most: a body of a million wrong rows is told of shortly.
const FAULTS_MAX: usize = 100;

/// A type held against its schema.
pub(crate) struct Checked<T> {
    validator: Validator,
    schema: Value,
    of: std::marker::PhantomData<fn() -> T>,
}

impl<T: JsonSchema + DeserializeOwned> Checked<T> {
    pub(crate) fn new() -> Self {
        let mut generator: SchemaGenerator = SchemaSettings::draft2020_12().into_generator();
        let schema: Schema = generator.root_schema_for::<T>();
        let schema = schema.to_value();
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap_or_else(|error| unreachable!("{}: {error}", T::schema_name()));
        Self {
            validator,
            schema,
            of: std::marker::PhantomData,
        }
    }

    /// Reads a value, or tells its faults by JSON pointer.
    pub(crate) fn read(&self, value: Value) -> Result<T, Vec<Fault>> {
        let mut faults = Vec::new();
        for error in self.validator.iter_errors(&value).take(FAULTS_MAX) {
            find(&error, &mut faults);
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        // What no schema can say, such as that a name is a time zone's.
        serde_json::from_value(value).map_err(|error| vec![Fault::at("", error)])
    }

    /// Whether the type has a member of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        let members = self.schema.get("properties").and_then(Value::as_object);
        members.is_some_and(|members| members.contains_key(name))
    }

    /// Reads parameters, which are all text: numbers and flags are what the schema says.
    pub(crate) fn read_parameters(&self, pairs: Vec<(String, String)>) -> Result<T, Vec<Fault>> {
        let mut members = Map::new();
        let mut faults = Vec::new();
        for (name, text) in pairs {
            let value = self.typed(&name, text).unwrap_or_else(|(text, kind)| {
                faults.push(Fault::parameter(name.as_str(), format!("is not {kind}")));
                Value::String(text)
            });
            if members.insert(name.clone(), value).is_some() {
                faults.push(Fault::parameter(name, "is given twice"));
            }
        }
        match self.read(Value::Object(members)) {
            Ok(read) if faults.is_empty() => Ok(read),
            Ok(_) => Err(faults),
            Err(found) => {
                for fault in found {
                    let pointer = fault.pointer.unwrap_or_default();
                    let fault = Fault::parameter(pointer.trim_start_matches('/'), fault.detail);
                    // Of what is no number, nothing else needs to be told.
                    let is_told = |told: &Fault| told.parameter == fault.parameter;
                    if !faults.iter().any(is_told) {
                        faults.push(fault);
                    }
                }
                Err(faults)
            }
        }
    }

    /// A parameter as what the schema says it is; else the text, and what it is not.
    fn typed(&self, name: &str, text: String) -> Result<Value, (String, &'static str)> {
        let kind = self.schema.pointer(&format!("/properties/{name}/type"));
        let is = |wanted: &str| match kind {
            Some(Value::String(kind)) => kind == wanted,
            Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == wanted),
            _ => false,
        };
        if is("integer") {
            let parsed = text.parse::<i64>().map(Value::from);
            parsed.map_err(|_| (text, "an integer"))
        } else if is("boolean") {
            let parsed = text.parse::<bool>().map(Value::from);
            parsed.map_err(|_| (text, "true or false"))
        } else {
            Ok(Value::String(text))
        }
    }
}

/// The faults of an error. What may be left out is one shape or nothing: where it is there,
/// its faults are those of the shape.
fn find(error: &ValidationError<'_>, faults: &mut Vec<Fault>) {
    if let ValidationErrorKind::AnyOf { context } = error.kind() {
        let is_of_its_type = |errors: &&Vec<ValidationError<'_>>| {
            errors.iter().all(|inner| {
                let is_type = matches!(inner.kind(), ValidationErrorKind::Type { .. });
                !is_type || inner.instance_path() != error.instance_path()
            })
        };
        let mut shapes = context.iter().filter(is_of_its_type);
        if let (Some(shape), None) = (shapes.next(), shapes.next()) {
            for inner in shape {
                find(inner, faults);
            }
            return;
        }
    }
    faults.push(fault(error));
}

fn fault(error: &ValidationError<'_>) -> Fault {
    // Whoever sends a member with a long name is not sent it back whole.
    let parent = shortened(&error.instance_path().to_string());
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            Fault::at(
                shortened(&format!("{parent}/{}", escaped(name))),
                "is missing",
            )
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let name = unexpected.first().map(String::as_str).unwrap_or_default();
            let more = unexpected.len() - 1;
            let others = if more == 0 {
                String::new()
            } else {
                format!(", and {more} others")
            };
            Fault::at(
                shortened(&format!("{parent}/{}", escaped(name))),
                format!("is not known{others}"),
            )
        }
        _ => Fault::at(parent, shortened(&error.to_string())),
    }
}

/// RFC 6901, section 3.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A validator's message repeats the value, however long; a pointer, a member's name.
fn shortened(text: &str) -> String {
    regua_domain::cut::cut(text, 300).into_owned()
}

/// What a body may be.
pub(crate) trait Body: Sized + Send + 'static {
    /// Its media type; none: there is no body.
    const MEDIA_TYPE: Option<&'static str>;
    /// What checks it, made once an endpoint.
    type Check: Send + Sync + 'static;
    fn check() -> Self::Check;
    fn read(check: &Self::Check, bytes: Bytes) -> Result<Self, BodyFault>;
    /// Its schema, with definitions in the generator's.
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema>;
}

/// Why a body is none.
#[derive(Debug)]
pub(crate) enum BodyFault {
    Syntax(String),
    Faults(Vec<Fault>),
}

/// No body.
pub(crate) struct Nothing;

impl Body for Nothing {
    const MEDIA_TYPE: Option<&'static str> = None;
    type Check = ();
    fn check() -> Self::Check {}
    fn read((): &(), bytes: Bytes) -> Result<Self, BodyFault> {
        if bytes.is_empty() {
            return Ok(Self);
        }
        Err(BodyFault::Syntax("this takes no body".to_owned()))
    }
    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }
}

/// A JSON body.
pub(crate) struct Json<T>(pub T);

impl<T: JsonSchema + DeserializeOwned + Send + 'static> Body for Json<T> {
    const MEDIA_TYPE: Option<&'static str> = Some("application/json");
    type Check = Checked<T>;
    fn check() -> Self::Check {
        Checked::new()
    }
    fn read(check: &Self::Check, bytes: Bytes) -> Result<Self, BodyFault> {
        let Strict(value) = serde_json::from_slice(&bytes)
            .map_err(|error| BodyFault::Syntax(format!("the body is not JSON: {error}")))?;
        check.read(value).map(Self).map_err(BodyFault::Faults)
    }
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }
}

/// A JSON document that is checked by whoever it is for; the reference shows the schema of `S`.
pub(crate) struct Document<S> {
    /// As it came.
    pub text: String,
    /// Read.
    pub value: Value,
    of: std::marker::PhantomData<fn() -> S>,
}

impl<S: JsonSchema + 'static> Body for Document<S> {
    const MEDIA_TYPE: Option<&'static str> = Some("application/json");
    type Check = ();
    fn check() -> Self::Check {}
    fn read((): &(), bytes: Bytes) -> Result<Self, BodyFault> {
        let not_json = |error: &dyn std::fmt::Display| {
            BodyFault::Syntax(format!("the body is not JSON: {error}"))
        };
        let text = String::from_utf8(bytes.into()).map_err(|error| not_json(&error))?;
        let Strict(value) = serde_json::from_str(&text).map_err(|error| not_json(&error))?;
        Ok(Self {
            text,
            value,
            of: std::marker::PhantomData,
        })
    }
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<S>())
    }
}

/// A body of bytes of one media type, with how the reference shows it.
macro_rules! raw {
    ($($(#[$doc:meta])* $name:ident = $media_type:literal, $schema:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name(pub Bytes);

        impl Body for $name {
            const MEDIA_TYPE: Option<&'static str> = Some($media_type);
            type Check = ();
            fn check() -> Self::Check {}
            fn read((): &(), bytes: Bytes) -> Result<Self, BodyFault> {
                if bytes.is_empty() {
                    return Err(BodyFault::Syntax("the body is empty".to_owned()));
                }
                Ok(Self(bytes))
            }
            fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
                let schema: fn(&mut SchemaGenerator) -> Schema = $schema;
                Some(schema(generator))
            }
        }
    )*};
}

raw! {
    /// A component.
    Wasm = "application/wasm", |_| json_schema!({ "type": "string", "format": "binary" });
    /// One JSON document a line.
    Lines = "application/x-ndjson", |generator| {
        let line = generator.subschema_for::<Line>();
        json_schema!({ "type": "string", "format": "binary", "x-regua-line": line })
    };
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Invoice {
        reference: String,
        #[schemars(regex(pattern = r"^\d+$"))]
        amount: String,
        days: Option<u8>,
        is_first: Option<bool>,
        part: Option<Part>,
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Part {
        #[schemars(regex(pattern = r"^\d+$"))]
        amount: String,
    }

    #[test]
    fn what_may_be_left_out_is_looked_into_where_it_is_there() {
        let checked = Checked::<Invoice>::new();
        let pointers = |part: Value| {
            let body = json!({ "reference": "1", "amount": "2", "part": part });
            let faults = checked.read(body).err().unwrap_or_default();
            let pointers = faults.into_iter().filter_map(|fault| fault.pointer);
            let mut pointers: Vec<_> = pointers.collect();
            pointers.sort();
            pointers
        };
        assert_eq!(
            pointers(json!({ "amount": "x", "more": 1 })),
            ["/part/amount", "/part/more"]
        );
        assert_eq!(pointers(json!(7)), ["/part"]);
        assert_eq!(pointers(Value::Null), [""; 0]);
    }

    #[test]
    fn every_fault_is_told_with_where_it_is() {
        let checked = Checked::<Invoice>::new();
        let faults = checked
            .read(json!({ "amount": "x", "days": 300, "a/b": 1 }))
            .unwrap_err();
        let mut pointers: Vec<_> = faults
            .into_iter()
            .filter_map(|fault| fault.pointer)
            .collect();
        pointers.sort();
        assert_eq!(pointers, ["/amount", "/a~1b", "/days", "/reference"]);
    }

    #[test]
    fn parameters_are_typed_by_the_schema() {
        let checked = Checked::<Invoice>::new();
        let pairs = |days: &str| {
            [
                ("reference", "1"),
                ("amount", "2"),
                ("days", days),
                ("is_first", "true"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec()
        };
        let read = checked.read_parameters(pairs("7")).unwrap();
        assert_eq!(
            (read.days, read.is_first, read.amount.as_str()),
            (Some(7), Some(true), "2")
        );
        let faults = checked.read_parameters(pairs("soon")).unwrap_err();
        let told: Vec<_> = faults
            .iter()
            .map(|f| (f.parameter.as_deref(), &*f.detail))
            .collect();
        assert_eq!(told, [(Some("days"), "is not an integer")]);
    }
}
