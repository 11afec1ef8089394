//! Two functions and their types beside one another.

use wit_parser::{Function, Resolve, Type, TypeDefKind};

use crate::told;

/// How a function that was given differs from the one that is wanted, in words for its
/// author; nothing where they are of one shape.
pub(super) fn function_difference(
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
                told::name(&gives.name),
                wants.name
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
                    "`{path}` has the {what} `{}` where the contract has `{wanted}`",
                    told::name(given)
                ));
            }
            let difference = self.optional(wanted_type, given_type, &format!("{path}.{wanted}"));
            if difference.is_some() {
                return difference;
            }
        }
        gives.next().map(|(given, _)| {
            format!(
                "`{path}` has the {what} `{}`, which is not in the contract",
                told::name(given)
            )
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
            definition.name.as_ref().map_or_else(
                || kind.to_owned(),
                |name| format!("the {kind} `{}`", told::name(name)),
            )
        }
        plain => format!("{plain:?}").to_lowercase(),
    }
}
