//! What leaves the host, one file a channel.
#![deny(missing_docs)]

pub mod attempt;
pub mod email;
pub mod network;
pub mod schedule;
pub mod tls;
pub mod webhook;
