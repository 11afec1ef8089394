//! An upload's imports and exports beside the contract's, in words for its author.

use std::sync::LazyLock;

use wasmparser::{Parser, Payload};
use wit_component::DecodedWasm;
use wit_parser::{Function, Resolve, Type, TypeDefKind, WorldId, WorldItem, WorldKey};

/// The contract's own text: what admission compares with is what the bindings were made of.
const WIT: &str = include_str!("../../../../wit/v1/stage.wit");
const PACKAGE: &str = "regua:dunning/";
const VERSION: &str = "1.0.0";

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
        .filter_map(|name| import_problem(name))
        .collect();
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
                import.name,
                import.module,
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
    let Some(("log" | "types", version)) = own else {
        return Some(format!(
            "imports `{name}`, which is not in the contract; {}",
            may_import()
        ));
    };
    (!is_supported(version)).then(|| {
        format!("imports `{name}`, a version of the contract that is not supported; build the stage against {VERSION}")
    })
}

/// Whether a version is a released 1.x.
fn is_supported(version: &str) -> bool {
    let mut parts = version.split('.').map(str::parse::<u32>);
    matches!(
        (parts.next(), parts.next(), parts.next(), parts.next()),
        (Some(Ok(1)), Some(Ok(_)), Some(Ok(_)), None)
    )
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

fn function_difference(
    (contract, wanted): (&Resolve, &Function),
    (found, given): (&Resolve, &Function),
) -> Option<String> {
    if wanted.params.len() != given.params.len() {
        return Some(format!(
            "takes {} parameters where the contract has {}",
            given.params.len(),
            wanted.params.len()
        ));
    }
    for (wants, gives) in wanted.params.iter().zip(&given.params) {
        if wants.name != gives.name {
            return Some(format!(
                "parameter `{}` is called `{}` in the contract",
                gives.name, wants.name
            ));
        }
        let both = Both { contract, found };
        if let Some(difference) = both.difference(&wants.ty, &gives.ty, &wants.name) {
            return Some(difference);
        }
    }
    Both { contract, found }.optional(wanted.result.as_ref(), given.result.as_ref(), "result")
}

/// Two worlds of types, compared by shape: names of types mean nothing, names of fields
/// and cases do.
#[derive(Clone, Copy)]
struct Both<'a> {
    contract: &'a Resolve,
    found: &'a Resolve,
}

impl Both<'_> {
    fn optional(self, wanted: Option<&Type>, given: Option<&Type>, path: &str) -> Option<String> {
        match (wanted, given) {
            (None, None) => None,
            (Some(wanted), Some(given)) => self.difference(wanted, given, path),
            (Some(wanted), None) => Some(format!(
                "`{path}` is missing: the contract has {}",
                name(self.contract, wanted)
            )),
            (None, Some(given)) => Some(format!(
                "`{path}` is {} where the contract has nothing",
                name(self.found, given)
            )),
        }
    }

    fn difference(self, wanted: &Type, given: &Type, path: &str) -> Option<String> {
        let (wanted, given) = (plain(self.contract, *wanted), plain(self.found, *given));
        let (Type::Id(wants), Type::Id(gives)) = (wanted, given) else {
            return (wanted != given).then(|| self.mismatch(&wanted, &given, path));
        };
        let within = |part: &str| format!("{path}.{part}");
        match (
            &self.contract.types[wants].kind,
            &self.found.types[gives].kind,
        ) {
            (TypeDefKind::Record(wants), TypeDefKind::Record(gives)) => self.members(
                ("field", path),
                wants
                    .fields
                    .iter()
                    .map(|field| (field.name.as_str(), Some(&field.ty))),
                gives
                    .fields
                    .iter()
                    .map(|field| (field.name.as_str(), Some(&field.ty))),
            ),
            (TypeDefKind::Variant(wants), TypeDefKind::Variant(gives)) => self.members(
                ("case", path),
                wants
                    .cases
                    .iter()
                    .map(|case| (case.name.as_str(), case.ty.as_ref())),
                gives
                    .cases
                    .iter()
                    .map(|case| (case.name.as_str(), case.ty.as_ref())),
            ),
            (TypeDefKind::Enum(wants), TypeDefKind::Enum(gives)) => self.members(
                ("case", path),
                wants.cases.iter().map(|case| (case.name.as_str(), None)),
                gives.cases.iter().map(|case| (case.name.as_str(), None)),
            ),
            (TypeDefKind::Tuple(wants), TypeDefKind::Tuple(gives))
                if wants.types.len() == gives.types.len() =>
            {
                let mut pairs = wants.types.iter().zip(&gives.types).enumerate();
                pairs.find_map(|(at, (wants, gives))| {
                    self.difference(wants, gives, &within(&at.to_string()))
                })
            }
            (TypeDefKind::List(wants), TypeDefKind::List(gives)) => {
                self.difference(wants, gives, &format!("{path}[]"))
            }
            (TypeDefKind::Option(wants), TypeDefKind::Option(gives)) => {
                self.difference(wants, gives, path)
            }
            (TypeDefKind::Result(wants), TypeDefKind::Result(gives)) => self
                .optional(wants.ok.as_ref(), gives.ok.as_ref(), &within("ok"))
                .or_else(|| self.optional(wants.err.as_ref(), gives.err.as_ref(), &within("err"))),
            _ => Some(self.mismatch(&wanted, &given, path)),
        }
    }

    fn members<'t>(
        self,
        (what, path): (&str, &str),
        wants: impl ExactSizeIterator<Item = (&'t str, Option<&'t Type>)>,
        mut gives: impl ExactSizeIterator<Item = (&'t str, Option<&'t Type>)>,
    ) -> Option<String> {
        for (wanted, wanted_type) in wants {
            let Some((given, given_type)) = gives.next() else {
                return Some(format!("`{path}` lacks the {what} `{wanted}`"));
            };
            if wanted != given {
                return Some(format!(
                    "`{path}` has the {what} `{given}` where the contract has `{wanted}`"
                ));
            }
            let difference = self.optional(wanted_type, given_type, &format!("{path}.{wanted}"));
            if difference.is_some() {
                return difference;
            }
        }
        gives.next().map(|(given, _)| {
            format!("`{path}` has the {what} `{given}`, which is not in the contract")
        })
    }

    fn mismatch(self, wanted: &Type, given: &Type, path: &str) -> String {
        format!(
            "`{path}` is {} where the contract has {}",
            name(self.found, given),
            name(self.contract, wanted)
        )
    }
}

/// The type behind its aliases.
fn plain(resolve: &Resolve, mut of: Type) -> Type {
    while let Type::Id(id) = of
        && let TypeDefKind::Type(behind) = &resolve.types[id].kind
    {
        of = *behind;
    }
    of
}

fn name(resolve: &Resolve, of: &Type) -> String {
    match of {
        Type::Id(id) => {
            let definition = &resolve.types[*id];
            let kind = definition.kind.as_str();
            definition
                .name
                .as_ref()
                .map_or_else(|| kind.to_owned(), |name| format!("the {kind} `{name}`"))
        }
        plain => format!("{plain:?}").to_lowercase(),
    }
}
