//! A holiday or a promotion that is near, and what to prepare for it.

use super::card::{Card, Group, Tone};
use super::context::Context;
use super::fields;
use super::words::{self, Sign};
use crate::config::Language;
use crate::shop::Reminder;

/// The sign of a reminder.
const EMOJI: &str = "📅";

/// What is said about `reminder`.
pub(super) fn card(reminder: &Reminder, context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let group = Group::Summary;
    let sign = Sign { emoji: EMOJI, word: words::REMINDER };
    let headline = format!("{EMOJI} {} · {}", kind(reminder, language), name(&reminder.name));
    let mut card = Card::new(group, group.as_str(), context.mode, language).headed(
        format!("{headline}（{}）", until(reminder, language)),
        sign,
        Tone::Ordinary,
        language,
    );
    if let Some(due) = reminder.late {
        let since = fields::minute(due);
        card.warnings.push(words::LATE_SINCE.with(language, &[("since", &since)]));
    }
    card.shop = name(&context.shop.name);
    card.row(words::SHOP.of(language), Some(card.shop.clone()).filter(|name| !name.is_empty()));
    card.row(words::DAYS_LABEL.of(language), Some(days(reminder, language)));
    card.row(words::HOURS_LABEL.of(language), hours(reminder, language));
    let prepare = reminder.prepare.iter().map(|line| format!("· {}", name(line)));
    card.section(words::PREPARE.of(language), Tone::Ordinary, prepare.collect());
    card
}

/// One line of it, in a summary.
pub(super) fn line(reminder: &Reminder, language: Language) -> String {
    let hours = hours(reminder, language).map(|hours| format!(" · {hours}")).unwrap_or_default();
    let (kind, name) = (kind(reminder, language), name(&reminder.name));
    format!("{EMOJI} {} {kind}{}{name}{hours}", days(reminder, language), words::COLON.of(language))
}

fn kind(reminder: &Reminder, language: Language) -> &'static str {
    if reminder.promotion { words::PROMOTION } else { words::HOLIDAY }.of(language)
}

fn hours(reminder: &Reminder, language: Language) -> Option<String> {
    let said = reminder.hours.clone().unwrap_or_else(|| words::CLOSED.of(language).to_owned());
    (!reminder.promotion).then_some(said)
}

fn days(reminder: &Reminder, language: Language) -> String {
    let first = words::day(reminder.from, language);
    if reminder.from == reminder.to {
        return first;
    }
    format!("{first} - {}", words::day(reminder.to, language))
}

fn until(reminder: &Reminder, language: Language) -> String {
    match reminder.today.until(reminder.from).map_or(0, |span| span.get_days()) {
        ..=0 => words::TODAY.of(language).to_owned(),
        1 => words::TOMORROW.of(language).to_owned(),
        days => words::IN_DAYS.with(language, &[("count", &days.to_string())]),
    }
}

fn name(text: &str) -> String {
    fields::clean(text, usize::MAX).unwrap_or_default()
}
