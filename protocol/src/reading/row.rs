//! One line of goods taken apart: its amount, quantity, price and name.
//!
//! Not here: how lines belong together (`items`).

use core::ops::Range;

use rust_decimal::Decimal;

use super::amount::{Mark, Number};
use super::columns::Heads;
use super::convention::Convention;
use super::line::ReadLine;

/// What a line among the goods says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Row {
    /// Nothing.
    Blank,
    /// An amount, and what belongs to it.
    Priced(Priced),
    /// Quantity and price of the line above or below.
    Factors { quantity: Option<Decimal>, price: Decimal },
    /// Words.
    Text,
}

/// A line with an amount.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Priced {
    /// Which number is the amount.
    pub(super) amount: usize,
    pub(super) quantity: Option<Decimal>,
    pub(super) price: Option<Decimal>,
    /// Characters of the name; empty where the name stands on another line.
    pub(super) name: Range<usize>,
    /// Whether it is surely goods: a product that comes out, or decimals.
    pub(super) sure: bool,
}

/// A tax letter, an asterisk or a sign may stand behind the amount.
const LONGEST_SUFFIX: usize = 3;
/// A longer number at the start of a line is an article's code.
const LARGEST_COUNT: i64 = 999;
/// Numbers left of the amount that are looked at for a product: quantity, price, discount, tax.
const FACTORS: usize = 5;
/// Blanks that set a column apart.
const COLUMN_GAP: usize = 2;

/// Takes a line apart.
pub(super) fn of(line: &ReadLine<'_>, heads: Option<Heads>, convention: Convention) -> Row {
    if !line.folded.chars.iter().any(|c| c.is_alphanumeric()) {
        return Row::Blank;
    }
    if let Some(factors) = factors(line, convention) {
        return factors;
    }
    priced(line, heads, convention).map_or(Row::Text, Row::Priced)
}

/// `2 x 18.00`, `2 X @18.00`, `1 x 12.00 / Units` or `@ 38.00`, without name and amount.
fn factors(line: &ReadLine<'_>, convention: Convention) -> Option<Row> {
    let numbers = &line.numbers;
    let last = numbers.last()?;
    let first = &numbers[0];
    let tail = line.folded.chars[last.chars.end..].iter().find(|c| **c != ' ');
    if !name_in(line, 0..first.chars.start).is_empty() || tail.is_some_and(|c| *c != '/') {
        return None;
    }
    match numbers.as_slice() {
        [price] if price.mark == Mark::Price => {
            Some(Row::Factors { quantity: None, price: price.decimal() })
        }
        [count, price]
            if price.is_money() || price.mark == Mark::Price || !convention.has_decimals() =>
        {
            let joined = count.mark == Mark::Factor || price.mark != Mark::None || count.weight;
            let between = line.folded.chars[count.chars.end..price.chars.start].iter();
            let words = between.filter(|c| c.is_alphabetic()).count();
            (joined && words <= LONGEST_SUFFIX)
                .then(|| Row::Factors { quantity: Some(count.decimal()), price: price.decimal() })
        }
        _ => None,
    }
}

fn priced(line: &ReadLine<'_>, heads: Option<Heads>, convention: Convention) -> Option<Priced> {
    let at = line.numbers.len().checked_sub(1)?;
    let amount = &line.numbers[at];
    let tail = &line.folded.chars[amount.chars.end..];
    let suffix = tail.iter().filter(|c| !c.is_whitespace()).count();
    if suffix > LONGEST_SUFFIX || amount.weight || amount.mark == Mark::Price {
        return None;
    }
    let used = told(line, at, heads);
    let gap = gap_before(line, amount.chars.start);
    let plain = !convention.has_decimals() && (gap >= COLUMN_GAP || amount.printed.last.is_some());
    let product = used.quantity.is_some() && used.price.is_some();
    if !(amount.is_money() || product || (plain && suffix == 0) || used.price.is_some() && plain) {
        return None;
    }
    let value = |i: Option<usize>| i.map(|i| line.numbers[i].decimal());
    let name = name(line, &used, at);
    Some(Priced {
        amount: at,
        quantity: value(used.quantity),
        price: value(used.price),
        name,
        sure: product || amount.is_money(),
    })
}

/// Which numbers are quantity and price.
#[derive(Clone, Copy, Debug, Default)]
struct Used {
    quantity: Option<usize>,
    price: Option<usize>,
}

fn told(line: &ReadLine<'_>, at: usize, heads: Option<Heads>) -> Used {
    let numbers = &line.numbers;
    let amount = &numbers[at];
    let from = at.saturating_sub(FACTORS);
    for j in (from..at).rev() {
        for i in (from..j).rev() {
            if is_product(&numbers[i], &numbers[j], amount) {
                let (quantity, price) = which(numbers, i, j, heads);
                return Used { quantity: Some(quantity), price: Some(price) };
            }
        }
    }
    let Some(last) = at.checked_sub(1) else { return Used::default() };
    let before = &numbers[last];
    let first = &numbers[0];
    let leads =
        |number: &Number| is_count(number) && name_in(line, 0..number.chars.start).is_empty();
    let same = before.value == amount.value;
    let price = (before.mark == Mark::Price || (same && before.is_money())).then_some(last);
    if price.is_some() {
        let quantity = (last > 0 && leads(first)).then_some(0);
        return Used { quantity, price };
    }
    let column = heads.is_none_or(Heads::counts);
    let gaps = gap_before(line, before.chars.start) >= COLUMN_GAP
        && gap_before(line, amount.chars.start) >= COLUMN_GAP;
    let quantity = if leads(first) {
        Some(0)
    } else if before.mark == Mark::Factor
        || (before.weight && before.decimals)
        || (column && gaps && is_count(before))
    {
        Some(last)
    } else {
        None
    };
    Used { quantity, price: None }
}

/// A whole number of pieces.
fn is_count(number: &Number) -> bool {
    let whole = !number.decimals && number.currency.is_none() && number.mark != Mark::Price;
    (number.weight && number.decimals)
        || (whole
            && !number.weight
            && number.value.minor().abs() <= LARGEST_COUNT
            && number.printed.last.is_none())
}

/// Which of the factors `i` and `j`, left to right, is the quantity: weights say it, then
/// decimals, marks and the columns' heads; a price is rarely below a count.
fn which(numbers: &[Number], i: usize, j: usize, heads: Option<Heads>) -> (usize, usize) {
    let (a, b) = (&numbers[i], &numbers[j]);
    let marked = |number: &Number| number.weight || number.mark == Mark::Factor;
    let swapped = if a.weight != b.weight {
        b.weight
    } else if (a.mark == Mark::Price) != (b.mark == Mark::Price) {
        a.mark == Mark::Price
    } else if a.is_money() != b.is_money() {
        a.is_money()
    } else if marked(a) != marked(b) {
        marked(b)
    } else if let Some(first) = heads.and_then(Heads::quantity_first) {
        !first
    } else {
        a.decimal().abs() > b.decimal().abs()
    };
    if swapped { (j, i) } else { (i, j) }
}

/// Whether `a` times `b` is `amount`, rounded to its last digit.
fn is_product(a: &Number, b: &Number, amount: &Number) -> bool {
    let scale = u32::from(a.value.digits()) + u32::from(b.value.digits());
    let product = i128::from(a.value.minor()) * i128::from(b.value.minor());
    let printed = i128::from(amount.value.minor());
    let digits = u32::from(amount.value.digits());
    if scale <= digits {
        return product.checked_mul(10_i128.pow(digits - scale)) == Some(printed);
    }
    let unit = 10_i128.pow(scale - digits);
    let off = product.saturating_sub(printed.saturating_mul(unit)).saturating_abs();
    // Scales cut off what shops round.
    let allowed = if a.weight || b.weight { unit - 1 } else { unit / 2 };
    off <= allowed && (printed != 0 || product == 0)
}

fn gap_before(line: &ReadLine<'_>, start: usize) -> usize {
    line.folded.chars[..start].iter().rev().take_while(|c| **c == ' ').count()
}

/// What is left of the line: before the numbers that were used, or behind the first of them where
/// it stands at the left edge.
fn name(line: &ReadLine<'_>, used: &Used, amount: usize) -> Range<usize> {
    let mut taken: Vec<usize> =
        [used.quantity, used.price, Some(amount)].into_iter().flatten().collect();
    taken.sort_unstable();
    let first = &line.numbers[taken[0]];
    let before = name_in(line, 0..first.chars.start);
    if !before.is_empty() {
        return before;
    }
    let Some(next) = taken.get(1) else { return 0..0 };
    let mut start = first.chars.end;
    if first.weight {
        start += line.folded.chars[start..].iter().take_while(|c| c.is_alphabetic()).count();
    }
    if first.mark == Mark::Factor {
        let rest = line.folded.chars[start..].iter();
        start += rest.take_while(|c| matches!(c, ' ' | 'X' | '*')).count();
    }
    name_in(line, start..line.numbers[*next].chars.start)
}

/// The characters of `within` without blanks and marks at its ends; empty without a letter or
/// figure.
pub(super) fn name_in(line: &ReadLine<'_>, within: Range<usize>) -> Range<usize> {
    let chars = &line.folded.chars;
    let mark = |c: char| matches!(c, ' ' | '*' | '-' | ':' | '@' | '•' | '·' | '.' | '=');
    let (mut start, mut end) = (within.start, within.end.max(within.start));
    while start < end && mark(chars[start]) {
        start += 1;
    }
    while end > start && mark(chars[end - 1]) {
        end -= 1;
    }
    // A multiplication sign in front of a factor is not part of the name.
    if end > start
        && chars[end - 1] == 'X'
        && end.checked_sub(2).is_some_and(|i| i >= start && chars[i] == ' ')
    {
        return name_in(line, start..end - 1);
    }
    if chars[start..end].iter().any(|c| c.is_alphanumeric()) && chars[start..end] != ['X'] {
        start..end
    } else {
        0..0
    }
}
