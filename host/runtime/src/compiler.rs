//! The compiler, in a process of its own: how long code takes to compile, and in how much memory,
//! is up to whoever wrote it. A child has a bound on both, and takes nobody with it.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use wasmtime::Engine;

use crate::engine::engine_config;
use crate::limits::{Limits, PoolSize};
use crate::native::Native;
use crate::told;

/// The first argument of a process that compiles one component and ends: see [`serve_compiler`].
pub const COMPILER: &str = "compile-component";

/// Where components become native code.
#[derive(Debug, Clone)]
pub enum Compiler {
    /// In this process, without bounds: for code that is known.
    Here,
    /// In a child of this program, which hands over to [`serve_compiler`] when its first argument
    /// is [`COMPILER`].
    Child(PathBuf),
}

/// Why there is no native code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CompileError {
    /// The component's fault.
    Component(String),
    /// The machine's.
    Host(String),
}

/// How long a child is waited for, however busy the machine is.
const PATIENCE: Duration = Duration::from_mins(10);
/// After its processor time is over a child has so many seconds to end.
#[cfg(target_os = "linux")]
const GRACE_S: u64 = 5;
/// How often a child is looked after.
const LOOK: Duration = Duration::from_millis(2);
/// Bytes of a child's last words.
const WORDS_BYTES_MAX: u64 = 4 << 10;
/// Threads of one compilation.
const THREADS_MAX: usize = 4;

impl Compiler {
    /// Compiles a component for an engine with these limits.
    pub(crate) fn compile(
        &self,
        engine: &Engine,
        limits: &Limits,
        component: &[u8],
    ) -> Result<Native, CompileError> {
        match self {
            Self::Here => Native::compile(engine, component)
                .map_err(|error| CompileError::Component(format!("{error:#}"))),
            Self::Child(program) => in_child(program, limits, component),
        }
    }
}

fn in_child(program: &Path, limits: &Limits, component: &[u8]) -> Result<Native, CompileError> {
    let host = |error: io::Error| {
        CompileError::Host(format!("{} cannot compile: {error}", program.display()))
    };
    let started = Instant::now();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut child = Command::new(program)
        .arg(COMPILER)
        .arg(serde_json::to_string(limits).unwrap_or_default())
        .env_clear()
        // A bound on memory counts what is taken, not what could be.
        .env("MIMALLOC_ARENA_EAGER_COMMIT", "0")
        // On a machine with many processors others want some of them.
        .env("RAYON_NUM_THREADS", THREADS_MAX.min(threads).to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(host)?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (ended, native, words) = thread::scope(|scope| {
        scope.spawn(move || {
            // An error: it ended before it had read all, and says why.
            let _ = stdin.map(|mut stdin| stdin.write_all(component));
        });
        let native = scope.spawn(|| read(stdout, u64::MAX));
        let words = scope.spawn(|| read(stderr, WORDS_BYTES_MAX));
        let ended = wait(&mut child, started + PATIENCE);
        (ended, native.join(), words.join())
    });
    let (native, words) = (native.unwrap_or_default(), words.unwrap_or_default());
    match ended.map_err(host)? {
        // SAFETY: this host's own program compiled it a moment ago.
        #[allow(unsafe_code)]
        Some(status) if status.success() => Ok(unsafe { Native::of_bytes(native) }),
        Some(status) if status.code() == Some(REFUSED.into()) => Err(CompileError::Component(
            told::line(&String::from_utf8_lossy(&words)),
        )),
        Some(status) if status.code().is_some() => {
            let words = String::from_utf8_lossy(&words);
            let words = told::line(&format!("{status}: {words}"));
            Err(CompileError::Host(format!(
                "{} cannot compile: {words}",
                program.display()
            )))
        }
        // A signal: it took more than it may. Where memory is short, its allocator gives up.
        Some(status) => Err(CompileError::Component(if is_out_of_time(status) {
            format!(
                "the compiler takes more than {} s of processor time for it",
                limits.compile_cpu_s
            )
        } else {
            format!(
                "the compiler takes more than {} MiB of memory for it",
                limits.compile_memory_max_bytes >> 20
            )
        })),
        None => Err(CompileError::Host(format!(
            "it was not compiled within {} minutes: the machine is too busy",
            PATIENCE.as_secs() / 60
        ))),
    }
}

fn read(from: Option<impl Read>, bytes_max: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        // An error: how it ended says more.
        let _ = from.take(bytes_max).read_to_end(&mut bytes);
    }
    bytes
}

/// Waits for a child; none where it was still at work at the deadline, and was ended.
fn wait(child: &mut Child, until: Instant) -> io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= until {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(LOOK);
    }
}

/// Whether a child was ended for its processor time.
fn is_out_of_time(status: ExitStatus) -> bool {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::process::ExitStatusExt as _;
        let ended_by = [rustix::process::Signal::XCPU, rustix::process::Signal::KILL];
        status
            .signal()
            .is_some_and(|signal| ended_by.iter().any(|by| by.as_raw() == signal))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = status;
        false
    }
}

/// The exit code of a child that found the component at fault.
const REFUSED: u8 = 3;

/// What a child does: reads a component from its input, and writes what it was compiled to to its
/// output. `limits` is its argument behind [`COMPILER`].
pub fn serve_compiler(limits: &str) -> ExitCode {
    let compiled = serde_json::from_str(limits)
        .map_err(|error| (ExitCode::FAILURE, error.to_string()))
        .and_then(|limits| compile_input(&limits));
    match compiled {
        Ok(()) => ExitCode::SUCCESS,
        Err((code, words)) => {
            // An error: nobody listens.
            let _ = io::stderr().write_all(words.as_bytes());
            code
        }
    }
}

fn compile_input(limits: &Limits) -> Result<(), (ExitCode, String)> {
    let host = |error: &dyn std::fmt::Display| (ExitCode::FAILURE, error.to_string());
    bound(limits).map_err(|error| host(&error))?;
    let mut component = Vec::new();
    let input = io::stdin().read_to_end(&mut component);
    input.map_err(|error| host(&error))?;
    // What it says when it panics at a component is told in its refusal.
    std::panic::set_hook(Box::new(|_| ()));
    let engine = Engine::new(&engine_config(limits, PoolSize::for_workers(1)));
    let engine = engine.map_err(|error| host(&format!("{error:#}")))?;
    let native = Native::compile(&engine, &component)
        .map_err(|error| (ExitCode::from(REFUSED), format!("{error:#}")))?;
    let mut output = io::stdout();
    let written = output
        .write_all(native.bytes().unwrap_or_default())
        .and_then(|()| output.flush());
    written.map_err(|error| host(&error))
}

/// Bounds this process, and gives way to others.
fn bound(limits: &Limits) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, nice, setrlimit};
        let at_most = |soft, hard| Rlimit {
            current: Some(soft),
            maximum: Some(hard),
        };
        let (bytes, seconds) = (limits.compile_memory_max_bytes, limits.compile_cpu_s);
        setrlimit(Resource::Data, at_most(bytes, bytes))?;
        setrlimit(Resource::Cpu, at_most(seconds, seconds + GRACE_S))?;
        setrlimit(Resource::Core, at_most(0, 0))?;
        nice(10)?;
    }
    #[cfg(not(target_os = "linux"))]
    let _ = limits;
    Ok(())
}
