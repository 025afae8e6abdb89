//! Amounts as receipts print them.

use crate::shop::Shop;

/// How a style writes amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// Between groups of three digits.
    pub thousands: Option<char>,
    /// Before the decimals.
    pub point: char,
}

impl Numbers {
    /// `1234.50`.
    pub const PLAIN: Self = Self { thousands: None, point: '.' };
    /// `1,234.50`.
    pub const COMMAS: Self = Self { thousands: Some(','), point: '.' };
    /// `1.234,50`.
    pub const DOTS: Self = Self { thousands: Some('.'), point: ',' };

    /// `minor` units of the money of `shop`.
    pub fn show(self, minor: i64, shop: &Shop) -> String {
        let money = shop.money;
        let kept = u32::from(money.printed_digits);
        let printed = minor.unsigned_abs() / 10_u64.pow(u32::from(money.digits) - kept);
        let factor = 10_u64.pow(kept);
        let sign = if minor < 0 { "-" } else { "" };
        let whole = self.grouped(printed / factor);
        if kept == 0 {
            return format!("{sign}{whole}");
        }
        let width = kept as usize;
        format!("{sign}{whole}{}{:0width$}", self.point, printed % factor)
    }

    fn grouped(self, whole: u64) -> String {
        let digits = whole.to_string();
        let Some(mark) = self.thousands else { return digits };
        let mut grouped = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(mark);
            }
            grouped.push(digit);
        }
        grouped
    }
}

#[cfg(test)]
mod tests {
    use super::Numbers;
    use crate::shop::Shop;

    #[test]
    fn each_country_writes_its_own_amounts() {
        let show = |numbers: Numbers, shop: &str, minor| {
            numbers.show(minor, Shop::named(shop).expect("a shop of the catalogue"))
        };
        assert_eq!(show(Numbers::PLAIN, "bubble-tea", 123_450), "1234.50");
        assert_eq!(show(Numbers::COMMAS, "fashion", -123_450), "-1,234.50");
        assert_eq!(show(Numbers::DOTS, "jakarta-warung", 2_800_000), "28.000");
        assert_eq!(show(Numbers::COMMAS, "tokyo-ramen", 880), "880");
        assert_eq!(show(Numbers::PLAIN, "bubble-tea", -5), "-0.05");
    }
}
