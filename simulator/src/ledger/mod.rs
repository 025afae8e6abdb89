//! Holds what was sold against what was journalled and what the group saw.
//!
//! Pure: it is given three lists and says what is lost, doubled or wrong. It polls nothing and knows
//! no process.

mod account;
mod settle;
mod told;
mod words;

pub use account::{Account, Totals, Trouble};
pub use settle::Ledger;
pub use told::{Reader, Told};
