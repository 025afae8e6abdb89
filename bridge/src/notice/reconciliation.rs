//! A Z report that differs from our own count: which figures, and which receipts make it. Means of
//! payment are told from the level `categories` on.

use pos_protocol::event::Method;
use pos_protocol::money::Amount;

use super::card::{Card, Group, Tone};
use super::context::Context;
use super::fields;
use super::money::Money;
use super::words::{self, Sign, Word};
use crate::config::{Language, Privacy, Shop};
use crate::privacy::redact;
use crate::shop::{Difference, Figure, Line, Named, Reckoning, Reconciliation};

/// The sign of a report that differs.
const EMOJI: &str = "⚖️";
/// Longest name of a till shown, in characters.
const MAX_NAME_CHARS: usize = 80;
/// Most figures and causes shown.
const MAX_LINES: usize = 20;
/// In place of a means of payment, where the robot's privacy has none.
const HIDDEN: &str = "…";
/// Most numbers named in one line.
const MAX_NUMBERS: usize = 10;

/// What is said about `reckoning`.
pub(super) fn card(reckoning: &Reckoning, context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let money = Money::new(None, context.shop.currency);
    let group = Group::Summary;
    let sign = Sign { emoji: EMOJI, word: words::RECKONING };
    let number = reckoning.number.as_deref().and_then(fields::number);
    let shown = number.as_deref().map(|number| format!(" {number}")).unwrap_or_default();
    let headline = format!("{EMOJI} {}{shown}", words::RECKONING_DIFFERS.of(language));
    let mut card = Card::new(group, group.as_str(), context.mode, language).headed(
        headline,
        sign,
        Tone::Alarm,
        language,
    );
    if !reckoning.whole {
        card.warnings.push(words::NOT_WHOLE.of(language).to_owned());
    }
    card.number = number;
    let name = |text: &str| fields::clean(&redact(text), MAX_NAME_CHARS);
    let shop = if reckoning.shop.is_empty() { &context.shop.name } else { &reckoning.shop };
    card.shop = name(shop).unwrap_or_default();
    card.row(words::SHOP.of(language), Some(card.shop.clone()).filter(|name| !name.is_empty()));
    card.row(words::SOURCE.of(language), name(&reckoning.source));
    card.row(words::TIME.of(language), Some(reckoning.at.replace('T', " ")));
    let level = context.robot.privacy;
    let lines = reckoning.found.lines.iter().filter(|line| {
        let tender = matches!(line.figure, Figure::Tender(_) | Figure::TenderCount(_));
        line.report != line.own && (level >= Privacy::Categories || !tender)
    });
    let figures = lines.take(MAX_LINES).map(|line| figure(line, &money, language));
    card.section(words::FIGURES.of(language), Tone::Alarm, figures.collect());
    let causes = causes(&reckoning.found, context.shop, level).into_iter().take(MAX_LINES);
    let causes = causes.map(|cause| format!("· {cause}"));
    card.section(words::CAUSES.of(language), Tone::Ordinary, causes.collect());
    card
}

/// What makes the report differ, a line each.
pub(super) fn causes(found: &Reconciliation, shop: &Shop, level: Privacy) -> Vec<String> {
    let money = Money::new(None, shop.currency);
    let differences = found.differences.iter();
    differences.map(|difference| cause(difference, &money, shop.language, level)).collect()
}

fn figure(line: &Line, money: &Money, language: Language) -> String {
    let method = |method: Method| words::method(method).of(language).to_owned();
    let plain = |word: Word| word.of(language).to_owned();
    let figure = match line.figure {
        Figure::Gross => plain(words::GROSS),
        Figure::Net => plain(words::NET),
        Figure::Refunds => plain(words::REFUNDS),
        Figure::Voids => plain(words::VOIDS),
        Figure::Receipts => plain(words::RECEIPTS),
        Figure::NoSales => plain(words::NO_SALES),
        Figure::Tender(by) => method(by),
        Figure::TenderCount(by) => words::COUNT_OF.with(language, &[("name", &method(by))]),
    };
    let show = |amount: Amount| {
        if line.figure.is_count() { amount.to_string() } else { money.show(amount) }
    };
    let (report, own) = (show(line.report), show(line.own));
    words::BOTH.with(language, &[("figure", &figure), ("report", &report), ("own", &own)])
}

fn cause(difference: &Difference, money: &Money, language: Language, level: Privacy) -> String {
    let slip = |slip: &Named| slip_words(slip, money, language);
    let named = level >= Privacy::Categories;
    let method = |by: &Method| if named { words::method(*by).of(language) } else { HIDDEN };
    match difference {
        Difference::NotInReport { slip: named } => {
            words::NOT_IN_REPORT.with(language, &[("slip", &slip(named))])
        }
        Difference::PrintedTwice { slip: named } => {
            words::PRINTED_TWICE.with(language, &[("slip", &slip(named))])
        }
        Difference::CountedAsVoid { slip: named } => {
            words::COUNTED_AS_VOID.with(language, &[("slip", &slip(named))])
        }
        Difference::OtherTender { slip: named, ours, theirs } => {
            let values =
                [("slip", &*slip(named)), ("ours", method(ours)), ("theirs", method(theirs))];
            words::OTHER_TENDER.with(language, &values)
        }
        Difference::ReadOtherwise { slip: named, more } => {
            let values = [("slip", &*slip(named)), ("amount", &*money.show(*more))];
            words::READ_OTHERWISE.with(language, &values)
        }
        Difference::Unseen { kind, numbers, amount, method: by } => {
            let amount = amount.map(|amount| money.show(amount)).unwrap_or_default();
            let by = by.filter(|_| named).map(|by| format!(" {}", method(&by))).unwrap_or_default();
            let kind = words::kind(*kind).word.of(language);
            let said = words::UNSEEN.with(language, &[("kind", kind), ("amount", &(amount + &by))]);
            let known: Vec<String> = numbers
                .iter()
                .take(MAX_NUMBERS)
                .filter_map(|number| fields::number(number))
                .collect();
            if known.is_empty() {
                return said;
            }
            said + &words::MISSING_NUMBERS.with(language, &[("numbers", &known.join(", "))])
        }
        Difference::Unexplained { .. } => words::UNEXPLAINED.of(language).to_owned(),
    }
}

/// `Refund #1002 -HK$36.00 (or 1017)`.
fn slip_words(slip: &Named, money: &Money, language: Language) -> String {
    let number = slip.number.as_deref().and_then(fields::number);
    let which = number.unwrap_or_else(|| slip.at.replace('T', " "));
    let amount = slip.amount.map(|amount| format!(" {}", money.show(amount))).unwrap_or_default();
    let others = slip.or.join(", ");
    let or = if others.is_empty() {
        String::new()
    } else {
        words::OR_ELSE.with(language, &[("others", &others)])
    };
    format!("{} {which}{amount}{or}", words::kind(slip.kind).word.of(language))
}
