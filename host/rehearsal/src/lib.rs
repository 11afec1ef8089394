//! Policies tried out before they touch anyone.
//!
//! Customers live in memory here ([`play`]), told facts and run from instant to instant by the
//! one engine there is, `regua_domain::run`. Where the facts come from, and what is asked of what
//! came of them, makes the difference: a [`scenario`] tells a story and says what it expects.
//!
//! Nothing here reads a clock, a store or chance; whoever answers for the stages is passed in.
#![deny(missing_docs)]

pub mod backtest;
pub mod conformance;
pub mod laws;
mod patient;
pub mod play;
pub mod scenario;
pub mod simulate;
