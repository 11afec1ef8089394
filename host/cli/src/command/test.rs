//! `regua test`.

mod report;
pub(super) mod setup;
mod update;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use regua_domain::step::HostFault;
use regua_domain::workflow::check::Form;
use regua_engine::rehearse::Rehearsal;
use regua_rehearsal::conformance::PACK;
use regua_rehearsal::scenario::{self, Outcome, Scenario};
use regua_runtime::{Runtime, Workers};

use crate::client::Client;
use crate::exit::{Exit, Usage};
use crate::out::say;
use crate::session;
use report::Report;
use setup::Place;

/// What files with scenarios are called.
const SUFFIX: &str = ".scenario.yaml";

/// Plays scenarios under a virtual clock, with the real components, and shows how what came
/// differs from what they expect.
///
/// A scenario is a file `<name>.scenario.yaml`. It has its workflows, plugins, templates and
/// settings from the setup that it names, else from --setup, else from the next `setup.yaml` in its
/// folder or above.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Scenarios, or folders of them
    #[arg(required_unless_present = "conformance", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The stories of what breaks in the field, which any workflow can be held against
    #[arg(long, requires = "setup", conflicts_with = "update")]
    conformance: bool,
    /// The setup of scenarios that name none
    #[arg(long, value_name = "FILE")]
    setup: Option<PathBuf>,
    /// Write what came into the scenarios, where it is not what they expect
    #[arg(long)]
    update: bool,
    /// Write a report of the form that build servers read
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// A scenario of a file.
struct Found {
    file: PathBuf,
    text: String,
    scenario: Arc<Scenario>,
    setup: Place,
}

pub(super) fn run(client: &Client, args: &Args) -> anyhow::Result<Exit> {
    let mut faulty = Vec::new();
    let mut found = Vec::new();
    for file in files(&args.paths)? {
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        match read(&file, text, args.setup.as_deref())? {
            Some(scenario) => found.push(scenario),
            None => faulty.push(file),
        }
    }
    for (name, text) in PACK.iter().filter(|_| args.conformance) {
        let file = PathBuf::from(format!("{name}{SUFFIX}"));
        found.extend(read(&file, (*text).to_owned(), args.setup.as_deref())?);
    }
    let settings = client.settings();
    let runtime = session::runtime(settings)?;
    let Some(rehearsals) = rehearsals(&runtime, &found)? else {
        return Ok(Exit::Faults);
    };
    let workers =
        Workers::start(settings.threads.value).context("the plugin threads cannot be started")?;
    let mut report = Report::new(faulty);
    for (found, outcome) in play(&workers, &rehearsals, found)? {
        let updated = args.update && outcome.faults.is_empty() && !outcome.mismatches.is_empty();
        if updated {
            let text = update::updated(&found.text, &outcome.mismatches)
                .with_context(|| format!("{} cannot be updated", found.file.display()))?;
            std::fs::write(&found.file, text)
                .with_context(|| format!("cannot write {}", found.file.display()))?;
        }
        report.add(found, outcome, updated);
    }
    report.cover(&rehearsals);
    if let Some(file) = &args.junit {
        let text = report.junit()?;
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    if args.json {
        say!("{}", report.as_json());
    } else {
        report.tell();
    }
    Ok(if report.is_as_expected() {
        Exit::Done
    } else {
        Exit::Faults
    })
}

/// Every setup, opened once. None where one has faults, which were listed.
fn rehearsals(
    runtime: &Runtime,
    found: &[Found],
) -> anyhow::Result<Option<BTreeMap<Place, Arc<Rehearsal>>>> {
    let mut opened = BTreeMap::new();
    let mut has_faults = false;
    for found in found {
        if opened.contains_key(&found.setup) {
            continue;
        }
        let rehearsal = setup::open(runtime, &found.setup, None)?;
        has_faults |= rehearsal.is_none();
        opened.insert(found.setup.clone(), rehearsal.map(Arc::new));
    }
    let opened = opened.into_iter();
    let opened = opened.filter_map(|(place, rehearsal)| Some((place, rehearsal?)));
    Ok((!has_faults).then(|| opened.collect()))
}

/// Plays all of them, as many at once as there are threads for plugins.
fn play(
    workers: &Workers,
    rehearsals: &BTreeMap<Place, Arc<Rehearsal>>,
    found: Vec<Found>,
) -> anyhow::Result<Vec<(Found, Outcome)>> {
    let playing: Vec<_> = found
        .into_iter()
        .map(|found| {
            let rehearsal = Arc::clone(&rehearsals[&found.setup]);
            let scenario = Arc::clone(&found.scenario);
            let played = workers.run(move || -> Result<Outcome, HostFault> {
                scenario::run(&rehearsal.tenant, &rehearsal.stages, &scenario)
            });
            (found, played)
        })
        .collect();
    playing
        .into_iter()
        .map(|(found, played)| {
            let failed = || format!("the host failed while it played {}", found.file.display());
            let outcome = played.recv().with_context(failed)?.with_context(failed)?;
            Ok((found, outcome))
        })
        .collect()
}

/// Reads a scenario. None where it has faults, which were listed.
fn read(file: &Path, text: String, setup: Option<&Path>) -> anyhow::Result<Option<Found>> {
    let scenario = match scenario::scenario(&text, Form::Yaml) {
        Ok(scenario) => scenario,
        Err(faults) => {
            for fault in faults {
                say!("{}: {fault}", file.display());
            }
            return Ok(None);
        }
    };
    let folder = file.parent().unwrap_or(Path::new("."));
    let setup = match (&scenario.setup, setup) {
        (Some(serde_json::Value::String(name)), _) => Place::File(folder.join(name)),
        (Some(_), _) => Place::Within(file.to_owned(), text.clone()),
        (None, Some(file)) => Place::File(file.to_owned()),
        (None, None) => Place::File(nearest(file)?),
    };
    Ok(Some(Found {
        file: file.to_owned(),
        text,
        scenario: Arc::new(scenario),
        setup,
    }))
}

/// The setup in the folder of a scenario, or in the next one above that has one.
fn nearest(file: &Path) -> anyhow::Result<PathBuf> {
    let whole = std::path::absolute(file).context("where is this?")?;
    let mut folders = whole.ancestors().skip(1);
    let found = folders.find_map(|folder| {
        let setup = folder.join(setup::FILE);
        setup.is_file().then_some(setup)
    });
    found.ok_or_else(|| {
        let text = format!(
            "{} says no `setup`, and there is no {} in its folder or above: say --setup FILE",
            file.display(),
            setup::FILE
        );
        Usage(text).into()
    })
}

/// The files, and those with scenarios in folders and the folders of these, sorted.
fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        within(path, &mut files)?;
        if files.len() == before {
            let text = format!("there is no *{SUFFIX} in the folder {}", path.display());
            return Err(Usage(text).into());
        }
        files[before..].sort();
    }
    Ok(files)
}

fn within(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let cannot = || format!("cannot read the folder {}", folder.display());
    for entry in folder.read_dir().with_context(cannot)? {
        let entry = entry.with_context(cannot)?;
        let path = entry.path();
        let is_scenario = path.to_str().is_some_and(|path| path.ends_with(SUFFIX));
        if entry.file_type().with_context(cannot)?.is_dir() {
            within(&path, files)?;
        } else if is_scenario {
            files.push(path);
        }
    }
    Ok(())
}
