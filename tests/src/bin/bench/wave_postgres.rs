//! The same wave on `PostgreSQL`, server and host on the same cores, and by two nodes at once.
//!
//! The server is a private one, as durable as in production. Each wave runs over a copy of a
//! filled database; nodes are processes of their own and begin together.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use regua_domain::contract::Channel;
use regua_engine::Settings;
use regua_test_kit::postgres::{Database, Server, Sync};
use regua_tests::sample;
use regua_tests::wave::{Place, engine, fill, still};

use crate::wave::median;
use crate::{Bound, Figure};

/// The first argument of a process that is a node.
pub const CHILD: &str = "--wave-node";
/// Due cases of a wave.
const WAVE: u64 = 100_000;
const ROUNDS: usize = 3;

/// What differs from the server's defaults, which are made for a machine of the year 2000.
pub const SETTINGS: [&str; 3] = [
    "shared_buffers=512MB",
    "max_wal_size=4GB",
    "wal_compression=lz4",
];
/// Told of the server as it runs.
const TOLD: &str = "SELECT 'PostgreSQL ' || current_setting('server_version')
    UNION ALL SELECT name || '=' || current_setting(name)
    FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes',
        'shared_buffers', 'max_wal_size', 'wal_compression', 'autovacuum', 'wal_level')";

pub fn run() -> Result<Vec<Figure>> {
    let server = Arc::new(Server::start(Sync::On, &SETTINGS));
    let filled = Database::create_on(&server);
    let told = filled.run(TOLD);
    eprintln!("   {}", told.trim().replace('\n', ", "));
    eprintln!("   filling: {WAVE} cases, all due");
    let folder = tempfile::tempdir()?;
    let place = Place {
        store: filled.url().to_owned(),
        cache: folder.path().join("cache"),
    };
    tokio::runtime::Runtime::new()?.block_on(fill(&place, WAVE, WAVE, &[Channel::Email]))?;
    // What the server would do by itself before the day of the wave.
    filled.run("VACUUM ANALYZE");
    eprintln!(
        "   {} bytes a case with five invoices",
        size(&filled)? / WAVE
    );
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        alone.push(wave(&server, &filled, &place, 1)?);
        together.push(wave(&server, &filled, &place, 2)?);
    }
    let ratios = together.iter().zip(&alone).map(|(two, one)| two / one);
    let ratio = median(ratios);
    let figure = |key, value, bound| Figure { key, value, bound };
    Ok(vec![
        figure(
            "wave_postgres_per_s",
            median(alone.into_iter()),
            Bound::AtLeast(8_000.0),
        ),
        figure("wave_two_nodes_ratio", ratio, Bound::AtLeast(0.95)),
    ])
}

/// A wave by so many nodes, over a copy; cases a second.
fn wave(server: &Arc<Server>, filled: &Database, place: &Place, nodes: usize) -> Result<f64> {
    let copy = Database::copy(server, filled);
    copy.run("CHECKPOINT");
    let place = Place {
        store: copy.url().to_owned(),
        cache: place.cache.clone(),
    };
    let mut nodes: Vec<Node> = (0..nodes)
        .map(|_| Node::start(&place))
        .collect::<Result<_>>()?;
    let wal = wal(&copy)?;
    let started = Instant::now();
    for node in &mut nodes {
        node.go()?;
    }
    let shares = nodes
        .into_iter()
        .map(Node::done)
        .collect::<Result<Vec<u64>>>()?;
    let seconds = started.elapsed().as_secs_f64();
    let queued = copy.run("SELECT count(*) FROM effect WHERE state = 'queued'");
    let (done, queued): (u64, u64) = (shares.iter().sum(), queued.trim().parse()?);
    if done != WAVE || queued != WAVE {
        bail!("{done} cases were done and {queued} letters written instead of {WAVE}");
    }
    let per_s = WAVE as f64 / seconds;
    let written = (self::wal(&copy)? - wal) / WAVE;
    eprintln!(
        "   {WAVE} cases, done by nodes {shares:?}: {per_s:.0} cases/s, {written} bytes of \
         write-ahead log a case"
    );
    Ok(per_s)
}

/// How far the write-ahead log is, bytes.
fn wal(database: &Database) -> Result<u64> {
    let position = database.run("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')");
    Ok(position.trim().parse()?)
}

/// What a database takes on disk, bytes.
fn size(database: &Database) -> Result<u64> {
    let size = database.run("SELECT pg_database_size(current_database())");
    Ok(size.trim().parse()?)
}

struct Node {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Node {
    /// Starts one; answers when it is ready to go.
    fn start(place: &Place) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg(CHILD)
            .arg(&place.store)
            .arg(&place.cache)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let lines = BufReader::new(child.stdout.take().context("its output")?);
        let mut node = Self { child, lines };
        node.line()?;
        Ok(node)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.lines.read_line(&mut line)? == 0 {
            bail!("a node ended with {}", self.child.wait()?);
        }
        Ok(line)
    }

    fn go(&mut self) -> Result<()> {
        let input = self.child.stdin.as_mut().context("its input")?;
        Ok(input.write_all(b"go\n")?)
    }

    /// Waits until nothing is due; answers how many it did.
    fn done(mut self) -> Result<u64> {
        let done = self.line()?.trim().parse()?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("a node ended with {status}");
        }
        Ok(done)
    }
}

/// The child: a node, from when it is told to go until nothing is due.
pub fn child(args: &[String]) -> Result<()> {
    let [store, cache] = args else {
        bail!("{CHILD} STORE CACHE")
    };
    let place = Place {
        store: store.clone(),
        cache: cache.into(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let (engine, open) = engine(&place, still(), Settings::shipped()).await?;
        println!("ready");
        std::io::stdin().read_line(&mut String::new())?;
        let worked = engine
            .work(&open, sample::now(), sample::now(), None)
            .await?;
        if worked.faults > 0 || worked.stale > 0 {
            bail!("the wave did {worked:?}");
        }
        println!("{}", worked.done);
        engine.store().close().await;
        Ok(())
    })
}
