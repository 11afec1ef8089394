//! The contract's shapes as the domain sees them: what goes into a stage and what comes out.
//!
//! They mirror `wit/v1/stage.wit`, which documents every field, its unit and its bounds.
//! Dates are civil dates here and day counts there; amounts are whole minor units of the
//! case's one currency on both sides. JSON forms use the contract's own kebab-case names.

mod decision;
mod situation;

pub use decision::*;
pub use situation::*;
