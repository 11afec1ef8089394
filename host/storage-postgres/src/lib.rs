//! The `PostgreSQL` store: [`regua_storage`]'s traits over one database, for many nodes.
//!
//! Claims write leases, with `FOR UPDATE SKIP LOCKED`, in one short statement; a batch of
//! commits is one transaction of a few statements over arrays, each row guarded by its
//! version and lease. Nodes agree by rows alone: there is no sequence, no advisory lock and
//! no `LISTEN`, and the tenant comes first in every key, so that the schema can be spread
//! over servers by it. Connections must be kept for a session: statements are prepared.
//!
//! It deliberately knows no rule of dunning: what is written is the domain's
//! [`ChangeSet`](regua_domain::dossier::ChangeSet), row by row.
//!
//! ```no_run
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use regua_storage::Store as _;
//! use regua_storage_postgres::{Options, PostgresStore};
//!
//! let url = "postgres://regua@localhost/regua";
//! let store = PostgresStore::connect(url, Options::default()).await.unwrap();
//! assert!(store.tenants().await.unwrap().is_empty());
//! store.close().await;
//! # });
//! ```
#![deny(missing_docs)]

mod agenda;
mod case;
mod cells;
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
mod migrate;
mod options;
mod outbox;
mod payment;
#[cfg(test)]
mod plans;
mod plugin;
mod record;
mod refusal;
mod retry;
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

pub use options::{OpenError, Options};
pub use store::PostgresStore;
