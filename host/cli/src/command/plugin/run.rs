//! `regua plugin run`.

mod guard;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use regua_domain::contract::{
    Answer, Balance, Call, ConfigProblem, Decision, Next, Proposal, Reason, Refusal, Ruling,
    Situation, Verdict,
};
use regua_domain::money::{Currency, Money};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::check;
use crate::command::policy;
use crate::exit::{Exit, Usage};
use crate::out::{note, say, say_lines};
use crate::session;
use crate::settings::Settings;
use guard::Ruled;

/// Asks a component once what to do, in the host's own sandbox with the host's own limits, and
/// tells what the guard would say of each proposal.
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
    /// The tenant's policy, as `regua tenant policy` takes it [default: a new tenant's]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// The whole answer, as the decision record has it, with the verdicts
    #[arg(long)]
    json: bool,
}

pub(super) fn run(settings: &Settings, args: &Args) -> anyhow::Result<Exit> {
    let situation: Situation = read(
        &args.situation,
        "a situation, as `regua case situation` writes it",
    )?;
    let config: Value = match &args.config {
        Some(file) => read(file, "a stage's settings")?,
        None => Value::Object(serde_json::Map::new()),
    };
    let policy = match &args.policy {
        Some(file) => match policy::of(file)? {
            None => return Ok(Exit::Faults),
            policy => policy,
        },
        None => None,
    };
    let runtime = session::runtime(settings)?;
    let Some(admitted) = check::admit(&runtime, &args.file)? else {
        return Ok(Exit::Faults);
    };
    let stage = runtime.load(&admitted.digest, || {
        Ok::<_, std::convert::Infallible>(admitted.wasm)
    })?;
    let config = config.to_string();
    let call = stage.decide(&situation, &config);
    let ruled = match &call.answer {
        Answer::Decision(decision) => {
            let plugin = (stage.digest(), stage.manifest());
            guard::rule(decision, &situation, &config, plugin, policy)?
        }
        _ => Ruled::default(),
    };
    if args.json {
        say!("{}", serde_json::to_string(&Told { call: &call, ruled })?);
    } else {
        tell(&call, &ruled, &situation.balance, runtime.limits().fuel_max);
    }
    if args.config.is_none() && matches!(call.answer, Answer::Refusal(Refusal::BadConfig(_))) {
        note!("--config FILE says the stage's settings: it was asked with none");
    }
    Ok(match call.answer {
        Answer::Decision(_) => Exit::Done,
        _ => Exit::Faults,
    })
}

/// A call as JSON, and what the guard said.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    call: &'a Call,
    #[serde(flatten)]
    ruled: Ruled,
}

fn read<T: DeserializeOwned>(file: &Path, what: &str) -> anyhow::Result<T> {
    let text = std::fs::read_to_string(file);
    let text = text.with_context(|| format!("cannot read {}", file.display()))?;
    let json = &mut serde_json::Deserializer::from_str(&text);
    let wrong = |error: serde_path_to_error::Error<serde_json::Error>| {
        let (at, error) = (error.path().to_string(), error.into_inner());
        let (what, at) = match at.as_str() {
            _ if !error.is_data() => ("JSON", String::new()),
            "." => (what, String::new()),
            at => (what, format!("`{at}`: ")),
        };
        Usage(format!("{} is not {what}: {at}{error}", file.display()))
    };
    let read = serde_path_to_error::deserialize(&mut *json).map_err(wrong)?;
    let behind = |error| Usage(format!("{} is not JSON: {error}", file.display()));
    json.end().map_err(behind)?;
    Ok(read)
}

fn tell(call: &Call, ruled: &Ruled, balance: &Balance, fuel_max: u64) {
    match &call.answer {
        Answer::Decision(decision) => decided(decision, &ruled.verdicts, balance),
        Answer::Refusal(refusal) => {
            for line in refused(refusal) {
                say!("refused  {line}");
            }
        }
        Answer::Failure { kind, detail } => {
            say_lines("failed   ", &format!("{}: {detail}", kind.name()));
        }
        Answer::Inconclusive => say!("failed   the deadline passed"),
        Answer::HostFault { detail } => say!("the host failed: {detail}"),
    }
    for assumed in &ruled.assumed {
        say!("assumed  {assumed}");
    }
    for line in &call.logs {
        say_lines("log      ", &format!("{}: {}", line.level, line.text));
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

fn decided(decision: &Decision, verdicts: &[Verdict], balance: &Balance) {
    match &decision.next {
        Next::Leave(outcome) => say!("leaves   {outcome}"),
        Next::Stay(wake) => say!("stays    until {}", json(wake)),
    }
    for Reason { code, text } in &decision.reasons {
        say!("because  {code}: {text}");
    }
    for (Proposal { key, action }, verdict) in decision.proposals.iter().zip(verdicts) {
        say!("proposes {key}: {}", json(action));
        say!("  guard  {}", ruled(verdict, balance));
    }
    if verdicts
        .iter()
        .any(|verdict| verdict.ruling != Ruling::Allowed)
    {
        say!("again    not all is allowed: a host asks once more, with these verdicts");
    }
}

/// A verdict in words.
fn ruled(verdict: &Verdict, balance: &Balance) -> String {
    let rule = &verdict.rule;
    match (verdict.ruling, verdict.not_before, verdict.at_most) {
        (Ruling::Allowed, ..) if rule == "allowed" => "allowed".to_owned(),
        (Ruling::Allowed, ..) => format!("allowed: {rule}"),
        (Ruling::Reduced, _, Some(minor)) => {
            let currency = Currency::parse(&balance.currency);
            let most = currency.map_or_else(
                |_| minor.to_string(),
                |currency| Money::new(minor, currency).to_string(),
            );
            format!("reduced to {most} by `{rule}`")
        }
        (Ruling::Reduced, ..) => format!("reduced by `{rule}`"),
        (Ruling::Deferred, Some(until), _) => {
            let until = until.in_zone(chrono_tz::UTC).format("%Y-%m-%d %H:%M UTC");
            format!("deferred until {until} by `{rule}`")
        }
        (Ruling::Deferred, ..) => format!("deferred by `{rule}`"),
        (Ruling::Refused, ..) => format!("refused by `{rule}`"),
    }
}

/// Why a stage refused, a line for each thing.
pub(super) fn refused(refusal: &Refusal) -> Vec<String> {
    match refusal {
        Refusal::BadConfig(problems) => problems
            .iter()
            .map(|ConfigProblem { pointer, text }| match pointer.as_str() {
                "" => format!("the config: {text}"),
                pointer => format!("the config at `{pointer}`: {text}"),
            })
            .collect(),
        Refusal::Unsupported(text) => vec![format!("as unsupported: {text}")],
        Refusal::Other(Reason { code, text }) => vec![format!("{code}: {text}")],
    }
}

/// As decision records have it.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
