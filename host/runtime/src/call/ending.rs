//! Telling apart how a call ended without an answer.

use regua_domain::contract::{Answer, FailureKind};
use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace};

use super::meter::{Denied, Meter};

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

/// Bytes of a detail. It quotes what the guest gave, which may be a mebibyte, and goes
/// on a timeline for ever.
const DETAIL_BYTES_MAX: usize = 2 << 10;

impl Ending {
    /// The same with a detail of bounded length.
    pub(super) fn cut(mut self) -> Self {
        if let Self::Failure { detail, .. } | Self::HostFault { detail } = &mut self
            && detail.len() > DETAIL_BYTES_MAX
        {
            detail.truncate(detail.floor_char_boundary(DETAIL_BYTES_MAX));
            detail.push('…');
            detail.shrink_to_fit();
        }
        self
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
    if error.downcast_ref::<Trap>().is_none() && meter.denied().is_none() {
        return Ending::HostFault {
            detail: format!("{error:#}"),
        };
    }
    of(error, meter)
}

/// Names what wasmtime reported of a call.
pub(super) fn of(error: &wasmtime::Error, meter: &Meter) -> Ending {
    if error.downcast_ref::<PoolConcurrencyLimitError>().is_some() {
        return Ending::HostFault {
            detail: format!("{error:#}"),
        };
    }
    let failure = |kind, detail| Ending::Failure { kind, detail };
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => failure(FailureKind::OutOfFuel, "all fuel is burned".to_owned()),
        Some(Trap::Interrupt) => Ending::Inconclusive,
        Some(Trap::StackOverflow) => failure(
            FailureKind::StackOverflow,
            "the call stack is full".to_owned(),
        ),
        trap => {
            if let Some(detail) = meter.host_failed() {
                return Ending::HostFault {
                    detail: detail.to_owned(),
                };
            }
            if let Some(denied) = meter.denied() {
                return failure(FailureKind::OutOfMemory, tell_denied(denied, meter));
            }
            if trap.is_some() {
                return failure(FailureKind::Trap, tell(error));
            }
            // Values that break the canonical ABI have no type of their own: lifting fails
            // on text that is no UTF-8, on pointers out of bounds, on unknown cases, and
            // on more bytes than the host will take.
            failure(FailureKind::BadOutput, tell(error))
        }
    }
}

/// The cause first, then where in the guest: a long backtrace is cut, a cause never.
fn tell(error: &wasmtime::Error) -> String {
    if error.downcast_ref::<WasmBacktrace>().is_none() {
        return format!("{error:#}");
    }
    let causes: Vec<_> = error.chain().skip(1).map(ToString::to_string).collect();
    format!("{}\n{error}", causes.join(": "))
}

fn tell_denied(denied: Denied, meter: &Meter) -> String {
    match denied {
        Denied::Memory { bytes } => {
            format!(
                "asked for {bytes} bytes of memory where {} are allowed",
                meter.memory_max_bytes()
            )
        }
        Denied::Table { elements } => {
            format!(
                "asked for {elements} table elements where {} are allowed",
                meter.table_elements_max()
            )
        }
    }
}
