//! Reading a document's parts, with every fault kept and none hiding another.

use std::collections::BTreeSet;
use std::str::FromStr;

use regua_domain::workflow::check::Problem;
use serde_json::{Map, Value};

/// The faults found so far.
pub(super) type Faults = Vec<Problem>;

/// A part of the document and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    pub(super) pointer: String,
    pub(super) value: &'a Value,
}

impl<'a> Node<'a> {
    pub(super) fn fault(&self, faults: &mut Faults, text: impl Into<String>) {
        faults.push(Problem::new(self.pointer.clone(), text));
    }

    /// A text, or a number as its text.
    pub(super) fn text(&self, faults: &mut Faults) -> Option<String> {
        match self.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => {
                self.fault(faults, "is not a text");
                None
            }
        }
    }

    /// A text that reads as something else.
    pub(super) fn parse<T: FromStr>(&self, what: &str, faults: &mut Faults) -> Option<T> {
        let text = self.text(faults)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.fault(faults, format!("`{text}` is not {what}"));
        }
        parsed
    }

    pub(super) fn items(&self, faults: &mut Faults) -> Vec<Self> {
        let Value::Array(items) = self.value else {
            self.fault(faults, "is not a list");
            return Vec::new();
        };
        let node = |(at, value)| Node {
            pointer: format!("{}/{at}", self.pointer),
            value,
        };
        items.iter().enumerate().map(node).collect()
    }

    pub(super) fn members(&self, faults: &mut Faults) -> Option<Members<'a>> {
        let Value::Object(map) = self.value else {
            self.fault(faults, "is not an object");
            return None;
        };
        Some(Members {
            pointer: self.pointer.clone(),
            map,
            asked: BTreeSet::new(),
        })
    }
}

/// An object's members. Those that nobody asked for are faults.
#[derive(Debug)]
pub(super) struct Members<'a> {
    pointer: String,
    map: &'a Map<String, Value>,
    asked: BTreeSet<&'static str>,
}

impl<'a> Members<'a> {
    /// A member that may be there.
    pub(super) fn get(&mut self, name: &'static str) -> Option<Node<'a>> {
        self.asked.insert(name);
        self.map.get(name).map(|value| self.node(name, value))
    }

    /// A member that has to be there.
    pub(super) fn need(&mut self, name: &'static str, faults: &mut Faults) -> Option<Node<'a>> {
        let found = self.get(name);
        if found.is_none() {
            faults.push(Problem::new(
                self.pointer.clone(),
                format!("`{name}` is missing"),
            ));
        }
        found
    }

    /// All members, where their names are the author's own.
    pub(super) fn each(&self) -> impl Iterator<Item = (&'a String, Node<'a>)> {
        self.map
            .iter()
            .map(|(name, value)| (name, self.node(name, value)))
    }

    /// Tells of members that there should not be.
    pub(super) fn finish(self, faults: &mut Faults) {
        for name in self.map.keys() {
            if !self.asked.contains(name.as_str()) {
                let known: Vec<_> = self.asked.iter().map(|name| format!("`{name}`")).collect();
                let text = format!("is not known here, where {} are", known.join(", "));
                faults.push(Problem::new(self.below(name), text));
            }
        }
    }

    fn node(&self, name: &str, value: &'a Value) -> Node<'a> {
        Node {
            pointer: self.below(name),
            value,
        }
    }

    fn below(&self, name: &str) -> String {
        format!(
            "{}/{}",
            self.pointer,
            name.replace('~', "~0").replace('/', "~1")
        )
    }
}
