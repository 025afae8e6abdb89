//! One event in one line: the same on the first page, in the live list and among search results.

use minijinja::value::Serde;
use minijinja::{Value, context};
use pos_protocol::event::{Event, Kind, Verdict};
use serde::Serialize;

use super::render;
use super::site::Trouble;
use super::words::{Tongue, Words};
use crate::config::Shop;
use crate::journal::StoredEvent;
use crate::notice::{Shown, kind_word};
use crate::privacy::redact_event;

/// Kinds of paper that could not be read.
pub(super) const UNREAD: [Kind; 2] = [Kind::Unread, Kind::RasterReceipt];
/// Kinds that somebody may have to look into.
const ALERTS: [Kind; 4] = [Kind::Unread, Kind::RasterReceipt, Kind::NoSale, Kind::DrawerLeftOpen];

/// What a line says.
#[derive(Clone, Debug, Serialize)]
struct Row {
    seq: i64,
    id: String,
    sign: &'static str,
    kind: &'static str,
    alert: bool,
    number: Option<String>,
    amount: Option<String>,
    time: String,
    observed_at: String,
    source: String,
    off: bool,
}

/// The line of `stored`; `None` where a newer version wrote it.
pub(super) fn line(
    stored: &StoredEvent,
    shop: &Shop,
    tongue: Tongue,
) -> Option<Result<Value, Trouble>> {
    let event = redact_event(stored.event().ok()?);
    let row = row(stored.seq, &event, shop, tongue);
    Some(render::part("row.html", Words(tongue), &context! { row => Value::from(Serde(row)) }))
}

/// The lines of all that can be read.
pub(super) fn lines(
    stored: &[StoredEvent],
    shop: &Shop,
    tongue: Tongue,
) -> Result<Vec<Value>, Trouble> {
    stored.iter().filter_map(|stored| line(stored, shop, tongue)).collect()
}

fn row(seq: i64, event: &Event, shop: &Shop, tongue: Tongue) -> Row {
    let (sign, kind) = kind_word(event.kind, tongue.language());
    let shown = Shown::of(event, shop);
    let receipt = event.receipt.as_ref();
    Row {
        seq,
        id: event.id.to_string(),
        sign,
        kind,
        alert: ALERTS.contains(&event.kind),
        number: receipt.and_then(|receipt| receipt.number.clone()),
        amount: receipt.and_then(|receipt| receipt.total).map(|total| shown.amount(total)),
        time: shown.time(event).unwrap_or_default(),
        observed_at: event.observed_at.clone(),
        source: event.source.clone(),
        off: event.verdict == Some(Verdict::Off),
    }
}
