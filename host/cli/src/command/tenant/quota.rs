//! `regua tenant quota`.

use anyhow::Context as _;
use clap::Args;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::client::{Call, Client, Refused, Tenant};
use crate::exit::{Exit, Usage};
use crate::out::say;

/// What is changed of a quota.
#[derive(Debug, Args)]
pub struct QuotaArgs {
    /// Its name
    name: String,
    /// Calls of plugins a second, of all nodes together; `none`: as many as there is room for
    #[arg(long, value_name = "COUNT|none", value_parser = count_or_none)]
    calls_per_second: Option<CountOrNone>,
    /// Fuel of all calls of a day (UTC)
    #[arg(long, value_name = "FUEL")]
    fuel_per_day: Option<u64>,
    /// Of the time of a node's threads, percent
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=100))]
    workers_percent: Option<u8>,
    /// Bytes of all components on the shelf
    #[arg(long, value_name = "BYTES")]
    component_bytes: Option<u64>,
    /// Uploads of components in an hour
    #[arg(long, value_name = "COUNT")]
    uploads_per_hour: Option<u32>,
    /// Bytes of plugins' log lines that are kept of a day (UTC)
    #[arg(long, value_name = "BYTES")]
    log_bytes_per_day: Option<u64>,
    /// Back to what it ships as, but for what is said beside
    #[arg(long)]
    shipped: bool,
}

/// A number, or none at all.
#[derive(Debug, Clone, Copy)]
struct CountOrNone(Option<u32>);

fn count_or_none(text: &str) -> Result<CountOrNone, String> {
    if text == "none" {
        return Ok(CountOrNone(None));
    }
    let count = text.parse().ok().filter(|count| *count > 0);
    let count = count.ok_or_else(|| format!("`{text}` is neither a number above 0 nor `none`"))?;
    Ok(CountOrNone(Some(count)))
}

impl QuotaArgs {
    /// The members that are changed.
    fn changes(&self) -> Map<String, Value> {
        let Self {
            calls_per_second,
            fuel_per_day,
            workers_percent,
            component_bytes,
            uploads_per_hour,
            log_bytes_per_day,
            ..
        } = self;
        let all = [
            (
                "calls_per_second",
                calls_per_second.map(|count| json!(count.0)),
            ),
            ("fuel_per_day", fuel_per_day.map(Value::from)),
            ("workers_percent", workers_percent.map(Value::from)),
            ("component_bytes", component_bytes.map(Value::from)),
            ("uploads_per_hour", uploads_per_hour.map(Value::from)),
            ("log_bytes_per_day", log_bytes_per_day.map(Value::from)),
        ];
        let said = all
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        said.collect()
    }
}

#[derive(Deserialize)]
struct Told {
    quota: Quota,
    used: Used,
    waits: Vec<Wait>,
}

#[derive(Deserialize)]
struct Quota {
    calls_per_second: Option<u32>,
    fuel_per_day: u64,
    workers_percent: u8,
    component_bytes: u64,
    uploads_per_hour: u32,
    log_bytes_per_day: u64,
}

#[derive(Deserialize)]
struct Used {
    calls_today: u64,
    fuel_today: u64,
    thread_ms_today: u64,
    component_bytes: u64,
    uploads_last_hour: u64,
    log_bytes_today: u64,
}

#[derive(Deserialize)]
struct Wait {
    limit: String,
    first_at: String,
    last_at: String,
    until: Option<String>,
}

/// Shows a tenant's quota, or changes it first.
pub(super) async fn run(client: &Client, args: &QuotaArgs) -> anyhow::Result<Exit> {
    let changes = args.changes();
    let told = if changes.is_empty() && !args.shipped {
        show(client, &args.name).await?
    } else {
        change(client, args, changes).await?
    };
    told.tell();
    Ok(Exit::Done)
}

/// Asks for a tenant, or as the operator where that is who asks.
async fn show(client: &Client, name: &str) -> anyhow::Result<Told> {
    match client.named(name).await {
        Ok((calls, _)) => calls.get("/v1/quota").await,
        Err(error) if Refused::of(&error).is_some_and(|refused| refused.is("forbidden")) => {
            let path = path(client, name).await?;
            client.host().await?.get(&path).await
        }
        Err(error) => Err(error),
    }
}

async fn change(
    client: &Client,
    args: &QuotaArgs,
    changes: Map<String, Value>,
) -> anyhow::Result<Told> {
    let path = path(client, &args.name).await?;
    let calls = client.host().await?;
    let mut quota = Map::new();
    if !args.shipped {
        let known: Value = calls.get(&path).await?;
        if let Some(known) = known["quota"].as_object() {
            quota.clone_from(known);
        }
    }
    quota.extend(changes);
    let put = calls.send(Call::put(&path, &Value::Object(quota))).await;
    let put = put.map_err(|error| match Refused::of(&error) {
        Some(refused) if refused.is("invalid") => Usage(refused.to_string()).into(),
        _ => error,
    });
    put.with_context(|| format!("cannot set the quota of `{}`", args.name))?
        .json()
}

async fn path(client: &Client, name: &str) -> anyhow::Result<String> {
    let tenants = client.host().await?.tenants().await?;
    let found = tenants.into_iter().find(|tenant| tenant.name == name);
    let Tenant { id, .. } = found.with_context(|| format!("tenant `{name}` does not exist"))?;
    Ok(format!("/v1/tenants/{id}/quota"))
}

impl Told {
    fn tell(&self) {
        let Self { quota, used, waits } = self;
        let rate = quota.calls_per_second;
        let rate = rate.map_or_else(|| "none".to_owned(), |rate| rate.to_string());
        say!("calls-per-second   {rate}\t{} today", used.calls_today);
        say!(
            "fuel-per-day       {}\t{} today",
            quota.fuel_per_day,
            used.fuel_today
        );
        let threads = used.thread_ms_today;
        say!(
            "workers-percent    {}\t{threads} ms today",
            quota.workers_percent
        );
        say!(
            "component-bytes    {}\t{} stored",
            quota.component_bytes,
            used.component_bytes
        );
        let uploads = used.uploads_last_hour;
        say!(
            "uploads-per-hour   {}\t{uploads} in the last hour",
            quota.uploads_per_hour
        );
        let bytes = used.log_bytes_today;
        say!(
            "log-bytes-per-day  {}\t{bytes} today",
            quota.log_bytes_per_day
        );
        for wait in waits {
            let Wait {
                limit,
                first_at,
                last_at,
                until,
            } = wait;
            let until = until.as_ref().map(|until| format!(", and until {until}"));
            let until = until.unwrap_or_default();
            say!("cases waited for {limit} from {first_at} to {last_at}{until}");
        }
    }
}
