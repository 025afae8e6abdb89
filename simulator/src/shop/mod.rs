//! Shops, their menus and staff, and a seeded till that trades.
//!
//! Nothing here knows about paper, bytes or networks. Every slip follows from a shop, a seed and a
//! time; the same three give the same slip on every machine.

mod arrivals;
mod catalogue;
mod day;
#[cfg(test)]
mod day_tests;
mod sale;
mod slip;
mod till;
mod words;
mod zone;

pub(crate) use arrivals::exponential;
pub use catalogue::{
    Category, Dish, Habits, Hours, Ingredient, Measure, Money, Shop, TaxRule, Tender,
};
pub use day::Day;
pub use sale::{Discount, Levy, Line, Payment, Sale};
pub use slip::{CardSlip, NoSale, ShiftReport, Slip, Tally};
pub use till::{OPENING, Till};
pub use words::{Language, Words};
pub use zone::{epoch_ms, epoch_ms_at, local_time};
