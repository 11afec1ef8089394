//! Versions that take one another's place: what is counted first, what is done, how it stands.

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::client::{Call, Calls, Refused, segment};
use crate::exit::{Exit, Usage};
use crate::out::{put, say};

/// What becomes of cases that run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Running {
    /// Each stays with the version that it began with
    Keep,
    /// Each goes on where it stands
    Migrate,
    /// Each begins anew where its debt's age puts it
    Restart,
}

impl Running {
    const fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Migrate => "migrate",
            Self::Restart => "restart",
        }
    }
}

/// How one version takes another's place.
#[derive(Debug, Clone, Args)]
pub struct How {
    /// Tell only what would become of cases that run, stage by stage
    #[arg(long)]
    dry_run: bool,
    /// Leave cases behind that have no place in it: they stay with the version that they have
    #[arg(long)]
    force: bool,
}

/// Stages that are called otherwise.
#[derive(Debug, Clone, Default, Args)]
pub struct Stages {
    /// A stage that is called otherwise in it; as often as needed
    #[arg(long = "stage", value_name = "OLD=NEW")]
    stages: Vec<String>,
}

impl Stages {
    fn map(&self) -> Result<Value, Usage> {
        let mut map = Map::new();
        for text in &self.stages {
            let bad = || Usage(format!("`{text}` is no stage map: it is OLD=NEW"));
            let (old, new) = text.split_once('=').ok_or_else(bad)?;
            if map.insert(old.to_owned(), new.into()).is_some() {
                return Err(Usage(format!("`{old}` is mapped twice")));
            }
        }
        Ok(Value::Object(map))
    }
}

/// A version for a share of customers.
#[derive(Debug, Clone, Args)]
pub struct Canary {
    /// The workflow's name
    name: String,
    /// The version to be tried
    #[arg(required_unless_present = "end")]
    version: Option<u32>,
    /// Customers of a hundred that get it
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=99))]
    percent: u8,
    /// What becomes of cases of theirs that run: keep or migrate
    #[arg(long, value_enum, default_value_t = Running::Keep)]
    running: Running,
    #[command(flatten)]
    stages: Stages,
    /// It is taken back where more of a hundred calls fail
    #[arg(long, value_name = "PERCENT")]
    failures: Option<u8>,
    /// It is taken back where more of a hundred calls are refused
    #[arg(long, value_name = "PERCENT")]
    refusals: Option<u8>,
    /// Not before so many calls were made
    #[arg(long, value_name = "CALLS")]
    calls_min: Option<u32>,
    /// Tell only what would become of cases that run
    #[arg(long)]
    dry_run: bool,
    /// Take it back: its cases go on under the active version
    #[arg(long, conflicts_with_all = ["version", "dry_run"])]
    end: bool,
}

/// A version that is asked with no effect.
#[derive(Debug, Clone, Args)]
pub struct Shadow {
    /// The workflow's name
    name: String,
    /// The version to be asked; left out: how often it decided alike so far
    version: Option<u32>,
    #[command(flatten)]
    stages: Stages,
    /// Stop asking it
    #[arg(long, conflicts_with = "version")]
    end: bool,
}

#[derive(Deserialize)]
struct Counted {
    #[serde(default)]
    version: u32,
    dry_run: bool,
    places: Vec<Place>,
    effects: Vec<Due>,
    asked: u64,
}

#[derive(Deserialize)]
struct Place {
    version: u32,
    stage: String,
    moves: u64,
    stays: u64,
    strands: u64,
}

#[derive(Deserialize)]
struct Due {
    stage: String,
    kind: String,
    count: u64,
}

impl Counted {
    fn tell(&self, name: &str) {
        let changes = |place: &&Place| self.dry_run || place.moves + place.strands > 0;
        for place in self.places.iter().filter(changes) {
            say!(
                "{name}@{} {}: {} move, {} stay, {} have no place",
                place.version,
                place.stage,
                place.moves,
                place.stays,
                place.strands
            );
        }
        if self.dry_run && self.places.is_empty() {
            say!("no case runs under {name}: nobody would move");
        }
        let moves: u64 = self.places.iter().map(|place| place.moves).sum();
        if self.dry_run && moves > 0 {
            say!("at once, of {} of {moves} cases that move:", self.asked);
            for due in &self.effects {
                say!("  {} {} by {}", due.count, due.kind, due.stage);
            }
            if self.effects.is_empty() {
                say!("  nothing");
            }
        }
    }
}

/// Makes a version the active one.
pub(crate) async fn activate(
    calls: &Calls<'_>,
    (name, version): (&str, u32),
    running: Running,
    stages: &Stages,
    how: &How,
) -> anyhow::Result<Exit> {
    let mut body = how.body(running);
    body["version"] = version.into();
    body["stages"] = stages.map()?;
    let path = format!("/v1/workflows/{}/activate", segment(name));
    let said = format!("{name}@{version} activated: new cases get it");
    let doing = || format!("cannot activate {name}@{version}");
    send(calls, name, Call::post(&path, &body), |_| said)
        .await
        .with_context(doing)
}

/// Makes a version the active one that new cases get; those that run keep theirs.
pub(crate) async fn activate_plainly(
    calls: &Calls<'_>,
    version: (&str, u32),
) -> anyhow::Result<Exit> {
    let how = How {
        dry_run: false,
        force: false,
    };
    activate(calls, version, Running::Keep, &Stages::default(), &how).await
}

/// Makes the version active again that was so before.
pub(crate) async fn roll_back(
    calls: &Calls<'_>,
    name: &str,
    running: Running,
    how: &How,
) -> anyhow::Result<Exit> {
    let path = format!("/v1/workflows/{}/rollback", segment(name));
    let call = Call::post(&path, &how.body(running));
    let said = |version| format!("{name}@{version} active again: new cases get it");
    let doing = || format!("cannot roll {name} back");
    send(calls, name, call, said).await.with_context(doing)
}

impl How {
    fn body(&self, running: Running) -> Value {
        json!({ "running": running.name(), "dry_run": self.dry_run, "force": self.force })
    }
}

/// Sends what counts first, and tells what it counted.
async fn send(
    calls: &Calls<'_>,
    name: &str,
    call: Call,
    said: impl FnOnce(u32) -> String,
) -> anyhow::Result<Exit> {
    let counted: Counted = match calls.send(call).await {
        Ok(answer) => answer.json()?,
        Err(error) => return refused(error),
    };
    counted.tell(name);
    if counted.dry_run {
        say!("nothing was activated: this was a dry run");
    } else {
        say!("{}", said(counted.version));
    }
    Ok(Exit::Done)
}

/// What does not go with what is there is a fault of what is asked for, and is listed.
fn refused(error: anyhow::Error) -> anyhow::Result<Exit> {
    match Refused::of(&error) {
        Some(refused) if refused.is("conflict") || refused.is("invalid") => {
            refused
                .reasons()
                .iter()
                .for_each(|reason| say!("not done: {reason}"));
            Ok(Exit::Faults)
        }
        _ => Err(error),
    }
}

/// Begins, or ends, a canary.
pub(crate) async fn canary(calls: &Calls<'_>, args: Canary) -> anyhow::Result<Exit> {
    let name = &args.name;
    let path = format!("/v1/workflows/{}/canary", segment(name));
    let Some(version) = args.version.filter(|_| !args.end) else {
        calls.send(Call::delete(&path)).await?;
        say!("the version on trial of {name} was taken back");
        return Ok(Exit::Done);
    };
    let mut body = json!({
        "version": version, "percent": args.percent, "running": args.running.name(),
        "stages": args.stages.map()?, "dry_run": args.dry_run,
    });
    let limits = [
        ("failures_percent", args.failures.map(u32::from)),
        ("refusals_percent", args.refusals.map(u32::from)),
        ("calls_min", args.calls_min),
    ];
    for (member, value) in limits {
        if let Some(value) = value {
            body[member] = value.into();
        }
    }
    let percent = args.percent;
    let said = |_| format!("{name}@{version} is on trial: {percent} of a hundred customers get it");
    send(calls, name, Call::put(&path, &body), said).await
}

/// Begins, tells of, or ends a shadow.
pub(crate) async fn shadow(calls: &Calls<'_>, args: Shadow) -> anyhow::Result<Exit> {
    let name = &args.name;
    let path = format!("/v1/workflows/{}/shadow", segment(name));
    if args.end {
        calls.send(Call::delete(&path)).await?;
        say!("no version of {name} is asked beside the active one any more");
        return Ok(Exit::Done);
    }
    let Some(version) = args.version else {
        let report: Value = calls.get(&path).await?;
        put!("{report:#}\n");
        return Ok(Exit::Done);
    };
    let body = json!({ "version": version, "stages": args.stages.map()? });
    if let Err(error) = calls.send(Call::put(&path, &body)).await {
        return refused(error);
    }
    say!("{name}@{version} is asked beside the active version, with no effect");
    Ok(Exit::Done)
}

/// Tells how the versions of a workflow stand to one another.
pub(crate) async fn tell(calls: &Calls<'_>, name: &str) -> anyhow::Result<Exit> {
    let rollout: Value = calls
        .get(&format!("/v1/workflows/{}/rollout", segment(name)))
        .await?;
    put!("{rollout:#}\n");
    Ok(Exit::Done)
}
