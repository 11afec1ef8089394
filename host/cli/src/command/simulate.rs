//! `regua simulate`.

pub(super) mod assumed;
mod tell;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use clap::Args as ClapArgs;
use regua_domain::step::HostFault;
use regua_domain::time::Date;
use regua_domain::workflow::check::Form;
use regua_engine::rehearse::Rehearsal;
use regua_rehearsal::simulate::{Policy, Setting, Sums, play};
use regua_runtime::Workers;

use self::assumed::Assumed;
use super::document::Document;
use super::fit;
use super::test::setup::{self, Place};
use crate::client::Client;
use crate::exit::{Exit, Usage};
use crate::out::note;
use crate::progress;
use crate::session;
use crate::when::date;

/// Payers who are played in one go.
const CHUNK: u64 = 128;

/// Plays made-up payers under the live policy, and a challenger beside it on the same payers with the
/// same luck, and tells what each would likely recover.
///
/// What payers do is a model, which says more about itself in host/rehearsal/PAYERS.md: what comes of
/// it is as good as what is assumed.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// How many payers
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    customers: u64,
    /// For how many days
    #[arg(long, default_value_t = 180, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    days: u32,
    /// What chance is made of: the same seed gives the same result, on any number of threads
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The first day
    #[arg(long, value_name = "DATE", value_parser = date, default_value = "2026-01-05")]
    starts: Date,
    /// A draft of a workflow, which takes the place of the active version of its name
    #[arg(long, value_name = "FILE")]
    challenger: Option<PathBuf>,
    /// The policy, of files instead of a tenant's: a setup, as for `regua test`; no store is needed
    #[arg(long, value_name = "FILE")]
    setup: Option<PathBuf>,
    /// What is assumed of payers, and what is done costs, YAML: see `regua schema payers` [default: of
    /// a tenant with a past of its own, fitted to that]
    #[arg(long, value_name = "FILE")]
    payers: Option<PathBuf>,
    /// Write all of it as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a row for each figure as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write a page with charts, which needs no other file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

pub(super) async fn run(client: &Client, args: Args) -> anyhow::Result<Exit> {
    let Some((champion, challenger)) = policies(client, &args).await? else {
        return Ok(Exit::Faults);
    };
    let assumed = match (&args.payers, &args.setup) {
        (Some(file), _) => assumed::read(file)?,
        (None, Some(_)) => Some(Assumed::default()),
        (None, None) => Some(of_own_past(client).await?),
    };
    let Some(assumed) = assumed else {
        return Ok(Exit::Faults);
    };
    let setting = Arc::new(Setting {
        seed: args.seed,
        starts: args.starts,
        days: args.days,
        time_zone: assumed.time_zone,
        locale: assumed.locale,
        jurisdiction: assumed.jurisdiction,
        model: assumed.model,
        costs: assumed.costs,
    });
    let threads = client.settings().threads.value;
    let workers = Workers::start(threads).context("the plugin threads cannot be started")?;
    let sums = play_all(
        &workers,
        &setting,
        args.customers,
        &champion,
        challenger.as_ref(),
    )
    .await?;
    if sums.payers < args.customers {
        note!(
            "stopped: {} of {} payers were played",
            sums.payers,
            args.customers
        );
    }
    let tenant = &champion.tenant.policy.display_name;
    tell::files(&args, &setting, &sums, tenant)?;
    tell::sums(&setting, &sums);
    Ok(Exit::Done)
}

/// Payers like the tenant's own customers, where enough is known of these; else the default.
async fn of_own_past(client: &Client) -> anyhow::Result<Assumed> {
    let Some(fitted) = fit::own(client).await? else {
        note!("payers: the default, for the tenant's own past is too short; see PAYERS.md");
        return Ok(Assumed::default());
    };
    note!(
        "payers: fitted to {} invoices of {} customers; `regua fit` tells how well",
        fitted.invoices,
        fitted.frailties.len()
    );
    Ok(Assumed::of(fitted.model))
}

/// Plays all payers; where it is interrupted, those who were played by then.
async fn play_all(
    workers: &Workers,
    setting: &Arc<Setting>,
    customers: u64,
    champion: &Arc<Rehearsal>,
    challenger: Option<&Arc<Rehearsal>>,
) -> anyhow::Result<Sums> {
    let stop = Arc::new(AtomicBool::new(false));
    let bar = progress::bar("payers", customers);
    let chunks = (0..customers).step_by(usize::try_from(CHUNK).unwrap_or(1));
    let playing: Vec<_> = chunks
        .map(|first| {
            let payers = first..customers.min(first + CHUNK);
            let (setting, stop) = (Arc::clone(setting), Arc::clone(&stop));
            let (champion, challenger) = (Arc::clone(champion), challenger.cloned());
            workers.run(move || -> Result<Sums, HostFault> {
                if stop.load(Ordering::Relaxed) {
                    return Ok(Sums::default());
                }
                let challenger = challenger.as_deref().map(of);
                play(&setting, payers, of(&champion), challenger)
            })
        })
        .collect();
    let mut sums = Sums::default();
    let interrupted = tokio::signal::ctrl_c();
    tokio::pin!(interrupted);
    let mut is_interrupted = false;
    for played in playing {
        let played = played.into_recv_async();
        tokio::pin!(played);
        let played = loop {
            tokio::select! {
                played = &mut played => break played,
                _ = &mut interrupted, if !is_interrupted => {
                    is_interrupted = true;
                    stop.store(true, Ordering::Relaxed);
                }
            }
        };
        let failed = "the host failed while it played";
        sums.add(&played.context(failed)?.context(failed)?);
        bar.set_position(sums.payers);
    }
    bar.finish_and_clear();
    Ok(sums)
}

fn of(rehearsal: &Rehearsal) -> Policy<'_> {
    Policy {
        tenant: &rehearsal.tenant,
        stages: &rehearsal.stages,
    }
}

/// The policies, of a setup or of the tenant. None where one has faults, which were listed.
async fn policies(
    client: &Client,
    args: &Args,
) -> anyhow::Result<Option<(Arc<Rehearsal>, Option<Arc<Rehearsal>>)>> {
    let challenger = args.challenger.as_deref();
    if let Some(setup) = &args.setup {
        let runtime = session::runtime(client.settings())?;
        let place = Place::File(setup.clone());
        let Some(champion) = setup::open(&runtime, &place, None)? else {
            return Ok(None);
        };
        let Some(draft) = challenger else {
            return Ok(Some((Arc::new(champion), None)));
        };
        let challenger = setup::open(&runtime, &place, Some(draft))?;
        return Ok(challenger.map(|it| (Arc::new(champion), Some(Arc::new(it)))));
    }
    if client.settings().server.value.is_some() {
        let text = "a service simulates for nobody: name the policy by --setup, or the store";
        return Err(Usage(text.to_owned()).into());
    }
    let session = client.session().await?;
    let (_, open) = session.open_tenant().await?;
    let engine = session.engine()?;
    let champion = Arc::new(engine.rehearsal(&open, None).await?);
    let Some(file) = challenger else {
        return Ok(Some((champion, None)));
    };
    let Some(draft) = Document::read(file)? else {
        return Ok(None);
    };
    let text = draft.value.to_string();
    match engine.rehearsal(&open, Some((&text, Form::Json))).await {
        Ok(challenger) => Ok(Some((champion, Some(Arc::new(challenger))))),
        Err(regua_engine::PublishError::Problems(faults)) => {
            draft.list(faults);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
