//! A receipt number as it is printed: what changes from receipt to receipt, and what stays.
//!
//! It judges no order; `series` does.

/// Digits that are counted with at most; what stands before them is taken for a date or a branch.
const MAX_DIGITS: usize = 9;
/// Digits in a row that are a date or a time when they stand before the number: `1121`, `20261121`.
const DATE_DIGITS: usize = 4;
/// Longest number looked at, in bytes.
const MAX_BYTES: usize = 64;

/// A number taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// What numbers of one series have in common; the digits of dates are zeros in it.
    pub(super) shape: String,
    /// What counts.
    pub(super) count: i64,
}

/// Takes `number` apart; `None` where nothing in it counts.
pub(super) fn taken_apart(number: &str) -> Option<Written> {
    let number = number.trim();
    let (head, digits, tail) = parts(number)?;
    let count = digits.parse().ok()?;
    Some(Written { shape: format!("{}#{tail}", undated(head)), count })
}

/// `count` written like `number`: with its prefix, its ending and its leading zeros.
pub(super) fn like(number: &str, count: i64) -> String {
    match parts(number.trim()) {
        Some((head, digits, tail)) => {
            let width = if digits.starts_with('0') { digits.len() } else { 0 };
            format!("{head}{count:0width$}{tail}")
        }
        None => count.to_string(),
    }
}

/// Before the last digits, those, and behind them.
fn parts(number: &str) -> Option<(&str, &str, &str)> {
    if number.len() > MAX_BYTES {
        return None;
    }
    let end = number.rfind(|c: char| c.is_ascii_digit())? + 1;
    let digits = number.as_bytes()[..end].iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let start = end - digits.min(MAX_DIGITS);
    Some((&number[..start], &number[start..end], &number[end..]))
}

/// `head` with the digits of dates as zeros: the series goes on tomorrow.
fn undated(head: &str) -> String {
    let mut out = String::with_capacity(head.len());
    let mut rest = head;
    while let Some(c) = rest.chars().next() {
        let run = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, after) = rest.split_at(run);
        if run == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            // Digits right before the number are its own: they go on with it.
            let dated = run >= DATE_DIGITS || after.is_empty();
            out.extend(digits.chars().map(|digit| if dated { '0' } else { digit }));
            rest = after;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{like, taken_apart};

    #[test]
    fn the_last_digits_count_and_a_date_before_them_does_not() {
        for (number, shape, count) in [
            ("1001", "#", 1001),
            ("#0042", "##", 42),
            ("A-00123", "A-#", 123),
            ("T2-0007", "T2-#", 7),
            ("20261121-0045", "00000000-#", 45),
            ("1121/17", "0000/#", 17),
            ("202611210045", "000#", 611_210_045),
            ("12B", "#B", 12),
            ("單號 88", "單號 #", 88),
        ] {
            let found = taken_apart(number).expect(number);
            assert_eq!((found.shape.as_str(), found.count), (shape, count), "{number}");
        }
        assert_eq!(taken_apart("ABC"), None);
        assert_eq!(taken_apart(&"1".repeat(65)), None);
    }

    #[test]
    fn a_missing_number_is_written_like_its_neighbour() {
        assert_eq!(like("A-00123", 122), "A-00122");
        assert_eq!(like("1001", 999), "999");
        assert_eq!(like("0100", 99), "0099");
        assert_eq!(like("12B", 11), "11B");
    }
}
