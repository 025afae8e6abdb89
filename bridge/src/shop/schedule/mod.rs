//! What the time of day brings: summaries when the shop closes and before it opens, of the week and
//! of the month, and reminders of holidays and promotions.
//!
//! It says what is due and useful at a moment, told or not; keys make each be told once. What was
//! missed (the box was off, the clock was wrong) is due as long as it is still of use, and says that
//! it is late. It says nothing of days on which nothing was sold.

mod due;
mod hours;
#[cfg(test)]
mod tests;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

pub(super) use due::due;
pub(super) use hours::{Doors, doors};
pub use hours::{closing, opening};

/// A holiday or a promotion that is near.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// A promotion; else a holiday.
    pub promotion: bool,
    /// Its name.
    pub name: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Opening hours on a holiday, as text; nothing: closed.
    pub hours: Option<String>,
    /// What to prepare.
    pub prepare: Vec<String>,
    /// The day of the reminder.
    pub today: Date,
    /// When it was due, where that is long past.
    pub late: Option<DateTime>,
}

impl Reminder {
    pub(super) fn key(&self) -> String {
        format!("reminder@{}@{}", self.from, self.name)
    }
}
