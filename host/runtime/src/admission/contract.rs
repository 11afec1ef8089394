//! An upload's imports and exports beside the contract's, in words for its author.

use std::sync::LazyLock;

use wasmparser::{Parser, Payload};
use wit_component::DecodedWasm;
use wit_parser::{Resolve, WorldId, WorldItem, WorldKey};

use super::shape::mismatches;
use crate::told;

/// The contract's own text: what admission compares with is what the bindings were made of.
const WIT: &str = include_str!("../../../../wit/v1/stage.wit");
const PACKAGE: &str = "regua:dunning/";
/// The version of the contract that this host speaks.
const VERSION: &str = "1.0.0";
/// The SDK that is built against it: it comes with the host, and bears its version.
const SDK: &str = concat!(
    env!("CARGO_PKG_VERSION_MAJOR"),
    ".",
    env!("CARGO_PKG_VERSION_MINOR")
);

static CONTRACT: LazyLock<(Resolve, WorldId)> = LazyLock::new(|| {
    let mut resolve = Resolve::default();
    let package = resolve
        .push_str("stage.wit", WIT)
        .expect("the contract parses: the bindings are made of it");
    let world = resolve
        .select_world(&[package], Some("stage"))
        .expect("the contract has a world `stage`");
    (resolve, world)
});

/// What of a component's imports and exports is not the contract's.
pub(super) fn problems(component: &[u8], imports: &[String]) -> Vec<String> {
    let problems: Vec<String> = imports
        .iter()
        .filter_map(|name| foreign_import(name))
        .collect();
    if !problems.is_empty() {
        return problems;
    }
    let built = Built::of(imports);
    let problems = match wit_component::decode(component) {
        Ok(DecodedWasm::Component(found, world)) => export_problems(&found, world, &built),
        Ok(DecodedWasm::WitPackage(..)) => {
            vec!["this is a WIT package; a stage has code".to_owned()]
        }
        // Not every valid component can be written as WIT. The linker has the last word,
        // and says it with less of the author's names.
        Err(_) => Vec::new(),
    };
    match built.problem() {
        // What it was built against says it all, where nothing tells more of it.
        Some(problem) if !problems.iter().any(|told| told.contains(BUILT)) => vec![problem],
        _ => problems,
    }
}

/// How a plugin is called that was built against something else.
const BUILT: &str = "this plugin was built against";

/// What a component was built against.
struct Built<'a> {
    /// As its imports name it, where they do: the one that this host does not speak, if any.
    version: Option<&'a str>,
}

impl<'a> Built<'a> {
    fn of(imports: &'a [String]) -> Self {
        let version = |name: &'a String| Some(name.strip_prefix(PACKAGE)?.split_once('@')?.1);
        let versions = || imports.iter().filter_map(version);
        let other = versions().find(|version| !is_spoken(version));
        Self {
            version: other.or_else(|| versions().next()),
        }
    }

    /// What is against its version, whatever its types are.
    fn problem(&self) -> Option<String> {
        let version = self.version.filter(|version| !is_spoken(version))?;
        Some(format!(
            "built against contract {}, and this host speaks {VERSION}: {}",
            told::name(version),
            self.advice()
        ))
    }

    /// The version in words.
    fn told(&self) -> String {
        match self.version {
            Some(version) if is_spoken(version) => {
                format!("what calls itself {} and is not", told::name(version))
            }
            Some(version) => told::name(version),
            None => "something that names no version".to_owned(),
        }
    }

    /// What to do about it.
    fn advice(&self) -> String {
        let newer = numbers(self.version.unwrap_or_default()) > numbers(VERSION);
        let newer_host = if newer {
            ", or upload it to a host that speaks that"
        } else {
            ""
        };
        format!("build it with the SDK {SDK}{newer_host}")
    }
}

/// What a core module imports that no component type can give it.
pub(super) fn core_import_problems(module: &[u8]) -> Vec<String> {
    let known = |from: &str| {
        [PACKAGE, "$root", "[export]", "cm32p2"]
            .iter()
            .any(|start| from.starts_with(start))
    };
    let mut problems = Vec::new();
    for payload in Parser::new(0).parse_all(module).flatten() {
        let Payload::ImportSection(section) = payload else {
            continue;
        };
        for import in section.into_imports().flatten() {
            let (name, from) = (told::name(import.name), told::name(import.module));
            if !known(import.module) {
                problems.push(format!(
                    "imports `{name}` from `{from}`, which is not in the contract; {}",
                    may_import()
                ));
            } else if lacks(import.module, import.name) {
                problems.push(format!(
                    "imports `{name}` from `{from}`, which has no such function; {}",
                    may_import()
                ));
            }
        }
    }
    problems
}

/// Whether an interface of the contract, in a version that this host speaks, lacks a function.
fn lacks(interface: &str, function: &str) -> bool {
    let own = interface.strip_prefix(PACKAGE);
    let Some((name, version)) = own.and_then(|rest| rest.split_once('@')) else {
        return false;
    };
    let mut interfaces = CONTRACT.0.interfaces.iter();
    let found = interfaces.find(|(_, one)| one.name.as_deref() == Some(name));
    is_spoken(version) && found.is_some_and(|(_, one)| !one.functions.contains_key(function))
}

fn may_import() -> String {
    format!("a stage may import {PACKAGE}log@{VERSION} only")
}

/// What there is against an import as such. Those of another version of the contract are not
/// looked at here: it may have interfaces that this one has not.
fn foreign_import(name: &str) -> Option<String> {
    let own = name
        .strip_prefix(PACKAGE)
        .and_then(|rest| rest.split_once('@'));
    let is_known = own.is_some_and(|(interface, version)| {
        !is_spoken(version) || matches!(interface, "log" | "types")
    });
    (!is_known).then(|| {
        format!(
            "imports `{}`, which is not in the contract; {}",
            told::name(name),
            may_import()
        )
    })
}

/// Whether this host speaks a version of the contract. A patch changes words only, and what
/// was built against an older minor version is served as ever. A newer one may ask for
/// what this host does not have.
fn is_spoken(version: &str) -> bool {
    let (Some((own_major, own_minor)), Some((major, minor))) = (numbers(VERSION), numbers(version))
    else {
        return false;
    };
    major == own_major && minor <= own_minor
}

/// The major and the minor number; none of what is no release.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(str::parse::<u32>);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor)), Some(Ok(_)), None) => Some((major, minor)),
        _ => None,
    }
}

fn export_problems(found: &Resolve, world: WorldId, built: &Built<'_>) -> Vec<String> {
    let (contract, contract_world) = &*CONTRACT;
    let exports = &found.worlds[world].exports;
    let mut problems = Vec::new();
    for (key, item) in &contract.worlds[*contract_world].exports {
        let (WorldKey::Name(name), WorldItem::Function(wanted)) = (key, item) else {
            continue;
        };
        match exports.get(&WorldKey::Name(name.clone())) {
            Some(WorldItem::Function(given)) => {
                for mismatch in mismatches((contract, wanted), (found, given)) {
                    problems.push(format!(
                        "`{name}` {} of contract {VERSION}; {BUILT} {}: {}; {}",
                        mismatch.subject,
                        built.told(),
                        mismatch.differences.join(", "),
                        built.advice()
                    ));
                }
            }
            Some(_) => problems.push(format!("exports `{name}`, but not as a function")),
            None => problems.push(format!(
                "does not export `{name}`; a stage exports describe, check-config and decide"
            )),
        }
    }
    problems
}
