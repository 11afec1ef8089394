//! From the first byte of an upload until its plugin is in a workflow that is active, through
//! `regua serve` as it is installed: it compiles in a child of its own.

use std::time::Instant;

use anyhow::Result;
use regua_tests::built;
use regua_tests::client::Client;
use regua_tests::wave::Place;
use serde_json::{Value, json};

use crate::decide::median;
use crate::service::Service;
use crate::stock::{Stock, ladder, name_of, renamed};
use crate::{Bound, Figure};

/// Plugins in Rust, each another one.
const ROUNDS: usize = 5;

pub fn run() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let place = Place::file(&folder.path().join("uploads.sqlite"));
    let token = tokio::runtime::Runtime::new()?.block_on(async {
        let stock = Stock::begin(&place).await?;
        let stocked = stock.tenant(0).await?;
        stock.end().await;
        anyhow::Ok(stocked.token)
    })?;
    let service = Service::start(&place)?;
    let mut client = Client::connect(&service.address, &token)?;
    let plugin = built::plugin("first-day-late-email");
    let mut seconds = Vec::new();
    for nth in 0..ROUNDS {
        seconds.push(upload(&mut client, &renamed(&plugin, nth), &name_of(nth))?);
    }
    eprintln!("   {} bytes of Rust: {seconds:.2?} s", plugin.len());
    let rust = median(seconds);
    let component = built::example("javascript");
    let javascript = upload(&mut client, &component, "first-day-late-js")?;
    eprintln!(
        "   {} bytes of JavaScript: {javascript:.2} s",
        component.len()
    );
    let figure = |key, value, bound| Figure { key, value, bound };
    Ok(vec![
        figure("upload_rust_s", rust, Bound::AtMost(1.0)),
        figure("upload_javascript_s", javascript, Bound::AtMost(20.0)),
    ])
}

/// Seconds until a plugin of this name is active.
fn upload(client: &mut Client, wasm: &[u8], name: &str) -> Result<f64> {
    let workflow = ladder(&format!("of-{name}"), &[name]).to_string();
    let started = Instant::now();
    let added = client.post("/v1/plugins", "application/wasm", wasm)?;
    let published = client.post("/v1/workflows", "application/json", workflow)?;
    let version = &serde_json::from_str::<Value>(&published)?["version"];
    let activate = json!({ "version": version, "running": "keep" }).to_string();
    let path = format!("/v1/workflows/of-{name}/activate");
    client.post(&path, "application/json", activate)?;
    let seconds = started.elapsed().as_secs_f64();
    let added: Value = serde_json::from_str(&added)?;
    anyhow::ensure!(added["is_new"] == true, "it was there before: {added}");
    Ok(seconds)
}
