//! Uploads by chance: whatever comes, it is admitted or refused by a typed error, and what is
//! admitted is described, checked and asked with a typed ending, the same each time.
//!
//! Inputs are numbered, and a number is all that an input is made of. So many of them are tried
//! on each run; by hand more, or one again:
//!
//! ```text
//! REGUA_FUZZ_SEED=1000000 REGUA_FUZZ_INPUTS=500000 cargo xtask test --test fuzz_admission -- --nocapture
//! ```
//!
//! What is under trial lies in `target/tmp/fuzz_admission`, by its number; where it fails, or
//! takes the process with it, it stays there.
//!
//! Components are compiled in this process, where a compiler that panics or does not end is found
//! as well as in a child, and a hundred times as fast; that a child is bounded is tried elsewhere.

mod figures;
mod inputs;
mod mutation;
mod sections;
mod smith;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use regua_domain::contract::{Answer, Call, Situation};
use regua_runtime::{AdmissionError, Compiler, Ending, Limits, Runtime};
use regua_tests::{refused, runtime_with, sample};

use figures::Figures;
use inputs::Inputs;

/// Inputs of a run, where nobody asks for more.
const INPUTS: u64 = 4_000;
/// Inputs that are tried on one runtime: its folder of native code and what it has loaded go
/// with it.
const ON_ONE_RUNTIME: u64 = 500;
/// Processor time of one input. A compiler that is a process of its own has as much; what is
/// drawn here is small.
const PROCESSOR_MS_MAX: u64 = 60_000;

/// Calls end by fuel, and soon.
fn limits() -> Limits {
    Limits {
        fuel_max: 200_000,
        deadline_ms: 600_000,
        ..Limits::shipped()
    }
}

#[test]
fn whatever_is_uploaded_comes_to_a_typed_end() {
    let (first, count) = (
        number("REGUA_FUZZ_SEED", 0),
        number("REGUA_FUZZ_INPUTS", INPUTS),
    );
    let (inputs, situation) = (Inputs::new(), sample::situation());
    let mut figures = Figures::new();
    let mut host: Option<(Arc<Runtime>, tempfile::TempDir)> = None;
    for seed in first..first + count {
        if (seed - first).is_multiple_of(ON_ONE_RUNTIME) {
            let cache = tempfile::tempdir().unwrap();
            host = Some((runtime_with(cache.path(), limits(), Compiler::Here), cache));
        }
        let (runtime, _) = host.as_ref().expect("a host is made at the first");
        let (origin, upload) = inputs.draw(seed);
        let kept = Kept::write(seed, &upload);
        let before = processor_ms();
        let tried = catch_unwind(AssertUnwindSafe(|| try_one(runtime, &situation, upload)));
        let took = processor_ms() - before;
        let end = tried.unwrap_or_else(|_| Err("the host panicked".to_owned()));
        let end = end.unwrap_or_else(|why| panic!("{}: {origin}: {why}", kept.told()));
        assert!(
            took < PROCESSOR_MS_MAX,
            "{}: {origin}: {took} ms",
            kept.told()
        );
        figures.count(origin, &end, took);
        kept.forget();
    }
    println!("{figures}");
    figures.assert_that_all_was_tried();
}

/// How an upload ended.
pub enum End {
    /// By kind, in words.
    Refused(&'static str, String),
    /// How `check-config` and `decide` ended.
    Admitted([&'static str; 2]),
}

/// What is not to be is told.
fn try_one(runtime: &Runtime, situation: &Situation, upload: Vec<u8>) -> Result<End, String> {
    let admitted = match runtime.admit(upload) {
        Ok(admitted) => admitted,
        Err(error @ AdmissionError::Host { .. }) => return Err(error.to_string()),
        Err(error) => {
            let (kind, told) = (refused::kind(&error), error.to_string());
            let is_told = !told.is_empty() && told.len() < 20_000;
            let moves = |c: char| c.is_control() && c != '\n';
            return if is_told && !told.contains(moves) {
                Ok(End::Refused(kind, told))
            } else {
                Err(format!(
                    "the words for {kind} are not fit to be shown: {told:?}"
                ))
            };
        }
    };
    let kept = || Ok::<_, std::convert::Infallible>(admitted.wasm);
    let stage = runtime.load(&admitted.digest, kept);
    let stage = stage.map_err(|error| format!("it was admitted and does not load: {error}"))?;
    let described = stage.describe().result;
    if described.as_ref() != Ok(&admitted.manifest) {
        return Err(format!("it describes itself otherwise: {described:?}"));
    }
    let checked = match stage.check_config("{}").result {
        Ok(_) => "problems",
        Err(ending) => ended(&ending)?,
    };
    let first = stage.decide(situation, "{}");
    let second = stage.decide(situation, "{}");
    if without_time(&first) != without_time(&second) {
        return Err(format!("it answered {first:?}, and then {second:?}"));
    }
    let decided = match first.answer {
        Answer::Decision(_) => "decision",
        Answer::Refusal(_) => "refusal",
        Answer::Failure { kind, .. } => kind.name(),
        other => return Err(format!("no fault of its own: {other:?}")),
    };
    Ok(End::Admitted([checked, decided]))
}

fn ended(ending: &Ending) -> Result<&'static str, String> {
    match ending {
        Ending::Failure { kind, .. } => Ok(kind.name()),
        other => Err(format!("no fault of its own: {other}")),
    }
}

fn without_time(call: &Call) -> Call {
    Call {
        wall_us: 0,
        ..call.clone()
    }
}

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// Milliseconds that this thread has computed.
fn processor_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
    // Behind the name, which is in brackets: user and system time are the 12th and 13th, in
    // hundredths of a second.
    let (_, fields) = stat.rsplit_once(") ").expect("a name in brackets");
    let fields = fields.split(' ').skip(11).take(2);
    fields.map(|ticks| ticks.parse::<u64>().unwrap() * 10).sum()
}

/// An input in a file, for as long as it is under trial.
struct Kept(PathBuf);

impl Kept {
    fn write(seed: u64, upload: &[u8]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz_admission");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("seed-{seed}.wasm"));
        std::fs::write(&path, upload).unwrap();
        Self(path)
    }

    fn told(&self) -> String {
        format!("kept in {}", self.0.display())
    }

    fn forget(self) {
        std::fs::remove_file(self.0).unwrap();
    }
}
