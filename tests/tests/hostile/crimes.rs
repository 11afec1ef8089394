//! What the hostile guest does, and what the host calls it.

use regua_domain::contract::FailureKind;
use regua_domain::contract::FailureKind::{
    BadOutput, OutOfFuel, OutOfMemory, StackOverflow, Trap,
};

/// The config's `do`, the kind of failure, and its detail: whole, or what it contains
/// where the rest is wasmtime's.
pub const CRIMES: &[(&str, FailureKind, &str)] = &[
    ("loop", OutOfFuel, "all fuel is burned"),
    ("log-flood-for-ever", OutOfFuel, "all fuel is burned"),
    ("memory", OutOfMemory, "bytes of memory where 67108864 are allowed"),
    ("recursion", StackOverflow, "the call stack is full"),
    ("shadow-stack", Trap, "out of bounds memory access"),
    ("trap", Trap, "`unreachable` instruction executed"),
    ("panic", Trap, "`unreachable` instruction executed"),
    ("wild-pointer", Trap, "out of bounds memory access"),
];
