//! `regua serve` over full shelves: how soon it can decide with any plugin after a restart, and how
//! much memory it holds when all tenants are opened for work.

use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::{Result, ensure};
use regua_runtime::Admitted;
use regua_tests::client::Client;
use regua_tests::wave::Place;

use crate::decide::median;
use crate::service::Service;
use crate::stock::Stock;
use crate::wave::memory_mb;
use crate::{Bound, Figure};

/// Plugin versions of the store that a host restarts over.
const VERSIONS: usize = 500;
const RESTARTS: usize = 3;
/// Tenants of the other, their plugins, and how many components they share.
const TENANTS: usize = 1_000;
const EACH: usize = 4;
const DISTINCT: usize = 40;

/// What opens a tenant with all that its workflows name.
const GRAPH: &str = "/v1/workflows/ladder-0/versions/1/graph";

pub fn run() -> Result<Vec<Figure>> {
    let figure = |key, value, bound| Figure { key, value, bound };
    Ok(vec![
        figure("restart_500_s", restart()?, Bound::AtMost(3.0)),
        figure("tenants_1000_rss_mb", tenants()?, Bound::AtMost(600.0)),
    ])
}

/// Seconds from the start of a process until its tenant is open with all its plugins.
fn restart() -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let place = Place::file(&folder.path().join("restart.sqlite"));
    let token = tokio::runtime::Runtime::new()?.block_on(async {
        let stock = Stock::begin(&place).await?;
        let admitted = stock.admit(VERSIONS)?;
        let stocked = stock.tenant(0).await?;
        stock
            .publish(&stocked, &admitted.iter().collect::<Vec<_>>())
            .await?;
        stock.end().await;
        anyhow::Ok(stocked.token)
    })?;
    let before = native_files(&place)?;
    let mut all = Vec::new();
    for _ in 0..RESTARTS {
        let started = Instant::now();
        let service = Service::start(&place)?;
        Client::connect(&service.address, &token)?.get(GRAPH)?;
        all.push(started.elapsed().as_secs_f64());
        let mapped = mapped(&service)?;
        ensure!(mapped == VERSIONS, "{mapped} files are mapped");
        ensure!(native_files(&place)? == before, "something was compiled");
        let rss = memory_mb(&service.process(), "VmRSS")?;
        eprintln!(
            "   {VERSIONS} versions: {:.2} s, {rss:.0} MB",
            all[all.len() - 1]
        );
    }
    Ok(median(all))
}

/// Files of native code, and when each was written.
fn native_files(place: &Place) -> Result<BTreeSet<(String, std::time::SystemTime)>> {
    let mut files = BTreeSet::new();
    for engine in std::fs::read_dir(&place.cache)? {
        for file in std::fs::read_dir(engine?.path())? {
            let file = file?;
            let name = file.file_name().to_string_lossy().into_owned();
            files.insert((name, file.metadata()?.modified()?));
        }
    }
    Ok(files)
}

/// How many files of native code a process has mapped.
fn mapped(service: &Service) -> Result<usize> {
    let maps = std::fs::read_to_string(format!("/proc/{}/maps", service.process()))?;
    let paths = maps.lines().filter(|line| line.ends_with(".native"));
    let paths: BTreeSet<_> = paths
        .filter_map(|line| line.split(' ').next_back())
        .collect();
    Ok(paths.len())
}

/// Megabytes that are resident when every tenant is open.
fn tenants() -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let place = Place::file(&folder.path().join("tenants.sqlite"));
    let tokens = tokio::runtime::Runtime::new()?.block_on(async {
        let stock = Stock::begin(&place).await?;
        let admitted = stock.admit(DISTINCT)?;
        let mut tokens = Vec::new();
        for nth in 0..TENANTS {
            let stocked = stock.tenant(nth).await?;
            let of = |which: usize| &admitted[(nth * EACH + which) % DISTINCT];
            let plugins: Vec<&Admitted> = (0..EACH).map(of).collect();
            stock.publish(&stocked, &plugins).await?;
            tokens.push(stocked.token);
        }
        stock.end().await;
        anyhow::Ok(tokens)
    })?;
    let service = Service::start(&place)?;
    let rss = |field| memory_mb(&service.process(), field);
    let idle = rss("VmRSS")?;
    let started = Instant::now();
    for token in &tokens {
        Client::connect(&service.address, token)?.get(GRAPH)?;
    }
    let seconds = started.elapsed().as_secs_f64();
    ensure!(
        mapped(&service)? == DISTINCT,
        "not all components are loaded"
    );
    let (all, anonymous, of_files) = (rss("VmRSS")?, rss("RssAnon")?, rss("RssFile")?);
    eprintln!(
        "   {TENANTS} tenants opened in {seconds:.1} s: {all:.0} MB ({anonymous:.0} of its own, \
         {of_files:.0} of files) after {idle:.0} MB"
    );
    Ok(all)
}
