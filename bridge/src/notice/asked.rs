//! Answers to questions, in the language that was asked in. As everywhere, `privacy` says how much of
//! a receipt is told, and what is not known is not said.

use jiff::civil::{Date, DateTime};
use pos_protocol::event::{Article, Event};
use rust_decimal::Decimal;

use super::card::{Card, Group, Row, Tone};
use super::context::Context;
use super::markdown::{BREAK, escape};
use super::money::Money;
use super::words::{self, Sign, Word};
use super::{compose, fields, stock, summary};
use crate::ask::{Answer, Line, OnShift, Stocked};
use crate::config::{Format, Language, Privacy};
use crate::privacy::redact;
use crate::shop::catalogue::Unit;
use crate::shop::{Known, Sold, Sum};

/// Longest name shown, in characters.
const MAX_NAME_CHARS: usize = 60;
/// Most bytes of an answer: what a robot takes in one message, with room for its frame.
const MAX_BYTES: usize = 12_000;

/// Title and Markdown of `answer`, for a group that hears what the context's robot says, in the
/// language of the context's shop.
pub(crate) fn answer(answer: &Answer, context: &Context<'_>) -> (String, String) {
    let cards = match answer {
        Answer::Found(found) => {
            found.iter().map(|(known, event)| receipt(known, event.as_deref(), context)).collect()
        }
        Answer::Takings(told) => vec![summary::card(told, context)],
        other => vec![plain(other, context)],
    };
    let title = cards.first().map(|card| card.title.clone()).unwrap_or_default();
    let texts = cards.iter().map(|card| markdown(card, context));
    (title, bounded(&texts.collect::<Vec<_>>().join("\n\n")))
}

/// `card` as it is built in. A summary's template knows no lines outside its sections.
fn markdown(card: &Card, context: &Context<'_>) -> String {
    let mut text = context.templates.built_in_text(card, Format::Markdown);
    let lines = if card.group == Group::Summary { &card.lines[..] } else { &[] };
    for (place, line) in lines.iter().enumerate() {
        text.push_str(if place == 0 { "\n\n" } else { BREAK });
        text.push_str(&escape(line));
    }
    text
}

/// Whole lines of `text`, as many as fit.
fn bounded(text: &str) -> String {
    if text.len() <= MAX_BYTES {
        return text.to_owned();
    }
    let cut = text.floor_char_boundary(MAX_BYTES);
    let end = text[..cut].rfind('\n').unwrap_or(cut);
    format!("{}\n…", text[..end].trim_end())
}

/// A card with a headline and nothing else.
fn headed(emoji: &'static str, word: Word, headline: &str, context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let (group, sign) = (Group::Summary, Sign { emoji, word });
    Card::new(group, group.as_str(), context.mode, language).headed(
        format!("{emoji} {headline}"),
        sign,
        Tone::Ordinary,
        language,
    )
}

fn said(emoji: &'static str, headline: &str, context: &Context<'_>) -> Card {
    headed(emoji, words::ANSWER, headline, context)
}

fn plain(answer: &Answer, context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let of = |word: Word| word.of(language);
    match answer {
        Answer::Takings(told) => summary::card(told, context),
        Answer::Found(_) | Answer::Unknown => examples(words::NOT_UNDERSTOOD, context),
        Answer::Help => examples(words::CAN_ASK, context),
        Answer::Tills { from, to, sums } => tills(*from, *to, sums, context),
        Answer::NoTrade { from, to } => {
            let days = days(*from, *to, language);
            said("📊", &words::NO_TRADE.with(language, &[("days", &days)]), context)
        }
        Answer::Receipts(lines) => receipts(lines, context),
        Answer::NotFound { number, near } => {
            let number = fields::number(number).unwrap_or_default();
            let word = words::NOT_FOUND.with(language, &[("number", &number)]);
            let near: Vec<String> =
                near.iter().filter_map(|number| fields::number(number)).collect();
            or_these(said("🔍", &word, context), &near, language)
        }
        Answer::Top { from, to, sold } => top(*from, *to, sold, context),
        Answer::Stock(stocked) => shelves(stocked, context),
        Answer::UnknownArticle { name, near } => {
            let word = words::UNKNOWN_ARTICLE.with(language, &[("name", &self::name(name))]);
            let near: Vec<String> = near.iter().map(|near| self::name(near)).collect();
            or_these(said("📦", &word, context), &near, language)
        }
        Answer::OnShift(on) => on_shift(on, context),
        Answer::StockSet { article, unit, before, now } => {
            let before = before.map_or_else(
                || of(words::NOT_COUNTED).to_owned(),
                |before| amount(before, unit, language),
            );
            let values = [
                ("article", &*name(article)),
                ("now", &*amount(*now, unit, language)),
                ("before", &*before),
            ];
            said("✅", &words::STOCK_SET.with(language, &values), context)
        }
        Answer::TransferAsked(matter) => {
            let title = super::approval::title_of(matter, context.shop);
            said("📝", &words::TRANSFER_ASKED.with(language, &[("title", &title)]), context)
        }
        Answer::Muted { until_ms } => {
            let time = fields::wall(*until_ms, context.shop).unwrap_or_default();
            said("🔕", &words::MUTED.with(language, &[("time", &time)]), context)
        }
        Answer::Unmuted => said("🔔", of(words::UNMUTED), context),
        Answer::Late => said("⏳", of(words::LATE_ANSWER), context),
        refused => said("🚫", &refusal(refused, language), context),
    }
}

/// Why there is no other answer.
fn refusal(answer: &Answer, language: Language) -> String {
    let with = |word: Word, values: &[(&str, &str)]| word.with(language, values);
    match answer {
        Answer::OtherShop(shop) => with(words::OTHER_SHOP, &[("shop", &name(shop))]),
        Answer::WhichShop(shops) => {
            let shops: Vec<String> = shops.iter().map(|shop| name(shop)).collect();
            with(words::WHICH_SHOP, &[("shops", &shops.join(words::DIGEST_COMMA.of(language)))])
        }
        Answer::SameShop(shop) => with(words::SAME_SHOP, &[("shop", &name(shop))]),
        Answer::TwoUnits { article, from, to } => {
            let unit = |unit: &str| {
                let unit = Unit::parse(unit).and_then(words::unit).unwrap_or(words::PIECES);
                unit.of(language)
            };
            let values = [("article", &*name(article)), ("from", unit(from)), ("to", unit(to))];
            with(words::TWO_UNITS, &values)
        }
        Answer::WholeShopOnly => with(words::WHOLE_SHOP_ONLY, &[]),
        Answer::NoCatalogue => with(words::NO_CATALOGUE, &[]),
        Answer::MadeToOrder { article, takes } => {
            with(words::MADE_TO_ORDER, &[("article", &name(article)), ("takes", &name(takes))])
        }
        Answer::NoAmount { article } => with(words::NOT_SO_MUCH, &[("article", &name(article))]),
        Answer::OtherUnit { article, unit } => {
            let unit = Unit::parse(unit).and_then(words::unit).unwrap_or(words::PIECES);
            let values = [("article", &*name(article)), ("unit", unit.of(language))];
            with(words::OTHER_UNIT, &values)
        }
        Answer::NotAllowed { user: Some(user) } => {
            // Their own id, for the owner to copy: no phone number is one.
            let user = fields::clean(user, MAX_NAME_CHARS).unwrap_or_default();
            with(words::NOT_ALLOWED, &[("user", &format!("\"{user}\""))])
        }
        Answer::NotAllowed { user: None } => with(words::STRANGER, &[]),
        Answer::NoRobot { conversation } => {
            let id = fields::clean(conversation, MAX_NAME_CHARS).unwrap_or_default();
            with(words::NO_ROBOT, &[("id", &id)])
        }
        Answer::Alone => with(words::ALONE, &[]),
        Answer::OverQuota => with(words::OVER_QUOTA, &[]),
        _ => with(words::BOOKS_TROUBLE, &[]),
    }
}

fn examples(word: Word, context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let mut card = said("💬", word.of(language), context);
    card.lines = words::examples(language).iter().map(|line| (*line).to_owned()).collect();
    card
}

fn or_these(mut card: Card, near: &[String], language: Language) -> Card {
    if !near.is_empty() {
        let names = near.join(words::DIGEST_COMMA.of(language));
        card.lines.push(words::DID_YOU_MEAN.with(language, &[("names", &names)]));
    }
    card
}

/// The days that something is about.
fn days(from: Date, to: Date, language: Language) -> String {
    let day = |day| words::day(day, language);
    if from == to { day(from) } else { format!("{} - {}", day(from), day(to)) }
}

fn tills(from: Date, to: Date, sums: &[(String, Sum)], context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let money = Money::new(None, context.shop.currency);
    let word = words::TAKINGS_OF_TILLS;
    let headline = format!("{} · {}", word.of(language), days(from, to, language));
    let mut card = headed("📊", word, &headline, context);
    let line = |(till, sum): &(String, Sum)| {
        format!("{} {} (×{})", name(till), money.show(sum.amount), sum.count)
    };
    card.lines = sums.iter().map(line).collect();
    card
}

fn receipts(lines: &[Line], context: &Context<'_>) -> Card {
    let language = context.shop.language;
    if lines.is_empty() {
        return said("🧾", words::NO_RECEIPTS.of(language), context);
    }
    let word = words::LAST_RECEIPTS;
    let mut card = headed("🧾", word, word.of(language), context);
    card.lines = lines.iter().map(|line| receipt_line(line, context)).collect();
    card
}

/// `11-21 12:01 counter-1 #1043 HK$36.00 Refund`, as a digest's line has it: time, till, number and
/// amount.
fn receipt_line(line: &Line, context: &Context<'_>) -> String {
    let language = context.shop.language;
    let money = Money::new(None, context.shop.currency);
    let kind = (line.known.kind != pos_protocol::event::Kind::Sale)
        .then(|| words::kind(line.known.kind).word.of(language).to_owned());
    let parts = [
        short_time(&line.known.at),
        fields::clean(&line.till, MAX_NAME_CHARS),
        fields::number(&line.number),
        line.known.total.map(|total| money.show(total)),
        kind,
        fate(&line.known, &money, language),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What became of a receipt.
fn fate(known: &Known, money: &Money, language: Language) -> Option<String> {
    if known.voided {
        return Some(words::VOIDED.of(language).to_owned());
    }
    let refunded = known.refunded.filter(|amount| !amount.is_zero())?;
    Some(words::REFUNDED.with(language, &[("amount", &money.show(refunded))]))
}

/// `11-21 12:01`.
fn short_time(at: &str) -> Option<String> {
    let at: DateTime = at.parse().ok()?;
    Some(at.strftime("%m-%d %H:%M").to_string())
}

/// A receipt whole, as its notice told it; only its number and sum where the paper is forgotten.
fn receipt(known: &Known, event: Option<&Event>, context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let money = Money::new(None, context.shop.currency);
    let mut card = if let Some(event) = event {
        compose::card(event, context)
    } else {
        let sign = words::kind(known.kind);
        let total = known.total.map(|total| money.show(total)).unwrap_or_default();
        let headline = format!("{} {total}", sign.word.of(language));
        let mut card = headed(sign.emoji, sign.word, &headline, context);
        card.row(words::TIME.of(language), short_time(&known.at));
        card
    };
    if let Some(fate) = fate(known, &money, language) {
        card.rows.insert(0, Row { label: words::STATUS.of(language), value: fate });
    }
    card
}

fn top(from: Date, to: Date, sold: &[Sold], context: &Context<'_>) -> Card {
    let language = context.shop.language;
    if context.robot.privacy < Privacy::Items {
        return said("🏆", words::NAMES_STAY.of(language), context);
    }
    let money = Money::new(None, context.shop.currency);
    let word = words::TOP_SELLERS;
    let headline = format!("{} · {}", word.of(language), days(from, to, language));
    let mut card = headed("🏆", word, &headline, context);
    let line = |(place, sold): (usize, &Sold)| {
        let (name, amount) = (name(&sold.name), money.show(sold.amount));
        format!("{}. {name} ×{} {amount}", place + 1, sold.quantity.normalize())
    };
    card.lines = sold.iter().enumerate().map(line).collect();
    card
}

fn shelves(stocked: &[Stocked], context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let line = |one: &Stocked| {
        let Article { name: article, unit, .. } = &one.shelf.article;
        let left = one.shelf.left.map_or_else(
            || words::NOT_COUNTED.of(language).to_owned(),
            |left| stock::left(left, Unit::parse(unit).unwrap_or(Unit::Each), language),
        );
        let shop = Some(name(&one.shop)).filter(|shop| !shop.is_empty());
        let shop = shop.map(|shop| format!("{shop} ")).unwrap_or_default();
        format!("{shop}{}{}{left}", name(article), words::COLON.of(language))
    };
    if let [one] = stocked {
        return said("📦", &line(one), context);
    }
    let mut card = headed("📦", words::STOCK, words::STOCK.of(language), context);
    card.lines = stocked.iter().map(line).collect();
    card
}

fn on_shift(on: &[OnShift], context: &Context<'_>) -> Card {
    let language = context.shop.language;
    if on.is_empty() {
        return said("👤", words::NOBODY_YET.of(language), context);
    }
    let named = context.robot.privacy >= Privacy::Full;
    let word = words::ON_SHIFT;
    let mut card = headed("👤", word, word.of(language), context);
    let line = |one: &OnShift| {
        let at: Option<DateTime> = one.at.parse().ok();
        let time = at.map(|at| at.strftime("%H:%M").to_string()).unwrap_or_default();
        let cashier = one.cashier.as_deref().filter(|_| named).map(name);
        let latest = words::LATEST.with(language, &[("time", &time)]);
        let parts = [fields::clean(&one.till, MAX_NAME_CHARS), cashier, Some(latest)];
        let number = fields::number(&one.number).unwrap_or_default();
        format!("{} {number}", parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
    };
    card.lines = on.iter().map(line).collect();
    if !named {
        // Who it was is left out, so a till stands once.
        card.lines.dedup_by_key(|line| line.split(' ').next().map(str::to_owned));
        card.lines.push(words::PEOPLE_STAY.of(language).to_owned());
    }
    card
}

fn amount(quantity: Decimal, unit: &str, language: Language) -> String {
    stock::amount(quantity, Unit::parse(unit).unwrap_or(Unit::Each), language)
}

fn name(text: &str) -> String {
    fields::clean(&redact(text), MAX_NAME_CHARS).unwrap_or_default()
}
