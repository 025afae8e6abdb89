//! What is wanted: a date and a task for each promotion and for each article that runs out.

use jiff::ToSpan;
use jiff::civil::Date;

use super::entry::{Entry, What};
use crate::config::{Agenda, Config, Made};
use crate::journal::{MatterKind, NewMatter};
use crate::shop::Finding;

/// Days ahead that a promotion is put into the calendar: further ones come when they are near, and
/// a plan that still changes is in nobody's calendar.
const AHEAD_DAYS: i64 = 60;

/// What the low stock among `findings` is followed by.
pub(crate) fn restock(findings: &[Finding], config: &Config) -> Vec<NewMatter> {
    let Some(agenda) = set_up(config) else { return Vec::new() };
    let mut all = Vec::new();
    for finding in findings {
        let Finding::Stock(alert) = finding else { continue };
        let what = What::Restock {
            shop: alert.shop.clone(),
            article: alert.article.clone(),
            left: alert.left,
            unit: alert.unit.clone(),
            supplier: alert.supplier.clone(),
            at_ms: alert.at_ms,
        };
        all.extend(both(agenda.restock, &alert.key(), &what, alert.at_ms));
    }
    all
}

/// The promotions that are near on `today` or under way. It can be asked as often as one likes.
pub(crate) fn promotions(config: &Config, today: Date, now_ms: i64) -> Vec<NewMatter> {
    let Some(agenda) = set_up(config) else { return Vec::new() };
    let last = today.saturating_add(AHEAD_DAYS.days());
    let near = config
        .calendar
        .iter()
        .filter(|one| one.kind.is_promotion() && one.to >= today && one.from <= last);
    let wanted = near.flat_map(|one| {
        let what = What::Promotion {
            name: one.name.clone(),
            from: one.from,
            to: one.to,
            prepare: one.prepare.clone(),
        };
        // A task without anything to do is none.
        let task = agenda.promotions.task && !one.prepare.is_empty() && one.from > today;
        let made = Made { task, ..agenda.promotions };
        both(made, &format!("promotion/{}/{}/{}", one.name, one.from, one.to), &what, now_ms)
    });
    wanted.collect()
}

/// The agenda, where an application can fill it: else the messages of low stock and promotions are
/// all that there is.
fn set_up(config: &Config) -> Option<&Agenda> {
    config.agenda.as_ref().filter(|_| config.dingtalk.app.is_some())
}

fn both(made: Made, key: &str, what: &What, now_ms: i64) -> Vec<NewMatter> {
    let kinds = [(made.date, MatterKind::Date), (made.task, MatterKind::Task)];
    let wanted = kinds.into_iter().filter(|(is, _)| *is);
    let row = |(_, kind): (bool, MatterKind)| {
        Entry::new(format!("{kind}/{key}"), what.clone()).new_row(kind, now_ms)
    };
    wanted.map(row).collect()
}
