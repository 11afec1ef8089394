//! What a stage is.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::bindings as wit;
use crate::{ActionKind, Decision, Outcome, Situation, export};

/// One rung of a dunning workflow: a pure function from a situation to a decision.
///
/// Implement it for a unit struct and pass that to [`export_stage!`](crate::export_stage).
pub trait Stage: Sized {
    /// 1 to 64 characters of `a-z`, `0-9` and `-`.
    const NAME: &'static str;
    /// Semantic version; `env!("CARGO_PKG_VERSION")` is a good choice.
    const VERSION: &'static str;
    /// One line, at most 200 characters.
    const SUMMARY: &'static str;
    /// What it may propose. A workflow grants no more than this.
    const PROPOSES: &'static [ActionKind];
    /// Event kinds it wants to be asked about, e.g. `message.bounced`.
    const LISTENS: &'static [&'static str] = &[];
    /// Raise it when [`Memory`](Self::Memory) changes its shape: the host then hands over
    /// none of what the old version left.
    const MEMORY_VERSION: u32 = 0;

    /// What a workflow's author sets. Put `#[serde(deny_unknown_fields)]` on it, so that a
    /// misspelt setting is a problem and not a silent default.
    type Config: DeserializeOwned + JsonSchema;
    /// What the stage remembers within one visit, as JSON of at most 4 KiB; `()` for nothing.
    type Memory: Serialize + DeserializeOwned + Default;
    /// The ways out, declared with [`outcomes!`](crate::outcomes).
    type Outcome: Outcome;

    /// JSON Schema 2020-12 of the config, made from its type. A stage may return a checked-in
    /// copy instead, which makes the wasm some 35 KiB smaller and the schema readable
    /// without running anything; `testkit::assert_schema_is_current` keeps it true.
    fn schema() -> Cow<'static, str> {
        export::schema_of::<Self::Config>().into()
    }

    /// What the schema of the config cannot say. Asked when a workflow is published.
    fn check(config: &Self::Config) -> Vec<ConfigProblem> {
        let _ = config;
        Vec::new()
    }

    /// Same situation, config and memory, same decision. `memory` is what this visit's
    /// last [`Decision::remember`] left, or the default.
    fn decide(
        situation: &Situation,
        config: &Self::Config,
        memory: Self::Memory,
    ) -> Result<Decision<Self>, Refusal>;
}

/// Something a workflow's author has to correct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    /// RFC 6901 JSON pointer into the config: `/template`, or empty for the whole.
    pub pointer: Cow<'static, str>,
    /// What is wrong with it.
    pub text: Cow<'static, str>,
}

impl ConfigProblem {
    /// A problem at a JSON pointer.
    pub fn new(pointer: impl Into<Cow<'static, str>>, text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            pointer: pointer.into(),
            text: text.into(),
        }
    }
}

impl From<ConfigProblem> for wit::ConfigProblem {
    fn from(problem: ConfigProblem) -> Self {
        Self {
            pointer: problem.pointer.into_owned(),
            text: problem.text.into_owned(),
        }
    }
}

/// The stage's own way of saying no. The workflow's `on_failure` takes over: a refusal is
/// for what the stage cannot do, not for what it should not do now; that is
/// [`Decision::stay`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The config cannot work.
    BadConfig(Vec<ConfigProblem>),
    /// This kind of situation is beyond the stage; says which.
    Unsupported(String),
    /// Anything else.
    Other {
        /// At most 64 characters, for machines.
        code: String,
        /// At most 500 characters, for people.
        text: String,
    },
}

impl Refusal {
    /// A refusal of the stage's own, by code and text.
    pub fn other(code: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Other {
            code: code.into(),
            text: text.into(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadConfig(problems) => {
                f.write_str("the config does not fit:")?;
                problems
                    .iter()
                    .try_for_each(|problem| write!(f, " {:?}: {};", problem.pointer, problem.text))
            }
            Self::Unsupported(what) => write!(f, "unsupported: {what}"),
            Self::Other { code, text } => write!(f, "{code}: {text}"),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for wit::Refusal {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::BadConfig(problems) => {
                Self::BadConfig(problems.into_iter().map(Into::into).collect())
            }
            Refusal::Unsupported(what) => Self::Unsupported(what),
            Refusal::Other { code, text } => Self::Other(wit::Reason { code, text }),
        }
    }
}
