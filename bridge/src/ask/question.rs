//! What a message asks for. Pure: the text in, one [`Question`] out, whatever the text is.
//!
//! It knows no catalogue and no books: names are handed on as they were written.

use rust_decimal::Decimal;

use super::names::Name;
use super::number;
use super::text::{Said, is_han, is_traditional};
use super::vocabulary::{self as words, Phrases};
use crate::config::Language;

/// Receipts that are listed where no number is said.
const LISTED: usize = 5;

/// Which days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Span {
    #[default]
    Today,
    Yesterday,
    ThisWeek,
    LastWeek,
    ThisMonth,
    LastMonth,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// What came in.
    Takings(Span),
    /// The newest receipts, so many.
    Last(usize),
    /// The receipt of this number.
    Find(String),
    /// What sold best.
    Top(Span),
    /// What is left: of this, or of everything.
    Stock(Option<Name>),
    /// There is so much of this now.
    SetStock { name: Name, quantity: Decimal, unit: Option<String> },
    /// Who serves.
    OnShift,
    /// Ordinary notices may wait for an hour.
    Mute,
    /// They need not.
    Unmute,
    /// What can be asked.
    Help,
    /// Nothing that is known.
    Unknown,
}

/// A question, the language it was asked in and the shop that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) question: Question,
    pub(super) language: Language,
    pub(super) shop: Option<String>,
}

/// One of the languages of the vocabulary; Chinese is told apart by its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tongue {
    Chinese,
    English,
    Indonesian,
}

const TONGUES: [Tongue; 3] = [Tongue::Chinese, Tongue::English, Tongue::Indonesian];

/// What `text` asks for. `shops` are the names that it may name, `own` is the shop's language.
pub(super) fn understand<'s>(
    text: &str,
    shops: impl Iterator<Item = &'s str>,
    own: Language,
) -> Asked {
    let said = Said::of(text);
    // The longest first: one shop's name may begin with another's.
    let mut shops: Vec<&str> = shops.filter(|shop| !shop.is_empty()).collect();
    shops.sort_by_key(|shop| std::cmp::Reverse(shop.chars().count()));
    let named = shops.into_iter().find_map(|shop| Some((shop, said.find(shop)?)));
    let (shop, said) = match named {
        Some((shop, part)) => (Some(shop.to_owned()), said.without(part)),
        None => (None, said),
    };
    let (question, tongue) = read(&said);
    Asked { question, language: language(text, tongue, own), shop }
}

/// Tried in this order: what names goods first, since anything may be in a name.
fn read(said: &Said) -> (Question, Option<Tongue>) {
    if let Some(tongue) = whole(said, &words::HELP) {
        return (Question::Help, Some(tongue));
    }
    if let Some(found) = set_stock(said).or_else(|| stock(said)) {
        return (found.0, Some(found.1));
    }
    for (phrases, question) in [
        (&words::UNMUTE, Question::Unmute),
        (&words::MUTE, Question::Mute),
        (&words::ON_SHIFT, Question::OnShift),
    ] {
        if let Some((tongue, _)) = first(said, phrases) {
            return (question, Some(tongue));
        }
    }
    let (span, spoken, rest) = span(said);
    if let Some((tongue, _)) = first(said, &words::TOP) {
        return (Question::Top(span.unwrap_or_default()), Some(tongue));
    }
    if let Some(found) = last(&rest).or_else(|| find(&rest)) {
        return (found.0, Some(found.1));
    }
    if let Some((tongue, _)) = first(said, &words::TAKINGS) {
        // Some words of English and Indonesian are the same letters: the day tells them apart.
        return (Question::Takings(span.unwrap_or_default()), spoken.or(Some(tongue)));
    }
    match (span, number::receipt(said)) {
        (Some(span), None) => (Question::Takings(span), spoken),
        (None, Some(number)) if said.words().len() == 1 && bare(said) => {
            (Question::Find(number), None)
        }
        _ => (Question::Unknown, None),
    }
}

/// Whether nothing but a number was written.
fn bare(said: &Said) -> bool {
    said.plain().iter().all(|c| c.is_ascii_alphanumeric() || matches!(c, '#' | '-' | '_' | '/'))
}

fn first(said: &Said, phrases: &Phrases) -> Option<(Tongue, std::ops::Range<usize>)> {
    let mut all = TONGUES.into_iter().zip(phrases);
    all.find_map(|(tongue, phrases)| Some((tongue, said.find_any(phrases)?)))
}

fn whole(said: &Said, phrases: &Phrases) -> Option<Tongue> {
    let mut all = TONGUES.into_iter().zip(phrases);
    all.find(|(_, phrases)| said.is_one_of(phrases)).map(|(tongue, _)| tongue)
}

fn set_stock(said: &Said) -> Option<(Question, Tongue)> {
    let number::AtEnd { quantity, unit, start } = number::at_end(said)?;
    let before = said.before(start);
    let verb = first(&before, &words::SET);
    let stock = first(&before, &words::STOCK);
    let to = ending(&before, &words::TO);
    let tongue = match (&verb, &stock, &to) {
        (Some((tongue, _)), Some((other, _)), _) => {
            if *tongue == Tongue::English {
                *other
            } else {
                *tongue
            }
        }
        (Some((tongue, _)), None, Some((other, part))) => {
            // "set X to 5" and "set X ke 5"; a sign is no language.
            if is_sign(&before, part) { *tongue } else { *other }
        }
        (None, Some((tongue, _)), Some((_, part))) if is_sign(&before, part) => *tongue,
        _ => return None,
    };
    let without = |said: &Said, phrases: &Phrases| {
        first(said, phrases).map_or_else(|| said.clone(), |(_, part)| said.without(part))
    };
    let bare = to.map_or_else(|| before.clone(), |(_, part)| before.without(part));
    // An article's name may hold a word that sets: it is tried with it first.
    let with_verb = without(&bare, &words::STOCK);
    let without_verb = without(&with_verb, &words::SET);
    let starts = if verb.is_some() { vec![with_verb, without_verb] } else { vec![with_verb] };
    let name = Name::in_what_is_left(&starts)?;
    Some((Question::SetStock { name, quantity, unit }, tongue))
}

fn is_sign(said: &Said, part: &std::ops::Range<usize>) -> bool {
    said.plain()[part.clone()].iter().all(|c| matches!(c, '=' | ':'))
}

/// The phrase that `said` ends with.
fn ending(said: &Said, phrases: &Phrases) -> Option<(Tongue, std::ops::Range<usize>)> {
    let len = said.plain().len();
    TONGUES.into_iter().zip(phrases).find_map(|(tongue, phrases)| {
        let part = phrases.iter().find_map(|phrase| {
            let chars = phrase.chars().count();
            let part = len.checked_sub(chars)?..len;
            let latin = |c: &char| c.is_ascii_alphanumeric();
            let whole = !phrase.starts_with(char::is_alphabetic)
                || !phrase.is_ascii()
                || part.start == 0
                || !latin(&said.plain()[part.start - 1]);
            let there = said.plain()[part.clone()].iter().copied().eq(phrase.chars());
            (there && whole).then_some(part)
        });
        Some((tongue, part?))
    })
}

fn stock(said: &Said) -> Option<(Question, Tongue)> {
    let (tongue, rest) = if let Some((tongue, part)) = first(said, &words::STOCK) {
        (tongue, said.without(part))
    } else {
        let rest = said.without(said.find_any(&words::HOW_MANY)?);
        (Tongue::English, rest.without(rest.find_any(&words::LEFT)?))
    };
    Some((Question::Stock(Name::in_what_is_left(&[rest])), tongue))
}

/// The days that are named, and what is left without them.
fn span(said: &Said) -> (Option<Span>, Option<Tongue>, Said) {
    for (phrases, span) in [
        (&words::LAST_WEEK, Span::LastWeek),
        (&words::LAST_MONTH, Span::LastMonth),
        (&words::YESTERDAY, Span::Yesterday),
        (&words::TODAY, Span::Today),
        (&words::THIS_WEEK, Span::ThisWeek),
        (&words::THIS_MONTH, Span::ThisMonth),
    ] {
        if let Some((tongue, part)) = first(said, phrases) {
            return (Some(span), Some(tongue), said.without(part));
        }
    }
    (None, None, said.clone())
}

fn last(said: &Said) -> Option<(Question, Tongue)> {
    let (tongue, _) = first(said, &words::LAST)?;
    first(said, &words::RECEIPTS)?;
    Some((Question::Last(number::how_many(said).unwrap_or(LISTED)), tongue))
}

fn find(said: &Said) -> Option<(Question, Tongue)> {
    let (tongue, _) = first(said, &words::FIND).or_else(|| first(said, &words::RECEIPTS))?;
    Some((Question::Find(number::receipt(said)?), tongue))
}

fn language(text: &str, tongue: Option<Tongue>, own: Language) -> Language {
    let chinese = |known: Language| matches!(known, Language::ZhHk | Language::ZhCn);
    let written = match tongue {
        None if text.chars().any(is_han) => Tongue::Chinese,
        None if text.chars().any(|c| c.is_ascii_alphabetic()) && chinese(own) => Tongue::English,
        None => return own,
        Some(tongue) => tongue,
    };
    match written {
        Tongue::English => Language::En,
        Tongue::Indonesian => Language::Id,
        Tongue::Chinese => match is_traditional(text) {
            Some(true) => Language::ZhHk,
            Some(false) => Language::ZhCn,
            None if chinese(own) => own,
            None => Language::ZhHk,
        },
    }
}
