//! `regua serve`.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use regua_engine::{Crew, Pace};
use tokio::sync::watch;

use crate::exit::Exit;
use crate::out::note;
use crate::serving::{self, Keeping};
use crate::session::Session;

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

pub(crate) async fn run(session: &Session, args: Args) -> anyhow::Result<Exit> {
    let settings = session.settings();
    let service = &settings.service;
    let address: SocketAddr = service.read("listen")?;
    let post = Arc::new(serving::post(settings)?);
    let engine = session.engine()?.clone();
    let api = regua_http::Api::posting(
        engine.clone(),
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
        courier: post,
        keeper: Arc::new(Keeping(Arc::clone(&api))),
    };
    let work = async {
        if !args.api_only {
            engine.serve(Pace::shipped(), crew, stopped.clone()).await;
        }
    };
    let serve = async {
        if args.work_only {
            return Ok(());
        }
        regua_http::serve(&api, address, stopped.clone(), |address| {
            note!("serving on http://{address}");
        })
        .await
        .with_context(|| format!("cannot serve on {address}"))
    };
    let ((), served) = tokio::join!(work, serve);
    served?;
    Ok(Exit::Done)
}
