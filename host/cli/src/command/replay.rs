//! `regua replay`: recorded decisions, taken again.

use std::collections::BTreeMap;

use clap::Args as ClapArgs;
use regua_domain::id::CaseId;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::client::{Call, Client, segment};
use crate::exit::Exit;
use crate::out::say;
use crate::progress;
use crate::when::When;

/// Takes recorded decisions again and holds them against what was recorded; fails where one differs
#[derive(Debug, ClapArgs)]
#[command(group(clap::ArgGroup::new("which").required(true).args(["case", "all"])))]
pub struct Args {
    /// Those of one case
    #[arg(long)]
    case: Option<CaseId>,
    /// Of one of its decisions alone, as `regua explain --case` lists them
    #[arg(long, value_name = "N", conflicts_with_all = ["all", "since"])]
    sequence: Option<u64>,
    /// Those of all cases
    #[arg(long)]
    all: bool,
    /// Since a day or an instant
    #[arg(long, value_name = "WHEN", conflicts_with = "case")]
    since: Option<When>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// What the API tells of a replay; of several, added up.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Replay {
    compared: u64,
    equal: u64,
    different: BTreeMap<String, u64>,
    examples: Vec<Different>,
    passed_over: BTreeMap<String, u64>,
    engine: String,
    other_engines: BTreeMap<String, u64>,
    #[serde(skip_serializing)]
    after: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Different {
    case: String,
    sequence: u64,
    attempt: u8,
    stage: String,
    plugin: String,
    kind: String,
    recorded: String,
    again: String,
}

impl Replay {
    fn add(&mut self, other: Self) {
        self.compared += other.compared;
        self.equal += other.equal;
        for (sum, more) in [
            (&mut self.different, other.different),
            (&mut self.passed_over, other.passed_over),
            (&mut self.other_engines, other.other_engines),
        ] {
            for (name, count) in more {
                *sum.entry(name).or_default() += count;
            }
        }
        self.examples.extend(other.examples);
        self.engine = other.engine;
        self.after = other.after;
    }

    fn tell(&self) {
        let Self {
            compared, equal, ..
        } = self;
        if *compared == 0 && self.passed_over.is_empty() {
            say!("no decision is recorded: there is nothing to take again");
            return;
        }
        say!("{compared} decisions were taken again: {equal} are equal to the byte");
        for (kind, count) in &self.different {
            say!("  {count} differ in {kind}");
        }
        for (because, count) in &self.passed_over {
            say!("  {count} were not taken again: {}", why(because));
        }
        for (engine, count) in &self.other_engines {
            say!(
                "  {count} were recorded by {engine}; this is {}: what calls cost is not compared",
                self.engine
            );
        }
        for example in &self.examples {
            let Different {
                case,
                sequence,
                stage,
                plugin,
                ..
            } = example;
            let again = if example.attempt > 0 {
                ", asked again with the verdicts"
            } else {
                ""
            };
            say!(
                "case {case}, transition {sequence}{again}: `{stage}` ({plugin}) differs in {}",
                example.kind
            );
            say!("  recorded  {}", example.recorded);
            say!("  now       {}", example.again);
        }
    }
}

/// In a person's words.
fn why(because: &str) -> &str {
    match because {
        "revoked" => "the version was revoked, and not called",
        "deadline" => "the deadline passed: there is no answer to compare",
        "host-fault" => "the host could not make the call",
        "config-gone" => "their stage's config is not on the shelf",
        "component-gone" => "this version of the host does not load their component",
        other => other,
    }
}

pub(crate) async fn run(client: &Client, args: Args) -> anyhow::Result<Exit> {
    let calls = client.tenant().await?;
    let mut replay = Replay::default();
    if let Some(case) = args.case {
        let path = format!("/v1/cases/{}/replays", segment(&case.to_string()));
        let body = json!({ "sequence": args.sequence });
        replay = calls.send(Call::post(&path, &body)).await?.json()?;
    } else {
        let bar = progress::spinner("decisions");
        let since = args.since.map(|since| since.timestamp().to_rfc3339());
        loop {
            let body = json!({ "since": since, "after": replay.after });
            let part: Replay = calls.send(Call::post("/v1/replays", &body)).await?.json()?;
            replay.add(part);
            bar.set_position(replay.compared);
            if replay.after.is_none() {
                break;
            }
        }
        bar.finish_and_clear();
    }
    if args.json {
        say!("{}", serde_json::to_string(&replay)?);
    } else {
        replay.tell();
    }
    let is_equal = replay.equal == replay.compared;
    Ok(if is_equal { Exit::Done } else { Exit::Faults })
}
