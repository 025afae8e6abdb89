//! One event: its paper as it was printed, beside what was read on it.
//!
//! The paper is drawn from the journal's bytes, with people's data under stars. Where they are
//! forgotten, its text stands there.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use minijinja::value::Serde;
use minijinja::{Value, context};
use pos_protocol::document::svg::{Look, Sheet};
use pos_protocol::event::{Event, EventId, Verdict};
use serde::Serialize;

use super::fields::{Field, fields};
use super::guard::Visitor;
use super::render;
use super::site::{Site, Trouble};
use super::words::Tongue;
use crate::config::{Config, Shop};
use crate::ingest;
use crate::journal::{JournalError, JournalReader};
use crate::notice::{Shown, kind_word};
use crate::privacy::{hidden, redact_event};

/// Most bytes of a drawing: a page has at most 100 KB, on a phone too.
const MAX_DRAWING_BYTES: usize = 40 * 1024;
/// Most bytes of a text that stands in place of a drawing or below it.
const MAX_TEXT_BYTES: usize = 12 * 1024;
/// Most bytes of fields, with what stands around each: a bill of a large party has a hundred.
const MAX_FIELD_BYTES: usize = 32 * 1024;
/// What stands around a field, in bytes.
const FIELD_FRAME_BYTES: usize = 200;
/// Most remarks of the reader.
const MAX_REMARKS: usize = 20;

/// What is shown of an event.
struct Found {
    event: Event,
    drawing: Option<String>,
}

/// `GET /receipts/ID`.
pub(super) async fn page(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let id = EventId::parse(&id).ok_or(Trouble::NotFound)?;
    let config = site.desk.live.config();
    let asked = std::sync::Arc::clone(&config);
    let found = site.look(move |reader| find(reader, &asked, id)).await?;
    let Found { event, drawing } = found.ok_or(Trouble::NotFound)?;
    let shop = Shop { language: visitor.tongue.language(), ..config.shop.clone() };
    let shown = Shown::of(&event, &shop);
    let list = bounded(fields(&event, &shown, visitor.tongue));
    let text = event.text.as_deref().filter(|text| !text.is_empty());
    let text = text.map(|text| &text[..text.floor_char_boundary(MAX_TEXT_BYTES)]);
    let (sign, kind) = kind_word(event.kind, visitor.tongue.language());
    let given = context! {
        id => event.id.to_string(),
        sign => sign,
        kind => kind,
        code => event.kind.as_str(),
        verdict => event.verdict.map(Verdict::as_str),
        verdict_words => event.verdict.map(|verdict| verdict_words(verdict, visitor.tongue)),
        time => shown.time(&event),
        source => event.source.clone(),
        observed_at => event.observed_at.clone(),
        observed => observed(&event, &shop),
        related => event.related.map(|id| id.to_string()),
        corrects => event.corrects.map(|id| id.to_string()),
        fields => Value::from(Serde(list)),
        remarks => Value::from(Serde(remarks(&event))),
        reading => event.evidence.as_ref().map(|evidence| {
            format!("{}, {}, {}", evidence.profile, evidence.dialect, evidence.encoding)
        }),
        teach => text.is_some() && config.sources.iter().any(|source| source.name == event.source),
        drawing => drawing.map(Value::from_safe_string),
        text => text,
    };
    render::page(&site, &visitor, "receipt.html", "receipt_title", &given)
}

fn find(
    reader: &JournalReader,
    config: &Config,
    id: EventId,
) -> Result<Option<Found>, JournalError> {
    let Some(stored) = reader.event(id)? else { return Ok(None) };
    // One of a newer version cannot be shown by this one.
    let Ok(event) = stored.event() else { return Ok(None) };
    let drawing = ingest::paper(reader, config, &event)?.and_then(|(document, paper)| {
        let hidden = hidden(paper.text());
        let look = Look { words: true, hidden: &hidden, boxes: true, most: MAX_DRAWING_BYTES };
        Some(Sheet::draw_as(&document, &paper, look)?.fragment())
    });
    Ok(Some(Found { event: redact_event(event), drawing }))
}

/// As many fields as there is room for.
fn bounded(fields: Vec<Field>) -> Vec<Field> {
    let mut bytes = 0;
    let fits = |field: &Field| {
        let spans = field.spans.iter().map(String::len).sum::<usize>();
        let rule = field.rule.as_ref().map_or(0, String::len);
        bytes += field.name.len() + field.label.len() + field.value.len() + spans + rule;
        bytes += FIELD_FRAME_BYTES;
        bytes <= MAX_FIELD_BYTES
    };
    fields.into_iter().take_while(fits).collect()
}

/// When it was heard, in the shop's time.
fn observed(event: &Event, shop: &Shop) -> String {
    let seen = event.observed_at.parse::<jiff::Timestamp>();
    seen.map_or_else(
        |_| event.observed_at.clone(),
        |seen| {
            let local = seen.to_zoned(shop.timezone.clone());
            local.strftime("%Y-%m-%d %H:%M:%S").to_string()
        },
    )
}

/// A verdict in words.
pub(super) fn verdict_words(verdict: Verdict, tongue: Tongue) -> &'static str {
    tongue.say(match verdict {
        Verdict::Balanced => "v_balanced",
        Verdict::Unchecked => "v_unchecked",
        Verdict::Off => "v_off",
    })
}

/// What the reader found odd. It holds no text of the receipt.
#[derive(Clone, Debug, Serialize)]
struct Remark {
    code: String,
    detail: String,
}

fn remarks(event: &Event) -> Vec<Remark> {
    let all = event.evidence.iter().flat_map(|evidence| &evidence.diagnostics);
    let told = all.take(MAX_REMARKS).map(|diagnostic| {
        let code = serde_json::to_value(diagnostic.code).unwrap_or_default();
        let code = code.as_str().unwrap_or_default().to_owned();
        Remark { code, detail: diagnostic.detail.clone() }
    });
    told.collect()
}
