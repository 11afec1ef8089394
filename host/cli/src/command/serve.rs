//! `regua serve`.

use std::fs::{File, TryLockError};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use regua_engine::{Crew, Pace};
use tokio::sync::watch;

use crate::exit::Exit;
use crate::out::note;
use crate::serving::{self, Keeping};
use crate::session::Session;
use crate::settings::Settings;

/// Serves the admin API, runs what is due and hands over what waits, until it is told to stop
/// (SIGTERM or Ctrl-C): what was begun is finished then.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Serve the API alone; other processes do the work
    #[arg(long)]
    pub api_only: bool,
    /// Do the work alone; other processes serve the API
    #[arg(long, conflicts_with = "api_only")]
    pub work_only: bool,
}

/// Sees to it that no other service works on a file, for as long as what it answers is kept:
/// they would wait for one another at each write. Other subcommands may, and so may services
/// on one `PostgreSQL` database.
fn alone(settings: &Settings) -> anyhow::Result<Option<File>> {
    if settings.postgres().is_some() {
        return Ok(None);
    }
    // Beside it: whoever closes a file gives up the locks that SQLite has on it. By whatever
    // path it is named, it is the same.
    let path = std::fs::canonicalize(&settings.database.value);
    let path = path.unwrap_or_else(|_| settings.database.value.clone());
    let mut path = path.into_os_string();
    path.push("-serve");
    let path = PathBuf::from(path);
    let mut lock = File::options();
    lock.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut lock, 0o600);
    let opened = lock.open(&path);
    let file = opened.with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => anyhow::bail!(
            "another `regua serve` works on {}: several need PostgreSQL, or --api-only",
            settings.database.value.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

pub(crate) async fn run(session: &Session, args: Args) -> anyhow::Result<Exit> {
    let settings = session.settings();
    let service = &settings.service;
    let address: SocketAddr = service.read("listen")?;
    let post = Arc::new(serving::post(settings)?);
    let _alone = if args.api_only {
        None
    } else {
        alone(settings)?
    };
    let engine = session.engine()?.clone();
    // Before anything is worked on: a service that cannot be reached does nothing unseen.
    let listener = if args.work_only {
        None
    } else {
        let bound = TcpListener::bind(address);
        Some(bound.with_context(|| format!("cannot serve on {address}"))?)
    };
    match &listener {
        Some(listener) => note!("serving on http://{}", listener.local_addr()?),
        None => note!("working, and serving no API"),
    }
    let api = regua_http::Api::posting(
        engine.apart(),
        serving::chance(),
        &serving::http_settings(service)?,
        Some(Arc::clone(&post)),
        Some(serving::figures()?),
    );
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        serving::told_to_stop().await;
        note!("stopping: what was begun is finished first");
        // An error: there is nobody left to stop.
        let _ = stop.send(true);
    });
    let crew = Crew {
        post,
        keeper: Arc::new(Keeping(engine.clone())),
    };
    let work = async {
        if !args.api_only {
            engine.serve(Pace::shipped(), crew, stopped.clone()).await;
        }
    };
    let serve = async {
        match listener {
            Some(listener) => regua_http::serve(&api, listener, stopped.clone()).await,
            None => Ok(()),
        }
    };
    let ((), served) = tokio::join!(work, serve);
    served.context("the API is served no longer")?;
    Ok(Exit::Done)
}
