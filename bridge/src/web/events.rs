//! What was told, the newest first, searched.
//!
//! A page looks at a bounded number of events and says how far it has come; the next one goes on from
//! there.

use axum::Extension;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use jiff::Timestamp;
use minijinja::value::Serde;
use minijinja::{Value, context};
use pos_protocol::event::Kind;
use serde::Serialize;

use super::form::{Fields, encoded};
use super::guard::Visitor;
use super::render;
use super::rows;
use super::search::Search;
use super::site::{Site, Trouble};
use super::words::Tongue;
use crate::config::Shop;
use crate::journal::{JournalError, JournalReader, StoredEvent};
use crate::notice::{Shown, kind_word};

/// Events on one page.
const PAGE: usize = 40;
/// Events read at once.
const STEP: usize = 250;
/// Most events that one page looks at; a few milliseconds each hundred.
const MAX_LOOKED_AT: usize = 5_000;

/// Kinds that people look for, in the order of the list.
const KINDS: [Kind; 20] = [
    Kind::Sale,
    Kind::Refund,
    Kind::Void,
    Kind::Reprint,
    Kind::Bill,
    Kind::KitchenOrder,
    Kind::ShiftReport,
    Kind::NoSale,
    Kind::DrawerOpened,
    Kind::DrawerLeftOpen,
    Kind::PrinterStatus,
    Kind::CardSlip,
    Kind::TopUp,
    Kind::Training,
    Kind::Inventory,
    Kind::Approval,
    Kind::Correction,
    Kind::Document,
    Kind::RasterReceipt,
    Kind::Unread,
];

/// What one page found.
#[derive(Debug, Default)]
struct Found {
    events: Vec<StoredEvent>,
    /// Where the next page goes on.
    next: Option<i64>,
    /// When the last event that was looked at was seen, where not all was looked at.
    until: Option<Timestamp>,
}

/// `GET /events?q=&kind=&from=&to=&before=`.
pub(super) async fn page(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Response, Trouble> {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let query = query.ok_or(Trouble::Unreadable)?;
    let config = site.desk.live.config();
    let shop = Shop { language: visitor.tongue.language(), ..config.shop.clone() };
    let search = Search::parse(&query, &shop.timezone);
    let before = query.text("before").and_then(|text| text.parse::<i64>().ok());
    let asked = search.clone();
    let found = site.look(move |reader| look(reader, &asked, before)).await?;
    let kept = |name: &'static str| query.raw(name).unwrap_or_default().to_owned();
    let link = found.next.map(|next| {
        let fields = ["q", "kind", "from", "to"].into_iter();
        let typed = fields.flat_map(|name| query.all(name).map(move |value| (name, value)));
        let typed = typed.filter(|(_, value)| !value.is_empty());
        let pairs = typed.map(|(name, value)| format!("{name}={}&", encoded(value)));
        format!("/events?{}before={next}", pairs.collect::<String>())
    });
    let shown = Shown::of_shop(&shop);
    let until = found.until.and_then(|at| shown.wall(at.as_millisecond()));
    let until = until.map(|until| visitor.tongue.fill("nothing_until", &[("until", &until)]));
    let given = context! {
        rows => rows::lines(&found.events, &shop, visitor.tongue)?,
        q => kept("q"),
        from => kept("from"),
        to => kept("to"),
        kinds => Value::from(Serde(kinds(&search.kinds, visitor.tongue))),
        searched => !search.is_empty(),
        next => link,
        until => until,
    };
    render::page(&site, &visitor, "events.html", "events_title", &given)
}

fn look(
    reader: &JournalReader,
    search: &Search,
    before: Option<i64>,
) -> Result<Found, JournalError> {
    let mut found = Found::default();
    let end = match search.to {
        // The clock may have been set in between: what was seen earlier stands among the later ones.
        Some(to) => reader.seq_at(to)?,
        None => i64::MAX,
    };
    let mut at = before.unwrap_or(i64::MAX).min(end);
    if before.is_none() && search.kinds.is_empty() {
        found.events = by_number(reader, search)?;
    }
    let known: Vec<i64> = found.events.iter().map(|event| event.seq).collect();
    let mut looked_at = 0;
    loop {
        let step = reader.events_before(at, STEP)?;
        if step.is_empty() {
            return Ok(found);
        }
        for stored in step {
            at = stored.seq;
            looked_at += 1;
            let seen = || stored.event().ok()?.observed_at.parse::<Timestamp>().ok();
            if let (Some(from), Some(seen)) = (search.from, seen())
                && seen < from
            {
                return Ok(found);
            }
            if looked_at >= MAX_LOOKED_AT {
                (found.next, found.until) = (Some(at), seen());
                return Ok(found);
            }
            if !known.contains(&at) && search.finds(&stored) {
                found.events.push(stored);
            }
            if found.events.len() >= PAGE {
                found.next = Some(at);
                return Ok(found);
            }
        }
    }
}

/// Sales and refunds of this very number, however old they are: first of all.
fn by_number(reader: &JournalReader, search: &Search) -> Result<Vec<StoredEvent>, JournalError> {
    const MOST: u32 = 5;
    let Some(text) = &search.text else { return Ok(Vec::new()) };
    let mut found = reader.of_number(text, MOST)?;
    let capitals = text.to_uppercase();
    if capitals != *text {
        found.extend(reader.of_number(&capitals, MOST)?);
    }
    found.retain(|stored| search.finds(stored));
    Ok(found)
}

#[derive(Clone, Debug, Serialize)]
struct Choice {
    code: &'static str,
    name: String,
    chosen: bool,
}

fn kinds(chosen: &[Kind], tongue: Tongue) -> Vec<Choice> {
    let choice = |kind: Kind| {
        let (sign, name) = kind_word(kind, tongue.language());
        let name = format!("{sign} {name}");
        Choice { code: kind.as_str(), name, chosen: chosen.contains(&kind) }
    };
    KINDS.into_iter().map(choice).collect()
}
