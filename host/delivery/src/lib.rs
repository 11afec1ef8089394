//! What leaves the host, one file a channel.
//!
//! [`webhook`] posts effects to systems, [`email`] writes to debtors; what a message says is
//! [`payload`]'s. A transport tries once and tells, as an [`attempt::Attempt`], what came of
//! it and when to try again by a [`schedule::Schedule`]. [`network`] sees to it that no
//! address a tenant names leads into the operator's own network, [`seal`] keeps secrets, and
//! [`unsubscribe`] is the way out that each mail shows. [`traces`] go to the operator's own collector.
//!
//! This crate deliberately knows no store and no queue: what is to be handed over, whether it
//! still holds and what becomes of it afterwards is its caller's. It reads no clock and draws
//! no random number: both are passed in.
//!
//! ```
//! use regua_delivery::network::check_url;
//!
//! assert!(check_url("https://hooks.example.com/dunning").is_ok());
//! let fault = check_url("https://2852039166/latest/meta-data/").unwrap_err();
//! assert_eq!(
//!     fault.to_string(),
//!     "169.254.169.254 is not a public address: it is link-local"
//! );
//! ```
#![deny(missing_docs)]

pub mod attempt;
pub mod email;
pub mod key;
pub mod network;
pub mod payload;
pub mod schedule;
pub mod seal;
pub mod tls;
pub mod traces;
pub mod unsubscribe;
pub mod webhook;
