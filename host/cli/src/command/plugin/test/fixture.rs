//! A fixture: what a stage is told, and what it has to answer.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use regua_domain::contract::Situation;
use regua_domain::workflow::check::{Form, Lines, Problem, read};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::answer::Expected;

/// Its members; there are no others.
const MEMBERS: [&str; 4] = ["about", "situation", "config", "expected"];

/// A fixture that was read.
#[derive(Debug)]
pub(super) struct Fixture {
    file: PathBuf,
    /// The file's members as they stand in it.
    members: Map<String, Value>,
    pub situation: Situation,
    pub config: Value,
    /// None where the file says nothing of it: `--update` writes it.
    pub expected: Option<Expected>,
}

/// What is wrong with a fixture, and where.
#[derive(Debug)]
pub(super) struct Fault {
    file: PathBuf,
    problem: Problem,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.problem)
    }
}

/// A document as its faults are told by.
struct Source {
    file: PathBuf,
    lines: Lines,
    value: Value,
}

impl Source {
    fn read(file: &Path) -> Result<Self, Vec<Fault>> {
        let fault = |problem| Fault {
            file: file.to_owned(),
            problem,
        };
        let text = std::fs::read_to_string(file)
            .map_err(|error| vec![fault(Problem::new("", format!("cannot be read: {error}")))])?;
        let value = read(&text, Form::Json)
            .map_err(|problems| problems.into_iter().map(fault).collect::<Vec<_>>())?;
        Ok(Self {
            file: file.to_owned(),
            lines: Lines::of(&text),
            value,
        })
    }

    fn fault(&self, pointer: &str, text: impl Into<String>) -> Fault {
        let mut problem = [Problem::new(pointer, text)];
        self.lines.number(&mut problem);
        let [problem] = problem;
        Fault {
            file: self.file.clone(),
            problem,
        }
    }

    /// What stands at a pointer, as a type that has no members but those it knows.
    fn take<T: DeserializeOwned + Serialize>(&self, at: &str) -> Result<T, Vec<Fault>> {
        let given = self.value.pointer(at).unwrap_or(&Value::Null);
        let read: T = serde_path_to_error::deserialize(given).map_err(|error| {
            let within = pointer(error.path());
            vec![self.fault(&format!("{at}{within}"), error.inner().to_string())]
        })?;
        let known = serde_json::to_value(&read).unwrap_or_default();
        let mut unknown = Vec::new();
        compare(given, &known, at, &mut |pointer: &str| {
            unknown.push(self.fault(pointer, "there is no such member"));
        });
        if unknown.is_empty() {
            Ok(read)
        } else {
            Err(unknown)
        }
    }
}

/// Finds members that were given and are not known.
fn compare(given: &Value, known: &Value, at: &str, unknown: &mut dyn FnMut(&str)) {
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => {
            for (name, value) in given {
                let at = format!("{at}/{}", escaped(name));
                match known.get(name) {
                    Some(known) => compare(value, known, &at, unknown),
                    None => unknown(&at),
                }
            }
        }
        (Value::Array(given), Value::Array(known)) => {
            for (place, (given, known)) in given.iter().zip(known).enumerate() {
                compare(given, known, &format!("{at}/{place}"), unknown);
            }
        }
        _ => {}
    }
}

/// A path into a value as an RFC 6901 pointer.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        let token = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => escaped(key),
            Segment::Enum { variant } => escaped(variant),
            Segment::Unknown => break,
        };
        pointer.push('/');
        pointer.push_str(&token);
    }
    pointer
}

fn escaped(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

impl Fixture {
    /// Reads one, with what it names. The faults are all that were found.
    pub(super) fn read(file: &Path) -> Result<Self, Vec<Fault>> {
        let source = Source::read(file)?;
        let Value::Object(members) = &source.value else {
            return Err(vec![source.fault("", "is no object")]);
        };
        let mut faults: Vec<_> = members
            .keys()
            .filter(|name| !MEMBERS.contains(&name.as_str()))
            .map(|name| {
                let text = format!("there is no such member; there are {}", MEMBERS.join(", "));
                source.fault(&format!("/{}", escaped(name)), text)
            })
            .collect();
        if members.get("about").is_some_and(|about| !about.is_string()) {
            faults.push(source.fault("/about", "is no text"));
        }
        let situation = match members.get("situation") {
            None => Err(vec![source.fault(
                "",
                "has no `situation`: the situation, or the path of a file with it",
            )]),
            Some(_) => named(&source, "/situation").and_then(|(source, at)| source.take(at)),
        };
        let config = match members.get("config") {
            None => Ok(json!({})),
            Some(_) => named(&source, "/config").map(|(source, at)| {
                let config = source.value.pointer(at);
                config.cloned().unwrap_or_default()
            }),
        };
        let expected = match members.get("expected") {
            None => Ok(None),
            Some(_) => source.take("/expected").map(Some),
        };
        match (situation, config, expected) {
            (Ok(situation), Ok(config), Ok(expected)) if faults.is_empty() => Ok(Self {
                file: file.to_owned(),
                members: members.clone(),
                situation,
                config,
                expected,
            }),
            (situation, config, expected) => {
                faults.extend(situation.err().into_iter().flatten());
                faults.extend(config.err().into_iter().flatten());
                faults.extend(expected.err().into_iter().flatten());
                Err(faults)
            }
        }
    }

    /// Its file's name without the ending.
    pub(super) fn name(&self) -> String {
        let name = self.file.file_stem().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Writes what came as what is expected; the other members stay as they are.
    pub(super) fn update(&self, came: Expected) -> anyhow::Result<()> {
        /// In this order.
        #[derive(Serialize)]
        struct Written<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            about: Option<&'a Value>,
            #[serde(skip_serializing_if = "Option::is_none")]
            situation: Option<&'a Value>,
            #[serde(skip_serializing_if = "Option::is_none")]
            config: Option<&'a Value>,
            expected: Expected,
        }
        let written = Written {
            about: self.members.get("about"),
            situation: self.members.get("situation"),
            config: self.members.get("config"),
            expected: came,
        };
        let text = format!("{}\n", serde_json::to_string_pretty(&written)?);
        let folder = self.file.parent().unwrap_or(Path::new(""));
        let cannot = || format!("cannot write {}", self.file.display());
        // Beside it and then in its place, so that none is ever half written.
        let part = folder.join(format!(".{}.part", self.name()));
        std::fs::write(&part, text)
            .and_then(|()| std::fs::rename(&part, &self.file))
            .with_context(cannot)
    }
}

/// A member that may stand in a file of its own: the document that has it, and where in it.
fn named<'a>(source: &Source, member: &'a str) -> Result<(Source, &'a str), Vec<Fault>> {
    let value = source.value.pointer(member).unwrap_or(&Value::Null);
    let Value::String(path) = value else {
        let (file, lines) = (source.file.clone(), source.lines.clone());
        let value = source.value.clone();
        return Ok((Source { file, lines, value }, member));
    };
    let folder = source.file.parent().unwrap_or(Path::new(""));
    let file = folder.join(path);
    if !file.is_file() {
        let text = format!("there is no file {}", file.display());
        return Err(vec![source.fault(member, text)]);
    }
    Source::read(&file).map(|source| (source, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("one.json");
        std::fs::write(&file, text).unwrap();
        let shown = format!("{}/", folder.path().display());
        let faults = Fixture::read(&file).unwrap_err();
        let faults = faults.iter().map(ToString::to_string);
        faults.map(|fault| fault.replace(&shown, "")).collect()
    }

    #[test]
    fn every_fault_is_told_with_its_file_and_line() {
        let text = r#"{
  "situation": "nowhere.json",
  "confg": {},
  "expected": { "decision": { "proposals": [], "next": { "leve": "sent" }, "reasons": [] } }
}"#;
        let told = faults(text);
        assert_eq!(told.len(), 3, "{told:#?}");
        assert!(told[0].starts_with("one.json: line 3, column 3, /confg: there is no such member"));
        assert!(told[1].starts_with("one.json: line 2, column 3, /situation: there is no file "));
        assert!(
            told[2].starts_with("one.json: line 4, column 48, /expected/decision/next"),
            "{told:#?}"
        );
        assert!(told[2].contains("unknown variant `leve`"), "{told:#?}");
    }

    #[test]
    fn what_is_no_fixture_is_told() {
        assert!(faults("[]")[0].contains("the document: is no object"));
        assert!(faults("{")[0].contains("not JSON"));
        assert!(faults("{}")[0].contains("has no `situation`"));
        let twice = faults(r#"{ "about": "a", "about": "b" }"#);
        assert!(twice[0].contains("about"), "{twice:?}");
    }

    #[test]
    fn a_member_that_the_contract_does_not_have_is_told_where_it_stands() {
        let decision = r#"{ "proposals": [], "next": { "leave": "sent" }, "reasons": [] }"#;
        let decision = decision.replacen('{', "{ \"reason\": 1,", 1);
        let text = format!(r#"{{ "situation": 7, "expected": {{ "decision": {decision} }} }}"#);
        let told = faults(&text);
        assert_eq!(told.len(), 2, "{told:#?}");
        assert!(told[0].contains("/situation: invalid type"), "{told:#?}");
        assert!(told[1].ends_with("/expected/decision/reason: there is no such member"));
    }
}
