//! Numbers as receipts print them: with currency signs, thousands separators and signs on either
//! side; and the digits that are not amounts, because they are dates, phones or part of a name.

use core::ops::Range;

use rust_decimal::Decimal;

use super::fold::Folded;
use crate::money::{Amount, Currency, MAX_DIGITS, currency_digits};

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

impl Number {
    /// As a decimal of any scale.
    pub fn decimal(&self) -> Decimal {
        Decimal::new(self.value.minor(), u32::from(self.value.digits()))
    }

    /// Whether it reads as money by itself: decimals or a currency sign.
    pub fn is_money(&self) -> bool {
        self.decimals || self.currency.is_some()
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

/// All numbers of a line, left to right.
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
    let mut negative = false;
    let mut mark = Mark::None;
    let sign = currency_before(line, chars.start);
    if let Some((len, _)) = sign {
        chars.start -= len;
    }
    let blank_or_start = |c: char| !c.is_alphanumeric();
    if line.before(chars.start) == '-' && blank_or_start(line.before(chars.start.wrapping_sub(1))) {
        negative = true;
        chars.start -= 1;
        if sign.is_none()
            && let Some((len, _)) = currency_before(line, chars.start)
        {
            chars.start -= len;
        }
    }
    match line.before(chars.start) {
        '@' => mark = Mark::Price,
        'X' | '*' if blank_or_start(line.before(chars.start - 1)) => mark = Mark::Factor,
        '(' if line.char(chars.end) == ')' => negative = true,
        // A colon before a number is a label's, unless digits before it make it a time of day.
        ':' if !line.before(chars.start - 1).is_ascii_digit() => {}
        c if c.is_ascii_alphabetic() || matches!(c, '/' | ':' | '-' | '_') => return None,
        '#' => return None,
        _ => {}
    }
    let after = line.char(chars.end);
    match after {
        '-' if line.char(chars.end + 1) == ' ' => {
            negative = true;
            chars.end += 1;
        }
        'X' | '*' if !line.char(chars.end + 1).is_ascii_alphabetic() => mark = Mark::Factor,
        '/' | ':' | '-' | '%' | '_' => return None,
        c if c.is_ascii_alphabetic() => return None,
        _ => {}
    }
    let text: String = line.chars[digits].iter().collect();
    let currency = sign.and_then(|(_, currency)| currency);
    let (value, decimals) = parse(&text, currency.or(home))?;
    let value = if negative { value.checked_neg()? } else { value };
    Some(Number { chars, value, decimals, currency, mark })
}

/// The sign that ends right before `end`, with its length.
fn currency_before(line: &Folded, end: usize) -> Option<(usize, Option<Currency>)> {
    SIGNS.iter().find_map(|(sign, currency)| {
        let lettered = sign.chars().any(char::is_alphabetic);
        let blank = usize::from(end > 0 && line.before(end) == ' ' && lettered);
        let len = sign.chars().count();
        let start = (end - blank).checked_sub(len)?;
        let same = line.chars[start..end - blank].iter().copied().eq(sign.chars());
        let apart = !line.before(start).is_ascii_alphabetic();
        (same && apart).then_some((len + blank, *currency))
    })
}

/// Reads digits with separators. The last separator is the decimal one unless three digits follow
/// it where money has none, or it occurs more than once.
fn parse(text: &str, currency: Option<Currency>) -> Option<(Amount, bool)> {
    let last = text.rfind(['.', ',']);
    let fraction = last.map_or("", |at| &text[at + 1..]);
    let separator = last.map(|at| text.as_bytes()[at]);
    let repeated = separator.is_some_and(|s| text.bytes().filter(|b| *b == s).count() > 1);
    let coins = currency.map_or(2, printed_digits);
    let grouping = repeated
        || (fraction.len() == 3 && (separator == Some(b',') || coins == 0))
        || fraction.len() > usize::from(MAX_DIGITS);
    let decimals = if grouping { "" } else { fraction };
    let mut minor = 0_i64;
    for digit in text.bytes().filter(u8::is_ascii_digit) {
        minor = minor.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
    }
    let digits = u8::try_from(decimals.len()).ok()?;
    Some((Amount::new(minor, digits), !decimals.is_empty()))
}

/// Decimals that shops print: rupiah and dong have coins in ISO 4217 only.
fn printed_digits(currency: Currency) -> u8 {
    match currency {
        Currency::IDR | Currency::VND => 0,
        other => currency_digits(other),
    }
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
            ("Discount 5.00-", "-5.00"),
            ("Discount (5.00)", "-5.00"),
            ("總計 ￥36.00元", "36.00"),
            ("Carrots .99", "0.99"),
            ("TOTAL RM 3.90", "3.90"),
            ("合計：36.00", "36.00"),
            ("找零:0", "0"),
        ] {
            assert_eq!(amounts(line, None), [want], "{line}");
        }
        assert_eq!(amounts("TOTAL 25.000", Some(Currency::IDR)), ["25000"]);
        assert_eq!(amounts("TOTAL Rp 1.250.000", None), ["1250000"]);
    }

    #[test]
    fn dates_phones_codes_and_percentages_are_not_amounts() {
        for line in ["2026-11-21 12:01:22", "21/11/2026", "#1001", "10%", "A330 7UP", "TR-0115-34"]
        {
            assert_eq!(amounts(line, None), Vec::<String>::new(), "{line}");
        }
    }

    #[test]
    fn marks_tell_quantity_from_price() {
        let numbers = scan(&Folded::new("Tea 2 x 18.00 36.00"), None);
        let marks: Vec<Mark> = numbers.iter().map(|n| n.mark).collect();
        assert_eq!((marks.len(), numbers[0].value.minor()), (3, 2));
        let numbers = scan(&Folded::new("Tea x2 @18.00 36.00"), None);
        let marks: Vec<Mark> = numbers.iter().map(|n| n.mark).collect();
        assert_eq!(marks, [Mark::Factor, Mark::Price, Mark::None]);
    }
}
