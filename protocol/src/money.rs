//! Amounts as integers of a currency's minor unit, never floats.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use iso_currency::Currency;

/// Most digits after the decimal point that an amount may carry.
pub const MAX_DIGITS: u8 = 6;

/// A signed amount: `minor` units of 10^-`digits`.
///
/// `36.00` is `{ minor: 3600, digits: 2 }`. With a known currency `digits` is what ISO 4217 says
/// (HKD 2, JPY 0); with an unknown one it is what was printed. Equality and order are of the value:
/// `36.0 == 36.00`.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    minor: i64,
    digits: u8,
}

impl Amount {
    /// `minor` units of 10^-`digits`. `digits` above [`MAX_DIGITS`] is clamped.
    pub fn new(minor: i64, digits: u8) -> Self {
        Self { minor, digits: digits.min(MAX_DIGITS) }
    }

    /// Zero with `digits` after the point.
    pub fn zero(digits: u8) -> Self {
        Self::new(0, digits)
    }

    /// The integer value in minor units.
    pub fn minor(self) -> i64 {
        self.minor
    }

    /// Digits after the decimal point.
    pub fn digits(self) -> u8 {
        self.digits
    }

    /// Whether the value is below zero.
    pub fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// Whether the value is zero.
    pub fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// The same value with `digits` after the point, or `None` where that would lose digits that
    /// are not zero, or overflow.
    pub fn rescale(self, digits: u8) -> Option<Self> {
        let digits = digits.min(MAX_DIGITS);
        if digits >= self.digits {
            let factor = 10_i64.pow(u32::from(digits - self.digits));
            Some(Self { minor: self.minor.checked_mul(factor)?, digits })
        } else {
            let factor = 10_i64.pow(u32::from(self.digits - digits));
            (self.minor % factor == 0).then_some(Self { minor: self.minor / factor, digits })
        }
    }

    /// The sum, at the finer of the two scales; `None` on overflow.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let digits = self.digits.max(other.digits);
        let (a, b) = (self.rescale(digits)?, other.rescale(digits)?);
        Some(Self { minor: a.minor.checked_add(b.minor)?, digits })
    }

    /// The difference, at the finer of the two scales; `None` on overflow.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(other.checked_neg()?)
    }

    /// The value with its sign turned round; `None` for the one value that has no opposite.
    pub fn checked_neg(self) -> Option<Self> {
        Some(Self { minor: self.minor.checked_neg()?, digits: self.digits })
    }

    /// Reads what [`Display`](fmt::Display) prints: `-?[0-9]+(\.[0-9]+)?` with at most
    /// [`MAX_DIGITS`] decimals. Anything else is `None`; thousands separators and currency signs
    /// belong to the reader of receipts, not here.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, body) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
        let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(fraction) || body.ends_with('.') {
            return None;
        }
        let digits = u8::try_from(fraction.len()).ok().filter(|&d| d <= MAX_DIGITS)?;
        let mut minor = 0_i64;
        for digit in whole.bytes().chain(fraction.bytes()) {
            minor = minor.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
        }
        Some(Self { minor: if negative { -minor } else { minor }, digits })
    }

    fn compared(self, other: Self) -> core::cmp::Ordering {
        let digits = self.digits.max(other.digits);
        let scaled = |a: Self| i128::from(a.minor) * 10_i128.pow(u32::from(digits - a.digits));
        scaled(self).cmp(&scaled(other))
    }
}

impl PartialEq for Amount {
    fn eq(&self, other: &Self) -> bool {
        self.compared(*other).is_eq()
    }
}

impl Eq for Amount {}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Amount {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.compared(*other)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor < 0 { "-" } else { "" };
        let value = self.minor.unsigned_abs();
        if self.digits == 0 {
            return write!(f, "{sign}{value}");
        }
        let factor = 10_u64.pow(u32::from(self.digits));
        let width = usize::from(self.digits);
        write!(f, "{sign}{}.{:0width$}", value / factor, value % factor)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "expected a decimal amount such as \"-36.00\", found {text:?}"
            ))
        })
    }
}

/// Digits after the point that ISO 4217 gives `currency` (0 where it has no minor unit).
pub fn currency_digits(currency: Currency) -> u8 {
    currency.exponent().and_then(|digits| u8::try_from(digits).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Amount, Currency, currency_digits};

    #[test]
    fn prints_and_reads_back() {
        for text in ["0.00", "36.00", "-5.05", "1234567.8", "7", "-0.001"] {
            assert_eq!(Amount::parse(text).expect(text).to_string(), text);
        }
    }

    #[test]
    fn refuses_what_is_not_a_plain_decimal() {
        for text in ["", "-", ".5", "5.", "1,000", "1e3", "0.1234567", "９", "+1", "--1"] {
            assert!(Amount::parse(text).is_none(), "{text:?}");
        }
        assert!(Amount::parse("99999999999999999999").is_none(), "overflow");
    }

    #[test]
    fn equality_is_of_the_value() {
        assert_eq!(Amount::new(360, 1), Amount::new(3600, 2));
        assert!(Amount::new(359, 1) < Amount::new(3600, 2));
    }

    #[test]
    fn rescaling_never_loses_a_digit() {
        assert_eq!(Amount::new(360, 1).rescale(2).map(|a| a.to_string()).as_deref(), Some("36.00"));
        assert!(Amount::new(3605, 2).rescale(1).is_none());
    }

    #[test]
    fn sums_take_the_finer_scale_and_do_not_wrap() {
        let sum = Amount::new(15, 1).checked_add(Amount::new(5, 2));
        assert_eq!(sum.map(|a| a.to_string()).as_deref(), Some("1.55"));
        assert!(Amount::new(i64::MAX, 0).checked_add(Amount::new(1, 0)).is_none());
    }

    #[test]
    fn digits_follow_iso_4217() {
        assert_eq!(currency_digits(Currency::HKD), 2);
        assert_eq!(currency_digits(Currency::JPY), 0);
    }
}
