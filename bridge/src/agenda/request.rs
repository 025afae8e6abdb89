//! The request that a date or a task becomes.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

use super::entry::{Entry, What};
use crate::config::{Agenda, Config};
use crate::dingtalk::openapi::{CalendarEvent, Priority, Todo, When};
use crate::notice;
use crate::shop::opening;

/// When a shop that has not said when it opens is taken to be awake.
const MORNING: Time = Time::constant(9, 0, 0, 0);
/// Most days that the next opening is looked for: a holiday and the weekends around it.
const MAX_DAYS_CLOSED: i64 = 10;
/// How long it takes to restock something, in a calendar.
const RESTOCK_TIME: SignedDuration = SignedDuration::from_mins(30);

/// The event of `entry`; nothing where its time cannot be told.
pub(crate) fn date(entry: &Entry, agenda: &Agenda, config: &Config) -> Option<CalendarEvent> {
    let (summary, description, when) = match &entry.what {
        What::Promotion { name, from, to, prepare } => {
            let (title, _) = notice::promotion(name, config);
            (title, prepare.join("\n"), When::Days(*from, *to))
        }
        What::Restock { shop, article, left, unit, at_ms, .. } => {
            let (title, text) = notice::restock(article, shop, *left, unit, config);
            let from = next_opening(*at_ms, config)?;
            let to = from.checked_add(RESTOCK_TIME).ok()?;
            (title, text, When::Between(from, to))
        }
    };
    Some(CalendarEvent {
        key: entry.token(),
        summary,
        description,
        when,
        people: agenda.people.clone(),
        reminders: agenda.remind.clone(),
    })
}

/// The task of `entry`.
pub(crate) fn task(entry: &Entry, agenda: &Agenda, config: &Config) -> Todo {
    let (subject, due, page, priority) = match &entry.what {
        What::Promotion { name, from, prepare, .. } => {
            let (_, title) = notice::promotion(name, config);
            let colon = if prepare.is_empty() { "" } else { " — " };
            let eve = from.yesterday().ok().and_then(|day| morning(day, config));
            (
                format!("{title}{colon}{}", notice::listed(prepare, config)),
                eve,
                None,
                Priority::Normal,
            )
        }
        What::Restock { shop, article, left, unit, supplier, at_ms } => {
            let (title, text) = notice::restock(article, shop, *left, unit, config);
            let due = next_opening(*at_ms, config);
            (format!("{title} — {text}"), due, supplier.clone(), Priority::Urgent)
        }
    };
    Todo {
        source_id: entry.token(),
        subject,
        due_ms: due.map(|due| due.timestamp().as_millisecond()),
        executors: agenda.people.clone(),
        page: page.unwrap_or_else(|| agenda.page.clone()),
        priority,
        notify: true,
    }
}

/// When the shop opens next after the day of `at_ms`.
fn next_opening(at_ms: i64, config: &Config) -> Option<Zoned> {
    let at = Timestamp::from_millisecond(at_ms).ok()?.to_zoned(config.shop.timezone.clone());
    let first = at.date().tomorrow().ok()?;
    let days = (0..MAX_DAYS_CLOSED).map(|days| first.saturating_add(days.days()));
    let open = days.into_iter().find_map(|day| opening(config, day));
    moment(open.unwrap_or_else(|| first.to_datetime(MORNING)), config)
}

/// The morning of `day`, open or not.
fn morning(day: Date, config: &Config) -> Option<Zoned> {
    moment(opening(config, day).unwrap_or_else(|| day.to_datetime(MORNING)), config)
}

fn moment(at: DateTime, config: &Config) -> Option<Zoned> {
    at.to_zoned(config.shop.timezone.clone()).ok()
}
