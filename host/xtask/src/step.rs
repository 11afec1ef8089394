use std::time::Instant;

use anyhow::{Context, Result};

/// Announces a step, runs it, and says how long it took.
///
/// Everything goes to standard error: standard output belongs to what the task prints.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    announce(name);
    let started = Instant::now();
    let done = work().with_context(|| format!("step `{name}` failed"))?;
    eprintln!("── {name}: {:.1} s", started.elapsed().as_secs_f64());
    Ok(done)
}

/// Announces a last step, whose own output ends the task.
pub fn announce(name: &str) {
    eprintln!("── {name}");
}
