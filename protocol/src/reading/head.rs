//! What stands above and beside the amounts: number, time, till, cashier, table, guests.
//!
//! A value belongs to the label before it. Of several numbers the one with the surest label is the
//! receipt's; of other fields the first.
//!
//! Not here: the member's name and points, which are nobody's business but the shop's.

use core::ops::Range;

use super::labelled::{self, Labelled};
use super::line::ReadLine;
use super::vocabulary::Label;
use super::when;
use crate::event::Receipt;
use crate::span::Span;

/// Longest name of a table or a till.
const LONGEST_NAME: usize = 16;
/// More guests than that sit at no table.
const MOST_GUESTS: u32 = 999;
/// Digits of a number whose label says neither "No" nor a colon.
const UNMARKED_DIGITS: usize = 3;

/// Labels of numbers that are the receipt's only where no better one is printed.
const WEAK: &[&str] = &[
    "NO",
    "REF NO",
    "POS NO",
    "SEQ",
    "SEQ NO",
    "SALE",
    "REFUND",
    "TRANS",
    "TICKET",
    "SLIP",
    "NOTA",
    "TRACE",
    "番号",
    "收據",
    "BILL",
    "CHECK",
    "TAX INVOICE",
    "RECEIPT",
    "INVOICE",
    "INV",
];

/// Finds the labelled fields and the time and notes where they stand.
pub(super) fn collect(
    lines: &[ReadLine<'_>],
    receipt: &mut Receipt,
    note: &mut impl FnMut(&str, Span, &str),
) {
    let mut rank = 0;
    for (at, line) in lines.iter().enumerate() {
        for (found, value) in labelled::values(line) {
            let own = value.map(|value| (line, value));
            let Some((line, value)) = own.or_else(|| below(lines, at, found.label)) else {
                continue;
            };
            let text = line.text(value.clone());
            let span = line.line.span(line.folded.bytes(value));
            let rule = found.text;
            match found.label {
                Label::Number | Label::Order => {
                    let better = strength(&found);
                    let number = number_token(text, found.marked).filter(|_| better > rank);
                    if let Some(number) = number {
                        rank = better;
                        receipt.number = Some(number.to_owned());
                        note("number", part(span, text, number), rule);
                    }
                }
                Label::Original if receipt.original_number.is_none() => {
                    if let Some(number) = number_token(text, true) {
                        receipt.original_number = Some(number.to_owned());
                        note("original_number", part(span, text, number), rule);
                    }
                }
                _ => plain(&found, text, receipt, &mut |name| note(name, span, rule)),
            }
        }
    }
    if receipt.number.is_none() {
        hashed(lines, receipt, note);
    }
    when::collect(lines, receipt, note);
}

/// Fields whose value stays as it is.
fn plain(found: &Labelled, text: &str, receipt: &mut Receipt, note: &mut impl FnMut(&str)) {
    let short = text.chars().count() <= LONGEST_NAME;
    let told = |slot: &mut Option<String>, fits: bool| {
        let takes = slot.is_none() && fits && text.chars().any(char::is_alphanumeric);
        if takes {
            *slot = Some(text.to_owned());
        }
        takes
    };
    let digit = text.chars().any(|c| c.is_ascii_digit());
    let marked = found.marked;
    let word = found.apart || (short && !text.contains(' '));
    match found.label {
        Label::Cashier if told(&mut receipt.cashier, word) => note("cashier"),
        Label::Terminal if told(&mut receipt.terminal, short && (marked || digit)) => {
            note("terminal");
        }
        Label::Table if told(&mut receipt.table, short && (marked || digit)) => note("table"),
        Label::Guests if receipt.guests.is_none() => {
            let digits = text.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
            receipt.guests =
                digits.parse().ok().filter(|guests| (1..=MOST_GUESTS).contains(guests));
            if receipt.guests.is_some() {
                note("guests");
            }
        }
        _ => {}
    }
}

/// How sure a label is to name the receipt's own number.
fn strength(found: &Labelled) -> u8 {
    match found.label {
        Label::Order => 1,
        _ if found.text == "NO" => 2,
        _ if !found.marked => 3,
        _ if WEAK.contains(&found.text) => 4,
        _ => 5,
    }
}

/// A receipt number is one word with a digit in it that is no amount.
fn number_token(text: &str, marked: bool) -> Option<&str> {
    // `Sale ID: POS 12` has its number in the second word.
    let numeral = |word: &&str| word.contains(|c: char| c.is_ascii_digit());
    let word = text.split_whitespace().take(2).find(numeral)?;
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '_' | '.' | '#');
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let fraction = word.rsplit_once('.').map_or(0, |(_, fraction)| fraction.len());
    let enough = digits >= if marked { 1 } else { UNMARKED_DIGITS };
    (word.chars().all(fits) && enough && fraction != 2).then_some(word)
}

/// The span of `part` within `text`, where both are one byte a character.
fn part(span: Span, text: &str, part: &str) -> Span {
    let at = text.find(part).unwrap_or(0) as u64;
    if span.end - span.start != text.len() as u64 {
        return span;
    }
    Span::new(span.start + at, span.start + at + part.len() as u64)
}

/// A number may stand on the line below its label, alone.
fn below<'l, 'p>(
    lines: &'l [ReadLine<'p>],
    at: usize,
    label: Label,
) -> Option<(&'l ReadLine<'p>, Range<usize>)> {
    let line = lines.get(at + 1).filter(|_| matches!(label, Label::Number | Label::Original))?;
    let chars = &line.folded.chars;
    let from = chars.iter().position(|c| *c != ' ')?;
    let plain = line.words.is_empty() && line.date.is_none() && !chars[from..].contains(&' ');
    plain.then_some((line, from..chars.len()))
}

/// A number that only a `#` marks, at either end of a line.
fn hashed(lines: &[ReadLine<'_>], receipt: &mut Receipt, note: &mut impl FnMut(&str, Span, &str)) {
    let above = lines.iter().position(|line| !line.roles.is_empty()).unwrap_or(lines.len());
    for line in &lines[..above] {
        let text = &line.line.text;
        let trimmed = text.trim();
        let candidates =
            [trimmed.split_whitespace().next(), trimmed.split_whitespace().next_back()];
        let mut hashed = candidates.into_iter().flatten().filter_map(|word| word.strip_prefix('#'));
        let alone = |word: &&str| {
            let digits = word.chars().all(|c| c.is_ascii_digit() || c == '-')
                && word.len() >= UNMARKED_DIGITS;
            digits && (line.date.is_some() || trimmed.len() == word.len() + 1)
        };
        if let Some(word) = hashed.find(alone) {
            receipt.number = Some(word.to_owned());
            let at = text.find(word).unwrap_or(0);
            note("number", line.line.span(at..at + word.len()), "#");
            return;
        }
    }
}
