//! Two functions and their types beside one another.

mod named;

use std::mem::discriminant;

use wit_parser::{Function, Resolve, Type, TypeDefKind};

use crate::told;
use named::{described, name, plain};

/// The most differences that are told of one parameter or result.
const DIFFERENCES_MAX: usize = 6;
/// The most members beyond the contract's that are counted.
const UNKNOWN_MAX: usize = 100;

/// A parameter or a result that is not the contract's.
pub(super) struct Mismatch {
    /// What the contract has there: ``takes a `situation` ``.
    pub subject: String,
    /// How that which was given differs, each in words for its author.
    pub differences: Vec<String>,
}

/// Where a function that was given differs from the one that is wanted; nothing where they are
/// of one shape.
pub(super) fn mismatches(
    (contract, wanted): (&Resolve, &Function),
    (found, given): (&Resolve, &Function),
) -> Vec<Mismatch> {
    let both = Both { contract, found };
    let count = |function: &Function| match function.params.len() {
        1 => "1 parameter".to_owned(),
        many => format!("{many} parameters"),
    };
    if wanted.params.len() != given.params.len() {
        return vec![Mismatch {
            subject: format!("takes {}", count(wanted)),
            differences: vec![format!("it takes {}", count(given))],
        }];
    }
    let mut compared = Vec::new();
    for (wants, gives) in wanted.params.iter().zip(&given.params) {
        let mut differences = Vec::new();
        if wants.name == gives.name {
            both.compare(&wants.ty, &gives.ty, ("it", ""), &mut differences);
        } else {
            let (is, be) = (told::name(&gives.name), &wants.name);
            differences.push(format!("the parameter `{be}` is called `{is}`"));
        }
        let subject = format!("takes {}", described(contract, &wants.ty));
        compared.push((subject, differences));
    }
    compared.extend(both.results(wanted.result.as_ref(), given.result.as_ref()));
    let told = compared.into_iter().filter(|(_, all)| !all.is_empty());
    told.map(|(subject, differences)| Mismatch {
        subject,
        differences: at_most(differences),
    })
    .collect()
}

fn at_most(mut differences: Vec<String>) -> Vec<String> {
    let more = differences.len().saturating_sub(DIFFERENCES_MAX);
    if more > 0 {
        differences.truncate(DIFFERENCES_MAX);
        differences.push(format!("and {more} more"));
    }
    differences
}

/// A member as it is compared: its name and, where it has one, its type.
type Member<'t> = (&'t str, Option<&'t Type>);
/// What a place is called, and its path from the parameter or the result: empty at its top.
type Place<'p> = (&'p str, &'p str);

/// Two worlds of types, compared by shape: names of types mean nothing, names of fields
/// and cases do. What is compared goes by the contract's types: those that were given may be
/// nested in any way.
#[derive(Clone, Copy)]
struct Both<'a> {
    contract: &'a Resolve,
    found: &'a Resolve,
}

impl Both<'_> {
    /// Of a result, what comes where it went well, and what where it did not, by themselves.
    fn results(self, wanted: Option<&Type>, given: Option<&Type>) -> Vec<(String, Vec<String>)> {
        let kinds = |resolve: &Resolve, of: Option<&Type>| match of.map(|of| plain(resolve, *of)) {
            Some(Type::Id(id)) => match &resolve.types[id].kind {
                TypeDefKind::Result(result) => Some(result.clone()),
                _ => None,
            },
            _ => None,
        };
        let parts = match (kinds(self.contract, wanted), kinds(self.found, given)) {
            (Some(wants), Some(gives)) => vec![(wants.ok, gives.ok), (wants.err, gives.err)],
            _ => vec![(wanted.copied(), given.copied())],
        };
        let compared = parts.into_iter().map(|(wants, gives)| {
            let mut differences = Vec::new();
            self.optional(wants.as_ref(), gives.as_ref(), ("it", ""), &mut differences);
            let subject = wants.map_or_else(
                || "nothing".to_owned(),
                |wants| described(self.contract, &wants),
            );
            (format!("returns {subject}"), differences)
        });
        compared.collect()
    }

    fn optional(
        self,
        wanted: Option<&Type>,
        given: Option<&Type>,
        (what, path): Place<'_>,
        differences: &mut Vec<String>,
    ) {
        match (wanted, given) {
            (None, None) => {}
            (Some(wanted), Some(given)) => self.compare(wanted, given, (what, path), differences),
            (Some(wanted), None) => differences.push(format!(
                "{} has nothing where the contract has {}",
                place(what, path),
                name(self.contract, wanted)
            )),
            (None, Some(given)) => differences.push(format!(
                "{} has {} where the contract has nothing",
                place(what, path),
                name(self.found, given)
            )),
        }
    }

    fn compare(
        self,
        wanted: &Type,
        given: &Type,
        (what, path): Place<'_>,
        differences: &mut Vec<String>,
    ) {
        let (wanted, given) = (plain(self.contract, *wanted), plain(self.found, *given));
        let mismatch = |differences: &mut Vec<String>| {
            let (is, be) = (name(self.found, &given), name(self.contract, &wanted));
            differences.push(format!(
                "{} is {is} where the contract has {be}",
                place(what, path)
            ));
        };
        let (Type::Id(wants), Type::Id(gives)) = (wanted, given) else {
            if wanted != given {
                mismatch(differences);
            }
            return;
        };
        let kinds = (
            &self.contract.types[wants].kind,
            &self.found.types[gives].kind,
        );
        if discriminant(kinds.0) == discriminant(kinds.1)
            && let (Some((what, wants)), Some((_, gives))) =
                (members_of(kinds.0), members_of(kinds.1))
        {
            return self.members((what, path), &wants, &gives, differences);
        }
        match kinds {
            (TypeDefKind::Tuple(wants), TypeDefKind::Tuple(gives))
                if wants.types.len() == gives.types.len() =>
            {
                for (at, (wants, gives)) in wants.types.iter().zip(&gives.types).enumerate() {
                    let within = within(path, &at.to_string());
                    self.compare(wants, gives, (what, &within), differences);
                }
            }
            (TypeDefKind::List(wants), TypeDefKind::List(gives)) => {
                self.compare(wants, gives, (what, &format!("{path}[]")), differences);
            }
            (TypeDefKind::Option(wants), TypeDefKind::Option(gives)) => {
                self.compare(wants, gives, (what, path), differences);
            }
            (TypeDefKind::Result(wants), TypeDefKind::Result(gives)) => {
                let parts = [("ok", wants.ok, gives.ok), ("err", wants.err, gives.err)];
                for (part, wants, gives) in parts {
                    let within = within(path, part);
                    self.optional(wants.as_ref(), gives.as_ref(), (what, &within), differences);
                }
            }
            _ => mismatch(differences),
        }
    }

    /// Fields or cases: which are missing, which are not known, and how the others differ. Only
    /// where they are the same, their order counts.
    fn members(
        self,
        (what, path): Place<'_>,
        wants: &[Member<'_>],
        gives: &[Member<'_>],
        differences: &mut Vec<String>,
    ) {
        let has = |members: &[Member<'_>], name: &str| members.iter().any(|(one, _)| *one == name);
        let before = differences.len();
        for (name, wanted) in wants {
            let within = within(path, name);
            match gives.iter().find(|(given, _)| given == name) {
                Some((_, given)) => self.optional(*wanted, *given, (what, &within), differences),
                None => differences.push(format!("{} is missing", place(what, &within))),
            }
        }
        let unknown = gives.iter().filter(|(name, _)| !has(wants, name));
        for (name, _) in unknown.take(UNKNOWN_MAX) {
            let within = within(path, &told::name(name));
            differences.push(format!("{} is not in the contract", place(what, &within)));
        }
        let order = wants
            .iter()
            .zip(gives)
            .all(|((wanted, _), (given, _))| wanted == given);
        if differences.len() == before && !order {
            let of = if path.is_empty() {
                "it".to_owned()
            } else {
                format!("`{path}`")
            };
            differences.push(format!("the {what}s of {of} are in another order"));
        }
    }
}

/// Fields of a record, cases of a variant or an enumeration, and which of them these are.
fn members_of(kind: &TypeDefKind) -> Option<(&'static str, Vec<Member<'_>>)> {
    match kind {
        TypeDefKind::Record(record) => {
            let fields = record.fields.iter();
            let members = fields.map(|field| (field.name.as_str(), Some(&field.ty)));
            Some(("field", members.collect()))
        }
        TypeDefKind::Variant(variant) => {
            let cases = variant.cases.iter();
            let members = cases.map(|case| (case.name.as_str(), case.ty.as_ref()));
            Some(("case", members.collect()))
        }
        TypeDefKind::Enum(of) => {
            let members = of.cases.iter().map(|case| (case.name.as_str(), None));
            Some(("case", members.collect()))
        }
        _ => None,
    }
}

/// ``field `balance.credit` ``; at the top what it is called.
fn place(what: &str, path: &str) -> String {
    match path {
        "" => "it".to_owned(),
        path => format!("{what} `{path}`"),
    }
}

fn within(path: &str, part: &str) -> String {
    match path {
        "" => part.to_owned(),
        path => format!("{path}.{part}"),
    }
}
