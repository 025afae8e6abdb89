//! What a run is worth, in a form that a program, a person and the next run can read.
//!
//! ```text
//! Recorded + Account -> Report -> report.json   (docs/report.schema.json)
//!                              -> report.html   one file, no script
//!                              -> thresholds    the exit code
//!                   two of them -> compare
//! Sample, once a second         -> live::View   the terminal
//! ```
//!
//! It judges no sale: what is lost, doubled, wrong or late was decided by the ledger. It measures
//! nothing either; it only counts what was measured.

mod compare;
#[cfg(test)]
mod compare_tests;
mod distribution;
mod html;
mod latency;
pub mod live;
mod of;
mod paths;
mod plot;
#[cfg(test)]
mod sample;
mod shape;
#[cfg(test)]
mod shape_tests;
mod thresholds;
mod trouble;
mod words;
mod write;

pub use compare::{Change, Compared, Comparison, Unlike, compare};
pub use distribution::{Distribution, Point};
pub use html::{compare_html, html};
pub use shape::{
    Asked, Bridge, Fault, Gauge, Generator, Latency, Machine, Report, SCHEMA, Series, Stage,
    Troubled, Troubles, Verdict,
};
pub use thresholds::ThresholdError;
pub use write::{FILE_HTML, FILE_JSON, ReadError, WriteError, read, replace, write};

/// The report of a small run that never was, of a scenario by this name.
#[cfg(test)]
pub(crate) fn sample_report(scenario: &str) -> Report {
    Report { scenario: scenario.to_owned(), ..sample::report_of(sample::SMALL) }
}
