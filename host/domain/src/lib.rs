//! Dunning as pure functions.
//!
//! This crate holds what Régua *means*: money owed, covers, cases, workflows, and the
//! way from a fact or a timer to a transition, a [`step`]: plan → decide → guard → advance. It
//! deliberately knows no database, no sandbox, no network, never reads a clock and never
//! draws a random number: every function gets the instant it works at, so that a live
//! case, a simulated one and a replayed one go the same way.
//!
//! ```
//! use regua_domain::money::{Currency, Money};
//!
//! let yen = Currency::parse("JPY").unwrap();
//! assert_eq!(Money::parse("1500", yen).unwrap().minor, 1500);
//! ```
#![deny(missing_docs)]

pub mod advance;
pub mod balance;
pub mod calendar;
pub mod carry;
pub mod case;
pub mod contract;
pub mod cover;
pub mod customer;
pub mod cut;
pub mod determinism;
pub mod dossier;
pub mod effect;
pub mod event;
pub mod fact;
pub mod format;
pub mod guard;
pub mod handover;
pub mod host;
pub mod hours;
pub mod id;
pub mod intake;
pub mod interest;
pub mod ledger;
pub mod letter;
pub mod money;
pub mod narrate;
pub mod personal;
pub mod placement;
pub mod plan;
pub mod policy;
pub mod rollout;
pub mod run;
pub mod service;
pub mod situation;
pub mod step;
pub mod strict;
pub mod template;
pub mod tenant;
pub mod time;
pub mod timeline;
pub mod window;
pub mod workflow;
mod yaml;
