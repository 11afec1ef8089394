//! Measures a wave of due customers without any stage: claim, load, commit.
//!
//! `cargo run --release -p regua-storage-sqlite --example wave -- [customers] [batch] [workers]`
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::sync::Arc;

use regua_storage::Store;
use regua_storage_sqlite::{Options, SqliteStore};
use regua_storage_suite::wave;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wave.db");
    let store = SqliteStore::open(&path, Options::default()).await.unwrap();
    let store: Arc<dyn Store> = Arc::new(store);
    wave::measure(&store).await;
    let size = |suffix: &str| {
        let mut path = path.clone().into_os_string();
        path.push(suffix);
        std::fs::metadata(path).map_or(0, |file| file.len() >> 20)
    };
    println!("file {} MiB, log {} MiB", size(""), size("-wal"));
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM"));
    println!("{}", peak.unwrap_or_default());
    store.close().await;
}
