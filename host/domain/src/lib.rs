//! Dunning as pure functions.
//!
//! This crate holds what Régua *means*: money owed, covers, cases, workflows, and the
//! way from a fact or a timer to a [`transition`]: plan → decide → guard → advance. It
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

pub mod contract;
pub mod id;
pub mod money;
pub mod time;
