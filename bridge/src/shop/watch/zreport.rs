//! Z reports: whether their numbers follow, and whether a day with sales had one.
//!
//! A till that never printed a Z owes none, and one that has stopped is reminded for a week. What a
//! Z says is `reconcile`'s.

use jiff::civil::Date;
use pos_protocol::event::{Kind, Report, ReportType};
use serde::{Deserialize, Serialize};

use super::exception::{Exception, Oddity};
use super::watched::{Watched, of_time};
use super::written::{like, taken_apart};
use crate::config::Config;
use crate::journal::{JournalError, Rows};
use crate::shop::moment::Moment;
use crate::shop::tally::Day;

/// Rows by till and terminal.
const LAST: &str = "z";
/// Days with a Z that make a habit.
const HABIT_DAYS: u32 = 2;
/// Days after which a till that prints no Z any more has no such habit.
const FORGOTTEN_DAYS: i32 = 7;
/// A leap further than this is no missing report but another way to number.
const MAX_LEAP: i64 = 10;
/// Most terminals of one till.
const MAX_TERMINALS: usize = 16;

/// The newest Z of a terminal.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Last {
    day: Date,
    /// Days that had one, to [`HABIT_DAYS`].
    days: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    /// Times that a number followed the one before.
    steps: u32,
    /// Its figures, to know a copy by.
    figures: String,
}

pub(super) fn look(
    watched: &Watched<'_>,
    rows: &mut dyn Rows,
) -> Result<Option<Exception>, JournalError> {
    let Watched { event, shop, at, limits, .. } = watched;
    let z = event.report.as_ref().filter(|report| report.report_type == ReportType::Z);
    let Some(report) = z.filter(|_| event.kind == Kind::ShiftReport) else { return Ok(None) };
    let terminal = event.receipt.as_ref().and_then(|receipt| receipt.terminal.as_deref());
    let key = format!("{}\t{}", event.source, terminal.unwrap_or_default().trim());
    let last: Option<Last> = rows.load(LAST, shop, &key)?;
    if last.is_none() && terminals(&event.source, shop, rows)?.len() >= MAX_TERMINALS {
        return Ok(None);
    }
    let figures = figures(report);
    let number = report.number.as_deref();
    let before = last.as_ref().and_then(|last| last.number.as_deref());
    if let Some(last) = &last
        && last.figures == figures
        && before == number
    {
        return Ok(None);
    }
    let step = before.zip(number).and_then(|(before, number)| step(before, number));
    let followed = step.as_ref().is_some_and(|(step, _)| *step == 1);
    let steps = last.as_ref().map_or(0, |last| last.steps);
    let days = match &last {
        Some(last) if last.day == at.day => last.days,
        Some(last) => (last.days + 1).min(HABIT_DAYS),
        None => 1,
    };
    let newest = Last {
        day: last.as_ref().map_or(at.day, |last| last.day.max(at.day)),
        days,
        number: number.or(before).map(str::to_owned),
        steps: if followed { (steps + 1).min(MAX_LEAP as u32) } else { steps },
        figures,
    };
    rows.save(LAST, shop, &key, &newest)?;
    let odd = step.filter(|(step, _)| *step != 1 && step.abs() <= MAX_LEAP && steps > 0);
    let told = odd.zip(number).filter(|_| limits.z_sequence);
    Ok(told.map(|((_, expected), found)| {
        watched.found(Oddity::ZSequence { expected, found: found.to_owned() })
    }))
}

/// From one number to the next, and what would have followed; `None` where they are of two kinds.
fn step(before: &str, number: &str) -> Option<(i64, String)> {
    let (was, is) = (taken_apart(before)?, taken_apart(number)?);
    let expected = like(before, was.count + 1);
    (was.shape == is.shape).then_some((is.count - was.count, expected))
}

fn figures(report: &Report) -> String {
    let amounts = [report.gross, report.net, report.refunds, report.voids];
    let amounts = amounts.map(|amount| amount.map_or(String::new(), |amount| amount.to_string()));
    format!("{}/{}", amounts.join("/"), report.receipts.unwrap_or_default())
}

fn terminals(source: &str, shop: &str, rows: &dyn Rows) -> Result<Vec<Last>, JournalError> {
    let (from, to) = (format!("{source}\t"), format!("{source}\u{b}"));
    let found = rows.range(LAST, shop, &from, &to)?;
    Ok(found.into_iter().filter_map(|(_, body)| serde_json::from_str(&body).ok()).collect())
}

/// Tills whose last business day had sales and no Z.
pub(super) fn due(
    now: Moment,
    shop: &str,
    config: &Config,
    rows: &dyn Rows,
) -> Result<Vec<Exception>, JournalError> {
    let (Ok(day), ends) = (now.day.yesterday(), config.shop.day_ends) else {
        return Ok(Vec::new());
    };
    let Some(sold) = Day::read(rows, shop, day)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for source in config.sources.iter().filter(|source| source.shop == shop) {
        let limits = config.exceptions.of(&source.name);
        let due =
            limits.z_missing.and_then(|wait| now.day.to_datetime(ends).checked_add(wait).ok());
        let took = sold.sources.get(&source.name).is_some_and(|sum| sum.count > 0);
        if due.is_none_or(|due| now.local < due) || !took {
            continue;
        }
        let all = terminals(&source.name, shop, rows)?;
        let lately = |last: &Last| (day - last.day).get_days() <= FORGOTTEN_DAYS;
        let habit = all.iter().any(|last| last.days >= HABIT_DAYS && lately(last));
        if habit && all.iter().all(|last| last.day < day) {
            let once = format!("{}/{day}", source.name);
            let what = Oddity::ZMissing { day: day.to_string() };
            found.push(of_time(what, once, &source.name, shop));
        }
    }
    Ok(found)
}
