//! The operations of the OpenAPI document, and calls made from it.

use http::Method;
use serde_json::Value;

/// One operation.
pub struct Operation {
    pub method: Method,
    pub path: String,
    pub id: String,
    pub roles: Vec<String>,
    pub value: Value,
}

/// All of them, by path.
pub fn operations() -> Vec<Operation> {
    let document = regua_http::openapi();
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, value) in methods.as_object().unwrap() {
            let roles = value["x-regua-roles"].as_array().unwrap();
            all.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                id: value["operationId"].as_str().unwrap().to_owned(),
                roles: roles
                    .iter()
                    .map(|role| role.as_str().unwrap().to_owned())
                    .collect(),
                value: value.clone(),
            });
        }
    }
    all
}

impl Operation {
    /// Its parameters of a place, with their schemas.
    pub fn parameters(&self, place: &str) -> Vec<(String, Value)> {
        let all = self.value["parameters"].as_array();
        all.into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == place)
            .map(|parameter| {
                let name = parameter["name"].as_str().unwrap().to_owned();
                (name, parameter["schema"].clone())
            })
            .collect()
    }

    /// Its path, with what `of` says for each parameter.
    pub fn path(&self, of: impl Fn(&str, &Value) -> String) -> String {
        let mut path = self.path.clone();
        for (name, schema) in self.parameters("path") {
            path = path.replace(&format!("{{{name}}}"), &encoded(&of(&name, &schema)));
        }
        path
    }

    /// The media type of its body, with its schema and example.
    pub fn body(&self) -> Option<(&str, &Value)> {
        let content = self.value.pointer("/requestBody/content")?.as_object()?;
        content
            .iter()
            .next()
            .map(|(media_type, media)| (media_type.as_str(), media))
    }

    /// A body as its example has it.
    pub fn example(&self) -> Option<(String, Vec<u8>)> {
        let (media_type, media) = self.body()?;
        let bytes = match media.get("example") {
            Some(example) => example.to_string().into_bytes(),
            None if media_type == "application/wasm" => b"\0asm\x0d\0\x01\0".to_vec(),
            None => b"{}".to_vec(),
        };
        Some((media_type.to_owned(), bytes))
    }

    /// Headers of a call that is well formed.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        if let Some((media_type, _)) = self.body() {
            headers.push(("content-type", media_type.to_owned()));
        }
        if self
            .parameters("header")
            .iter()
            .any(|(name, _)| name == "If-Match")
        {
            headers.push(("if-match", "*".to_owned()));
        }
        headers
    }
}

/// Percent-encoded: letters, digits and `-._~` stand for themselves.
pub fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

/// A value that a parameter's schema would let through: of nothing that exists.
pub fn fitting(schema: &Value) -> String {
    if let Some(first) = schema.pointer("/enum/0").and_then(Value::as_str) {
        return first.to_owned();
    }
    if schema["type"] == "integer" {
        return "7777777".to_owned();
    }
    match schema.get("pattern").and_then(Value::as_str) {
        Some(pattern) => of_pattern(pattern),
        None => "unheard-of".to_owned(),
    }
}

/// The shortest text of a pattern of literals, classes and counts.
fn of_pattern(pattern: &str) -> String {
    let mut text = String::new();
    let mut rest = pattern.trim_start_matches('^').trim_end_matches('$');
    while let Some(first) = rest.chars().next() {
        let piece = if let Some(class) = rest.strip_prefix('[') {
            let end = class.find(']').expect("a class ends");
            rest = &class[end + 1..];
            class.chars().next().expect("a class has something")
        } else {
            rest = &rest[first.len_utf8()..];
            first
        };
        let mut count = 1;
        if let Some(counts) = rest.strip_prefix('{') {
            let end = counts.find('}').expect("a count ends");
            let least = counts[..end].split(',').next().unwrap();
            count = least.parse().expect("a number");
            rest = &counts[end + 1..];
        } else if let Some(more) = rest.strip_prefix('+') {
            rest = more;
        } else if let Some(none) = rest.strip_prefix(['*', '?']) {
            count = 0;
            rest = none;
        }
        text.extend(std::iter::repeat_n(piece, count));
    }
    text
}
