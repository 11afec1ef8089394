//! `regua serve` as it is installed: idle, told invoices one a call, and told them by the file.
//! Who calls it runs on the same cores.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use regua_domain::id::{CaseId, TenantId, derived};
use regua_http::key::{self, NewKey, Role};
use regua_storage::{Store, TenantRow};
use regua_test_kit::postgres::{Database, Server, Sync};
use regua_tests::client::Client;
use regua_tests::wave::Place;
use regua_tests::{outside, sample};

use crate::wave::memory_mb;
use crate::{Bound, Figure};

/// A host that has been started does what it does once within so long.
const SETTLES: Duration = Duration::from_secs(5);
/// Calls under way at once.
const CALLERS: usize = 32;
/// Customers whom the invoices are of, in turn: each has 25 of an import's, as in a real ledger.
const CUSTOMERS: usize = 8_000;
const CALLS: usize = 20_000;
const LINES: usize = 200_000;

pub fn run() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let file = Place::file(&folder.path().join("service.sqlite"));
    let server = std::sync::Arc::new(Server::start(Sync::On, &[]));
    let database = Database::create_on(&server);
    let postgres = Place {
        store: database.url().to_owned(),
        cache: file.cache.clone(),
    };
    let mut figures = over(&file, ["idle_rss_mb", "ingest_per_s", "import_per_s"])?;
    let over_postgres = [
        "idle_rss_mb",
        "ingest_postgres_per_s",
        "import_postgres_per_s",
    ];
    figures.extend(over(&postgres, over_postgres)?.into_iter().skip(1));
    Ok(figures)
}

fn over(place: &Place, keys: [&'static str; 3]) -> Result<Vec<Figure>> {
    let token = tokio::runtime::Runtime::new()?.block_on(set_up(place))?;
    let service = Service::start(place)?;
    std::thread::sleep(SETTLES);
    let rss = memory_mb(&service.process(), "VmRSS")?;
    eprintln!("   idle: {rss:.0} MB");
    let ingest = ingest(&service.address, &token)?;
    eprintln!("   {CALLS} invoices, one a call, {CALLERS} at once: {ingest:.0}/s");
    let import = import(&service.address, &token)?;
    eprintln!("   {LINES} invoices by import: {import:.0}/s");
    let [idle_key, ingest_key, import_key] = keys;
    let figure = |key, value, bound| Figure { key, value, bound };
    Ok(vec![
        figure(idle_key, rss, Bound::AtMost(100.0)),
        figure(ingest_key, ingest, Bound::AtLeast(1_000.0)),
        figure(import_key, import, Bound::AtLeast(20_000.0)),
    ])
}

/// A live tenant and a key of its.
async fn set_up(place: &Place) -> Result<String> {
    let store = place.open().await?;
    let id = TenantId(derived(CaseId(uuid::Uuid::nil()), 0, "service", 0));
    let row = TenantRow {
        id,
        name: "service".to_owned(),
        policy: sample::policy(),
        clock: None,
        revision: 0,
    };
    store.create_tenant(&row).await?;
    let token = admin(&*store, id).await?;
    store.close().await;
    Ok(token)
}

/// A key that may do everything of a tenant.
pub async fn admin(store: &dyn Store, tenant: TenantId) -> Result<String> {
    let new = NewKey {
        label: "bench",
        role: Role::Admin,
        expires_at: None,
    };
    let store = store.tenant(tenant);
    let made = key::create(&*store, new, sample::now(), &outside::counting()).await?;
    Ok(made.0.reveal())
}

/// The host's own program, as a process.
pub struct Service {
    child: Child,
    /// Host and port.
    pub address: String,
}

impl Service {
    /// Starts it; it listens when this returns.
    pub fn start(place: &Place) -> Result<Self> {
        let program = std::env::current_exe()?.with_file_name("regua");
        let mut child = Command::new(&program)
            .arg("serve")
            .env("REGUA_DATABASE", &place.store)
            .env("REGUA_CACHE_DIR", folder(&place.cache)?)
            .env("REGUA_LISTEN", "127.0.0.1:0")
            .env("REGUA_CALLS_PER_SECOND", "1000000")
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        let mut lines = BufReader::new(child.stderr.take().context("its output")?).lines();
        let address = loop {
            let Some(line) = lines.next().transpose()? else {
                bail!("the service ended with {}", child.wait()?);
            };
            if let Some((_, address)) = line.split_once("http://") {
                break address.to_owned();
            }
        };
        std::thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .for_each(|line| eprintln!("{line}"));
        });
        Ok(Self { child, address })
    }

    /// Its process.
    pub fn process(&self) -> String {
        self.child.id().to_string()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // An error: it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder of the host's own.
fn folder(path: &Path) -> Result<&Path> {
    std::fs::create_dir_all(path)?;
    Ok(path)
}

fn invoice(reference: &str, nth: usize) -> String {
    format!(
        r#"{{"customer":"C-{}","reference":"{reference}-{nth}","amount":{{"amount":"123.45","currency":"BRL"}},"issued_on":"2026-03-02","due_on":"2099-04-01"}}"#,
        nth % CUSTOMERS
    )
}

/// Invoices a second, one a call.
fn ingest(address: &str, token: &str) -> Result<f64> {
    let mut customers = String::new();
    for nth in 0..CUSTOMERS {
        writeln!(
            customers,
            r#"{{"type":"customer","customer":"C-{nth}","name":"Customer {nth}","kind":"business","locale":"pt-BR","jurisdiction":"BR-SP","time_zone":"America/Sao_Paulo"}}"#
        )?;
    }
    job(&mut Client::connect(address, token)?, &customers, CUSTOMERS)?;
    let next = AtomicUsize::new(0);
    let started = Instant::now();
    std::thread::scope(|scope| {
        let call = || -> Result<()> {
            let mut client = Client::connect(address, token)?;
            loop {
                let nth = next.fetch_add(1, Ordering::Relaxed);
                if nth >= CALLS {
                    return Ok(());
                }
                client.post("/v1/invoices", "application/json", invoice("ONE", nth))?;
            }
        };
        let callers: Vec<_> = (0..CALLERS).map(|_| scope.spawn(call)).collect();
        callers
            .into_iter()
            .try_for_each(|caller| caller.join().expect("a caller panicked"))
    })?;
    Ok(CALLS as f64 / started.elapsed().as_secs_f64())
}

/// Invoices a second, from the file's first byte until the job is done.
fn import(address: &str, token: &str) -> Result<f64> {
    let mut lines = String::new();
    for nth in 0..LINES {
        let invoice = invoice("MANY", nth);
        writeln!(lines, r#"{{"type":"invoice",{}"#, &invoice[1..])?;
    }
    let started = Instant::now();
    job(&mut Client::connect(address, token)?, &lines, LINES)?;
    Ok(LINES as f64 / started.elapsed().as_secs_f64())
}

/// Imports lines, and waits until all are told.
fn job(client: &mut Client, lines: &str, count: usize) -> Result<()> {
    let made = client.post("/v1/imports", "application/x-ndjson", lines)?;
    let made: serde_json::Value = serde_json::from_str(&made)?;
    let path = format!("/v1/imports/{}", made["id"].as_str().context("an id")?);
    loop {
        let job: serde_json::Value = serde_json::from_str(&client.get(&path)?)?;
        if job["state"] == "done" {
            let counts = job["counts"].as_object().context("counts")?;
            let taken = counts.values().filter_map(|count| count["taken"].as_u64());
            if taken.sum::<u64>() != count as u64 {
                bail!("not all lines were taken: {job}");
            }
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
