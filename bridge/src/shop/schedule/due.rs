//! What is due at a moment.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, ToSpan};

use super::Reminder;
use super::hours::{closing, end, opening};
use crate::config::{Config, Hours, Occasion, OccasionKind};
use crate::journal::{JournalError, Rows};
use crate::shop::finding::Finding;
use crate::shop::moment::Moment;
use crate::shop::summary::{Period, Summary, When};
use crate::shop::tally::Day;

/// The last guests pay after the door is shut.
const AFTER_CLOSING: SignedDuration = SignedDuration::from_mins(10);
/// Before the doors open there is time to read.
const BEFORE_OPENING: SignedDuration = SignedDuration::from_mins(30);
/// What comes later than this says so.
const LATE_AFTER: SignedDuration = SignedDuration::from_mins(60);
/// Most days back that the last day of trade is looked for: a holiday and the weekends around it.
const MAX_DAYS_CLOSED: i64 = 10;
/// Days that a week's, and a month's, summary is still worth reading.
const WEEK_KEEPS_DAYS: i64 = 2;
const MONTH_KEEPS_DAYS: i64 = 5;

/// A summary that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) period: Period,
    pub(super) when: When,
    pub(super) from: Date,
    pub(super) to: Date,
    /// The day that is told of or, before opening, the day that begins.
    pub(super) day: Date,
    /// When it was due, where that is long past.
    pub(super) late: Option<DateTime>,
}

/// Everything that is due at `now` and was not told.
pub(in crate::shop) fn due(
    config: &Config,
    now: Moment,
    rows: &dyn Rows,
) -> Result<Vec<Finding>, JournalError> {
    let shops: BTreeSet<&str> = config.sources.iter().map(|source| source.shop.as_str()).collect();
    let mut groups: Vec<Vec<&str>> = shops.iter().map(|shop| vec![*shop]).collect();
    if shops.len() > 1 {
        groups.push(shops.into_iter().collect());
    }
    let mut due = Vec::new();
    for span in spans(config, now) {
        for shops in &groups {
            due.extend(summary(config, &span, shops, rows)?.map(Box::new).map(Finding::Summary));
        }
    }
    due.extend(config.calendar.iter().filter_map(|occasion| reminder(config, occasion, now)));
    Ok(due)
}

fn summary(
    config: &Config,
    span: &Span,
    shops: &[&str],
    rows: &dyn Rows,
) -> Result<Option<Summary>, JournalError> {
    let key = Summary::key_of(shops, span.period, span.when, span.day);
    // Adding up is for what is really to be told: this is asked once a minute.
    if rows.told(&key)? {
        return Ok(None);
    }
    let (from, to) = match span.when {
        When::Opening => match last_trade(rows, shops, span.from)? {
            Some(day) => (day, day),
            None => return Ok(None),
        },
        _ => (span.from, span.to),
    };
    let read = Summary::read(rows, shops, span.period, from, to)?;
    Ok(read.map(|read| Summary {
        key,
        when: span.when,
        late: span.late,
        occasions: occasions(config, span),
        ..read
    }))
}

/// The summaries whose time has come and is not over.
pub(super) fn spans(config: &Config, now: Moment) -> Vec<Span> {
    let today = now.day;
    let mut spans = Vec::new();
    let mut add = |period, when, (from, to): (Date, Date), day, due: DateTime, until: DateTime| {
        if now.local >= due && now.local < until {
            let late = (now.local > due.saturating_add(LATE_AFTER)).then_some(due);
            spans.push(Span { period, when, from, to, day, late });
        }
    };
    let morning = |day: Date| {
        let opens = opening(config, day)?;
        // Never before the day has begun.
        Some(opens.saturating_sub(BEFORE_OPENING).max(end(config, day.yesterday().ok()?)))
    };
    let yesterday = today.yesterday().unwrap_or(today);
    for day in [yesterday, today] {
        let Some(closes) = closing(config, day) else { continue };
        // The morning's card says the same, and better.
        let next = day.tomorrow().unwrap_or(day);
        let until = morning(next).unwrap_or_else(|| end(config, next));
        add(Period::Day, When::Closing, (day, day), day, closes + AFTER_CLOSING, until);
    }
    let begins = morning(today);
    if let Some(begins) = begins {
        let until = closing(config, today).unwrap_or_else(|| end(config, today));
        add(Period::Day, When::Opening, (yesterday, yesterday), today, begins, until);
    }
    let monday = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
    let month = today.first_of_month();
    for (period, next, keeps) in
        [(Period::Week, monday, WEEK_KEEPS_DAYS), (Period::Month, month, MONTH_KEEPS_DAYS)]
    {
        let Ok(last) = next.yesterday() else { continue };
        let due = morning(next).unwrap_or_else(|| end(config, last));
        let until = end(config, next.saturating_add((keeps - 1).days()));
        add(period, When::After, (period.first(last), last), last, due, until);
    }
    spans
}

/// The last day on or before `from` on which anything was sold.
fn last_trade(rows: &dyn Rows, shops: &[&str], from: Date) -> Result<Option<Date>, JournalError> {
    let first = from.saturating_sub(MAX_DAYS_CLOSED.days());
    let mut last = None;
    for shop in shops {
        let days = Day::range(rows, shop, first, from.tomorrow().unwrap_or(from))?;
        let traded = days.iter().rev().find(|(_, day)| !day.is_empty()).map(|(date, _)| *date);
        last = last.max(traded);
    }
    Ok(last)
}

/// The occasions that a daily card speaks of: of the day that begins, or of the next.
fn occasions(config: &Config, span: &Span) -> Vec<Reminder> {
    let about = match (span.period, span.when) {
        (Period::Day, When::Opening) => span.day,
        (Period::Day, _) => span.day.tomorrow().unwrap_or(span.day),
        _ => return Vec::new(),
    };
    let on = config.calendar.iter().filter(|occasion| occasion.covers(about));
    on.map(|occasion| reminder_of(occasion, about, None)).collect()
}

/// A reminder of `occasion`, from its days before until its last day.
fn reminder(config: &Config, occasion: &Occasion, now: Moment) -> Option<Finding> {
    let first = occasion.from.saturating_sub(occasion.remind_days.days());
    if !(first..=occasion.to).contains(&now.day) {
        return None;
    }
    let begins =
        opening(config, first).unwrap_or_else(|| end(config, first.yesterday().unwrap_or(first)));
    let due = begins.saturating_sub(BEFORE_OPENING);
    let late = (now.local > due.saturating_add(LATE_AFTER)).then_some(due);
    (now.local >= due).then(|| Finding::Reminder(reminder_of(occasion, now.day, late)))
}

fn reminder_of(occasion: &Occasion, today: Date, late: Option<DateTime>) -> Reminder {
    let shown =
        |hours: Hours| format!("{}-{}", hours.from.strftime("%H:%M"), hours.to.strftime("%H:%M"));
    let (promotion, hours) = match occasion.kind {
        OccasionKind::Promotion => (true, None),
        OccasionKind::Holiday { hours } => (false, hours.map(shown)),
    };
    Reminder {
        promotion,
        name: occasion.name.clone(),
        from: occasion.from,
        to: occasion.to,
        hours,
        prepare: occasion.prepare.clone(),
        today,
        late,
    }
}
