//! Numbers as receipts print them: with currency signs, thousands separators and signs on either
//! side; and the digits that are not amounts, because they are dates, phones or part of a name.
//!
//! Not here: which separator is the decimal one. That is a habit of the whole paper
//! (`Convention`), so numbers are scanned first and valued after.

use core::ops::Range;

use rust_decimal::Decimal;

use super::convention::Convention;
use super::fold::Folded;
use crate::money::{Amount, Currency, MAX_DIGITS};

/// A number on a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Characters of the folded line it takes, sign and currency included.
    pub chars: Range<usize>,
    /// Its value as printed.
    pub value: Amount,
    /// Whether a decimal point or comma is printed.
    pub decimals: bool,
    /// The currency it names.
    pub currency: Option<Currency>,
    /// What marks it: `x` or `*` as a factor, `@` as a price.
    pub mark: Mark,
    /// Whether a unit of weight stands behind it.
    pub weight: bool,
    /// Its digits and separators, before anything was made of them.
    pub(super) printed: Printed,
}

/// A mark in front of or behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// None.
    None,
    /// `x2`, `2x`, `2 *`.
    Factor,
    /// `@18.00`.
    Price,
}

/// Digits and separators as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Printed {
    /// All digits, without separators.
    pub(super) digits: i64,
    /// Below zero.
    pub(super) negative: bool,
    /// The last separator, and how many digits follow it.
    pub(super) last: Option<(char, u8)>,
    /// How often the last separator stands.
    pub(super) times: u8,
    /// Whether both separators stand.
    pub(super) both: bool,
    /// Whether it begins with a lone zero, as only decimals do.
    pub(super) zero: bool,
}

impl Number {
    /// As a decimal of any scale.
    pub fn decimal(&self) -> Decimal {
        Decimal::new(self.value.minor(), u32::from(self.value.digits()))
    }

    /// Whether it reads as money by itself: decimals or a currency sign.
    pub fn is_money(&self) -> bool {
        (self.decimals && !self.weight) || self.currency.is_some()
    }

    /// Reads its digits by the paper's convention.
    pub(super) fn settle(&mut self, convention: Convention) {
        let decimals = convention.decimals(&self.printed, self.weight).min(MAX_DIGITS);
        let sign = if self.printed.negative { -1 } else { 1 };
        self.value = Amount::new(sign * self.printed.digits, decimals);
        self.decimals = decimals > 0;
    }
}

/// Currency signs, longest first. A lone `$` names no currency.
const SIGNS: &[(&str, Option<Currency>)] = &[
    ("MOP$", Some(Currency::MOP)),
    ("HKD", Some(Currency::HKD)),
    ("HK$", Some(Currency::HKD)),
    ("NT$", Some(Currency::TWD)),
    ("US$", Some(Currency::USD)),
    ("CNY", Some(Currency::CNY)),
    ("RMB", Some(Currency::CNY)),
    ("MYR", Some(Currency::MYR)),
    ("IDR", Some(Currency::IDR)),
    ("VND", Some(Currency::VND)),
    ("THB", Some(Currency::THB)),
    ("RP.", Some(Currency::IDR)),
    ("RP", Some(Currency::IDR)),
    ("RM", Some(Currency::MYR)),
    ("S$", Some(Currency::SGD)),
    ("£", Some(Currency::GBP)),
    ("€", Some(Currency::EUR)),
    ("฿", Some(Currency::THB)),
    ("₫", Some(Currency::VND)),
    ("¥", Some(Currency::CNY)),
    ("$", None),
];

/// Units of weight and volume that make a number a quantity.
const UNITS: &[&str] = &["KG", "KGS", "G", "LB", "LBS", "OZ", "L", "斤", "公斤", "兩", "克"];
/// Most letters of a tax code right behind an amount (`2.00SR`), or of a currency (`28.000Đ`).
const LONGEST_CODE: usize = 2;

/// All numbers of a line, left to right, valued as if the paper were in the home currency alone.
pub(super) fn scan(line: &Folded, home: Option<Currency>) -> Vec<Number> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < line.chars.len() {
        if !starts_number(line, i) {
            i += 1;
            continue;
        }
        let end = number_end(line, i);
        out.extend(number(line, i..end, home));
        i = end;
    }
    out
}

fn starts_number(line: &Folded, i: usize) -> bool {
    let point = line.char(i) == '.' && line.char(i + 1).is_ascii_digit();
    line.char(i).is_ascii_digit() || (point && !line.before(i).is_alphanumeric())
}

/// Digits, and separators that stand between digits.
fn number_end(line: &Folded, start: usize) -> usize {
    let mut end = start + 1;
    loop {
        let here = line.char(end);
        let between = matches!(here, '.' | ',') && line.char(end + 1).is_ascii_digit();
        if !here.is_ascii_digit() && !between {
            return end;
        }
        end += 1;
    }
}

fn number(line: &Folded, digits: Range<usize>, home: Option<Currency>) -> Option<Number> {
    let mut chars = digits.clone();
    let mut printed = printed(&line.chars[digits])?;
    let sign = before(line, &mut chars, &mut printed.negative);
    let mut mark = mark_before(line, &chars, &mut printed.negative)?;
    let weight = unit_behind(line, chars.end);
    let after = line.char(chars.end);
    match after {
        '-' if !line.char(chars.end + 1).is_alphanumeric() => {
            printed.negative = true;
            chars.end += 1;
        }
        'X' | '*' if !line.char(chars.end + 1).is_ascii_alphabetic() => mark = Mark::Factor,
        ' ' if line.char(chars.end + 1) == '%' => return None,
        c if mark == Mark::None && is_counter(line, chars.end, c) => mark = Mark::Factor,
        ' ' if mark == Mark::None && is_times(line, chars.end + 1) => mark = Mark::Factor,
        // `$2.99/LB`
        '/' if printed.last.is_some() && line.char(chars.end + 1).is_ascii_alphabetic() => {}
        '/' | ':' | '-' | '%' | '_' | '\'' | '"' => return None,
        c if c.is_alphabetic() && c.is_ascii() && !weight => {
            let behind = line.chars[chars.end..].iter();
            let code = behind.take_while(|c| c.is_ascii_alphabetic()).count();
            let apart = !line.char(chars.end + code).is_alphanumeric();
            if printed.last.is_none() || code > LONGEST_CODE || !apart {
                return None;
            }
        }
        _ => {}
    }
    let currency = sign.and_then(|sign| named(sign, home));
    let (value, decimals) = (Amount::zero(0), false);
    let mut number = Number { chars, value, decimals, currency, mark, weight, printed };
    number.settle(Convention::of_currency(currency.or(home)));
    Some(number)
}

/// A sign that two countries share is the home's.
fn named(sign: Option<Currency>, home: Option<Currency>) -> Option<Currency> {
    match (sign, home) {
        (Some(Currency::CNY), Some(Currency::JPY)) => home,
        _ => sign,
    }
}

/// The currency that a sign names; a lone `$` names none.
type Sign = Option<Currency>;

/// Takes a currency sign and a minus in front of the digits, in either order.
fn before(line: &Folded, chars: &mut Range<usize>, negative: &mut bool) -> Option<Sign> {
    let mut sign = currency_before(line, chars.start);
    chars.start -= sign.map_or(0, |(len, _)| len);
    if line.before(chars.start) != '-' {
        return sign.map(|(_, currency)| currency);
    }
    let behind = if sign.is_none() { currency_before(line, chars.start - 1) } else { None };
    let outer = line.before(chars.start - 1);
    let factor = matches!(outer, 'X' | '*' | '@')
        && !line.before(chars.start.saturating_sub(2)).is_alphanumeric();
    if behind.is_some() || factor || !outer.is_alphanumeric() && outer != '-' {
        *negative = true;
        chars.start -= 1 + behind.map_or(0, |(len, _)| len);
        sign = sign.or(behind);
    }
    sign.map(|(_, currency)| currency)
}

/// What stands in front of sign and digits; `None` where it makes them no number of their own.
fn mark_before(line: &Folded, chars: &Range<usize>, negative: &mut bool) -> Option<Mark> {
    let outer = line.before(chars.start.saturating_sub(1));
    match line.before(chars.start) {
        '@' => Some(Mark::Price),
        ' ' if outer == '@' => Some(Mark::Price),
        'X' | '*' if !outer.is_alphanumeric() && outer != '*' => Some(Mark::Factor),
        // `2.50*3`
        'X' | '*' if outer.is_ascii_digit() => Some(Mark::None),
        '(' => {
            *negative |= line.char(chars.end) == ')';
            Some(Mark::None)
        }
        // A colon before a number is a label's, unless digits before it make it a time of day.
        ':' if !outer.is_ascii_digit() => Some(Mark::None),
        c if c.is_ascii_alphabetic() || matches!(c, '/' | ':' | '-' | '_' | '#' | '*') => None,
        _ => Some(Mark::None),
    }
}

/// A multiplication sign that stands alone at `at`.
fn is_times(line: &Folded, at: usize) -> bool {
    line.char(at) == 'X' && line.char(at + 1) == ' '
}

/// Chinese and Japanese words for pieces, right behind their number.
const COUNTERS: &[char] =
    &['点', '個', '个', '件', '杯', '份', '瓶', '碗', '本', '枚', '支', '包', '盒'];

fn is_counter(line: &Folded, at: usize, c: char) -> bool {
    COUNTERS.contains(&c) && !line.char(at + 1).is_alphanumeric()
}

fn unit_behind(line: &Folded, end: usize) -> bool {
    let behind = line.chars.get(end..).unwrap_or_default().iter().take(WIDEST_BLANK);
    let blank = behind.take_while(|c| **c == ' ').count();
    // A single letter far away is a tax code; a column of units is in words.
    let wide = blank > 1 && line.char(end + blank).is_ascii();
    let from = end + if wide { 0 } else { blank };
    UNITS.iter().any(|unit| {
        let len = unit.chars().count();
        unit.chars().enumerate().all(|(i, c)| line.char(from + i) == c)
            && (!unit.is_ascii() || !line.char(from + len).is_alphanumeric())
            && (from == end || len > 1 || !unit.is_ascii())
    })
}

/// Most blanks between a currency's letters and its amount at the right edge.
const WIDEST_BLANK: usize = 16;

/// The sign that ends right before `end`, with its length.
fn currency_before(line: &Folded, end: usize) -> Option<(usize, Option<Currency>)> {
    let blank =
        line.chars[..end].iter().rev().take(WIDEST_BLANK).take_while(|c| **c == ' ').count();
    let at = end - blank;
    let last = line.before(at);
    if at == 0 || last.is_ascii_digit() {
        return None;
    }
    SIGNS.iter().find_map(|(sign, currency)| {
        if !sign.ends_with(last) || (blank > 0 && !sign.starts_with(|c: char| c.is_alphabetic())) {
            return None;
        }
        let len = sign.chars().count();
        let start = at.checked_sub(len)?;
        let same = line.chars[start..at].iter().copied().eq(sign.chars());
        let apart = !line.before(start).is_ascii_alphabetic();
        (same && apart).then_some((len + blank, *currency))
    })
}

fn printed(chars: &[char]) -> Option<Printed> {
    let mut digits = 0_i64;
    let mut last: Option<(char, u8)> = None;
    let (mut points, mut commas) = (0_u8, 0_u8);
    for c in chars {
        match c {
            '.' | ',' => {
                let count = if *c == '.' { &mut points } else { &mut commas };
                *count = count.saturating_add(1);
                last = Some((*c, 0));
            }
            _ => {
                let digit = i64::from(c.to_digit(10)?);
                digits = digits.checked_mul(10)?.checked_add(digit)?;
                last = last.map(|(mark, after)| (mark, after.saturating_add(1)));
            }
        }
    }
    let times = if last.is_some_and(|(mark, _)| mark == '.') { points } else { commas };
    let zero = chars.first() == Some(&'.')
        || (chars.first() == Some(&'0') && matches!(chars.get(1), Some('.' | ',')));
    Some(Printed { digits, negative: false, last, times, both: points > 0 && commas > 0, zero })
}

#[cfg(test)]
mod tests {
    use super::{Mark, scan};
    use crate::money::Currency;
    use crate::reading::fold::Folded;

    fn amounts(line: &str, home: Option<Currency>) -> Vec<String> {
        scan(&Folded::new(line), home).iter().map(|n| n.value.to_string()).collect()
    }

    #[test]
    fn amounts_are_read_as_printed() {
        for (line, want) in [
            ("TOTAL HK$1,234.50", "1234.50"),
            ("八達通 $44.0", "44.0"),
            ("Discount -5.00", "-5.00"),
            ("Discount -$5.00", "-5.00"),
            ("Discount RM-5.00", "-5.00"),
            ("Discount 5.00-", "-5.00"),
            ("Discount (5.00)", "-5.00"),
            ("總計 ￥36.00元", "36.00"),
            ("Carrots .99", "0.99"),
            ("TOTAL RM 3.90", "3.90"),
            ("合計：36.00", "36.00"),
            ("找零:0", "0"),
            ("000000517515A 2.00SR", "2.00"),
            ("PORK 36.00 *", "36.00"),
        ] {
            assert_eq!(amounts(line, None), [want], "{line}");
        }
        assert_eq!(amounts("TOTAL 25.000", Some(Currency::IDR)), ["25000"]);
        assert_eq!(amounts("TOTAL Rp-28.600", Some(Currency::IDR)), ["-28600"]);
        assert_eq!(amounts("TOTAL Rp 1.250.000", None), ["1250000"]);
    }

    #[test]
    fn dates_phones_codes_and_percentages_are_not_amounts() {
        for line in [
            "2026-11-21 12:01:22",
            "21/11/2026",
            "#1001",
            "10%",
            "6 %",
            "A330 7UP",
            "TR-0115-34",
            "****6158",
        ] {
            assert_eq!(amounts(line, None), Vec::<String>::new(), "{line}");
        }
    }

    #[test]
    fn marks_tell_quantity_from_price() {
        let marks = |line: &str| -> Vec<Mark> {
            scan(&Folded::new(line), None).iter().map(|n| n.mark).collect()
        };
        assert_eq!(marks("Tea 2 x 18.00 36.00"), [Mark::Factor, Mark::None, Mark::None]);
        assert_eq!(marks("Tea x2 @18.00 36.00"), [Mark::Factor, Mark::Price, Mark::None]);
        assert_eq!(marks("Tea x-1 @ 18.00 -18.00"), [Mark::Factor, Mark::Price, Mark::None]);
    }

    #[test]
    fn a_weight_keeps_its_decimals_whatever_the_paper_does() {
        let numbers = scan(&Folded::new("Ikan 0.485kg 1.250 kg"), Some(Currency::IDR));
        let seen: Vec<_> = numbers.iter().map(|n| (n.value.to_string(), n.weight)).collect();
        assert_eq!(seen, [("0.485".to_owned(), true), ("1.250".to_owned(), true)]);
    }
}
