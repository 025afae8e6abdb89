//! Holds what was printed against what was journalled and what the group saw.
//!
//! Pure: it is given the books and says what is lost, doubled, wrong or late. It polls nothing and
//! knows no process.

mod account;
mod books;
mod files;
mod group;
mod lateness;
mod matching;
mod names;
mod paper;
mod plain;
mod record;
mod say;
mod settle;
#[cfg(test)]
mod settle_tests;
mod told;
mod words;

pub use account::{Account, Telling, Totals, Trouble, What, Which};
pub use books::{Books, Bounds, Timing};
pub use files::{
    BOOKS_FILE, FileError, GROUP_FILE, JOURNAL_FILE, Lines, TRUTH_FILE, WIRE_FILE, read_lines,
    slip_bytes,
};
pub use record::{Deaf, Excused, Journalled, Shown, Slip, Span};
pub use told::{Reader, Told};
