//! One decision: against bare wasmtime, and on two threads against one.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use regua_domain::contract::Answer;
use regua_runtime::{Compiler, Limits, PoolSize, Runtime, RuntimeConfig, Stage, Workers};
use regua_tests::{built, sample};

use crate::bare::Bare;
use crate::{Bound, Figure};

/// How long each side of a pair is run, and how many pairs.
const SLICE: Duration = Duration::from_millis(400);
const PAIRS: usize = 9;

pub fn run() -> Result<Vec<Figure>> {
    let wasm = built::plugin("first-day-late-email");
    let cache = tempfile::tempdir()?;
    let limits = Limits::shipped();
    let pool = PoolSize::for_workers(2);
    let runtime = Runtime::new(RuntimeConfig {
        limits: limits.clone(),
        cache_dir: cache.path().to_owned(),
        pool,
        compiler: Compiler::Here,
    })?;
    let admitted = runtime.admit(wasm.clone())?;
    let stage = runtime.load(&admitted.digest, || {
        Ok::<_, std::convert::Infallible>(wasm.clone())
    })?;
    let component = wit_component::ComponentEncoder::default()
        .module(&wasm)?
        .encode()?;
    let bare = Bare::new(&component, &limits, pool.memory_keep_resident_bytes)?;
    let situation = sample::situation();
    let call = stage.decide(&situation, sample::CONFIG);
    if !matches!(call.answer, Answer::Decision(_)) {
        bail!("the stage does not decide: {:?}", call.answer);
    }
    bare.decide(sample::CONFIG)?;

    let hosted = || {
        black_box(stage.decide(&situation, sample::CONFIG));
    };
    let naked = || {
        black_box(bare.decide(sample::CONFIG).is_ok());
    };
    let mut ratios = Vec::new();
    let mut micros = Vec::new();
    let mut speedups = Vec::new();
    for _ in 0..PAIRS {
        let (host, bare) = (per_call(SLICE, hosted), per_call(SLICE, naked));
        ratios.push(host / bare);
        micros.push(host);
        let (one, two) = (rate(&stage, 1)?, rate(&stage, 2)?);
        speedups.push(two / one);
    }
    Ok(vec![
        Figure {
            key: "decide_us",
            value: median(micros),
            bound: Bound::Told,
        },
        Figure {
            key: "decide_vs_bare",
            value: median(ratios),
            bound: Bound::AtMost(1.5),
        },
        Figure {
            key: "decide_two_thread_speedup",
            value: median(speedups),
            bound: Bound::AtLeast(1.7),
        },
    ])
}

/// Microseconds a call, over a while.
fn per_call(slice: Duration, call: impl Fn()) -> f64 {
    let started = Instant::now();
    let mut calls = 0_u32;
    while started.elapsed() < slice {
        for _ in 0..64 {
            call();
        }
        calls += 64;
    }
    started.elapsed().as_secs_f64() * 1e6 / f64::from(calls)
}

/// Calls a second over some workers.
pub fn rate(stage: &Arc<Stage>, threads: usize) -> Result<f64> {
    let workers = Workers::start(threads)?;
    let running: Vec<_> = (0..threads)
        .map(|_| {
            let stage = Arc::clone(stage);
            workers.run(move || {
                let situation = sample::situation();
                per_call(SLICE, || {
                    black_box(stage.decide(&situation, sample::CONFIG));
                })
            })
        })
        .collect();
    let micros: Vec<f64> = running
        .into_iter()
        .map(|slice| slice.recv())
        .collect::<Result<_, _>>()?;
    Ok(micros.into_iter().map(|micros| 1e6 / micros).sum())
}

/// The middle of some figures.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
