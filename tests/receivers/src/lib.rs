//! Receivers for what leaves the host: an SMTP relay and an HTTP endpoint that do as they are
//! told.
//!
//! They listen on this machine's loopback, keep what arrives, and answer what a test's
//! script says, so that a transport meets refusals, delays and broken connections as it would
//! outside. Both may note the name of each message that they accepted in a file: what a
//! process that was killed had delivered can be counted from it.
//!
//! They run on threads of their own and know no async runtime, so that any test can use
//! them. They deliberately know nothing of the host: what is right is the test's to say.
//!
//! ```
//! use regua_test_receivers::http::{Answer, Endpoint};
//!
//! let endpoint = Endpoint::start(|_| Answer::status(204));
//! assert!(endpoint.url("/hooks").starts_with("http://127.0.0.1:"));
//! assert!(endpoint.arrived().is_empty());
//! ```
#![deny(missing_docs)]

pub mod http;
pub mod identity;
mod journal;
mod listener;
pub mod smtp;
