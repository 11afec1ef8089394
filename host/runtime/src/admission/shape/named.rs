//! How types are called.

use wit_parser::{Resolve, Type, TypeDefKind};

use crate::told;

/// The type behind its aliases.
pub(super) fn plain(resolve: &Resolve, mut of: Type) -> Type {
    while let Type::Id(id) = of
        && let TypeDefKind::Type(behind) = &resolve.types[id].kind
    {
        of = *behind;
    }
    of
}

/// A type of the contract's, as a sentence has it: ``a `situation` ``.
pub(super) fn described(resolve: &Resolve, of: &Type) -> String {
    let Type::Id(id) = of else {
        return format!("a {}", name(resolve, of));
    };
    let definition = &resolve.types[*id];
    match (&definition.name, &definition.kind) {
        (Some(name), _) => format!("a `{name}`"),
        (None, TypeDefKind::List(of)) => match of {
            Type::Id(id) if let Some(name) = &resolve.types[*id].name => {
                format!("a list of `{name}`")
            }
            _ => "a list".to_owned(),
        },
        (None, kind) => format!("a {}", kind.as_str()),
    }
}

pub(super) fn name(resolve: &Resolve, of: &Type) -> String {
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
