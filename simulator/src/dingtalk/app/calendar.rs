//! Calendar entries: created once per `x-client-token`, at most so many a day for one user.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::api::Asked;
use super::fields::{self, length};
use super::refusal::ApiRefusal;
use super::shelf::Shelf;
use super::state::App;
use crate::clock::rfc3339;

/// How long an `x-client-token` is remembered, in milliseconds of the mock's clock.
const TOKEN_MS: i64 = 24 * 3_600_000;
/// Most characters of a summary and of a description, and most attendees.
const MAX_SUMMARY: usize = 2_048;
const MAX_DESCRIPTION: usize = 5_000;
const MAX_ATTENDEES: usize = 500;
/// Most users whose day is counted; those beyond have no limit.
const MAX_COUNTED: usize = 10_000;

/// Entries and what keeps them apart.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    entries: Shelf<Entry>,
    /// The entry that each `x-client-token` made.
    made: Shelf<(i64, Value)>,
    /// Calls that wait for their answer, by `x-client-token`.
    in_flight: HashSet<String>,
    today: HashMap<String, (i64, u32)>,
}

/// An entry as its calendar shows it.
#[derive(Clone, Debug, Serialize)]
pub(in crate::dingtalk) struct Entry {
    owner: String,
    #[serde(flatten)]
    event: BTreeMap<String, Value>,
}

impl Calendar {
    /// Oldest first.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// Whether a call with `token` is the only one that waits for its answer.
    pub(super) fn begin(&mut self, token: &str) -> bool {
        self.in_flight.insert(token.to_owned())
    }

    /// A call with `token` has its answer.
    pub(super) fn end(&mut self, token: &str) {
        self.in_flight.remove(token);
    }

    /// Counts an entry of `user`; whether the day had room for it.
    fn count(&mut self, user: &str, most: u32, now_ms: i64) -> bool {
        let day = now_ms.div_euclid(TOKEN_MS);
        if !self.today.contains_key(user) && self.today.len() >= MAX_COUNTED {
            self.today.retain(|_, (counted, _)| *counted == day);
            if self.today.len() >= MAX_COUNTED {
                return true;
            }
        }
        let (counted, number) = self.today.entry(user.to_owned()).or_insert((day, 0));
        if *counted != day {
            (*counted, *number) = (day, 0);
        }
        *number += 1;
        *number <= most
    }
}

/// `POST /v1.0/calendar/users/{unionId}/calendars/primary/events`.
pub(super) fn create(app: &mut App, asked: &Asked<'_>) -> Result<Value, ApiRefusal> {
    let (owner, body) = (asked.part(0), &asked.body);
    if let Some(token) = asked.client_token {
        if app.calendar.in_flight.contains(token) {
            return Err(ApiRefusal::plain("idempotencyProcessing"));
        }
        let made = app.calendar.made.find(&key(owner, token));
        if let Some((at_ms, event)) = made
            && asked.now_ms < at_ms + TOKEN_MS
        {
            return Ok(event.clone());
        }
    }
    check(body)?;
    let most = app.rules.events_daily;
    if !app.calendar.count(owner, most, asked.now_ms) {
        let message = format!("current user can not create events exceed {most} per day");
        return Err(ApiRefusal::bad("flowLimit", &message));
    }
    let event = event(&app.ids.hex(), owner, asked);
    let fields = event.as_object().into_iter().flatten();
    let entry = Entry {
        owner: owner.to_owned(),
        event: fields.map(|(key, value)| (key.clone(), value.clone())).collect(),
    };
    app.calendar.entries.put(&app.ids.hex(), entry, asked.bytes);
    if let Some(token) = asked.client_token {
        let made = (asked.now_ms, event.clone());
        app.calendar.made.put(&key(owner, token), made, asked.bytes);
    }
    Ok(event)
}

fn key(owner: &str, token: &str) -> String {
    format!("{owner}/{token}")
}

fn check(body: &Value) -> Result<(), ApiRefusal> {
    fields::text(body, "summary")?;
    let invalid = |why: &str| Err(ApiRefusal::bad("invalidParameter", why));
    if length(body, "summary") > MAX_SUMMARY {
        return invalid("summary is oversize");
    }
    if length(body, "description") > MAX_DESCRIPTION {
        return invalid("description is oversize");
    }
    if body["attendees"].as_array().is_some_and(|list| list.len() > MAX_ATTENDEES) {
        return invalid("attendees is oversize");
    }
    let all_day = body["isAllDay"] == true;
    let (start, end) = (moment(&body["start"], all_day), moment(&body["end"], all_day));
    match (start, end) {
        (None, _) => Err(ApiRefusal::missing("start")),
        (_, None) => Err(ApiRefusal::missing("end")),
        (Some(start), Some(end)) if end <= start => invalid("end must be after start"),
        _ => Ok(()),
    }
}

/// When, in milliseconds: a date alone for a whole day, else a time with its offset.
fn moment(of: &Value, all_day: bool) -> Option<i64> {
    if all_day {
        let date: jiff::civil::Date = of["date"].as_str()?.parse().ok()?;
        let at = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        return Some(at.timestamp().as_millisecond());
    }
    let at: jiff::Timestamp = of["dateTime"].as_str()?.parse().ok()?;
    Some(at.as_millisecond())
}

/// The entry as it is answered. Without reminders there is one a quarter of an hour before.
fn event(id: &str, owner: &str, asked: &Asked<'_>) -> Value {
    let body = &asked.body;
    let attendees = body["attendees"].as_array().into_iter().flatten().map(|person| {
        json!({
            "id": person["id"], "isOptional": person["isOptional"] == true,
            "responseStatus": "needsAction", "self": person["id"] == owner,
        })
    });
    let reminders = match &body["reminders"] {
        Value::Null => json!([{"method": "dingtalk", "minutes": 15}]),
        given => given.clone(),
    };
    let now = rfc3339(asked.now_ms);
    let mut event = json!({
        "id": id,
        "summary": body["summary"],
        "start": body["start"],
        "end": body["end"],
        "isAllDay": body["isAllDay"] == true,
        "attendees": attendees.collect::<Vec<Value>>(),
        "organizer": {"id": owner, "responseStatus": "accepted", "self": true},
        "reminders": reminders,
        "createTime": now,
        "updateTime": now,
    });
    for field in ["description", "location", "recurrence", "extra"] {
        if !body[field].is_null() {
            event[field] = body[field].clone();
        }
    }
    event
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Calendar, TOKEN_MS, check};

    #[test]
    fn an_entry_must_end_after_it_begins() {
        let timed = |start: &str, end: &str| {
            check(&json!({"summary": "s", "start": {"dateTime": start}, "end": {"dateTime": end}}))
        };
        let (early, late) = ("2026-11-22T10:00:00+08:00", "2026-11-22T11:00:00+08:00");
        assert_eq!(timed(early, late), Ok(()));
        assert_eq!(timed(late, early).expect_err("backwards").code, "invalidParameter");
        assert_eq!(timed("tomorrow", late).expect_err("no time").code, "Missingstart");
        let day = |end: &str| {
            check(&json!({"summary": "s", "isAllDay": true,
                "start": {"date": "2026-11-22"}, "end": {"date": end}}))
        };
        assert_eq!(day("2026-11-23"), Ok(()));
        assert!(day("2026-11-22").is_err(), "the end is the day after");
    }

    #[test]
    fn a_day_has_room_for_so_many_and_the_next_day_again() {
        let mut calendar = Calendar::default();
        assert!((0..3).all(|_| calendar.count("u", 3, 5)));
        assert!(!calendar.count("u", 3, 6) && calendar.count("v", 3, 6));
        assert!(calendar.count("u", 3, TOKEN_MS));
    }
}
