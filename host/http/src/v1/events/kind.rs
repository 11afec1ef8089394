//! A kind of event: the word for it, who may tell of it, and how what is told becomes a fact.
//!
//! What it takes is what the single endpoint takes: the parameters of its path and the members
//! of its body.

use regua_domain::fact::Fact;
use schemars::{JsonSchema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::input::Checked;
use crate::key::Role;
use crate::problem::{Fault, Problem};
use crate::shape::Instant;

/// What happened, and when; none: now.
#[derive(Debug)]
pub(crate) struct Happened {
    pub fact: Fact,
    pub at: Option<Instant>,
}

/// A body that says when what it tells of happened.
pub(crate) trait Dated: JsonSchema + DeserializeOwned + 'static {
    fn at(&self) -> Option<&Instant>;
}

type Members = Map<String, Value>;
type Read = Box<dyn Fn(Members) -> Result<Happened, Vec<Fault>> + Send + Sync>;

/// A kind of event.
pub(crate) struct Kind {
    pub word: &'static str,
    /// Who may call the single endpoint.
    pub roles: &'static [Role],
    /// Reads all members but those that say of whom and what kind.
    pub read: Read,
    /// The schemas of path and body.
    pub schemas: fn(&mut SchemaGenerator) -> [Value; 2],
}

/// A kind that takes the parameters `P` and the body `B`.
pub(crate) fn kind<P, B>(
    word: &'static str,
    roles: &'static [Role],
    fact: fn(&P, &B) -> Result<Fact, Problem>,
) -> Kind
where
    P: JsonSchema + DeserializeOwned + 'static,
    B: Dated,
{
    let (path, body) = (Checked::<P>::new(), Checked::<B>::new());
    let read = move |members: Members| {
        let (of_path, of_body): (Members, Members) =
            members.into_iter().partition(|(name, _)| path.has(name));
        let (path, body) = both(path.read(of_path.into()), body.read(of_body.into()))?;
        Ok(Happened {
            fact: fact(&path, &body).map_err(|problem| problem.errors)?,
            at: body.at().cloned(),
        })
    };
    Kind {
        word,
        roles,
        read: Box::new(read),
        schemas: |generator| {
            [
                P::json_schema(generator).to_value(),
                B::json_schema(generator).to_value(),
            ]
        },
    }
}

/// Both values, or the faults of both.
pub(crate) fn both<A, B>(
    a: Result<A, Vec<Fault>>,
    b: Result<B, Vec<Fault>>,
) -> Result<(A, B), Vec<Fault>> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => {
            let faults = [a.err(), b.err()].into_iter().flatten();
            Err(faults.flatten().collect())
        }
    }
}
