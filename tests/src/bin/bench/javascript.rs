//! What a language costs: decisions of the example in JavaScript, each by an instance of its own
//! engine.

use anyhow::{Result, bail};
use regua_domain::contract::Answer;
use regua_runtime::{Compiler, Limits, PoolSize, Runtime, RuntimeConfig};
use regua_tests::{built, sample};

use crate::decide::{median, rate};
use crate::{Bound, Figure};

/// How often it is measured.
const ROUNDS: usize = 9;

pub fn run() -> Result<Vec<Figure>> {
    let cache = tempfile::tempdir()?;
    let runtime = Runtime::new(RuntimeConfig {
        limits: Limits::shipped(),
        cache_dir: cache.path().to_owned(),
        pool: PoolSize::for_workers(2),
        compiler: Compiler::Here,
    })?;
    let admitted = runtime.admit(built::example("javascript"))?;
    let kept = || Ok::<_, std::convert::Infallible>(admitted.wasm);
    let stage = runtime.load(&admitted.digest, kept)?;
    let call = stage.decide(&sample::situation(), sample::CONFIG);
    if !matches!(call.answer, Answer::Decision(_)) {
        bail!("the stage does not decide: {:?}", call.answer);
    }
    eprintln!(
        "   {} fuel, {} bytes of memory",
        call.fuel, call.memory_peak
    );
    let rates: Result<Vec<f64>> = (0..ROUNDS).map(|_| rate(&stage, 2)).collect();
    Ok(vec![Figure {
        key: "javascript_fresh_per_s",
        value: median(rates?),
        bound: Bound::AtLeast(1_500.0),
    }])
}
