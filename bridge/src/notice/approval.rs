//! What has to be decided and how it ended, in words.

use pos_protocol::event::{About, Approval, Event, Ruling};
use pos_protocol::money::Amount;

use super::card::{Card, Group, Row, Tone};
use super::compose;
use super::context::Context;
use super::fields;
use super::money::Money;
use super::words::{self, Sign, Word};
use crate::approve::Matter;
use crate::config::{Config, Format, Language, Privacy, Robot, Shop};
use crate::privacy::redact;
use crate::shop::{Drawer, Foreign};

/// Longest name of a shop, a till or an article shown, in characters.
const MAX_NAME_CHARS: usize = 80;
/// Most articles of a transfer that are named in one line.
const MAX_GOODS: usize = 10;
/// Characters of a process's id that find it again.
const SHORT_PROCESS_CHARS: usize = 12;

fn name(text: &str) -> String {
    fields::clean(&redact(text), MAX_NAME_CHARS).unwrap_or_default()
}

fn shop(named: &str, config_name: &str) -> String {
    name(if named.is_empty() { config_name } else { named })
}

/// How a matter ended, for the group.
pub(super) fn card(event: &Event, approval: &Approval, context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let Sign { emoji, word } = words::ruling(approval.ruling);
    let money = Money::new(None, context.shop.currency);
    let title = title(approval, &money, &context.shop.name, language);
    let headline = format!("{emoji} {}{}{title}", word.of(language), words::COLON.of(language));
    let tone = match approval.ruling {
        Ruling::Approved => Tone::Good,
        Ruling::Rejected | Ruling::Withdrawn => Tone::Ordinary,
        Ruling::Lapsed | Ruling::Unasked | Ruling::Impossible => Tone::Warning,
    };
    let group = Group::Alert;
    let mut card = Card::new(group, event.kind.as_str(), context.mode, language).headed(
        headline,
        Sign { emoji, word },
        tone,
        language,
    );
    card.shop = shop(approval.shop.as_deref().unwrap_or_default(), &context.shop.name);
    card.number = approval.number.as_deref().and_then(fields::number);
    // To the minute: it was heard then, and nobody pressed to the second.
    let at = event.observed_at.parse().ok().map(jiff::Timestamp::as_millisecond);
    card.row(words::TIME.of(language), at.and_then(|at| fields::wall(at, context.shop)));
    // A transfer names both of its shops.
    let named = approval.shop.as_deref().filter(|_| approval.about != About::Transfer);
    card.row(words::SHOP.of(language), named.map(name).filter(|name| !name.is_empty()));
    card.row(words::MATTER.of(language), Some(title));
    let reason = approval.reason.map(|reason| words::reason(reason).of(language).to_owned());
    card.row(words::WHY.of(language), reason);
    let follows = words::follows(approval.about, approval.ruling).of(language);
    card.row(words::OUTCOME.of(language), Some(follows.to_owned()));
    if context.robot.privacy >= Privacy::Full {
        card.row(words::BY.of(language), approval.by.as_deref().map(name));
    }
    card.footer.push(Row { label: words::REFERENCE.of(language), value: approval.matter.clone() });
    card.id = Some(approval.matter.clone());
    card
}

fn title(approval: &Approval, money: &Money, own: &str, language: Language) -> String {
    let goods = lines(&approval.lines);
    let number = approval.number.as_deref().and_then(fields::number).unwrap_or_default();
    let amount = shown(approval.about, approval.amount, money);
    let from = shop(approval.shop.as_deref().unwrap_or_default(), own);
    let to = shop(approval.to.as_deref().unwrap_or_default(), own);
    let said = match approval.about {
        About::Transfer => words::about(About::Transfer),
        other => words::subject(other),
    };
    let values = [("goods", &*goods), ("shop", &from), ("to", &to)];
    let said = said.with(language, &values);
    let parts = [said, number, amount];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The money it is about; what is missing is said to be missing, and needs no sign.
fn shown(about: About, amount: Option<Amount>, money: &Money) -> String {
    let plain = |amount: Amount| match about {
        About::CashShort => amount.checked_neg().unwrap_or(amount),
        _ => amount,
    };
    amount.map(|amount| money.show(plain(amount))).unwrap_or_default()
}

fn lines(lines: &[pos_protocol::event::Stocked]) -> String {
    let shown = lines.iter().take(MAX_GOODS);
    let shown =
        shown.map(|line| format!("{} × {}", name(&line.article), line.quantity.normalize()));
    let mut all: Vec<String> = shown.collect();
    if lines.len() > MAX_GOODS {
        all.push(format!("… +{}", lines.len() - MAX_GOODS));
    }
    all.join(", ")
}

/// The receipt as the group of `robot` may read it, as plain text.
pub fn receipt_text(event: &Event, config: &Config, robot: &Robot) -> String {
    let card = compose::card(event, &Context::new(config, robot));
    config.wording.built_in_text(&card, Format::Text)
}

/// The drawer in one line.
pub fn drawer_text(drawer: &Drawer, config: &Config) -> String {
    let money = Money::new(None, config.shop.currency);
    let show = |amount| money.show(amount);
    let values = [
        ("float", show(drawer.float)),
        ("takings", show(drawer.takings)),
        ("expected", show(drawer.expected)),
        ("counted", show(drawer.counted)),
        ("over", show(drawer.over)),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, text)| (*name, &**text)).collect();
    words::DRAWER_COUNTED.with(config.shop.language, &values)
}

/// What is to be decided, in one line.
pub fn matter_title(matter: &Matter, config: &Config) -> String {
    title_of(matter, &config.shop)
}

/// The same in the language of `of`.
pub(super) fn title_of(matter: &Matter, of: &Shop) -> String {
    let money = Money::new(matter.currency.as_deref(), of.currency);
    let amount = shown(matter.about, matter.amount, &money);
    let limit = matter.limit.map(|limit| money.show(limit)).unwrap_or_default();
    let number = matter.number.as_deref().and_then(fields::number).unwrap_or_default();
    let own = &of.name;
    let values = [
        ("amount", amount),
        ("limit", limit),
        ("number", number),
        ("goods", lines(&matter.lines)),
        ("shop", shop(&matter.shop, own)),
        ("to", shop(matter.to.as_deref().unwrap_or_default(), own)),
        ("source", matter.source.as_deref().map(name).unwrap_or_default()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, text)| (*name, &**text)).collect();
    let said = words::about(matter.about).with(of.language, &values);
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is to go, in one line.
pub fn goods(matter: &Matter, _config: &Config) -> String {
    lines(&matter.lines)
}

/// When it came up.
pub fn matter_time(matter: &Matter, config: &Config) -> Option<String> {
    fields::wall(matter.at_ms, &config.shop)
}

/// Its short name and when it came up: the last line of its card.
pub fn matter_reference(matter: &Matter, config: &Config) -> String {
    let values = [
        ("reference", &*matter.reference()),
        ("time", &*matter_time(matter, config).unwrap_or_default()),
    ];
    words::ASKED_AS.with(config.shop.language, &values)
}

/// How a card shows where a matter stands.
pub fn matter_state(ruling: Option<(Ruling, Option<&str>)>, config: &Config) -> String {
    let language = config.shop.language;
    let Some((ruling, by)) = ruling else { return words::TO_DECIDE.of(language).to_owned() };
    let Sign { emoji, word } = words::ruling(ruling);
    let said = format!("{emoji} {}", word.of(language));
    match by {
        Some(by) => words::RULED_BY.with(language, &[("ruling", &said), ("by", &name(by))]),
        None => said,
    }
}

/// Who has seen a card.
pub fn seen_by(people: &[String], config: &Config) -> String {
    if people.is_empty() {
        return String::new();
    }
    let people: Vec<String> = people.iter().map(|one| name(one)).collect();
    words::SEEN_BY.with(config.shop.language, &[("people", &people.join(", "))])
}

/// What somebody who pressed is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PressWord {
    /// It counts.
    Recorded,
    /// It was said before.
    Same,
    /// It was over before.
    TooLate(Ruling),
    /// They may not decide.
    MayNot,
    /// The card is of another bridge, or forgotten.
    UnknownCard,
    /// The button is none of ours.
    UnknownButton,
    /// The journal could not keep it.
    NotKept,
}

/// What somebody who pressed is told, in words.
pub fn press(word: PressWord, config: &Config) -> String {
    let language = config.shop.language;
    let said = match word {
        PressWord::Recorded => words::RECORDED,
        PressWord::Same => words::THE_SAME,
        PressWord::TooLate(ruling) => {
            let ruling = words::ruling(ruling).word.of(language);
            return words::TOO_LATE.with(language, &[("ruling", ruling)]);
        }
        PressWord::MayNot => words::MAY_NOT,
        PressWord::UnknownCard => words::UNKNOWN_CARD,
        PressWord::UnknownButton => words::UNKNOWN_BUTTON,
        PressWord::NotKept => words::NOT_KEPT,
    };
    said.of(language).to_owned()
}

/// A result that changes nothing, for the group.
pub(super) fn foreign(found: &Foreign, context: &Context<'_>) -> Card {
    let language = context.shop.language;
    let ruling = |ruling: Ruling| words::ruling(ruling).word.of(language);
    let now = ruling(found.ruling);
    let about = words::subject(found.about).of(language);
    let said: Word =
        if found.before.is_some() { words::LATE_RESULT } else { words::FOREIGN_RESULT };
    let before = found.before.map(ruling).unwrap_or_default();
    let values = [("now", now), ("before", before), ("about", about)];
    let sign = words::ruling(Ruling::Lapsed);
    let sign = Sign { emoji: sign.emoji, word: words::OUTCOME };
    let headline = format!("{} {}", sign.emoji, said.with(language, &values));
    let group = Group::Alert;
    let mut card = Card::new(group, group.as_str(), context.mode, language).headed(
        headline,
        sign,
        Tone::Warning,
        language,
    );
    card.shop = name(&context.shop.name);
    let short: String = found.instance.chars().take(SHORT_PROCESS_CHARS).collect();
    card.row(words::PROCESS.of(language), Some(short));
    if let Some(reference) = &found.matter {
        card.footer.push(Row { label: words::REFERENCE.of(language), value: reference.clone() });
        card.id = Some(reference.clone());
    }
    card
}
