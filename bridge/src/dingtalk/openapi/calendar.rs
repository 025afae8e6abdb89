//! Events in a person's calendar, made once per key.
//!
//! Document: 创建日程 (POST `/v1.0/calendar/users/{unionId}/calendars/primary/events`). The key
//! goes in the header `x-client-token` and holds for a day: a caller that may repeat later than that
//! remembers the id.

use jiff::Zoned;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Call, OpenApi, at_most, escaped, filled};
use super::error::ApiError;
use super::limits::Api;

/// Longest `summary`, in characters.
const MAX_SUMMARY: usize = 2_048;
/// Longest `description`, in characters.
const MAX_DESCRIPTION: usize = 5_000;
/// Most people of one event.
const MAX_PEOPLE: usize = 500;

/// When an event is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// From one moment to another.
    Between(Zoned, Zoned),
    /// On whole days, the last one included.
    Days(Date, Date),
}

/// An event to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarEvent {
    /// Its key: the same one makes nothing new within a day.
    pub key: String,
    /// Its title.
    pub summary: String,
    /// What stands below.
    pub description: String,
    /// When it is.
    pub when: When,
    /// Who is asked to it, by union id.
    pub people: Vec<String>,
    /// Minutes before, for each reminder; nobody is reminded where there is none.
    pub reminders: Vec<u32>,
}

impl CalendarEvent {
    fn body(&self) -> Result<Value, ApiError> {
        filled("x-client-token", &self.key)?;
        filled("summary", &self.summary)?;
        at_most("summary", "characters", MAX_SUMMARY, self.summary.chars().count())?;
        at_most("description", "characters", MAX_DESCRIPTION, self.description.chars().count())?;
        at_most("attendees", "people", MAX_PEOPLE, self.people.len())?;
        let (start, end, all_day) = match &self.when {
            When::Between(from, to) => (moment(from), moment(to), false),
            // The end of whole days is the day after the last one.
            When::Days(first, last) => {
                let after = last.tomorrow().unwrap_or(*last);
                (json!({ "date": first.to_string() }), json!({ "date": after.to_string() }), true)
            }
        };
        let people: Vec<Value> =
            self.people.iter().map(|id| json!({ "id": id, "isOptional": false })).collect();
        let reminders: Vec<Value> = self
            .reminders
            .iter()
            .map(|minutes| json!({ "method": "dingtalk", "minutes": minutes }))
            .collect();
        Ok(json!({
            "summary": self.summary,
            "description": self.description,
            "start": start,
            "end": end,
            "isAllDay": all_day,
            "attendees": people,
            // Left out it means one of 15 minutes; empty it means none.
            "reminders": reminders,
        }))
    }
}

/// `dateTime` with its offset, and the zone's name.
fn moment(at: &Zoned) -> Value {
    let zone = at.time_zone().iana_name().unwrap_or("UTC");
    let time = at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    json!({ "dateTime": time, "timeZone": zone })
}

#[derive(Deserialize)]
struct Event {
    id: String,
}

impl OpenApi {
    /// Makes an event in the calendar of the person with this union id; the event's id. The same key
    /// within a day answers with the same event.
    pub async fn create_calendar_event(
        &self,
        union_id: &str,
        event: &CalendarEvent,
    ) -> Result<String, ApiError> {
        filled("unionId", union_id)?;
        let body = event.body()?;
        let path = format!("/v1.0/calendar/users/{}/calendars/primary/events", escaped(union_id));
        let call = Call { key: Some(&event.key), ..Call::post(Api::Calendar, path, &body) };
        let made: Event = self.call(&call).await?;
        Ok(made.id)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::{CalendarEvent, When};
    use crate::dingtalk::openapi::ApiError;

    fn event(when: When) -> CalendarEvent {
        CalendarEvent {
            key: "promo-1".into(),
            summary: "二送一".into(),
            description: String::new(),
            when,
            people: vec!["u1".into()],
            reminders: vec![15],
        }
    }

    #[test]
    fn moments_carry_their_offset_and_whole_days_end_the_day_after() {
        let zone = jiff::tz::TimeZone::get("Asia/Hong_Kong").expect("a known zone");
        let at =
            |hour| date(2026, 11, 24).at(hour, 30, 0, 0).to_zoned(zone.clone()).expect("a moment");
        let body = event(When::Between(at(9), at(10))).body().expect("fits");
        let start =
            json!({ "dateTime": "2026-11-24T09:30:00+08:00", "timeZone": "Asia/Hong_Kong" });
        assert_eq!((&body["start"], &body["isAllDay"]), (&start, &json!(false)));
        let body = event(When::Days(date(2026, 11, 30), date(2026, 12, 1))).body().expect("fits");
        assert_eq!(body["start"], json!({ "date": "2026-11-30" }));
        assert_eq!(body["end"], json!({ "date": "2026-12-02" }));
        assert_eq!(body["reminders"], json!([{ "method": "dingtalk", "minutes": 15 }]));
    }

    #[test]
    fn what_is_too_long_or_has_no_key_is_not_sent() {
        let days = When::Days(date(2026, 11, 30), date(2026, 12, 1));
        let long = CalendarEvent { summary: "茶".repeat(2_049), ..event(days.clone()) };
        assert!(matches!(long.body(), Err(ApiError::TooLarge { field: "summary", .. })));
        let fits = CalendarEvent { summary: "茶".repeat(2_048), ..event(days.clone()) };
        assert!(fits.body().is_ok());
        let keyless = CalendarEvent { key: " ".into(), ..event(days) };
        assert_eq!(keyless.body(), Err(ApiError::Empty { field: "x-client-token" }));
    }
}
