//! What an event at the till does to the stock, and which articles run out by it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pos_protocol::event::{Event, Kind, Receipt};
use rust_decimal::Decimal;

use super::alert::{By, Severity, StockAlert, cross};
use super::books::{self, Amounts};
use super::forecast::{WINDOW_MS, gone_at_ms};
use super::level::{self, Moved};
use super::take::taken;
use super::{at_ms, seen};
use crate::config::Shop;
use crate::journal::{JournalError, Rows};
use crate::shop::Standing;
use crate::shop::clerk::Effect;

/// A slip on its way into the books.
#[derive(Clone, Copy, Debug)]
pub(in crate::shop) struct Slip<'a> {
    pub(in crate::shop) event: &'a Event,
    /// Which shop's.
    pub(in crate::shop) shop: &'a str,
    /// Zone and hours, for what is told.
    pub(in crate::shop) settings: &'a Shop,
    pub(in crate::shop) standing: &'a Standing,
    pub(in crate::shop) effect: Effect,
}

/// Takes from the stock what was sold and puts back what came back; what runs out by it.
pub(in crate::shop) fn keep(
    slip: &Slip<'_>,
    rows: &mut dyn Rows,
) -> Result<Vec<StockAlert>, JournalError> {
    let Slip { event, shop, standing, effect, .. } = *slip;
    let Some(at_ms) = at_ms(&event.observed_at) else { return Ok(Vec::new()) };
    let sign = if effect == Effect::Count { Decimal::ONE } else { Decimal::NEGATIVE_ONE };
    let amounts = match (event.kind, &event.receipt) {
        (Kind::Sale | Kind::Refund, Some(receipt)) => sold(slip, receipt, at_ms, rows)?,
        (Kind::Void, _) => match standing {
            Standing::Of(known) => back(shop, &known.event, rows)?,
            Standing::Alone => Amounts::new(),
        },
        _ => Amounts::new(),
    };
    let mut alerts = Vec::new();
    for (key, quantity) in amounts {
        let moved = Moved { sold: quantity * sign, ..Moved::default() };
        if level::add(rows, shop, &key, at_ms, moved)? {
            alerts.extend(look(rows, slip, &key, at_ms, By::Till)?);
        }
    }
    Ok(alerts)
}

/// What a sale or refund takes; names that nobody knows are noted.
fn sold(
    slip: &Slip<'_>,
    receipt: &Receipt,
    at_ms: i64,
    rows: &mut dyn Rows,
) -> Result<Amounts, JournalError> {
    let taken = taken(rows, slip.shop, slip.event.kind, receipt)?;
    if slip.effect == Effect::Count {
        for (item, quantity) in taken.unknown {
            seen::note(rows, slip.shop, &item.name, quantity, item.unit_price, at_ms)?;
        }
    }
    Ok(taken.amounts)
}

/// What a void gives back: all that its sale took.
fn back(shop: &str, sale: &str, rows: &dyn Rows) -> Result<Amounts, JournalError> {
    let Some(sale) = rows.event(sale)? else { return Ok(Amounts::new()) };
    let Some(receipt) = &sale.receipt else { return Ok(Amounts::new()) };
    let taken = taken(rows, shop, sale.kind, receipt)?;
    Ok(taken.amounts.into_iter().map(|(key, quantity)| (key, -quantity)).collect())
}

/// Whether the article of this level runs out, and whether that is news.
pub(super) fn look(
    rows: &mut dyn Rows,
    slip: &Slip<'_>,
    key: &str,
    now_ms: i64,
    by: By,
) -> Result<Option<StockAlert>, JournalError> {
    let shop = slip.shop;
    let Some(article) = books::article(rows, shop, key)? else { return Ok(None) };
    let Some(left) = level::level(rows, shop, key)?.known() else { return Ok(None) };
    let Some(severity) = cross(rows, shop, key, &article, left, by)? else { return Ok(None) };
    let gone_ms = if severity == Severity::Low {
        let moves = level::moves(rows, shop, key, now_ms - WINDOW_MS, now_ms + 1)?;
        gone_at_ms(left, &moves, now_ms)
    } else {
        None
    };
    let local = |ms: i64, zone: &TimeZone| {
        Some(Timestamp::from_millisecond(ms).ok()?.to_zoned(zone.clone()).time())
    };
    let gone_at = gone_ms.and_then(|ms| local(ms, &slip.settings.timezone));
    // After the doors are shut nothing is sold.
    let open = |time| slip.settings.hours.is_none_or(|hours| hours.contains(time));
    Ok(Some(StockAlert {
        shop: shop.to_owned(),
        event: slip.event.id.to_string(),
        article: article.name,
        severity,
        left,
        unit: article.unit,
        threshold: article.threshold,
        gone_at: gone_at.filter(|time| open(*time)),
        supplier: article.supplier,
        buyer: article.buyer,
        at_ms: now_ms,
    }))
}
