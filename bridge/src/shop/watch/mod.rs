//! What should not happen at a till, or not so often: each a rule over one event, the time, and a
//! small state.
//!
//! It does not say how (`notice` does), and it does not tell again what a notice of the event itself
//! tells: one opening without a sale, a drawer left open. What is kept does not depend on thresholds:
//! those decide only what is found, so that the state can be found again from the events under any
//! configuration. A correction changes nothing here but a number that was missing: a person has
//! looked.
//!
//! `papers` judges one receipt by itself, `counts` counts by shift and day, `series` follows receipt
//! numbers (`line` one row of them, `numbers` keeps them), `pending` remembers orders and bills until they are paid, `zreport`
//! follows Z reports, `printer` its troubles.

mod counts;
mod exception;
mod line;
mod numbers;
mod papers;
mod pending;
mod printer;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod script;
mod series;
#[cfg(test)]
mod series_tests;
#[cfg(test)]
mod tests;
mod watched;
mod written;
mod zreport;

pub use exception::{Exception, Oddity, Trouble};
pub(super) use watched::{Watched, corrected, due, look};
