//! Goods: the lines between the head of a receipt and its sums.

use rust_decimal::Decimal;

use super::amount::{Mark, Number};
use super::line::ReadLine;
use super::vocabulary::Role;
use crate::event::Item;
use crate::span::Span;

/// Items with the bytes of their amounts.
pub(super) fn collect(lines: &[ReadLine<'_>]) -> Vec<(Item, Span)> {
    let is_sum = |line: &ReadLine<'_>| {
        line.roles.iter().any(|(role, ..)| matches!(role, Role::Subtotal | Role::Total))
    };
    let Some(end) = lines.iter().position(is_sum) else { return Vec::new() };
    let mut out: Vec<(Item, Span)> = Vec::new();
    // A line of words alone: the name of what follows, or a modifier of what came before.
    let mut name: Option<&str> = None;
    for line in &lines[..end] {
        if line.line.text.is_empty() || line.date.is_some() || !line.roles.is_empty() {
            name = None;
            continue;
        }
        match priced(line) {
            Some((item, span)) if !item.name.is_empty() => {
                name = None;
                out.push((item, span));
            }
            Some((item, span)) => {
                if let Some(name) = name.take() {
                    out.push((Item { name: name.to_owned(), ..item }, span));
                }
            }
            None if line.has_words() && line.labels.is_empty() => {
                let text = line.line.text.trim();
                let indented = line.line.text.starts_with([' ', '\u{3000}']);
                match out.last_mut() {
                    Some((last, _)) if indented && name.is_none() => {
                        last.modifiers.push(text.to_owned());
                    }
                    _ => name = Some(text),
                }
            }
            None => name = None,
        }
    }
    out
}

/// A line whose last number is a price of goods; the name may be missing.
fn priced(line: &ReadLine<'_>) -> Option<(Item, Span)> {
    let amount = line.amount()?;
    let tail = &line.folded.chars[amount.chars.end..];
    if tail.iter().filter(|c| !c.is_whitespace()).count() > LONGEST_SUFFIX {
        return None;
    }
    let others = &line.numbers[..line.numbers.len() - 1];
    let (quantity, unit_price, used) = factors(others, amount);
    let sure = amount.is_money() || (quantity.is_some() && unit_price.is_some());
    if !sure {
        return None;
    }
    let item = Item {
        name: name(line, used),
        quantity,
        unit_price,
        amount: Some(amount.value),
        modifiers: Vec::new(),
    };
    let span = line.line.span(line.folded.bytes(amount.chars.clone()));
    Some((item, span))
}

/// A tax letter or an asterisk may stand behind the amount.
const LONGEST_SUFFIX: usize = 2;

/// A longer number at the start of a line is an article's code.
const LARGEST_COUNT: i64 = 999;

/// Quantity and price among the numbers left of the amount, and how many of those were used,
/// counted from the right.
fn factors(others: &[Number], amount: &Number) -> (Option<Decimal>, Option<Decimal>, usize) {
    let product = |a: &Number, b: &Number| {
        a.decimal().checked_mul(b.decimal()).is_some_and(|p| p.round_dp(2) == amount.decimal())
    };
    match others {
        [.., a, b] if product(a, b) => {
            let swapped = a.mark == Mark::Price
                || (b.mark == Mark::Factor && a.mark != Mark::Factor)
                || (a.decimals && !b.decimals);
            let (quantity, price) = if swapped { (b, a) } else { (a, b) };
            (Some(quantity.decimal()), Some(price.decimal()), 2)
        }
        [.., a] if a.mark == Mark::Price => (None, Some(a.decimal()), 1),
        [.., a] if a.mark == Mark::Factor => (Some(a.decimal()), None, 1),
        [.., a] if a.value == amount.value && a.is_money() => (None, Some(a.decimal()), 1),
        [a] if !a.decimals && a.chars.start == 0 && a.value.minor() <= LARGEST_COUNT => {
            (Some(a.decimal()), None, 1)
        }
        _ => (None, None, 0),
    }
}

/// What is left of the line: before the numbers that were used, or between them where the
/// quantity comes first.
fn name(line: &ReadLine<'_>, used: usize) -> String {
    let count = line.numbers.len();
    let first = &line.numbers[count - 1 - used];
    let before = line.text(0..first.chars.start);
    let trimmed = |text: &str| {
        text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '-' | ':' | '：' | '@'))
            .to_owned()
    };
    if before.chars().any(char::is_alphanumeric) {
        return trimmed(before);
    }
    let second = line.numbers.get(count - used).filter(|_| used > 0);
    second.map_or_else(String::new, |next| {
        trimmed(line.text(first.chars.end..next.chars.start).trim_start_matches(['x', 'X']))
    })
}
