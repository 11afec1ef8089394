//! What the suites of the runtime and those that cross crates start from: guests written as
//! WebAssembly text, for what Rust cannot be made to do, a situation to ask them about, and a
//! `PostgreSQL` server.
//!
//! It knows nothing of the runtime, so that the runtime's own tests may use it.
//!
//! ```
//! use regua_test_kit::guest;
//!
//! let leaves = guest::component(guest::LEAVES, "");
//! assert!(leaves.starts_with(b"\0asm"));
//! ```
#![deny(missing_docs)]

pub mod guest;
pub mod postgres;
pub mod situation;
