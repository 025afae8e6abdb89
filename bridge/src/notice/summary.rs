//! A summary of a day, a week or a month: the figures first, then what they are made of.
//!
//! How much of it is said goes by the robot's privacy: means of payment and categories from
//! `categories` on, goods from `items` on, cashiers by name at `full` only.

use pos_protocol::event::Method;
use pos_protocol::money::Amount;
use rust_decimal::Decimal;

use super::card::{Card, Group, Tone};
use super::context::Context;
use super::fields;
use super::money::Money;
use super::reminder;
use super::words::{self, Sign};
use crate::config::{Language, Privacy};
use crate::privacy::redact;
use crate::shop::{NO_CATEGORY, Period, Summary};

/// The sign of a summary.
const EMOJI: &str = "📊";
/// Blocks of the longest bar: with hour and amount they fit a phone's line.
const BAR_BLOCKS: i64 = 8;
/// Longest name shown, in characters.
const MAX_NAME_CHARS: usize = 40;
/// Most lines of a part that has no bound of its own.
const MAX_LINES: usize = 12;

/// What is said about `summary`.
pub(super) fn card(summary: &Summary, context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let money = Money::new(None, context.shop.currency);
    let word = words::summary(summary.period, summary.when);
    let headline = format!("{EMOJI} {} · {}", word.of(language), days(summary, language));
    let group = Group::Summary;
    let sign = Sign { emoji: EMOJI, word: words::SUMMARY };
    let mut card = Card::new(group, group.as_str(), context.mode, language).headed(
        headline,
        sign,
        Tone::Ordinary,
        language,
    );
    if let Some(due) = summary.late {
        let since = fields::minute(due);
        card.warnings.push(words::LATE_SINCE.with(language, &[("since", &since)]));
    }
    card.shop = shop(summary, context);
    card.row(words::SHOP.of(language), Some(card.shop.clone()).filter(|name| !name.is_empty()));
    figures(&mut card, summary, &money, language);
    let level = context.robot.privacy;
    if level >= Privacy::Categories {
        card.section(
            words::BY_TENDER.of(language),
            Tone::Ordinary,
            tenders(summary, &money, language),
        );
    }
    card.section(words::BY_HOUR.of(language), Tone::Ordinary, hours(summary, &money));
    card.section(words::BY_SHOP.of(language), Tone::Ordinary, shops(summary, &money));
    if level >= Privacy::Categories {
        let lines = summary.categories.iter().take(MAX_LINES);
        let lines = lines.map(|sold| category(sold, &money, language));
        card.section(words::BY_CATEGORY.of(language), Tone::Ordinary, lines.collect());
    }
    if level >= Privacy::Full {
        card.section(words::BY_CASHIER.of(language), Tone::Ordinary, cashiers(summary, &money));
    }
    if level >= Privacy::Items {
        let top = summary.top.iter().map(|sold| goods(sold, &money));
        card.section(words::TOP.of(language), Tone::Ordinary, top.collect());
        card.section(words::SLOW.of(language), Tone::Alarm, slow(summary, language));
    }
    card.section(words::REPORTS.of(language), Tone::Ordinary, reports(summary, language));
    let coming = summary.occasions.iter().map(|occasion| reminder::line(occasion, language));
    card.section(words::COMING.of(language), Tone::Ordinary, coming.collect());
    card
}

fn shop(summary: &Summary, context: &Context<'_>) -> String {
    let name = match &*summary.shops {
        [one] if one.is_empty() => context.shop.name.clone(),
        [one] => one.clone(),
        _ => words::TOGETHER.of(context.shop.language).to_owned(),
    };
    self::name(&name)
}

/// The days that it is about.
fn days(summary: &Summary, language: Language) -> String {
    match summary.period {
        Period::Day => words::day(summary.from, language),
        _ => {
            format!("{} - {}", words::day(summary.from, language), words::day(summary.to, language))
        }
    }
}

fn figures(card: &mut Card, summary: &Summary, money: &Money, language: Language) {
    let total = &summary.total;
    let net = summary.net.map(|net| match change(summary, language) {
        Some(change) => format!("{} {change}", money.show(net)),
        None => money.show(net),
    });
    card.row(words::TAKINGS.of(language), net);
    let average = summary.average.map(|average| {
        let values =
            [("count", &*total.sales.count.to_string()), ("average", &*money.show(average))];
        words::SALES_COUNT.with(language, &values)
    });
    card.row(words::SALES_LABEL.of(language), average);
    if total.refunds.count != 0 || total.voids.count != 0 {
        let values = [
            ("refunds", &*total.refunds.count.to_string()),
            ("amount", &*money.show(total.refunds.amount)),
            ("voids", &*total.voids.count.to_string()),
        ];
        let said = words::TAKEN_BACK_VALUE.with(language, &values);
        card.row(words::TAKEN_BACK.of(language), Some(said));
    }
    let times = |count: i64| words::TIMES.with(language, &[("count", &count.to_string())]);
    let opened = total.others.get("no_sale").copied().filter(|count| *count > 0);
    card.row(words::NO_SALES.of(language), opened.map(times));
    let off = (total.off > 0)
        .then(|| words::OFF_VALUE.with(language, &[("count", &total.off.to_string())]));
    card.row(words::OFF_LABEL.of(language), off);
}

/// `▲12% on last Sat (HK$1036.00)`.
fn change(summary: &Summary, language: Language) -> Option<String> {
    let (net, before) = (summary.net?, summary.before.as_ref()?);
    let more = net.checked_sub(before.net)?;
    let base = before.net.rescale(more.digits())?.minor();
    if base <= 0 {
        return None;
    }
    // Rounded half away from zero.
    let percent = Decimal::from(more.minor()) * Decimal::from(100) / Decimal::from(base);
    let percent =
        percent.round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    let sign = if percent.is_sign_negative() && !percent.is_zero() { "▼" } else { "▲" };
    let day = words::weekday(before.from.weekday(), language);
    let compared = words::compared(summary.period).with(language, &[("day", day)]);
    Some(format!("{sign}{}% {compared}", percent.abs()))
}

fn tenders(summary: &Summary, money: &Money, language: Language) -> Vec<String> {
    let mut sums: Vec<_> = summary.total.tenders.iter().collect();
    sums.sort_by_key(|(_, sum)| std::cmp::Reverse(minor(sum.amount)));
    let line = |(method, sum): (&String, &crate::shop::Sum)| {
        let label =
            Method::parse(method).map_or(&**method, |method| words::method(method).of(language));
        format!("{label} {} (×{})", money.show(sum.amount), sum.count)
    };
    sums.into_iter().take(MAX_LINES).map(line).collect()
}

/// A bar an hour, from the first to the last; the longest is the best hour.
fn hours(summary: &Summary, money: &Money) -> Vec<String> {
    let sums = &summary.total.hours;
    let best = sums.values().map(|sum| minor(sum.amount)).max().unwrap_or(0);
    let Some(best) = Some(best).filter(|best| *best > 0) else { return Vec::new() };
    // A night's last hours come after the evening's.
    let mut order: Vec<_> = sums.iter().collect();
    order.sort_by_key(|(hour, _)| (**hour + 24 - 4) % 24);
    let line = |(hour, sum): (&u8, &crate::shop::Sum)| {
        let filled = (minor(sum.amount).max(0) * BAR_BLOCKS + best - 1) / best;
        let bar = "▇".repeat(usize::try_from(filled).unwrap_or(0));
        format!("{hour:02} {bar} {} (×{})", money.show(sum.amount), sum.count)
    };
    order.into_iter().map(line).collect()
}

fn shops(summary: &Summary, money: &Money) -> Vec<String> {
    let line = |(shop, sum): &(String, crate::shop::Sum)| {
        format!("{} {} (×{})", name(shop), money.show(sum.amount), sum.count)
    };
    summary.each.iter().take(MAX_LINES).map(line).collect()
}

fn cashiers(summary: &Summary, money: &Money) -> Vec<String> {
    let line = |(cashier, sum): (&String, &crate::shop::Sum)| {
        format!("{} {} (×{})", name(cashier), money.show(sum.amount), sum.count)
    };
    summary.total.cashiers.iter().take(MAX_LINES).map(line).collect()
}

fn category(sold: &crate::shop::Sold, money: &Money, language: Language) -> String {
    if sold.name != NO_CATEGORY {
        return goods(sold, money);
    }
    let name = words::UNSORTED.of(language).to_owned();
    goods(&crate::shop::Sold { name, ..sold.clone() }, money)
}

fn goods(sold: &crate::shop::Sold, money: &Money) -> String {
    format!("{} ×{} {}", name(&sold.name), sold.quantity.normalize(), money.show(sold.amount))
}

fn slow(summary: &Summary, language: Language) -> Vec<String> {
    let line = |slow: &crate::shop::Slow| {
        let values = [("name", &*name(&slow.name)), ("days", &*slow.days.to_string())];
        let stock = slow
            .stock
            .as_deref()
            .map(|stock| words::SLOW_STOCK.with(language, &[("stock", stock)]));
        words::SLOW_LINE.with(language, &values) + &stock.unwrap_or_default()
    };
    summary.slow.iter().map(line).collect()
}

fn reports(summary: &Summary, language: Language) -> Vec<String> {
    let line = |report: &crate::shop::Checked| {
        let number = report.number.as_deref().map(|number| format!(" {number}"));
        let name = format!("{} Z{}", name(&report.source), number.unwrap_or_default());
        let word = if report.agrees { words::REPORT_AGREES } else { words::REPORT_DIFFERS };
        format!(
            "{} {}",
            if report.agrees { "✓" } else { "✗" },
            word.with(language, &[("name", &name)])
        )
    };
    summary.reports.iter().take(MAX_LINES).map(line).collect()
}

fn name(text: &str) -> String {
    fields::clean(&redact(text), MAX_NAME_CHARS).unwrap_or_default()
}

/// Of one currency: comparable.
fn minor(amount: Amount) -> i64 {
    amount.rescale(4).map_or(amount.minor(), Amount::minor)
}
