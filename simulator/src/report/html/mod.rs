//! `report.html`: one file that needs nothing else, no script either.
//!
//! It computes nothing that `report.json` does not hold, but rates over time, which it takes from the
//! counts. Every text passes through `plot::escape`.

mod compare;
mod course;
mod page;
mod tables;

pub use compare::compare_html;
pub use page::html;
