//! What the configuration means once it has been checked: the shop, its hours and its calendar.
//!
//! What is sent when is `shop::schedule`'s.

use pos_protocol::money::{Amount, Currency};

/// `[shop]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shop {
    /// Name as it stands in messages.
    pub name: String,
    /// IANA time zone, known to exist.
    pub timezone: jiff::tz::TimeZone,
    /// Currency where the receipt names none.
    pub currency: Currency,
    /// Language of messages.
    pub language: Language,
    /// When the shop is open; nothing where it was not said.
    pub hours: Option<Hours>,
    /// When a business day ends; sales before it belong to the day before.
    pub day_ends: jiff::civil::Time,
    /// Cash that lies in each drawer before the first sale.
    pub float: Amount,
}

/// A holiday or a promotion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// Which.
    pub kind: OccasionKind,
    /// Its name.
    pub name: String,
    /// First day.
    pub from: jiff::civil::Date,
    /// Last day.
    pub to: jiff::civil::Date,
    /// Days before the first one that people are reminded.
    pub remind_days: i64,
    /// What to prepare.
    pub prepare: Vec<String>,
}

/// What an occasion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OccasionKind {
    /// A day with other hours.
    Holiday {
        /// When the shop is open; nothing: it is closed.
        hours: Option<Hours>,
    },
    /// A day with other prices.
    Promotion,
}

impl Occasion {
    /// Whether `day` is one of its days.
    pub fn covers(&self, day: jiff::civil::Date) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

/// Opening hours, local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Opens.
    pub from: jiff::civil::Time,
    /// Closes; before `from`: after midnight; equal to it: never.
    pub to: jiff::civil::Time,
}

impl Hours {
    /// Whether the shop is open at `time`.
    pub fn contains(&self, time: jiff::civil::Time) -> bool {
        if self.from < self.to {
            (self.from..self.to).contains(&time)
        } else {
            time >= self.from || time < self.to
        }
    }
}

/// Language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Traditional Chinese as written in Hong Kong.
    ZhHk,
    /// Simplified Chinese as written in mainland China.
    ZhCn,
    /// English.
    En,
    /// Indonesian.
    Id,
}
