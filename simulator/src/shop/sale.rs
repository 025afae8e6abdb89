//! One sale as the till knows it: the truth that everything downstream is held against.
//!
//! Amounts are integers of the currency's minor unit from beginning to end. Where a percentage or a
//! weight does not come out even, half a unit is rounded up, once, and the result is what is printed.

use jiff::civil;
use pos_protocol::money::Amount;
use rust_decimal::Decimal;

use super::catalogue::{Dish, Measure, Shop, Tender};
use super::words::Words;

/// A sale that was paid, or will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    /// Where.
    pub shop: &'static Shop,
    /// Receipt number.
    pub number: String,
    /// The till's local time.
    pub at: civil::DateTime,
    /// Name of the till.
    pub terminal: String,
    /// Who took the money.
    pub cashier: Words,
    /// Table and guests, where customers sit down.
    pub table: Option<(u32, u32)>,
    /// What was bought.
    pub lines: Vec<Line>,
    /// Sum of the lines, their offers taken off.
    pub subtotal: Amount,
    /// Reduction of the whole bill.
    pub discount: Option<Discount>,
    /// Service charge on what is left after the reduction.
    pub service_charge: Option<Amount>,
    /// Tax.
    pub tax: Option<Levy>,
    /// What rounding to the smallest coin added or took.
    pub rounding: Option<Amount>,
    /// What the customer owed.
    pub total: Amount,
    /// How it was paid.
    pub payment: Payment,
    /// Number of the receipt that is taken back, on a refund.
    pub original: Option<String>,
}

/// Some of one dish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What.
    pub dish: &'static Dish,
    /// Pieces or grams; below zero on a refund.
    pub count: i64,
    /// Price of a piece or a kilogram.
    pub unit_price: Amount,
    /// Price of all, before the offer.
    pub amount: Amount,
    /// What the customer asked for.
    pub modifiers: Vec<Words>,
    /// Reduction of this line.
    pub offer: Option<Discount>,
}

/// Grams in a kilogram.
const GRAMS: i64 = 1_000;
/// Digits of a weight in kilograms.
const WEIGHT_DIGITS: u32 = 3;

impl Line {
    /// `count` pieces or grams of `dish`.
    pub(super) fn new(shop: &Shop, dish: &'static Dish, count: i64) -> Self {
        let minor = match dish.measure {
            Measure::Piece => dish.price * count,
            Measure::Kilogram => round(dish.price * count, GRAMS),
        };
        Self {
            dish,
            count,
            unit_price: shop.money.amount(dish.price),
            amount: shop.money.amount(minor),
            modifiers: Vec::new(),
            offer: None,
        }
    }

    /// How many, or how many kilograms.
    pub fn quantity(&self) -> Decimal {
        match self.dish.measure {
            Measure::Piece => Decimal::from(self.count),
            Measure::Kilogram => Decimal::new(self.count, WEIGHT_DIGITS),
        }
    }

    /// What the line adds to the subtotal.
    pub(super) fn net(&self) -> i64 {
        self.amount.minor() + self.offer.map_or(0, |offer| offer.amount.minor())
    }
}

/// A reduction of a line or of the whole bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discount {
    /// Words on the receipt.
    pub label: Words,
    /// Below zero on a sale.
    pub amount: Amount,
}

/// A tax on the whole bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levy {
    /// Words on the receipt.
    pub label: Words,
    /// The tax itself.
    pub amount: Amount,
    /// Whether the total holds it without adding it.
    pub included: bool,
}

/// How a sale was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The means.
    pub tender: &'static Tender,
    /// Cash handed over and given back; absent for everything but cash.
    pub cash: Option<(Amount, Amount)>,
}

/// `dividend / divisor`, half a unit rounded away from zero.
pub(super) fn round(dividend: i64, divisor: i64) -> i64 {
    (dividend.abs() + divisor / 2) / divisor * dividend.signum()
}

#[cfg(test)]
mod tests {
    use super::{Line, Shop, round};

    #[test]
    fn halves_are_rounded_away_from_zero_on_both_sides() {
        assert_eq!([round(5, 10), round(4, 10), round(-5, 10), round(0, 7)], [1, 0, -1, 0]);
    }

    #[test]
    fn what_is_weighed_costs_its_weight() {
        let shop = Shop::named("grocery").expect("a shop of the catalogue");
        let dish = shop.dishes().find(|dish| dish.price == 11_800).expect("pork belly");
        let line = Line::new(shop, dish, 485);
        assert_eq!(line.amount.to_string(), "57.23");
        assert_eq!(line.quantity().to_string(), "0.485");
    }
}
