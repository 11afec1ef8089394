//! `regua plugin run`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use regua_domain::contract::{
    Answer, Call, ConfigProblem, Decision, Next, Proposal, Reason, Refusal, Situation,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::check;
use crate::exit::{Exit, Usage};
use crate::out::say;
use crate::session;
use crate::settings::Settings;

/// Asks a component once what to do, in the host's own sandbox with the host's own limits.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A WebAssembly component, or a core module that embeds its component type
    file: PathBuf,
    /// What it is told: JSON, as `regua case situation` writes it
    #[arg(long, value_name = "FILE")]
    situation: PathBuf,
    /// The stage's settings: JSON; an empty object where it is left out
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The whole answer, as the decision record has it
    #[arg(long)]
    json: bool,
}

pub(super) fn run(settings: &Settings, args: &Args) -> anyhow::Result<Exit> {
    let situation: Situation = read(&args.situation, "a situation")?;
    let config: Value = match &args.config {
        Some(file) => read(file, "a stage's settings")?,
        None => Value::Object(serde_json::Map::new()),
    };
    let runtime = session::runtime(settings)?;
    let wasm = check::read(&args.file)?;
    let admitted = match runtime.admit(wasm) {
        Ok(admitted) => admitted,
        Err(error) => {
            for reason in error.reasons() {
                say!("{}: not admitted: {reason}", args.file.display());
            }
            return Ok(Exit::Faults);
        }
    };
    let stage = runtime.load(&admitted.digest, || {
        Ok::<_, std::convert::Infallible>(admitted.wasm)
    })?;
    let call = stage.decide(&situation, &config.to_string());
    if args.json {
        say!("{}", serde_json::to_string(&call)?);
    } else {
        tell(&call, runtime.limits().fuel_max);
    }
    Ok(match call.answer {
        Answer::Decision(_) | Answer::Refusal(_) => Exit::Done,
        _ => Exit::Faults,
    })
}

fn read<T: DeserializeOwned>(file: &Path, what: &str) -> anyhow::Result<T> {
    let text = std::fs::read_to_string(file);
    let text = text.with_context(|| format!("cannot read {}", file.display()))?;
    let wrong = |error| Usage(format!("{} is not {what}: {error}", file.display()));
    Ok(serde_json::from_str(&text).map_err(wrong)?)
}

fn tell(call: &Call, fuel_max: u64) {
    match &call.answer {
        Answer::Decision(decision) => decided(decision),
        Answer::Refusal(refusal) => refused(refusal),
        Answer::Failure { kind, detail } => say!("failed: {}: {detail}", kind.name()),
        Answer::Inconclusive => say!("failed: the deadline passed"),
        Answer::HostFault { detail } => say!("the host failed: {detail}"),
    }
    for line in &call.logs {
        say!("log      {}: {}", line.level, line.text);
    }
    if call.logs_dropped > 0 {
        say!("log      {} further lines were not kept", call.logs_dropped);
    }
    say!("fuel     {} of {fuel_max}", call.fuel);
    say!(
        "memory   {} KiB at its peak",
        call.memory_peak.div_ceil(1_024)
    );
    say!("time     {} µs", call.wall_us);
}

fn decided(decision: &Decision) {
    match &decision.next {
        Next::Leave(outcome) => say!("leaves   {outcome}"),
        Next::Stay(wake) => say!("stays    until {}", json(wake)),
    }
    for Reason { code, text } in &decision.reasons {
        say!("because  {code}: {text}");
    }
    for Proposal { key, action } in &decision.proposals {
        say!("proposes {key}: {}", json(action));
    }
}

fn refused(refusal: &Refusal) {
    match refusal {
        Refusal::BadConfig(problems) => {
            for ConfigProblem { pointer, text } in problems {
                say!("refused  the config at `{pointer}`: {text}");
            }
        }
        Refusal::Unsupported(text) => say!("refused  as unsupported: {text}"),
        Refusal::Other(Reason { code, text }) => say!("refused  {code}: {text}"),
    }
}

/// As decision records have it.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
