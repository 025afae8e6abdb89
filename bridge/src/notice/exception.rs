//! An exception in words: what, where, why it is worth a look, and what to do.

use jiff::civil::DateTime;
use pos_protocol::money::Amount;

use super::card::{Card, Group, Row, Tone};
use super::context::Context;
use super::fields;
use super::money::Money;
use super::words::{self, Sign, Word};
use crate::config::{Language, Privacy};
use crate::privacy::redact;
use crate::shop::{Exception, Oddity};

/// The sign of something worth a look.
const EMOJI: &str = "🔎";
/// Longest name of a person, a shop or a till shown, in characters.
const MAX_NAME_CHARS: usize = 80;
/// Digits of an event's short id.
const SHORT_ID: usize = 8;

/// What is said about `exception`.
pub(super) fn card(exception: &Exception, context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let said = words::oddity(&exception.what);
    let money = Money::new(exception.currency.as_deref(), context.shop.currency);
    let values = values(&exception.what, &money, language);
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, &**value)).collect();
    let number = exception.number.as_deref().and_then(fields::number);
    let of = number.as_deref().map(|number| format!(" {number}")).unwrap_or_default();
    let headline = format!("{EMOJI} {}{of}", said.headline.with(language, &values));
    let sign = Sign { emoji: EMOJI, word: words::EXCEPTION };
    let tone =
        if matches!(exception.what, Oddity::Printer { .. }) { Tone::Warning } else { Tone::Alarm };
    let group = Group::Alert;
    let mut card = Card::new(group, group.as_str(), context.mode, language)
        .headed(headline, sign, tone, language);
    let name = |text: &str| fields::clean(&redact(text), MAX_NAME_CHARS);
    let shop = if exception.shop.is_empty() { &context.shop.name } else { &exception.shop };
    card.shop = name(shop).unwrap_or_default();
    card.number = number;
    card.amount = exception.amount.map(|amount: Amount| money.show(amount));
    card.row(words::SHOP.of(language), Some(card.shop.clone()).filter(|name| !name.is_empty()));
    card.row(words::SOURCE.of(language), name(&exception.source));
    let at = exception.at.parse::<DateTime>().ok();
    card.row(words::TIME.of(language), at.map(fields::minute));
    card.row(words::AMOUNT.of(language), card.amount.clone());
    if context.robot.privacy >= Privacy::Full {
        card.row(words::TABLE.of(language), exception.table.as_deref().and_then(name));
        card.row(words::CASHIER.of(language), exception.cashier.as_deref().and_then(name));
    }
    card.row(words::WHY.of(language), Some(said.why.with(language, &values)));
    card.row(words::WHAT_TO_DO.of(language), Some(said.to_do.with(language, &values)));
    if let Some(event) = &exception.event {
        let short: String = event.chars().take(SHORT_ID).collect();
        card.footer.push(Row { label: words::REFERENCE.of(language), value: short.clone() });
        card.id = Some(short);
    }
    card
}

/// What fills the holes of its words.
fn values(what: &Oddity, money: &Money, language: Language) -> Vec<(&'static str, String)> {
    let text = |text: &str| fields::free_text(text).unwrap_or_default();
    let numbered = |number: &str| fields::number(number).unwrap_or_default();
    match what {
        Oddity::RefundOver { limit } => vec![("limit", money.show(*limit))],
        Oddity::RefundSoon { original, minutes } => {
            vec![("original", numbered(original)), ("span", span(*minutes, language))]
        }
        Oddity::NoSales { limit }
        | Oddity::Refunds { limit }
        | Oddity::Reprints { limit }
        | Oddity::ReprintsOfDay { limit } => vec![("limit", limit.to_string())],
        Oddity::DiscountOver { percent, limit } => {
            vec![("percent", percent.to_string()), ("limit", limit.to_string())]
        }
        Oddity::NumberMissing { from, to } if from == to => vec![("numbers", numbered(from))],
        Oddity::NumberMissing { from, to } => {
            vec![("numbers", format!("{}–{}", numbered(from), numbered(to)))]
        }
        Oddity::OutsideHours { hours } => vec![("hours", hours.clone())],
        Oddity::KitchenUnbilled { minutes } | Oddity::BillUnpaid { minutes } => {
            vec![("span", span(*minutes, language))]
        }
        Oddity::ZMissing { day } => {
            let spoken = day.parse().map(|day| words::day(day, language));
            vec![("day", spoken.unwrap_or_else(|_| day.clone()))]
        }
        Oddity::ZSequence { expected, found } => {
            vec![("expected", text(expected)), ("found", text(found))]
        }
        Oddity::RefundWithoutOriginal
        | Oddity::VoidAfterTender
        | Oddity::ZeroTotal
        | Oddity::NumberRepeated
        | Oddity::Printer { .. } => Vec::new(),
    }
}

/// Minutes, as one says them: hours and minutes from an hour on.
fn span(minutes: i64, language: Language) -> String {
    let said = |word: Word, count: i64| word.with(language, &[("count", &count.to_string())]);
    match (minutes / 60, minutes % 60) {
        (0, minutes) => said(words::MINUTES, minutes),
        (hours, 0) => said(words::HOURS, hours),
        (hours, minutes) => {
            format!("{} {}", said(words::HOURS, hours), said(words::MINUTES, minutes))
        }
    }
}
