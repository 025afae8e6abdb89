//! How a paper writes numbers: which mark stands before the decimals, if any does.
//!
//! One paper has one habit. `25.000` alone may be twenty-five or twenty-five thousand; beside
//! `1.250,00` it is not. Every number with a separator votes; the shop's currency decides what
//! votes leave open.

use super::amount::{Number, Printed};
use crate::money::{Currency, currency_digits};

/// Digits of a group of thousands.
const GROUP: u8 = 3;
/// Groups of three this many times as frequent as decimals show that the mark groups.
const CLEARLY: usize = 2;

/// The habit of one paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Convention {
    /// The mark before decimals; `None` where the paper prints none.
    point: Option<char>,
    /// Whether the votes were counted, or only the currency is known.
    counted: bool,
    /// Whether the currency's prices have decimals.
    coins: bool,
}

impl Convention {
    /// What a currency alone says.
    pub(super) fn of_currency(currency: Option<Currency>) -> Self {
        Self { point: None, counted: false, coins: currency.is_none_or(has_coins) }
    }

    /// What the numbers of a paper say.
    pub(super) fn of<'n>(
        numbers: impl Iterator<Item = &'n Number>,
        currency: Option<Currency>,
    ) -> Self {
        let coins = currency.is_none_or(has_coins);
        let (mut point, mut comma) = (Votes::default(), Votes::default());
        for number in numbers.filter(|number| !number.weight) {
            let Some((mark, after)) = number.printed.last else { continue };
            let (own, other) =
                if mark == '.' { (&mut point, &mut comma) } else { (&mut comma, &mut point) };
            own.count(&number.printed, after);
            other.groups += usize::from(number.printed.both);
        }
        let decimal = match (point.is_decimal(coins), comma.is_decimal(coins)) {
            (true, true) if comma.decimals > point.decimals => Some(','),
            (true, _) => Some('.'),
            (false, true) => Some(','),
            (false, false) => None,
        };
        Self { point: decimal, counted: true, coins }
    }

    /// Whether the paper prints decimals.
    pub(super) fn has_decimals(self) -> bool {
        self.point.is_some()
    }

    /// How many of a number's digits are decimals.
    pub(super) fn decimals(self, printed: &Printed, weight: bool) -> u8 {
        let Some((mark, after)) = printed.last else { return 0 };
        if printed.times > 1 {
            return 0;
        }
        if printed.zero || weight || after != GROUP {
            return after;
        }
        // Three digits: a group, unless the paper's decimals stand behind that mark.
        match (self.point, printed.both) {
            (Some(point), _) if point == mark => after,
            (None, false) if !self.counted && self.coins && mark == '.' => after,
            _ => 0,
        }
    }
}

/// What the numbers with one mark say about it.
#[derive(Clone, Copy, Debug, Default)]
struct Votes {
    /// Numbers in which it stands before one or two last digits.
    decimals: usize,
    /// Numbers in which it stands before three.
    groups: usize,
}

impl Votes {
    fn count(&mut self, printed: &Printed, after: u8) {
        let groups = printed.times > 1 || (after == GROUP && !printed.zero);
        self.groups += usize::from(groups);
        self.decimals += usize::from(!groups && after < GROUP);
    }

    fn is_decimal(self, coins: bool) -> bool {
        let needed = if coins { self.groups / CLEARLY } else { self.groups };
        self.decimals > 0 && self.decimals > needed.saturating_sub(1)
    }
}

/// Whether shops print decimals: rupiah and dong have coins in ISO 4217 only.
fn has_coins(currency: Currency) -> bool {
    !matches!(currency, Currency::IDR | Currency::VND) && currency_digits(currency) > 0
}

#[cfg(test)]
mod tests {
    use super::Convention;
    use crate::money::Currency;
    use crate::reading::amount::scan;
    use crate::reading::fold::Folded;

    fn read(line: &str, home: Option<Currency>) -> Vec<String> {
        let mut numbers = scan(&Folded::new(line), home);
        let convention = Convention::of(numbers.iter(), home);
        for number in &mut numbers {
            number.settle(convention);
        }
        numbers.iter().map(|number| number.value.to_string()).collect()
    }

    #[test]
    fn one_paper_has_one_decimal_mark() {
        assert_eq!(read("9.000 18.00 1,250.00", None), ["9.000", "18.00", "1250.00"]);
        assert_eq!(read("25.000 50.000 1.250.000", None), ["25000", "50000", "1250000"]);
        assert_eq!(read("1.234,50 18,00 2.000", None), ["1234.50", "18.00", "2000"]);
        assert_eq!(read("12,000 1,200", Some(Currency::JPY)), ["12000", "1200"]);
    }

    #[test]
    fn a_time_with_a_point_does_not_make_rupiah_decimal() {
        assert_eq!(
            read("11.39 8.000 16.000 24.000", Some(Currency::IDR))[1..],
            ["8000", "16000", "24000"]
        );
    }
}
