//! The one path from the contract into a stage and back. The wasm exports and the test kit
//! both take it, so that what was tested natively is what the host runs.

use crate::bindings as wit;
use crate::{ConfigProblem, Outcome, Refusal, Situation, Stage, config};

pub(crate) fn describe<S: Stage>() -> wit::Manifest {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    wit::Manifest {
        name: S::NAME.to_owned(),
        version: S::VERSION.to_owned(),
        summary: S::SUMMARY.to_owned(),
        config_schema: S::schema().into_owned(),
        outcomes: owned(S::Outcome::NAMES),
        proposes: S::PROPOSES.iter().map(|&kind| kind.into()).collect(),
        listens: owned(S::LISTENS),
        memory_version: S::MEMORY_VERSION,
    }
}

pub(crate) fn schema_of<C: schemars::JsonSchema>() -> String {
    schemars::SchemaGenerator::default()
        .into_root_schema_for::<C>()
        .as_value()
        .to_string()
}

pub(crate) fn check_config<S: Stage>(json: &str) -> Vec<ConfigProblem> {
    match config::read(json) {
        Ok(config) => S::check(&config),
        Err(problem) => vec![problem],
    }
}

pub(crate) fn decide<S: Stage>(
    situation: wit::Situation,
    json: &str,
) -> Result<wit::Decision, Refusal> {
    let config = config::read(json).map_err(|problem| Refusal::BadConfig(vec![problem]))?;
    let memory = match situation.stage.memory.as_slice() {
        [] => S::Memory::default(),
        bytes => serde_json::from_slice(bytes)
            .map_err(|error| Refusal::other("memory-unreadable", error.to_string()))?,
    };
    S::decide(&Situation::new(situation), &config, memory)?.lower()
}

/// What `export_stage!` exports for a stage.
#[cfg(target_arch = "wasm32")]
pub struct Exported<S>(std::marker::PhantomData<S>);

#[cfg(target_arch = "wasm32")]
impl<S: Stage> wit::Guest for Exported<S> {
    fn describe() -> wit::Manifest {
        log_panics();
        describe::<S>()
    }

    fn check_config(config: String) -> Vec<wit::ConfigProblem> {
        log_panics();
        check_config::<S>(&config)
            .into_iter()
            .map(Into::into)
            .collect()
    }

    fn decide(situation: wit::Situation, config: String) -> Result<wit::Decision, wit::Refusal> {
        log_panics();
        decide::<S>(situation, &config).map_err(Into::into)
    }
}

/// A panic ends in a trap, which has no words: they go to the log first.
#[cfg(target_arch = "wasm32")]
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| crate::log::error(&panic.to_string())));
}

/// Registers the crate's one stage: on wasm32 it exports the contract's functions, and
/// elsewhere it only checks that the type is a [`Stage`](crate::Stage), so that the same
/// crate is tested natively.
///
/// ```
/// # use regua_sdk::prelude::*;
/// # regua_sdk::outcomes! { enum Outcome { Sent = "sent" } }
/// struct FirstDayLate;
///
/// impl Stage for FirstDayLate {
///     // ...
/// #   const NAME: &'static str = "example"; const VERSION: &'static str = "1.0.0";
/// #   const SUMMARY: &'static str = ""; const PROPOSES: &'static [ActionKind] = &[];
/// #   type Config = (); type Memory = (); type Outcome = Outcome;
/// #   fn decide(_: &Situation, (): &(), (): ()) -> Result<Decision<Self>, Refusal> {
/// #       Ok(Decision::leave(Outcome::Sent))
/// #   }
/// }
///
/// regua_sdk::export_stage!(FirstDayLate);
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! export_stage {
    ($stage:ty) => {
        const _: () = {
            const fn is_stage<S: $crate::Stage>() {}
            is_stage::<$stage>();
        };

        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "exported names are unsafe attributes")]
        const _: () = {
            type Exported = $crate::__private::Exported<$stage>;
            $crate::__private::bindings::export_world!(
                Exported with_types_in $crate::__private::bindings
            );
        };
    };
}
