//! `regua plugin test`.

mod answer;
mod coverage;
mod fixture;
mod report;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use regua_domain::contract::{Answer, Call};
use regua_runtime::{Admitted, Runtime, Stage, Workers};

use super::project::Project;
use super::{build, check};
use crate::exit::{Exit, Usage};
use crate::out::say;
use crate::session;
use crate::settings::Settings;
use answer::Expected;
use fixture::Fixture;
use report::Report;

/// Where a project has its fixtures.
const FIXTURES: &str = "fixtures";

/// Asks a component what fixtures say, in the host's own sandbox, and shows how its answers
/// differ from what they expect.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A project, whose fixtures are in fixtures/, or a folder of fixtures
    #[arg(default_value = ".", value_name = "DIR")]
    dir: PathBuf,
    /// The component to ask [default: of a project DIR/build/NAME.wasm]
    #[arg(long, value_name = "FILE")]
    component: Option<PathBuf>,
    /// Build the project first
    #[arg(long, conflicts_with = "component")]
    build: bool,
    /// Write what came into the fixtures
    #[arg(long)]
    update: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(settings: &Settings, args: &Args) -> anyhow::Result<Exit> {
    let (folder, component) = places(args)?;
    if args.build {
        let project = Project::open(&args.dir)?;
        if build::build(&project, &component)?.is_none() {
            return Ok(Exit::Faults);
        }
    }
    let Some(fixtures) = read_all(&folder)? else {
        return Ok(Exit::Faults);
    };
    let runtime = session::runtime(settings)?;
    let Some(admitted) = check::admit(&runtime, &component)? else {
        return Ok(Exit::Faults);
    };
    let calls = ask_all(&runtime, settings, &admitted, &fixtures)?;
    let mut report = Report::new(component, &admitted, runtime.limits().fuel_max);
    for (fixture, call) in fixtures.into_iter().zip(calls) {
        if let Answer::HostFault { detail } = &call.answer {
            anyhow::bail!("the host could not ask the stage: {detail}");
        }
        let came = Expected::of(&call.answer);
        let is_new = came.is_some() && came != fixture.expected;
        let updated = args.update && is_new;
        if let Some(came) = came.filter(|_| updated) {
            fixture.update(came)?;
        }
        report.add(fixture, call, updated);
    }
    if args.json {
        say!("{}", report.as_json());
    } else {
        report.tell();
    }
    Ok(if report.failed() == 0 {
        Exit::Done
    } else {
        Exit::Faults
    })
}

/// The folder of the fixtures, and the component to ask.
fn places(args: &Args) -> anyhow::Result<(PathBuf, PathBuf)> {
    let Args { dir, component, .. } = args;
    if !Project::is_at(dir) {
        let Some(component) = component else {
            let text = format!(
                "{} is no project of a stage, which `regua plugin new` makes: of other fixtures, \
                 say --component FILE, the component to ask",
                dir.display()
            );
            return Err(Usage(text).into());
        };
        return Ok((dir.clone(), component.clone()));
    }
    let component = if let Some(component) = component {
        component.clone()
    } else {
        let built = build::shown(dir, &Project::open(dir)?);
        if !args.build && !built.is_file() {
            let text = format!(
                "{} is not there: `regua plugin build` makes it, or say --build",
                built.display()
            );
            return Err(Usage(text).into());
        }
        built
    };
    let dir = dir.strip_prefix(".").unwrap_or(dir);
    Ok((dir.join(FIXTURES), component))
}

/// All fixtures of a folder, by name. None where any has faults: all of them were listed.
fn read_all(folder: &Path) -> anyhow::Result<Option<Vec<Fixture>>> {
    let cannot = || format!("cannot read the folder {}", folder.display());
    let mut files = Vec::new();
    for entry in folder.read_dir().with_context(cannot)? {
        let path = entry.with_context(cannot)?.path();
        if path.is_file()
            && path
                .extension()
                .is_some_and(|extension| extension == "json")
        {
            files.push(path);
        }
    }
    files.sort_unstable();
    if files.is_empty() {
        let text = format!("{} has no fixture: a file NAME.json", folder.display());
        return Err(Usage(text).into());
    }
    let mut fixtures = Vec::with_capacity(files.len());
    let mut has_faults = false;
    for file in files {
        match Fixture::read(&file) {
            Ok(fixture) => fixtures.push(fixture),
            Err(faults) => {
                has_faults = true;
                for fault in faults {
                    say!("{fault}");
                }
            }
        }
    }
    Ok((!has_faults).then_some(fixtures))
}

/// Asks the stage about each, as many at once as there are threads for plugins.
fn ask_all(
    runtime: &Runtime,
    settings: &Settings,
    admitted: &Admitted,
    fixtures: &[Fixture],
) -> anyhow::Result<Vec<Call>> {
    let fetch = || Ok::<_, std::convert::Infallible>(admitted.wasm.clone());
    let stage = runtime.load(&admitted.digest, fetch)?;
    let workers =
        Workers::start(settings.threads.value).context("the plugin threads cannot be started")?;
    let asked: Vec<_> = fixtures
        .iter()
        .map(|fixture| {
            let stage: Arc<Stage> = Arc::clone(&stage);
            let (situation, config) = (fixture.situation.clone(), fixture.config.to_string());
            workers.run(move || stage.decide(&situation, &config))
        })
        .collect();
    asked
        .into_iter()
        .map(|answer| {
            answer
                .recv()
                .context("the host failed while it asked the stage")
        })
        .collect()
}
