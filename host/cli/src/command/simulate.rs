//! `regua simulate`.

pub(super) mod assumed;
mod policies;
mod tell;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use clap::Args as ClapArgs;
use regua_domain::time::Date;
use regua_engine::rehearse::Rehearsal;
use regua_rehearsal::simulate::{PlayError, Policy, Setting, Sums, play};
use regua_runtime::Workers;

use self::assumed::Assumed;
use self::policies::Policies;
use super::fit;
use crate::client::Client;
use crate::exit::{Exit, STOPPED};
use crate::out::note;
use crate::progress;
use crate::when::date;

/// Payers who are played in one go.
const CHUNK: u64 = 128;

/// Plays made-up payers under the live policy, and a challenger beside it on the same payers with the
/// same luck, and tells what each would likely recover.
///
/// What payers do is a model, which says more about itself in host/rehearsal/PAYERS.md: what comes of
/// it is as good as what is assumed. At Ctrl-C it stops, and tells of the payers that were played by
/// then; a second one ends it at once. Exit code 130 where it was stopped.
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
    /// A draft of a workflow, which takes the place of the active version of its name: there has to be
    /// one
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
    // Faults of a small file are told before all plugins are made ready.
    let assumed = match &args.payers {
        Some(file) => match assumed::read(file, &args)? {
            Some(setting) => Some(setting),
            None => return Ok(Exit::Faults),
        },
        None => None,
    };
    let Some(policies) = policies::of(client, &args).await? else {
        return Ok(Exit::Faults);
    };
    let setting = match assumed {
        Some(setting) => setting,
        None if args.setup.is_some() => Assumed::default().setting(&args),
        None => of_own_past(client).await?.setting(&args),
    };
    let setting = Arc::new(setting);
    let threads = client.settings().threads.value;
    let workers = Workers::start(threads).context("the plugin threads cannot be started")?;
    let sums = play_all(&workers, &setting, &policies).await?;
    let is_cut_short = setting.is_cut_short(&sums);
    if is_cut_short {
        note!(
            "stopped: {} of {} payers were played",
            sums.payers,
            setting.asked
        );
    }
    let tenant = &policies.champion.tenant.policy.display_name;
    // First what is told: a file may not be written.
    tell::sums(&setting, &sums);
    tell::files(&args, &setting, &sums, tenant)?;
    Ok(if is_cut_short {
        Exit::Stopped
    } else {
        Exit::Done
    })
}

/// Payers like the tenant's own customers, where enough is known of these; else the default.
async fn of_own_past(client: &Client) -> anyhow::Result<Assumed> {
    let Some(own) = fit::own(client).await? else {
        note!("payers: the default, for the tenant's own past is too short; see PAYERS.md");
        return Ok(Assumed::default());
    };
    note!(
        "payers: fitted to {} invoices of {} customers; `regua fit` tells how well",
        own.fitted.invoices,
        own.fitted.frailties.len()
    );
    Ok(Assumed::of(own.fitted.model, own.people))
}

/// Says when somebody wants to stop: at the first Ctrl-C what is played is told, at the second the
/// process ends.
fn stop_at_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_err() {
            return;
        }
        told.store(true, Ordering::Relaxed);
        note!("stopping: once more Ctrl-C ends it at once");
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(i32::from(STOPPED));
        }
    });
    stop
}

/// Plays all payers; where it is interrupted, those who were played by then.
async fn play_all(
    workers: &Workers,
    setting: &Arc<Setting>,
    policies: &Policies,
) -> anyhow::Result<Sums> {
    let stop = stop_at_interrupt();
    let customers = setting.asked;
    let bar = progress::bar("payers", customers);
    let chunks = (0..customers).step_by(usize::try_from(CHUNK).unwrap_or(1));
    let playing: Vec<_> = chunks
        .map(|first| {
            let payers = first..customers.min(first + CHUNK);
            let (setting, stop) = (Arc::clone(setting), Arc::clone(&stop));
            let (champion, challenger) =
                (Arc::clone(&policies.champion), policies.challenger.clone());
            workers.run(move || -> Result<Sums, PlayError> {
                let challenger = challenger.as_deref().map(of);
                play(&setting, payers, of(&champion), challenger, &stop)
            })
        })
        .collect();
    let mut sums = Sums::default();
    for played in playing {
        let failed = "the host failed while it played";
        let played = played.into_recv_async().await.context(failed)?;
        sums.add(&played.context("the payers cannot be played")?);
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
