//! The card of the day: takings so far, changed in place instead of told anew.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::fitted;
use crate::config::Config;
use crate::dingtalk::openapi::CardData;
use crate::journal::{JournalError, Rows};
use crate::notice;
use crate::shop::Day;

/// The card of one day as it was shown last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    /// The business day.
    pub(crate) day: Date,
    /// Our own name of the card.
    pub(crate) name: String,
    /// Whether the card was made.
    pub(crate) made: bool,
    /// What it shows but its time; an equal text is no reason for a call.
    pub(crate) text: String,
}

/// The day so far of all shops, and what of it is compared with what is shown; nothing before the
/// first receipt.
pub(crate) fn today_card(
    rows: &dyn Rows,
    config: &Config,
    day: Date,
    now_ms: i64,
) -> Result<Option<(CardData, String)>, JournalError> {
    let mut sum = Day::default();
    let mut own = Vec::new();
    let shops = config.shops();
    for shop in &shops {
        if let Some(taken) = Day::read(rows, shop, day)?.filter(|taken| !taken.is_empty()) {
            sum.merge(&taken);
            own.push((shop.as_str(), taken));
        }
    }
    if own.is_empty() {
        return Ok(None);
    }
    let text = notice::today_text(&sum, &own, config);
    let card = fitted([
        ("title", notice::today_title(day, config)),
        ("text", text.clone()),
        ("time", notice::today_time(now_ms, config)),
    ]);
    Ok(Some((card, text)))
}
