//! Scenarios: a story of one customer or a few, and what it is expected to come to.

mod coverage;
mod document;
pub mod event;
mod expect;
mod limits;
mod moment;
mod read;
mod run;
mod seen;

pub use coverage::{Coverage, Covered};
pub use document::{Contact, Document, Person};
pub use expect::Expect;
pub use moment::{Day, Moment, NoDay};
pub use read::{Scenario, Step, What, document_schema, of_value, scenario};
pub use run::{Mismatch, Outcome, Told, run};
