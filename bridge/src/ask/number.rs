//! Numbers in a question: a quantity at its end, a receipt's number, how many receipts.

use rust_decimal::Decimal;

use super::text::Said;
use super::vocabulary::SMALL_NUMBERS;
use crate::shop::catalogue;

/// Longest unit behind a quantity, in characters: `kilograms`, `bungkus`.
const MAX_UNIT_CHARS: usize = 10;
/// Longest receipt number, in characters.
const MAX_NUMBER_CHARS: usize = 40;
/// Most receipts that are listed.
pub(super) const MOST_LISTED: usize = 10;

/// A quantity that ends a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AtEnd {
    pub(super) quantity: Decimal,
    /// What stands behind it, where anything does.
    pub(super) unit: Option<String>,
    /// Where the number begins.
    pub(super) start: usize,
}

/// The quantity at the end of `said`, with a unit behind it or none.
pub(super) fn at_end(said: &Said) -> Option<AtEnd> {
    let plain = said.plain();
    let unit = plain.iter().rev().take_while(|c| !c.is_ascii_digit() && **c != ' ').count();
    let unit_from = plain.len() - unit;
    let blanks = plain[..unit_from].iter().rev().take_while(|c| **c == ' ').count();
    let number_to = unit_from - blanks;
    let figure = |c: &&char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-');
    let start = number_to - plain[..number_to].iter().rev().take_while(figure).count();
    let glued = start.checked_sub(1).is_some_and(|at| plain[at].is_ascii_alphanumeric());
    if unit > MAX_UNIT_CHARS || glued {
        return None;
    }
    let text: String = plain[start..number_to].iter().collect();
    let quantity = catalogue::number(&text)?;
    let unit: String = plain[unit_from..].iter().collect();
    Some(AtEnd { quantity, unit: Some(unit).filter(|unit| !unit.is_empty()), start })
}

/// The one word of `said` that can be a receipt's number: it has a figure.
pub(super) fn receipt(said: &Said) -> Option<String> {
    // Chinese puts no blank between a word and a number.
    let apart: String = said
        .words()
        .join(" ")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/') { c } else { ' ' })
        .collect();
    let mut numbers = apart.split_whitespace().filter(|word| {
        word.chars().any(|c| c.is_ascii_digit()) && word.chars().count() <= MAX_NUMBER_CHARS
    });
    let number = numbers.next()?;
    numbers.next().is_none().then(|| number.to_owned())
}

/// How many are asked for, where it says so.
pub(super) fn how_many(said: &Said) -> Option<usize> {
    let figures: String = said
        .plain()
        .iter()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(|c| c.is_ascii_digit())
        .collect();
    let number = figures.parse().ok().or_else(|| {
        let found = SMALL_NUMBERS.iter().find(|(word, _)| said.find(word).is_some());
        found.map(|(_, number)| *number)
    })?;
    Some(number.clamp(1, MOST_LISTED))
}
