//! What a day, a week or a month brought: one shop, or all of a bridge together.
//!
//! Added up from the running totals of days and items; no event is read again. It says nothing in
//! words (`notice` does), and knows no clock: `schedule` decides when it is told.

mod goods;
mod read;
#[cfg(test)]
mod tests;

pub(crate) use goods::NO_CATEGORY;
pub use goods::best_sellers;
use jiff::civil::{Date, DateTime};
use pos_protocol::money::Amount;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::finding::{FindingKind, Place};
use super::schedule::Reminder;
use super::tally::{Day, Sum};
use jiff::ToSpan;

/// How long a time is summed up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// A business day.
    #[default]
    Day,
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
}

impl Period {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The first day of the period that `day` is in.
    pub fn first(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => {
                day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
            }
            Self::Month => day.first_of_month(),
        }
    }

    /// The last day of the period that `day` is in.
    pub fn last(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => self.first(day).saturating_add(6.days()),
            Self::Month => day.last_of_month(),
        }
    }

    /// What one from `first` on is compared with: the same weekday of the week before, the week or
    /// the month before.
    fn before(self, first: Date) -> (Date, Date) {
        let from = match self {
            Self::Day | Self::Week => first.saturating_sub(7.days()),
            Self::Month => first.saturating_sub(1.month()),
        };
        (from, self.last(from))
    }
}

/// When a summary is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// When the shop has closed.
    Closing,
    /// Before it opens, of the last day of trade.
    Opening,
    /// After the end of the week or month.
    After,
    /// When somebody asks.
    #[default]
    Asked,
}

impl When {
    fn as_str(self) -> &'static str {
        match self {
            Self::Closing => "closing",
            Self::Opening => "opening",
            Self::After => "after",
            Self::Asked => "asked",
        }
    }
}

/// What was sold of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sold {
    /// Item as printed, or category.
    pub name: String,
    /// How many.
    pub quantity: Decimal,
    /// For how much.
    pub amount: Amount,
}

/// Something that is hardly sold any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slow {
    /// Item as printed.
    pub name: String,
    /// The last day that it was sold on.
    pub last: Date,
    /// Days since, at the end of the period.
    pub days: i64,
    /// What is left, where stock is kept.
    pub stock: Option<String>,
}

/// What a period is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// Its first day.
    pub from: Date,
    /// What it took.
    pub net: Amount,
    /// How many sales.
    pub count: i64,
}

/// A Z report of the period, in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// The till.
    pub source: String,
    /// Number of the report.
    pub number: Option<String>,
    /// Whether our own count was the same.
    pub agrees: bool,
}

/// A summary.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// What it is told once by.
    pub key: String,
    /// How long a time.
    pub period: Period,
    /// When it is told.
    pub when: When,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The shops, by name; `""` is the only one of a bridge.
    pub shops: Vec<String>,
    /// Days on which anything was sold.
    pub days: usize,
    /// The sums.
    pub total: Day,
    /// Sales less refunds and voids.
    pub net: Option<Amount>,
    /// What a sale was on average.
    pub average: Option<Amount>,
    /// What it is compared with, where there was trade then.
    pub before: Option<Before>,
    /// What sold best.
    pub top: Vec<Sold>,
    /// By category, where there is a catalogue.
    pub categories: Vec<Sold>,
    /// What hardly sells any more.
    pub slow: Vec<Slow>,
    /// The shops one by one, where they are told together.
    pub each: Vec<(String, Sum)>,
    /// Z reports.
    pub reports: Vec<Checked>,
    /// Today's or tomorrow's holiday and promotions.
    pub occasions: Vec<Reminder>,
    /// When it was due, where that is long past.
    pub late: Option<DateTime>,
}

impl Summary {
    pub(super) fn kind(&self) -> FindingKind {
        match self.period {
            Period::Day => FindingKind::DailySummary,
            Period::Week => FindingKind::WeeklySummary,
            Period::Month => FindingKind::MonthlySummary,
        }
    }

    pub(super) fn key(&self) -> String {
        self.key.clone()
    }

    pub(super) fn place(&self) -> Place<'_> {
        match &*self.shops {
            [shop] => Place::Shop(shop),
            _ => Place::Together,
        }
    }

    /// What the summary of these shops and this day is told once by.
    pub(super) fn key_of(shops: &[&str], period: Period, when: When, day: Date) -> String {
        let shop = if let [shop] = shops { shop } else { "*" };
        format!("summary@{}@{}@{day}@{shop}", period.as_str(), when.as_str())
    }
}
