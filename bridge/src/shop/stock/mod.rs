//! What is in stock: levels that sales take from and refunds, voids and deliveries add to.
//!
//! A level is the newest count and what moved after it; both are judged by the bridge's own clock, so
//! that it makes no difference in which order they become known. Names match as printed, whatever
//! their case and width; nothing fuzzier is ever taken for the same, only offered to the owner.
//!
//! Not here: the file of a catalogue (`catalogue`), and how an alert reads (`notice`).

mod accept;
mod alert;
mod books;
mod enter;
mod forecast;
mod keep;
mod left;
mod level;
mod list;
mod name;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod samples;
mod seen;
mod take;
mod transfer;

pub use accept::{Accept, StockError, accept, accept_lines};
pub use alert::{Severity, StockAlert};
pub use books::articles_of as articles;
pub(super) use books::named;
pub(crate) use books::named as article;
pub(super) use enter::enter;
pub(super) use keep::{Slip, keep};
pub use left::{Left, left};
pub use list::{Shelf, draft, shelf};
pub(crate) use name::folded;
pub use name::suggestions;
pub use seen::Unknown;
pub(crate) use transfer::can_move;
pub(super) use transfer::transfer;

use jiff::Timestamp;

/// Days that movements are known one by one: a count can be dated so far back.
pub const KEEP_DAYS: i64 = 35;
/// A day in milliseconds.
const DAY_MS: i64 = 24 * 3_600_000;
/// Most lines of one entry: a shelf, typed in one go.
pub const MAX_LINES: usize = 200;

/// Wall time in milliseconds of what is RFC 3339.
fn at_ms(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}
