//! Somebody looks at cases while a wave is run and handed over, over either store: the host, who
//! calls it, the relay and the tenant's system all run on the same cores.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use regua_domain::contract::Channel;
use regua_engine::{Clock, Pace, Settings};
use regua_http::Api;
use regua_storage::CasesQuery;
use regua_test_kit::postgres::{Database, Server, Sync};
use regua_test_receivers::http::{Answer, Endpoint};
use regua_test_receivers::smtp::Relay;
use regua_tests::client::Client;
use regua_tests::node::{Going, left, work};
use regua_tests::wave::{Place, engine, fill, still};
use regua_tests::{outside, sample};
use tokio::sync::watch;

use crate::service::admin;
use crate::{Bound, Figure};

/// The first argument of a process that is the host.
pub const CHILD: &str = "--api-in-wave";
/// Due cases of the wave: more than are done while it is looked at.
const WAVE: u64 = 100_000;
/// Looks, so many a second, at a case with its timeline; and those before the wave.
const LOOKS: u32 = 1_000;
const WARM_UP: u32 = 200;
const PER_S: u32 = 50;
/// Who looks is never held up by who looked before.
const CALLERS: usize = 16;
/// Cases that are looked at in turn.
const CASES: u32 = 512;

pub fn run() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let file = Place::file(&folder.path().join("wave.sqlite"));
    let server = Arc::new(Server::start(Sync::On, &crate::wave_postgres::SETTINGS));
    let database = Database::create_on(&server);
    let postgres = Place {
        store: database.url().to_owned(),
        cache: file.cache.clone(),
    };
    let over_file = p99(&file)?;
    let over_postgres = p99(&postgres)?;
    let figure = |key, value| Figure {
        key,
        value,
        bound: Bound::AtMost(20.0),
    };
    Ok(vec![
        figure("api_p99_ms_in_wave", over_file),
        figure("api_p99_ms_in_wave_postgres", over_postgres),
    ])
}

fn p99(place: &Place) -> Result<f64> {
    let (relay, hooks) = (Relay::start(), Endpoint::start(|_| Answer::status(204)));
    let tokio = tokio::runtime::Runtime::new()?;
    let (token, cases) = tokio.block_on(set_up(place, &relay, &hooks))?;
    let mut child = Command::new(std::env::current_exe()?)
        .args([CHILD, &place.store])
        .arg(&place.cache)
        .args([relay.port().to_string(), hooks.port().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
    let mut line = || {
        lines
            .next()
            .context("the host ended by itself")?
            .context("its output")
    };
    let address = line()?;
    let mut input = child.stdin.take().context("its input")?;
    // A host that has served for a while has its connections, and its statements prepared.
    look(&address, &token, &cases, WARM_UP)?;
    input.write_all(b"go\n")?;
    let times = look(&address, &token, &cases, LOOKS)?;
    drop(input);
    let left: u64 = line()?.parse()?;
    let status = child.wait()?;
    if !status.success() || left == 0 {
        bail!("the host ended with {status}, and {left} were left of the wave");
    }
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    eprintln!(
        "   {LOOKS} looks at a case with its timeline, {PER_S} a second: p50 {:.1} ms, p99 {:.1} ms, \
         worst {:.1} ms; {} letters arrived meanwhile, {left} of {WAVE} cases and letters are left",
        at(0.5),
        at(0.99),
        at(1.0),
        relay.accepted().len() + hooks.arrived().len()
    );
    Ok(at(0.99))
}

/// A filled store, a key, and the paths of some cases.
async fn set_up(place: &Place, relay: &Relay, hooks: &Endpoint) -> Result<(String, Vec<String>)> {
    eprintln!("   filling: {WAVE} cases, all due");
    fill(place, WAVE, WAVE, &[Channel::Email, Channel::Sms]).await?;
    let (engine, open) = engine(place, still(), Settings::shipped()).await?;
    let post = outside::post(
        relay.port(),
        hooks.port(),
        engine.clock(),
        &outside::counting(),
    );
    outside::verify_sender(&*open.store, sample::now()).await?;
    outside::hand_to(&*open.store, &post, hooks.port(), "message.sms").await?;
    let token = admin(&**engine.store(), open.row.id).await?;
    let some = CasesQuery {
        limit: CASES,
        ..CasesQuery::default()
    };
    let cases = open.store.cases(&some).await?;
    let paths = cases.iter().map(|row| format!("/v1/cases/{}", row.case.id));
    let paths = paths.collect();
    engine.store().close().await;
    Ok((token, paths))
}

/// How long each look took from when it was due, milliseconds, the shortest first.
fn look(address: &str, token: &str, cases: &[String], looks: u32) -> Result<Vec<f64>> {
    let next = AtomicU32::new(0);
    let started = Instant::now();
    let mut times = std::thread::scope(|scope| {
        let caller = || -> Result<Vec<f64>> {
            let mut client = Client::connect(address, token)?;
            let mut times = Vec::new();
            loop {
                let nth = next.fetch_add(1, Ordering::Relaxed);
                if nth >= looks {
                    return Ok(times);
                }
                let due = started + Duration::from_secs(1) * nth / PER_S;
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
                let case = &cases[nth as usize % cases.len()];
                client.get(&format!("{case}?timeline=50"))?;
                times.push(due.elapsed().as_secs_f64() * 1_000.0);
            }
        };
        let callers: Vec<_> = (0..CALLERS).map(|_| scope.spawn(caller)).collect();
        let mut all = Vec::new();
        for caller in callers {
            all.extend(caller.join().expect("a caller panicked")?);
        }
        anyhow::Ok(all)
    })?;
    times.sort_by(f64::total_cmp);
    Ok(times)
}

/// The child: serves the API, and works on the wave from when it is told to until its input is
/// closed; says where it listens, and at the end what is left of the wave.
pub fn child(args: &[String]) -> Result<()> {
    let [store, cache, relay, hooks] = args else {
        bail!("{CHILD} STORE CACHE RELAY HOOKS")
    };
    let place = Place {
        store: store.clone(),
        cache: cache.into(),
    };
    let clock: Arc<dyn Clock> = Arc::new(Going::from(sample::now(), 1));
    let chance = outside::counting();
    let post = Arc::new(outside::post(
        relay.parse()?,
        hooks.parse()?,
        &clock,
        &chance,
    ));
    tokio::runtime::Runtime::new()?.block_on(async {
        let (engine, open) = engine(&place, clock, Settings::shipped()).await?;
        let settings = regua_http::Settings::shipped();
        let with = Some(Arc::clone(&post));
        let api = Api::posting(engine.apart(), chance, &settings, with, None);
        let (stop, stopped) = watch::channel(false);
        let (go, going) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let _ = std::io::stdin().read_line(&mut String::new());
            let _ = go.send(());
            let _ = std::io::read_to_string(std::io::stdin());
            stop.send(true)
        });
        let listener = TcpListener::bind("127.0.0.1:0")?;
        println!("{}", listener.local_addr()?);
        let serve = regua_http::serve(&api, listener, stopped.clone());
        let wave = async {
            let _ = going.await;
            work(&engine, post, Pace::shipped(), stopped.clone()).await;
        };
        let (served, ()) = tokio::join!(serve, wave);
        served?;
        println!("{}", left(&engine, open.row.id).await?);
        engine.store().close().await;
        Ok(())
    })
}
