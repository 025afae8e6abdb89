//! An event, or a moment, under every rule.

use jiff::civil::DateTime;
use pos_protocol::event::{Event, Kind};

use super::exception::{Exception, Oddity};
use super::{counts, numbers, papers, pending, printer, zreport};
use crate::config::{Config, Thresholds};
use crate::journal::{JournalError, Rows};
use crate::shop::moment::Moment;
use crate::shop::receipts::Standing;
use crate::shop::schedule::Doors;

/// An event that is looked at.
pub(in crate::shop) struct Watched<'a> {
    pub(in crate::shop) event: &'a Event,
    pub(in crate::shop) at: Moment,
    pub(in crate::shop) shop: &'a str,
    /// The tills of the shop.
    pub(in crate::shop) tills: &'a [String],
    /// The shop's currency.
    pub(in crate::shop) own: &'a str,
    /// When the shop is open on that day.
    pub(in crate::shop) doors: Doors,
    pub(in crate::shop) standing: &'a Standing,
    pub(in crate::shop) limits: &'a Thresholds,
}

impl Watched<'_> {
    /// `what`, as this event shows it; once for the event.
    pub(super) fn found(&self, what: Oddity) -> Exception {
        let receipt = self.event.receipt.as_ref();
        let currency = receipt.and_then(|receipt| receipt.currency.clone());
        Exception {
            what,
            once: self.event.id.to_string(),
            event: Some(self.event.id.to_string()),
            source: self.event.source.clone(),
            shop: self.shop.to_owned(),
            at: self.at.local.to_string(),
            number: receipt.and_then(|receipt| receipt.number.clone()),
            amount: receipt.and_then(|receipt| receipt.total),
            currency: currency.filter(|currency| currency != self.own),
            table: receipt.and_then(|receipt| receipt.table.clone()),
            cashier: receipt.and_then(|receipt| receipt.cashier.clone()),
        }
    }

    /// As [`found`](Self::found), where `once` says what makes it the same.
    pub(super) fn found_once(&self, what: Oddity, once: impl Into<String>) -> Exception {
        Exception { once: once.into(), ..self.found(what) }
    }
}

/// What `watched` shows that is worth a look; the state follows it.
pub(in crate::shop) fn look(
    watched: &Watched<'_>,
    rows: &mut dyn Rows,
) -> Result<Vec<Exception>, JournalError> {
    let mut found = Vec::new();
    if watched.event.kind != Kind::Training {
        found.extend(papers::look(watched, rows)?);
        found.extend(counts::look(watched, rows)?);
        found.extend(zreport::look(watched, rows)?);
        pending::keep(watched, rows)?;
        printer::keep(watched, rows)?;
    }
    // Practice uses up numbers too.
    found.extend(numbers::look(watched, rows)?);
    Ok(found)
}

/// A person said what a paper is: whatever `original` left open is settled.
pub(in crate::shop) fn corrected(
    original: &Event,
    better: &Event,
    shop: &str,
    rows: &mut dyn Rows,
) -> Result<(), JournalError> {
    pending::forget(original, shop, rows)?;
    numbers::mention(better, shop, rows)
}

/// What is worth a look at `now` because something did not happen.
pub(in crate::shop) fn due(
    now: Moment,
    config: &Config,
    rows: &dyn Rows,
) -> Result<Vec<Exception>, JournalError> {
    let mut shops: Vec<&str> = config.sources.iter().map(|source| source.shop.as_str()).collect();
    shops.sort_unstable();
    shops.dedup();
    let mut found = Vec::new();
    for shop in shops {
        found.extend(pending::due(now, shop, &config.exceptions, rows)?);
        found.extend(printer::due(now, shop, &config.exceptions, rows)?);
        found.extend(zreport::due(now, shop, config, rows)?);
    }
    Ok(found)
}

/// An exception that the time alone shows.
pub(super) fn of_time(what: Oddity, once: String, source: &str, shop: &str) -> Exception {
    Exception {
        what,
        once,
        event: None,
        source: source.to_owned(),
        shop: shop.to_owned(),
        at: String::new(),
        number: None,
        amount: None,
        currency: None,
        table: None,
        cashier: None,
    }
}

/// Whole seconds from `then`, a local time as rows keep it, to `now`.
pub(super) fn seconds_since(then: &str, now: DateTime) -> Option<i64> {
    let then: DateTime = then.parse().ok()?;
    Some(then.duration_until(now).as_secs())
}
