//! What a backtest or a simulation came to, as one page that needs nothing else.
//!
//! A page is one HTML file: it loads nothing, runs no script, and its own policy forbids both. It is
//! read on a phone and on a desk, in light and in dark, and printed. Charts are SVG within the page,
//! drawn by `plotters`, and each has its figures beside it as a table.
//!
//! Names of stages, customers, rules and the like are the tenant's, and so are the lines of a story.
//! All text is escaped where it is written, whoever it is of.
//!
//! This crate deliberately knows no files, no clock and no command line: the same sums make the same
//! page, byte for byte.
//!
//! ```
//! use regua_rehearsal::backtest::{Costs, Report};
//!
//! let labels = regua_report::Labels { tenant: "Acme", draft: "later.yaml" };
//! let page = regua_report::backtest(&Report::default(), labels, None, &Costs::default())?;
//! assert!(page.starts_with("<!doctype html>"));
//! # Ok::<(), regua_report::ReportError>(())
//! ```
#![deny(missing_docs)]

mod backtest;
mod chart;
mod counted;
mod numbers;
mod page;
mod plain;
mod side;
mod simulation;

use plotters::drawing::DrawingAreaErrorKind;

pub use backtest::backtest;
pub use numbers::{digits, money};
pub use plain::plain;
pub use simulation::{simulation, simulation_csv};

/// What a page is about. What is empty is left out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Labels<'a> {
    /// Whose policy it is.
    pub tenant: &'a str,
    /// The draft that is tried: the challenger, the candidate.
    pub draft: &'a str,
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// By the library that draws.
    #[error("a chart cannot be drawn")]
    Chart(#[source] DrawingAreaErrorKind<std::io::Error>),
    /// By the library that fills templates in.
    #[error("the page cannot be written")]
    Page(#[source] minijinja::Error),
    /// By the library that writes CSV.
    #[error("the table cannot be written")]
    Table(#[source] csv::Error),
    /// What is assumed cannot be told as JSON.
    #[error("what is assumed cannot be told")]
    Assumed(#[source] serde_json::Error),
}
