//! The day so far, and what is put into calendars and on lists, in words.

use jiff::civil::Date;

use super::fields;
use super::money::Money;
use super::{stock, words};
use crate::config::Config;
use crate::privacy::redact;
use crate::shop::catalogue::Unit;
use crate::shop::{Day, Sum};

/// Longest name of a shop or an article shown, in characters.
const MAX_NAME_CHARS: usize = 80;

fn name(text: &str) -> String {
    fields::clean(&redact(text), MAX_NAME_CHARS).unwrap_or_default()
}

/// The headline of the day's card.
pub fn today_title(day: Date, config: &Config) -> String {
    let language = config.shop.language;
    let day = words::day(day, language);
    format!("{} · {}", name(&config.shop.name), words::TODAY_TITLE.with(language, &[("day", &day)]))
}

/// Things in one line.
pub fn listed(things: &[String], config: &Config) -> String {
    let things: Vec<String> = things.iter().map(|thing| name(thing)).collect();
    things.join(words::LIST_COMMA.of(config.shop.language))
}

/// When the day's card was changed.
pub fn today_time(now_ms: i64, config: &Config) -> String {
    let time = fields::wall(now_ms, &config.shop).unwrap_or_default();
    words::TODAY_AT.with(config.shop.language, &[("time", &time)])
}

/// The day's figures, Markdown; a line for each shop where there are several. The group of a card
/// has no privacy level of its own: totals are all it is shown.
pub fn today_text(sum: &Day, shops: &[(&str, Day)], config: &Config) -> String {
    let language = config.shop.language;
    let money = Money::new(None, config.shop.currency);
    let said = |word: words::Word, sum: &Sum| {
        let (amount, count) = (money.show(sum.amount), sum.count.to_string());
        word.with(language, &[("sum", &amount), ("count", &count)])
    };
    // As a question for the takings is answered: what was paid back is taken off.
    let taken =
        |day: &Day| Sum { amount: day.net().unwrap_or(day.sales.amount), count: day.sales.count };
    let mut lines = vec![format!("**{}**", said(words::TODAY_SALES, &taken(sum)))];
    if sum.refunds.count > 0 {
        lines.push(said(words::TODAY_REFUNDS, &sum.refunds));
    }
    if shops.len() > 1 {
        lines.extend(shops.iter().map(|(shop, day)| {
            format!(
                "- {}{}{}",
                name(shop),
                words::COLON.of(language),
                said(words::TODAY_SALES, &taken(day))
            )
        }));
    }
    lines.join("\n\n")
}

/// The title of a task or date to restock something, and what stands below.
pub fn restock(
    article: &str,
    shop: &str,
    left: rust_decimal::Decimal,
    unit: &str,
    config: &Config,
) -> (String, String) {
    let language = config.shop.language;
    let title = words::RESTOCK.with(language, &[("article", &name(article))]);
    let unit = Unit::parse(unit).unwrap_or(Unit::Each);
    let left = stock::amount(left, unit, language);
    let shop = name(if shop.is_empty() { &config.shop.name } else { shop });
    (title, words::RESTOCK_LEFT.with(language, &[("shop", &shop), ("left", &left)]))
}

/// The title of a promotion's date, and of the task that prepares it.
pub fn promotion(promotion: &str, config: &Config) -> (String, String) {
    let language = config.shop.language;
    let date = format!("{} · {}", words::PROMOTION.of(language), name(promotion));
    (date, words::PREPARE_FOR.with(language, &[("name", &name(promotion))]))
}
