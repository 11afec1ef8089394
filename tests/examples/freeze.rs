//! Keeps stages that were built against a version of the contract, with what they answer today:
//! see `tests/frozen/README.md`.
//!
//! `freeze VERSION NAME…`: each a plugin or a guest for tests that was built.

#[path = "../tests/languages/situations.rs"]
mod situations;

use anyhow::{Result, bail, ensure};
use regua_domain::contract::Answer;
use regua_tests::chance::Chance;
use regua_tests::{built, frozen, patient};

/// Situations of each stage, a config each in turn.
const SITUATIONS: u64 = 16;
/// A stage that is kept for ever is small.
const BYTES_MAX: usize = 80 << 10;

/// What a stage is asked with: the hostile guest does as it is told, and what is kept of it is
/// what a host has to understand.
fn configs(name: &str) -> Vec<String> {
    if name != "hostile" {
        return vec![r#"{"template":"first-day-late"}"#.to_owned()];
    }
    let wanted = [
        "nothing",
        "wait",
        "hurry",
        "remember",
        "note",
        "refuse",
        "log-line-long",
        "no-such-thing",
    ];
    wanted
        .map(|wanted| format!(r#"{{"do":"{wanted}"}}"#))
        .to_vec()
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [version, names @ ..] = arguments.as_slice() else {
        bail!("freeze VERSION NAME…")
    };
    let folder = frozen::folder().join(version);
    std::fs::create_dir_all(&folder)?;
    let cache = tempfile::tempdir()?;
    let runtime = patient(cache.path());
    for name in names {
        let path = folder.join(name);
        let wasm = if ["hostile", "witness"].contains(&name.as_str()) {
            built::guest(name)
        } else {
            built::plugin(name)
        };
        ensure!(wasm.len() <= BYTES_MAX, "{name}: {} bytes", wasm.len());
        ensure!(!path.with_extension("wasm").exists(), "{name} is frozen");
        let admitted = runtime.admit(wasm)?;
        let stage = runtime.load(&admitted.digest, || {
            Ok::<_, std::io::Error>(admitted.wasm.clone())
        })?;
        let (configs, mut lines) = (configs(name), String::new());
        for seed in 0..SITUATIONS {
            let situation = situations::draw(&mut Chance::new(seed));
            let config = &configs[seed as usize % configs.len()];
            let answer = stage.decide(&situation, config).answer;
            let is_sound = matches!(answer, Answer::Decision(_) | Answer::Refusal(_));
            ensure!(is_sound, "{name}: {answer:?}");
            let situation = serde_json::to_string(&situation)?;
            lines += &frozen::line(&stage, &situation, config)?;
            lines.push('\n');
        }
        std::fs::write(path.with_extension("wasm"), &admitted.wasm)?;
        std::fs::write(path.with_extension("jsonl"), lines)?;
    }
    Ok(())
}
