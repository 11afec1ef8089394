//! Runs stages.
//!
//! This crate takes an upload to a [`Stage`] and a situation to an answer: admission,
//! native code, limits, one fresh instance a call, and a second look at whatever a guest
//! returns. It is the only crate that knows wasmtime and the contract's generated
//! bindings; everyone else speaks the domain's [`regua_domain::contract`].
//!
//! It deliberately does not know tenants, workflows, cases or storage, decides nothing
//! about what a proposal is worth (that is the guard's), and makes no call on a thread of
//! its own: put calls on [`Workers`], for a call takes the thread for as long as it lasts.
//!
//! ```
//! use regua_runtime::{AdmissionError, Compiler, Limits, PoolSize, Runtime, RuntimeConfig};
//!
//! let cache = tempfile::tempdir()?;
//! let runtime = Runtime::new(RuntimeConfig {
//!     limits: Limits::shipped(),
//!     cache_dir: cache.path().to_owned(),
//!     pool: PoolSize::for_workers(2),
//!     compiler: Compiler::Here,
//! })?;
//! let refused = runtime.admit(b"not wasm".to_vec());
//! assert!(matches!(refused, Err(AdmissionError::Invalid { .. })));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
#![deny(missing_docs)]

mod admission;
mod bindings;
mod cache;
mod call;
mod check;
mod compiler;
mod digest;
mod engine;
mod lift;
mod limits;
mod lower;
mod manifest;
mod native;
mod pool;
mod stage;
mod told;

pub use admission::{AdmissionError, Admitted, component_of};
pub use call::{Ending, Ran};
pub use check::{check, check_config_problems, check_refusal};
pub use compiler::{COMPILER, Compiler, serve_compiler};
pub use digest::sha256_hex;
pub use engine::{Runtime, RuntimeConfig, StartError};
pub use limits::{Limits, PoolSize};
pub use pool::{SLICE, Whose, Workers};
pub use stage::{LoadError, Stage};
