//! An upload's imports and exports beside the contract's, in words for its author.

use std::sync::LazyLock;

use wasmparser::{Parser, Payload};
use wit_component::DecodedWasm;
use wit_parser::{Resolve, WorldId, WorldItem, WorldKey};

use super::shape::function_difference;
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
    let mut problems: Vec<String> = imports
        .iter()
        .filter_map(|name| import_problem(name))
        .collect();
    // All interfaces of another version are one problem; imports are sorted.
    problems.dedup();
    if !problems.is_empty() {
        return problems;
    }
    match wit_component::decode(component) {
        Ok(DecodedWasm::Component(found, world)) => export_problems(&found, world),
        Ok(DecodedWasm::WitPackage(..)) => {
            vec!["this is a WIT package; a stage has code".to_owned()]
        }
        // Not every valid component can be written as WIT. The linker has the last word,
        // and says it with less of the author's names.
        Err(_) => Vec::new(),
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
        for import in section
            .into_imports()
            .flatten()
            .filter(|import| !known(import.module))
        {
            problems.push(format!(
                "imports `{}` from `{}`, which is not in the contract; {}",
                told::name(import.name),
                told::name(import.module),
                may_import()
            ));
        }
    }
    problems
}

fn may_import() -> String {
    format!("a stage may import {PACKAGE}log@{VERSION} only")
}

fn import_problem(name: &str) -> Option<String> {
    let own = name
        .strip_prefix(PACKAGE)
        .and_then(|rest| rest.split_once('@'));
    // The version first: another one may have interfaces that this one has not.
    if let Some((_, version)) = own
        && let Some(problem) = version_problem(version)
    {
        return Some(problem);
    }
    (!matches!(own, Some(("log" | "types", _)))).then(|| {
        format!(
            "imports `{}`, which is not in the contract; {}",
            told::name(name),
            may_import()
        )
    })
}

/// What there is against a version of the contract. A patch changes words only, and what
/// was built against an older minor version is served as ever. A newer one may ask for
/// what this host does not have.
fn version_problem(version: &str) -> Option<String> {
    let numbers = |text: &str| {
        let mut parts = text.split('.').map(str::parse::<u32>);
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Ok(major)), Some(Ok(minor)), Some(Ok(_)), None) => Some((major, minor)),
            _ => None,
        }
    };
    let (own_major, own_minor) = numbers(VERSION)?;
    let given = numbers(version);
    if given.is_some_and(|(major, minor)| major == own_major && minor <= own_minor) {
        return None;
    }
    let newer_host = if given > Some((own_major, own_minor)) {
        ", or upload it to a host that speaks that"
    } else {
        ""
    };
    Some(format!(
        "built against contract {}, and this host speaks {VERSION}: build it with the SDK {SDK}{newer_host}",
        told::name(version)
    ))
}

fn export_problems(found: &Resolve, world: WorldId) -> Vec<String> {
    let (contract, contract_world) = &*CONTRACT;
    let exports = &found.worlds[world].exports;
    let mut problems = Vec::new();
    for (key, item) in &contract.worlds[*contract_world].exports {
        let (WorldKey::Name(name), WorldItem::Function(wanted)) = (key, item) else {
            continue;
        };
        match exports.get(&WorldKey::Name(name.clone())) {
            Some(WorldItem::Function(given)) => {
                let difference = function_difference((contract, wanted), (found, given));
                problems
                    .extend(difference.map(|difference| format!("export `{name}`: {difference}")));
            }
            Some(_) => problems.push(format!("exports `{name}`, but not as a function")),
            None => problems.push(format!(
                "does not export `{name}`; a stage exports describe, check-config and decide"
            )),
        }
    }
    problems
}
