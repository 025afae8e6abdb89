//! Amounts as the shop's country writes them.

use pos_protocol::money::{Amount, Currency};

use super::fields::clean;

/// Longest currency code shown, in characters.
const MAX_CODE_CHARS: usize = 8;

/// How digits are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
    /// `HK$12,345.60`; grouped from five digits on, so that a receipt's amount stands as printed.
    Plain,
    /// `¥299`, `¥299.50`: whole yuan without decimals.
    Yuan,
    /// `Rp25.000`, `Rp25.000,50`: grouped by points, whole amounts without decimals.
    Points,
    /// `25.000₫`: as [`Habit::Points`], the sign behind.
    PointsThenSign,
}

/// How amounts of one receipt are written.
#[derive(Clone, Debug)]
pub(super) struct Money {
    sign: String,
    habit: Habit,
}

impl Money {
    /// By the receipt's currency code, or the shop's.
    pub(super) fn new(code: Option<&str>, shop: Currency) -> Self {
        let currency = code.map_or(Some(shop), Currency::from_code);
        let code = code.unwrap_or(shop.code());
        let symbol = currency.map(|currency| currency.symbol().to_string());
        // A sign that is read from right to left turns the amount's digits round.
        let sign = match symbol.filter(|symbol| symbol != "¤" && !symbol.chars().any(is_rtl)) {
            Some(symbol) => symbol,
            None => clean(code, MAX_CODE_CHARS).map_or(String::new(), |code| format!("{code} ")),
        };
        let habit = match currency {
            Some(Currency::CNY) => Habit::Yuan,
            Some(Currency::IDR) => Habit::Points,
            Some(Currency::VND) => Habit::PointsThenSign,
            _ => Habit::Plain,
        };
        Self { sign, habit }
    }

    /// `HK$36.00`, `-HK$36.00`, `¥299`, `Rp25.000`.
    pub(super) fn show(&self, amount: Amount) -> String {
        let whole = amount.rescale(0).filter(|_| self.habit != Habit::Plain);
        let text = whole.unwrap_or(amount).to_string();
        let (minus, digits) = text.strip_prefix('-').map_or(("", &*text), |digits| ("-", digits));
        let (whole, fraction) = digits
            .split_once('.')
            .map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
        let (group, point, fewest) = match self.habit {
            Habit::Plain | Habit::Yuan => (',', '.', 5),
            Habit::Points | Habit::PointsThenSign => ('.', ',', 4),
        };
        let mut value = grouped(whole, group, fewest);
        if let Some(fraction) = fraction {
            value.push(point);
            value.push_str(fraction);
        }
        match self.habit {
            Habit::PointsThenSign => format!("{minus}{value}{}", self.sign),
            _ => format!("{minus}{}{value}", self.sign),
        }
    }
}

/// Whether `c` is of a script that runs from right to left.
fn is_rtl(c: char) -> bool {
    ('\u{0590}'..'\u{0900}').contains(&c)
        || ('\u{FB1D}'..'\u{FE00}').contains(&c)
        || ('\u{FE70}'..'\u{FF00}').contains(&c)
}

/// `digits` in groups of three, where there are at least `fewest`.
fn grouped(digits: &str, group: char, fewest: usize) -> String {
    if digits.len() < fewest {
        return digits.to_owned();
    }
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Money;
    use pos_protocol::money::{Amount, Currency};

    fn shown(code: &str, amount: &str) -> String {
        Money::new(Some(code), Currency::HKD).show(Amount::parse(amount).expect(amount))
    }

    #[test]
    fn amounts_are_written_as_in_the_currencys_own_shops() {
        for (code, amount, expected) in [
            ("HKD", "36.00", "HK$36.00"),
            ("HKD", "-36.00", "-HK$36.00"),
            ("HKD", "1036.00", "HK$1036.00"),
            ("HKD", "-1234567.80", "-HK$1,234,567.80"),
            ("CNY", "299.00", "¥299"),
            ("CNY", "299.50", "¥299.50"),
            ("IDR", "25000.00", "Rp25.000"),
            ("IDR", "-5000", "-Rp5.000"),
            ("IDR", "25000.50", "Rp25.000,50"),
            ("VND", "1250000", "1.250.000₫"),
            ("JPY", "12000", "¥12,000"),
            ("SAR", "5.00", "SAR 5.00"),
            ("QQQ", "5", "QQQ 5"),
        ] {
            assert_eq!(shown(code, amount), expected);
        }
    }

    #[test]
    fn a_receipt_without_a_currency_has_the_shops() {
        let money = Money::new(None, Currency::IDR);
        assert_eq!(money.show(Amount::parse("900.00").expect("an amount")), "Rp900");
    }
}
