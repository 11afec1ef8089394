//! `cargo xtask bench [NAME…]`: what the product must reach, measured.
//!
//! Prints a table and writes `target/bench.json`, one flat object. Figures that compare
//! are ratios taken in one run, side by side; the machines they come from are noisy.

mod api_in_wave;
mod backtest;
mod bare;
mod decide;
mod fairness;
mod javascript;
mod opened;
mod replay;
mod service;
mod simulate;
mod stock;
mod uploads;
mod wave;
mod wave_postgres;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

/// A figure, and what it has to reach.
struct Figure {
    key: &'static str,
    value: f64,
    bound: Bound,
}

#[derive(Clone, Copy)]
enum Bound {
    AtMost(f64),
    AtLeast(f64),
    /// Told, not bounded.
    Told,
}

type Benchmark = fn() -> Result<Vec<Figure>>;

const BENCHMARKS: [(&str, Benchmark); 12] = [
    ("decide", decide::run),
    ("javascript", javascript::run),
    ("uploads", uploads::run),
    ("opened", opened::run),
    ("wave", wave::run),
    ("wave-postgres", wave_postgres::run),
    ("service", service::run),
    ("api-in-wave", api_in_wave::run),
    ("fairness", fairness::run),
    ("simulate", simulate::run),
    ("backtest", backtest::run),
    ("replay", replay::run),
];

/// Benchmarks start this program again, as processes of their own that do one part.
type Child = fn(&[String]) -> Result<()>;

const CHILDREN: [(&str, Child); 4] = [
    (wave::CHILD, wave::child),
    (wave_postgres::CHILD, wave_postgres::child),
    (api_in_wave::CHILD, api_in_wave::child),
    (fairness::CHILD, fairness::child),
];

/// The product's own: see `regua`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let [first, rest @ ..] = wanted.as_slice()
        && let Some((_, child)) = CHILDREN.iter().find(|(name, _)| name == first)
    {
        return child(rest);
    }
    for name in &wanted {
        if !BENCHMARKS.iter().any(|(known, _)| known == name) {
            let known: Vec<_> = BENCHMARKS.iter().map(|(name, _)| *name).collect();
            bail!(
                "there is no benchmark `{name}`; there are {}",
                known.join(", ")
            );
        }
    }
    let mut figures = Vec::new();
    for (name, run) in BENCHMARKS {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            eprintln!("== {name}");
            figures.extend(run().with_context(|| format!("benchmark {name}"))?);
        }
    }
    print(&figures);
    write(&figures)
}

fn print(figures: &[Figure]) {
    println!("{:<28} {:>14}   target", "figure", "measured");
    for Figure { key, value, bound } in figures {
        let (target, reached) = match bound {
            Bound::AtMost(most) => (format!("at most {most}"), value <= most),
            Bound::AtLeast(least) => (format!("at least {least}"), value >= least),
            Bound::Told => (String::new(), true),
        };
        println!(
            "{key:<28} {value:>14.2}   {target}{}",
            if reached { "" } else { "   NOT REACHED" }
        );
    }
}

/// Figures not measured in this run stay as they were.
fn write(figures: &[Figure]) -> Result<()> {
    let path = PathBuf::from("target/bench.json");
    let mut all: BTreeMap<String, f64> = match std::fs::read(&path) {
        Ok(text) => serde_json::from_slice(&text)
            .with_context(|| format!("{} is no figures", path.display()))?,
        Err(_) => BTreeMap::new(),
    };
    for figure in figures {
        all.insert(
            figure.key.to_owned(),
            (figure.value * 1000.0).round() / 1000.0,
        );
    }
    std::fs::create_dir_all("target")
        .and_then(|()| std::fs::write(&path, serde_json::to_string_pretty(&all)? + "\n"))
        .with_context(|| format!("{} cannot be written", path.display()))?;
    eprintln!("written to {}", path.display());
    Ok(())
}
