//! The `SQLite` store: [`regua_storage`]'s traits over one file, for one process.
//!
//! One task owns the writing connection; commits that wait while a transaction runs share
//! the next one, so that `synchronous=FULL` costs one sync a batch. Reading connections see
//! snapshots and never wait for the writer. Rows are keyed by tenant and customer, and
//! everything is read and written for whole batches of customers.
//!
//! It deliberately knows no rule of dunning: what is written is the domain's
//! [`ChangeSet`](regua_domain::dossier::ChangeSet), row by row.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("regua.db");
//! use regua_storage::Store as _;
//! use regua_storage_sqlite::{Options, SqliteStore};
//!
//! let store = SqliteStore::open(path, Options::default()).await.unwrap();
//! assert!(store.tenants().await.unwrap().is_empty());
//! store.close().await;
//! # });
//! ```
#![deny(missing_docs)]

mod agenda;
mod case;
mod cells;
mod checkpoint;
mod commit;
mod cover;
mod customer;
mod effect;
mod error;
mod fact;
mod item;
mod ledger;
mod list;
mod lists;
mod load;
mod options;
mod outbox;
mod payment;
mod peek;
#[cfg(test)]
mod plans;
mod plugin;
mod record;
mod refusal;
mod rows;
mod service;
mod shelf;
mod store;
mod task;
mod template;
mod tenant;
mod timeline;
mod upkeep;
mod workflow;
mod writer;

pub use options::{OpenError, Options};
pub use store::SqliteStore;
