//! What suites that cross crates share: the guests that `cargo xtask` built, a shelf of
//! admitted stages, and a debtor to ask them about.
//!
//! A [`Debtor`] is in memory and on a virtual clock; a [`Sandbox`] is the same through the
//! whole engine and a store, and [`wave`] is a live tenant with many.
//!
//! ```no_run
//! use regua_tests::{Debtor, Shelf, built, patient};
//!
//! let cache = tempfile::tempdir().unwrap();
//! let mut shelf = Shelf::new(patient(cache.path()));
//! shelf.admit(built::guest("hostile")).unwrap();
//! let ran = Debtor::late_with(&shelf, &Debtor::ladder("hostile@1", "trap")).run();
//! assert_eq!(ran.dossier.tasks[0].title, "Look at this case");
//! ```
#![deny(missing_docs)]

pub mod built;
pub mod chance;
pub mod client;
mod debtor;
mod facts;
pub mod frozen;
pub mod node;
pub mod outside;
pub mod refused;
pub mod sample;
mod sandbox;
mod shelf;
mod story;
pub mod swap;
pub mod wave;

pub use debtor::{Debtor, NOON};
pub use facts::{invoice, person};
pub use sandbox::Sandbox;
pub use shelf::{Shelf, patient, runtime, runtime_with};
