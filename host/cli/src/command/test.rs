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
use crate::command::document::read_document;
use crate::exit::{self, Exit, Usage};
use crate::out::{self, note};
use crate::{file, session};
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

/// A file of which nothing can be played.
struct Faulty {
    file: PathBuf,
    /// Why, with places where there are any.
    faults: Vec<String>,
}

impl Faulty {
    fn new(file: &Path, error: &anyhow::Error) -> Self {
        let faults = vec![exit::chain(error)];
        let file = file.to_owned();
        Self { file, faults }
    }
}

pub(super) fn run(client: &Client, args: &Args) -> anyhow::Result<Exit> {
    if args.json {
        // A setup's faults are listed where they are found.
        out::say_aside();
    }
    let setup = args.setup.as_deref();
    let packed = PACK.iter().filter(|_| args.conformance);
    let packed = packed.map(|(name, text)| {
        read(
            &PathBuf::from(format!("{name}{SUFFIX}")),
            (*text).to_owned(),
            setup,
        )
    });
    let (mut faulty, mut found) = (Vec::new(), Vec::new());
    for read in files(&args.paths)?
        .iter()
        .map(|file| read_file(file, setup))
        .chain(packed)
    {
        match read {
            Ok(scenario) => found.push(scenario),
            Err(fault) => faulty.push(fault),
        }
    }
    let settings = client.settings();
    let runtime = session::runtime(settings)?;
    let (rehearsals, found) = rehearsals(&runtime, found, &mut faulty);
    let workers =
        Workers::start(settings.threads.value).context("the plugin threads cannot be started")?;
    let mut report = Report::new(faulty);
    for (found, outcome) in play(&workers, &rehearsals, found)? {
        let updates = args.update && outcome.faults.is_empty() && !outcome.mismatches.is_empty();
        let updated = updates.then(|| {
            let text = update::updated(&found.text, &outcome.mismatches)?;
            file::write(&found.file, text)
        });
        report.add(found, outcome, updated);
    }
    report.cover(&rehearsals);
    // First what is told: a file may not be written.
    if args.json {
        out::put_text(format_args!("{}\n", report.as_json()));
    } else {
        report.tell();
    }
    if let Some(file) = &args.junit {
        file::write(file, report.junit()?)?;
    }
    Ok(if report.is_as_expected() {
        Exit::Done
    } else {
        Exit::Faults
    })
}

/// Every setup, opened once, and the scenarios that can be played with them.
fn rehearsals(
    runtime: &Runtime,
    found: Vec<Found>,
    faulty: &mut Vec<Faulty>,
) -> (BTreeMap<Place, Arc<Rehearsal>>, Vec<Found>) {
    let mut opened: BTreeMap<Place, Result<Arc<Rehearsal>, String>> = BTreeMap::new();
    let mut playable = Vec::new();
    for found in found {
        let setup = opened.entry(found.setup.clone()).or_insert_with(|| {
            match setup::open(runtime, &found.setup, None) {
                Ok(Some(rehearsal)) => Ok(Arc::new(rehearsal)),
                Ok(None) => Err("its setup has faults, which are listed above".to_owned()),
                Err(error) => Err(exit::chain(&error)),
            }
        });
        match setup {
            Ok(_) => playable.push(found),
            Err(fault) => faulty.push(Faulty {
                file: found.file,
                faults: vec![fault.clone()],
            }),
        }
    }
    let opened = opened.into_iter();
    let opened = opened.filter_map(|(place, setup)| Some((place, setup.ok()?)));
    (opened.collect(), playable)
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

fn read_file(file: &Path, setup: Option<&Path>) -> Result<Found, Faulty> {
    let text = read_document(file).map_err(|error| Faulty::new(file, &error))?;
    read(file, text, setup)
}

/// Reads a scenario.
fn read(file: &Path, text: String, setup: Option<&Path>) -> Result<Found, Faulty> {
    let scenario = scenario::scenario(&text, Form::Yaml).map_err(|faults| Faulty {
        file: file.to_owned(),
        faults: faults.iter().map(ToString::to_string).collect(),
    })?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let setup = match (&scenario.setup, setup) {
        (Some(serde_json::Value::String(name)), _) => Place::File(folder.join(name)),
        (Some(_), _) => Place::Within(file.to_owned(), text.clone()),
        (None, Some(file)) => Place::File(file.to_owned()),
        (None, None) => Place::File(nearest(file).map_err(|error| Faulty::new(file, &error))?),
    };
    Ok(Found {
        file: file.to_owned(),
        text,
        scenario: Arc::new(scenario),
        setup,
    })
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
        let name = entry.file_name();
        let is_scenario = name.as_encoded_bytes().ends_with(SUFFIX.as_bytes());
        if entry.file_type().with_context(cannot)?.is_dir() {
            within(&path, files)?;
        } else if is_scenario {
            files.push(path);
        } else if path.is_dir() {
            note!("{} is a link to a folder, and passed over", path.display());
        }
    }
    Ok(())
}
