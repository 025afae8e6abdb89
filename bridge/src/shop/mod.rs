//! What the shop wants to know: events become knowledge (rows that the journal keeps), and what a
//! group is to be told.
//!
//! Pure: everything follows from the event, the rows and the configuration; no clock, no IO. The rows
//! are changed in the transaction that keeps the event, once for each event, so they can be found
//! again from the journalled events alone, to the byte. What is said, and when, is decided later.
//!
//! [`Clerk`] reads each new event and hands it to those who keep something of it: `receipts` (which
//! receipts there were), `tally` (takings by day), `shift` (slips since the last Z report, which
//! `reconcile` lays beside it), `stock` (what is left), `watch` (what should
//! not happen), `rulebook` (what the owner wants said). `summary` adds up what a day, a week
//! or a month brought; `schedule` says what the time of day makes due. `rules` says which
//! robot hears of the event itself; [`Finding`] is what a group hears besides.

pub mod catalogue;
mod clerk;
mod drawer;
mod finding;
mod items;
mod moment;
mod receipts;
mod reconcile;
mod rulebook;
mod rules;
#[cfg(test)]
pub(crate) mod samples;
mod schedule;
mod settings;
mod shift;
#[cfg(test)]
mod shift_tests;
pub mod stock;
mod summary;
mod tally;
mod twins;
mod watch;

pub use clerk::Clerk;
pub use drawer::Drawer;
pub use finding::{Finding, FindingKind, Foreign, Place};
pub use items::ItemDay;
pub use moment::Moment;
pub use receipts::{Filed, Known, Standing};
pub use reconcile::{
    Difference, Figure, Gross, Habit, Line, Named, Receipts, Reconciliation, Slip, Ways, reconcile,
};
pub use rulebook::{Condition, ExpressionFault, Once, Rule, RuleFault, Said, Say};
pub use rules::{notices, urgent};
pub use schedule::{Reminder, closing, opening};
pub use shift::{Reckoning, cash_since};
pub(crate) use summary::NO_CATEGORY;
pub use summary::{Before, Checked, Period, Slow, Sold, Summary, When, best_sellers};
pub use tally::{Day, Sum};
pub use watch::{Exception, Oddity, Trouble};
