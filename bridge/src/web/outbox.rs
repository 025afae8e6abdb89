//! What is not delivered, and why. What is done about it is `outbox_act`'s.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use minijinja::value::Serde;
use minijinja::{Value, context};
use pos_protocol::event::Kind;
use serde::Serialize;

use super::form::Fields;
use super::guard::Visitor;
use super::render;
use super::site::{Site, Trouble};
use super::words::Tongue;
use crate::alarm::Alarm;
use crate::config::Shop;
use crate::journal::{About, JournalError, JournalReader, OutboxRow, OutboxState};
use crate::notice::{Shown, alarm_words, kind_word};
use crate::privacy::redact;

/// Most notices that are shown.
const MOST: usize = 100;
/// Longest reason, in characters: a parked queue has the same one many times.
const MAX_REASON_CHARS: usize = 240;

/// `GET /outbox`.
pub(super) async fn page(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Response, Trouble> {
    let config = site.desk.live.config();
    let (rows, queues) =
        site.look(|reader| Ok((reader.undelivered(None, MOST + 1)?, waiting(reader)?))).await?;
    let shop = Shop { language: visitor.tongue.language(), ..config.shop.clone() };
    let most = MOST.to_string();
    let more = (rows.len() > MOST).then(|| visitor.tongue.fill("outbox_more", &[("count", &most)]));
    let rows = rows.iter().take(MOST).map(|row| notice(row, &shop, visitor.tongue));
    let queues = queues.iter().map(|(robot, count)| {
        let words = [("robot", robot.as_str()), ("count", &count.to_string())];
        context! { robot => robot, words => visitor.tongue.fill("queue_of", &words) }
    });
    let given = context! {
        done => done(&uri, visitor.tongue),
        queues => queues.collect::<Vec<_>>(),
        notices => Value::from(Serde(rows.collect::<Vec<_>>())),
        more => more,
    };
    render::page(&site, &visitor, "outbox.html", "outbox_title", &given)
}

/// How many notices of each robot can be tried again.
fn waiting(reader: &JournalReader) -> Result<BTreeMap<String, u64>, JournalError> {
    use OutboxState::{Dead, Parked, Queued};
    let mut queues = BTreeMap::new();
    for row in reader.totals()?.outbox {
        if matches!(row.state, Queued | Parked | Dead) {
            *queues.entry(row.robot).or_default() += row.count;
        }
    }
    Ok(queues)
}

/// What the last form did, as its answer's address says.
fn done(uri: &Uri, tongue: Tongue) -> Option<String> {
    let fields = Fields::parse(uri.query()?.as_bytes())?;
    let words = match fields.text("done")? {
        "retry" => "done_retry",
        "drop" => "done_drop",
        _ => return None,
    };
    let count: u64 = fields.text("count")?.parse().ok()?;
    if count == 0 {
        return Some(tongue.say("done_none").to_owned());
    }
    Some(tongue.fill(words, &[("count", &count.to_string())]))
}

/// A notice as it is shown.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Notice {
    id: i64,
    /// The event that it tells.
    event: Option<String>,
    about: String,
    robot: String,
    /// The state's own name, for the look of it.
    state: &'static str,
    grade: &'static str,
    state_words: &'static str,
    reason: Option<String>,
    attempts: u32,
    tries: String,
    created: Option<String>,
    next: Option<String>,
    /// Whether a person can try it again, or drop it.
    open: bool,
}

/// A notice in words.
pub(super) fn notice(row: &OutboxRow, shop: &Shop, tongue: Tongue) -> Notice {
    let shown = Shown::of_shop(shop);
    let (event, about) = about(&row.about, shop, tongue);
    let (grade, words) = match row.state {
        OutboxState::Parked => ("act", "s_parked"),
        OutboxState::Dead => ("act", "s_dead"),
        OutboxState::Sending => ("well", "s_sending"),
        OutboxState::Merged => ("well", "s_merged"),
        _ => ("look", "s_queued"),
    };
    let reason = row.reason.as_deref().map(redact);
    let waits = row.state == OutboxState::Queued;
    let next = waits.then(|| shown.wall(row.not_before_ms)).flatten();
    Notice {
        id: row.id,
        event,
        about,
        robot: row.robot.clone(),
        state: row.state.as_str(),
        grade,
        state_words: tongue.say(words),
        reason: reason.map(|reason| reason.chars().take(MAX_REASON_CHARS).collect()),
        attempts: row.attempts,
        tries: tongue.fill("attempts", &[("count", &row.attempts.to_string())]),
        created: shown.wall(row.created_ms),
        next: next.map(|time| tongue.fill("next_try", &[("time", &time)])),
        open: can_change(row),
    }
}

/// Whether a person can try a notice again, or drop it: one that is on its way or told in a digest
/// stays as it is.
pub(super) fn can_change(row: &OutboxRow) -> bool {
    matches!(row.state, OutboxState::Queued | OutboxState::Parked | OutboxState::Dead)
}

/// The event that a notice is about, and what it is about in words.
fn about(about: &About, shop: &Shop, tongue: Tongue) -> (Option<String>, String) {
    match about {
        About::Event { id, kind, number } => {
            let known = serde_json::from_value::<Kind>(kind.as_str().into());
            let (sign, word) =
                known.map_or(("", kind.as_str()), |kind| kind_word(kind, tongue.language()));
            let number = number.as_ref().map(|number| format!(" #{number}")).unwrap_or_default();
            (Some(id.clone()), format!("{sign} {word}{number}"))
        }
        About::Alarm(body) => {
            let alarm = serde_json::from_str::<Alarm>(body);
            let words = alarm.map(|alarm| alarm_words(&alarm, shop));
            let headline =
                words.map_or_else(|_| tongue.say("about_alarm").into(), |[head, ..]| head);
            (None, format!("🛠️ {headline}"))
        }
        About::Finding(_) => (None, format!("🔎 {}", tongue.say("about_finding"))),
        About::Digest(count) => {
            (None, format!("🗂️ {}", tongue.fill("about_digest", &[("count", &count.to_string())])))
        }
    }
}
