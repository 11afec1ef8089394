//! Lives by their seeds: one that breaks a law is told by its seed, and made as small as it can be.

use std::panic;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};

use super::life::{self, Life};

/// Names a life to be lived again, and no other.
const SEED: &str = "REGUA_SEED";

/// Tries to make a life smaller that breaks a law.
const SHRINKS_MAX: u32 = 20_000;

/// The threads that live have this name: what they panic of is told once, of the smallest life.
const LIVING: &str = "living";

/// Says how many lives to live, where it is another number than usual.
const LIVES: &str = "REGUA_LIVES";

/// Lives so many lives that nobody has lived before, or the one that is named. Where a change is
/// judged, the same lives each time: what one of others would break is not that change's doing.
pub fn live(lives: u64, holds: impl Fn(&Life) + Sync) {
    let number = |name| std::env::var(name).ok().map(|text| text.parse().unwrap());
    if let Some(seed) = number(SEED) {
        return live_from(seed, 1, holds);
    }
    let is_judged = std::env::var_os("CI").is_some();
    let first = if is_judged { 0 } else { any_seed() };
    live_from(first, number(LIVES).unwrap_or(lives), holds);
}

/// Lives the lives of so many seeds, from one on.
pub fn live_from(first: u64, lives: u64, holds: impl Fn(&Life) + Sync) {
    be_quiet();
    let next = AtomicU64::new(0);
    let work = || {
        loop {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            if nth >= lives {
                return None;
            }
            let seed = first.wrapping_add(nth);
            if let Err(broken) = live_one(seed, &holds) {
                // Nobody needs another.
                next.store(lives, Ordering::Relaxed);
                return Some(format!("{broken}\n\n{SEED}={seed} lives it again"));
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let broken: Vec<_> = thread::scope(|scope| {
        let living = (0..threads).map(|_| {
            let thread = thread::Builder::new().name(LIVING.to_owned());
            thread.spawn_scoped(scope, work).unwrap()
        });
        let living: Vec<_> = living.collect();
        let broken = living
            .into_iter()
            .filter_map(|thread| thread.join().unwrap());
        broken.collect()
    });
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

fn live_one(seed: u64, holds: &impl Fn(&Life)) -> Result<(), String> {
    let mut runner = TestRunner::new(Config {
        cases: 1,
        failure_persistence: None,
        max_shrink_iters: SHRINKS_MAX,
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    });
    let lived = runner.run(&life::life(), |life| {
        holds(&life);
        Ok(())
    });
    lived.map_err(|error| match error {
        TestError::Fail(why, life) => {
            let document = serde_json::to_string_pretty(&life.document()).unwrap();
            format!("{why}\n\n{life:#?}\n\n{document}")
        }
        TestError::Abort(why) => why.to_string(),
    })
}

fn any_seed() -> u64 {
    let seed = any::<u64>().new_tree(&mut TestRunner::default());
    seed.unwrap().current()
}

/// Shrinking panics again and again.
fn be_quiet() {
    let loud = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if thread::current().name() != Some(LIVING) {
            loud(panic);
        }
    }));
}
