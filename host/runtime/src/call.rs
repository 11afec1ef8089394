//! One call: a fresh store, a fresh instance, and an account of what it used.

mod ending;
mod meter;

use std::time::Instant;

use regua_domain::contract::{
    Answer, Call, ConfigProblem, FailureKind, LogLine, Manifest, Situation,
};
use wasmtime::component::Linker;
use wasmtime::{Engine, Store, StoreContextMut};

use crate::bindings;
use crate::bindings::regua::dunning::log::Level;
use crate::check::{check, check_config_problems, check_refusal};
use crate::engine::TICK_MS;
use crate::limits::Limits;
use crate::stage::Stage;
use crate::{lift, lower, told};
pub use ending::Ending;
use meter::Meter;

type Pre = bindings::StagePre<CallState>;

/// Guest fuel that one log line costs on top of its bytes: the host's work for it, so
/// that the fuel limit bounds that too.
const LOG_LINE_FUEL: u64 = 500;

/// A call other than `decide`, and what it used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran<T> {
    /// What it gave, or how it ended without.
    pub result: Result<T, Ending>,
    /// Fuel burned.
    pub fuel: u64,
    /// Peak of all linear memories, bytes.
    pub memory_peak: u64,
    /// Wall time of the whole call, microseconds.
    pub wall_us: u64,
    /// The plugin's own lines.
    pub logs: Vec<LogLine>,
    /// How many further lines were dropped.
    pub logs_dropped: u32,
}

impl Stage {
    /// Asks the stage what to do. Whatever it answers has been checked against every
    /// bound of the contract and against the situation.
    pub fn decide(&self, situation: &Situation, config: &str) -> Call {
        let ran = self.run(|stage, store| self.answer(stage, store, situation, config));
        Call {
            answer: ran.result.unwrap_or_else(Answer::from),
            fuel: ran.fuel,
            memory_peak: ran.memory_peak,
            wall_us: ran.wall_us,
            logs: ran.logs,
            logs_dropped: ran.logs_dropped,
        }
    }

    /// Asks one instance of the stage twice in a row, each time with all the fuel of a call: what
    /// it keeps of the first call shows in the second. A call that fails leaves no instance to ask
    /// again.
    pub fn decide_in_a_row(&self, situation: &Situation, config: &str) -> Vec<Answer> {
        let mut answers = Vec::new();
        let ran = self.run(|stage, store| {
            answers.push(self.answer(stage, store, situation, config)?);
            store.set_fuel(self.limits().fuel_max)?;
            self.answer(stage, store, situation, config)
        });
        answers.push(ran.result.unwrap_or_else(Answer::from));
        answers
    }

    fn answer(
        &self,
        stage: &bindings::Stage,
        store: &mut Store<CallState>,
        situation: &Situation,
        config: &str,
    ) -> Result<Answer, Ended> {
        let given =
            lower::with_situation(situation, |given| stage.call_decide(store, given, config));
        Ok(match given? {
            Ok(decision) => {
                let decision = lift::decision(decision)?;
                check(&decision, situation, self.manifest()).map_err(bad_output)?;
                Answer::Decision(decision)
            }
            Err(refusal) => {
                let refusal = lift::refusal(refusal);
                check_refusal(&refusal).map_err(bad_output)?;
                Answer::Refusal(refusal)
            }
        })
    }

    /// Asks the stage what it finds wrong with a config.
    pub fn check_config(&self, config: &str) -> Ran<Vec<ConfigProblem>> {
        self.run(|stage, store| {
            let problems = lift::config_problems(stage.call_check_config(store, config)?);
            check_config_problems(&problems).map_err(bad_output)?;
            Ok(problems)
        })
    }

    /// Asks the stage what it is. The answer is as the stage gave it: admission and
    /// loading check it. No stage is there to be asked anything else that was not asked this:
    /// here the types of all its exports are held against the contract's.
    pub fn describe(&self) -> Ran<Manifest> {
        self.run_on(
            |pre, store| pre.instantiate(store),
            |stage, store| Ok(lift::manifest(stage.call_describe(store)?)),
        )
    }

    fn run<T>(
        &self,
        call: impl FnOnce(&bindings::Stage, &mut Store<CallState>) -> Result<T, Ended>,
    ) -> Ran<T> {
        self.run_on(|pre, store| pre.instantiate_again(store), call)
    }

    fn run_on<T>(
        &self,
        instantiate: impl FnOnce(&Pre, &mut Store<CallState>) -> wasmtime::Result<bindings::Stage>,
        call: impl FnOnce(&bindings::Stage, &mut Store<CallState>) -> Result<T, Ended>,
    ) -> Ran<T> {
        let started = Instant::now();
        let limits = self.limits();
        let pre = self.pre();
        let mut store = Store::new(pre.engine(), CallState::new(limits));
        let result = begin(limits, &mut store, |store| instantiate(pre, store))
            .and_then(|stage| call(&stage, &mut store));
        let left = store.get_fuel().unwrap_or(0);
        let state = store.into_data();
        let result = match ending::of_machine(&state.meter) {
            Some(fault) => Err(fault),
            None => result.map_err(|ended| match ended {
                Ended::BadOutput(detail) => Ending::Failure {
                    kind: FailureKind::BadOutput,
                    detail,
                },
                Ended::Start(error) => ending::of_start(&error, &state.meter),
                Ended::Error(error) => ending::of(&error, &state.meter),
            }),
        };
        let result = result.map_err(Ending::cut);
        Ran {
            result,
            fuel: limits.fuel_max.saturating_sub(left),
            memory_peak: state.meter.memory_peak_bytes() as u64,
            wall_us: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            logs: state.logs,
            logs_dropped: state.logs_dropped,
        }
    }
}

fn begin(
    limits: &Limits,
    store: &mut Store<CallState>,
    instantiate: impl FnOnce(&mut Store<CallState>) -> wasmtime::Result<bindings::Stage>,
) -> Result<bindings::Stage, Ended> {
    store.limiter(|state| &mut state.meter);
    store.set_hostcall_fuel(limits.output_max_bytes);
    store.set_epoch_deadline(limits.deadline_ms.div_ceil(TICK_MS) + 1);
    store.set_fuel(limits.fuel_max)?;
    let stage = instantiate(store).map_err(Ended::Start)?;
    // Start-up fuel differs between platforms: the call's own begins here.
    store.set_fuel(limits.fuel_max)?;
    Ok(stage)
}

/// Why a call gave nothing, before it is told apart.
pub(crate) enum Ended {
    BadOutput(String),
    /// There is no instance.
    Start(wasmtime::Error),
    Error(wasmtime::Error),
}

impl From<wasmtime::Error> for Ended {
    fn from(error: wasmtime::Error) -> Self {
        Self::Error(error)
    }
}

impl From<lift::BadValue> for Ended {
    fn from(bad: lift::BadValue) -> Self {
        Self::BadOutput(told::line(&bad.0))
    }
}

fn bad_output(problems: Vec<String>) -> Ended {
    Ended::BadOutput(told::problems(problems).join("; "))
}

/// What a store carries beside the instance.
pub(crate) struct CallState {
    meter: Meter,
    logs: Vec<LogLine>,
    logs_dropped: u32,
    log_lines_max: u32,
    log_line_max_bytes: usize,
}

impl CallState {
    fn new(limits: &Limits) -> Self {
        Self {
            meter: Meter::new(limits.memory_max_bytes, limits.table_elements_max),
            logs: Vec::new(),
            logs_dropped: 0,
            log_lines_max: limits.log_lines_max,
            log_line_max_bytes: limits.log_line_max_bytes,
        }
    }

    fn log(&mut self, level: Level, mut text: String) {
        if self.logs.len() >= self.log_lines_max as usize {
            self.logs_dropped = self.logs_dropped.saturating_add(1);
            return;
        }
        if text.len() > self.log_line_max_bytes {
            text.truncate(text.floor_char_boundary(self.log_line_max_bytes));
            text.shrink_to_fit();
        }
        self.logs.push(LogLine {
            level: level_name(level).to_owned(),
            text,
        });
    }
}

const fn level_name(level: Level) -> &'static str {
    match level {
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    }
}

/// Gives stages all that they may import.
pub(crate) fn link(engine: &Engine) -> wasmtime::Result<Linker<CallState>> {
    let mut linker = Linker::new(engine);
    linker.instance("regua:dunning/types@1.0.0")?;
    linker.instance("regua:dunning/log@1.0.0")?.func_wrap(
        "write",
        |mut store: StoreContextMut<'_, CallState>, (level, text): (Level, String)| {
            let cost = LOG_LINE_FUEL + text.len() as u64;
            let left = store.get_fuel()?;
            store.set_fuel(left.saturating_sub(cost))?;
            store.data_mut().log(level, text);
            if left < cost {
                Err(wasmtime::Trap::OutOfFuel.into())
            } else {
                Ok(())
            }
        },
    )?;
    Ok(linker)
}

#[cfg(test)]
mod tests;
