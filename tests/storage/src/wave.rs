//! A wave of due customers without any stage: claim, load, commit. What a store alone can do,
//! for its example to measure.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use regua_domain::dossier::Draft;
use regua_domain::time::DAY_MS;
use regua_storage::{Commit, Outcome, Store, TenantStore, Wanted};

use crate::sample::{NOW, blank, brl, case, commit, customer, invoice, taken, tenant, transition};

/// Fills a store and runs three waves; the program's arguments say of how many customers, in
/// batches of how many, and by how many workers.
pub async fn measure(store: &Arc<dyn Store>) {
    let numbers: Vec<u64> = std::env::args()
        .skip(1)
        .filter_map(|text| text.parse().ok())
        .collect();
    let at = |index: usize, default| numbers.get(index).copied().unwrap_or(default);
    let (count, batch, workers) = (at(0, 100_000), at(1, 256) as u32, at(2, 3));
    let tenant = tenant(store, 1).await;
    let start = (Instant::now(), processor_seconds());
    fill(&tenant, count).await;
    report("filled", count, start);
    for round in 0..3 {
        let start = (Instant::now(), processor_seconds());
        let done = wave(store, &tenant, round, batch, workers).await;
        report("wave", done, start);
    }
}

/// On a machine that others use, processor time tells more than the clock on the wall.
pub fn report(what: &str, count: u64, (start, used): (Instant, f64)) {
    let (seconds, used) = (start.elapsed().as_secs_f64(), processor_seconds() - used);
    let rate = count as f64 / seconds;
    let each = used / count as f64 * 1e6;
    println!("{what} {count} in {seconds:.2} s: {rate:.0}/s; {each:.0} us of processor each");
}

/// Of this process so far.
pub fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = text.rsplit(')').next().unwrap_or_default().split(' ');
    ticks
        .skip(12)
        .take(2)
        .filter_map(|t| t.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

/// Customers with five items and a case each, due within an hour.
pub async fn fill(tenant: &Arc<dyn TenantStore>, count: u64) {
    let numbers: Vec<u64> = (0..count).collect();
    for chunk in numbers.chunks(1_000) {
        let commits = chunk.iter().map(|number| first(*number)).collect();
        let outcomes = tenant.commit(commits).await.unwrap();
        assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Done));
    }
}

fn first(number: u64) -> Commit {
    let customer = customer(number);
    let before = blank(&customer);
    let mut after = before.clone();
    after.customer = customer;
    let mut draft = Draft::new(after, NOW);
    for item in 0..5 {
        let fact = invoice(&format!("R-{number}-{item}"), 1_000, -i64::from(item));
        let (commit, dossier) = taken(&draft.dossier, &fact, number * 10 + item as u64).unwrap();
        draft.dossier = dossier;
        draft.journal.extend(commit.changes.journal);
    }
    draft.dossier.inbox.clear();
    draft.dossier.cases.push(case(number));
    // Spread over an hour, as the window spreads them.
    let spread = (number.wrapping_mul(0x9e37_79b9) % 3_600_000) as i64;
    commit(&before, draft, NOW.plus_ms(spread))
}

/// Claims, loads and commits until nobody is due; answers how many were done.
pub async fn wave(
    store: &Arc<dyn Store>,
    tenant: &Arc<dyn TenantStore>,
    round: i64,
    batch: u32,
    workers: u64,
) -> u64 {
    let done = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..workers)
        .map(|_| {
            let (store, tenant, done) = (Arc::clone(store), Arc::clone(tenant), Arc::clone(&done));
            tokio::spawn(async move { work(&store, &tenant, round, batch, &done).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    done.load(Ordering::Relaxed) as u64
}

async fn work(
    store: &Arc<dyn Store>,
    tenant: &Arc<dyn TenantStore>,
    round: i64,
    batch: u32,
    done: &AtomicUsize,
) {
    let agenda = store.agenda();
    let now = NOW.plus_ms((round + 1) * DAY_MS);
    let body = "Dear customer, this is what a letter may look like. ".repeat(24);
    loop {
        let leases = agenda
            .claim(tenant.id(), now, now, now.plus_ms(60_000), batch)
            .await
            .unwrap();
        if leases.is_empty() {
            return;
        }
        let wanted: Vec<Wanted> = leases.iter().map(|lease| lease.customer.into()).collect();
        let since = now.plus_ms(-30 * DAY_MS);
        let dossiers = tenant.load(&wanted, since, since).await.unwrap();
        let commits: Vec<Commit> = dossiers
            .into_iter()
            .zip(&leases)
            .map(|(before, lease)| {
                let mut draft = Draft::new(before.clone(), now);
                let case = draft.dossier.open_case(brl()).unwrap().id;
                transition(&mut draft, case, &body);
                let spread = 60_000 + (before.customer.phase() >> 42) as i64;
                Commit {
                    epoch: Some(lease.epoch),
                    release: true,
                    ..commit(&before, draft, now.plus_ms(spread))
                }
            })
            .collect();
        let outcomes = tenant.commit(commits).await.unwrap();
        assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Done));
        done.fetch_add(outcomes.len(), Ordering::Relaxed);
    }
}
