//! Telling apart how a call ended without an answer.

use std::fmt::Write as _;

use regua_domain::contract::{Answer, FailureKind};
use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace};

use super::meter::{Denied, Meter};
use crate::told;

/// How a call ended without an answer. The kinds never mix: who is to blame, and whether
/// asking again can help, differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// A deterministic failure: the same call would fail again.
    Failure {
        /// Which.
        kind: FailureKind,
        /// For the plugin's developer.
        detail: String,
    },
    /// The wall-clock deadline passed; asking again may help.
    Inconclusive,
    /// The host could not make the call; never the plugin's fault.
    HostFault {
        /// For the operator.
        detail: String,
    },
}

impl Ending {
    /// The same with a detail of bounded length, which moves no cursor.
    pub(super) fn cut(self) -> Self {
        match self {
            Self::Failure { kind, detail } => Self::Failure {
                kind,
                detail: told::lines(&detail),
            },
            Self::HostFault { detail } => Self::HostFault {
                detail: told::lines(&detail),
            },
            Self::Inconclusive => Self::Inconclusive,
        }
    }
}

impl From<Ending> for Answer {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Failure { kind, detail } => Self::Failure { kind, detail },
            Ending::Inconclusive => Self::Inconclusive,
            Ending::HostFault { detail } => Self::HostFault { detail },
        }
    }
}

impl std::fmt::Display for Ending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Failure { kind, detail } => write!(f, "{}: {detail}", kind.name()),
            Self::Inconclusive => f.write_str("the deadline passed"),
            Self::HostFault { detail } => write!(f, "host fault: {detail}"),
        }
    }
}

/// Names what wasmtime reported of an instance that did not come to be. Without a trap
/// or a limit it is the host that could not make it.
pub(super) fn of_start(error: &wasmtime::Error, meter: &Meter) -> Ending {
    if error.downcast_ref::<Trap>().is_some() {
        return of(error, meter);
    }
    match meter.denied() {
        Some(denied) => failure(FailureKind::OutOfMemory, asked(denied, meter)),
        None => Ending::HostFault {
            detail: told::line(&format!("{error:#}")),
        },
    }
}

/// Names what wasmtime reported of a call.
pub(super) fn of(error: &wasmtime::Error, meter: &Meter) -> Ending {
    if error.downcast_ref::<PoolConcurrencyLimitError>().is_some() {
        return Ending::HostFault {
            detail: told::line(&format!("{error:#}")),
        };
    }
    match (error.downcast_ref::<Trap>(), meter.denied()) {
        (Some(Trap::OutOfFuel), _) => {
            failure(FailureKind::OutOfFuel, "all fuel is burned".to_owned())
        }
        (Some(Trap::Interrupt), _) => Ending::Inconclusive,
        (Some(Trap::StackOverflow), _) => failure(
            FailureKind::StackOverflow,
            "the call stack is full".to_owned(),
        ),
        // What a guest does that cannot do without what it was denied: its allocator
        // aborts. It may also have got along and stopped for another reason: its author
        // can tell from where it stopped.
        (Some(Trap::UnreachableCodeReached), Some(denied)) => failure(
            FailureKind::OutOfMemory,
            format!("{}\n{}", asked(denied, meter), tell(error)),
        ),
        (Some(_), _) => failure(FailureKind::Trap, tell(error)),
        // Values that break the canonical ABI have no type of their own: lifting fails
        // on text that is no UTF-8, on pointers out of bounds, on unknown cases, and
        // on more bytes than the host will take.
        (None, _) => failure(FailureKind::BadOutput, tell(error)),
    }
}

/// The machine had no memory to give within the limits. Whatever the guest made of that,
/// another machine would have got another answer.
pub(super) fn of_machine(meter: &Meter) -> Option<Ending> {
    meter.host_failed().map(|detail| Ending::HostFault {
        detail: detail.to_owned(),
    })
}

const fn failure(kind: FailureKind, detail: String) -> Ending {
    Ending::Failure { kind, detail }
}

/// The cause first, then where in the guest: a long backtrace is cut, a cause never. The
/// frames are written here, for a guest names its functions as it likes.
fn tell(error: &wasmtime::Error) -> String {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else {
        return told::line(&format!("{error:#}"));
    };
    let causes: Vec<_> = error.chain().skip(1).map(ToString::to_string).collect();
    let mut text = told::line(&causes.join(": "));
    text.push_str("\nwhile executing at:");
    for (at, frame) in backtrace.frames().iter().enumerate() {
        let function = frame
            .func_name()
            .map_or_else(|| format!("function {}", frame.func_index()), told::name);
        let offset = frame.module_offset().unwrap_or_default();
        let _ = write!(text, "\n  {at:>3}: {offset:#8x} - {function}");
    }
    text
}

fn asked(denied: Denied, meter: &Meter) -> String {
    match denied {
        Denied::Memory { bytes } => format!(
            "asked for {bytes} bytes of memory where {} are allowed",
            meter.memory_max_bytes()
        ),
        Denied::Table { elements } => format!(
            "asked for {elements} table elements where {} are allowed",
            meter.table_elements_max()
        ),
    }
}
