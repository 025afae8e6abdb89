//! One sale as the till knows it: the truth that everything downstream is held against.
//!
//! Amounts are integers of cents from beginning to end; nothing is rounded.

use jiff::civil;
use pos_protocol::money::Amount;

use super::catalogue::{Dish, Shop, Tender, Words};

/// Digits after the point of the Hong Kong dollar.
const HKD_DIGITS: u8 = 2;

/// `cents` of Hong Kong money.
pub(super) fn hkd(cents: i64) -> Amount {
    Amount::new(cents, HKD_DIGITS)
}

/// A sale that was paid.
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
    /// Sum of the lines.
    pub subtotal: Amount,
    /// Reduction of the whole bill.
    pub discount: Option<Discount>,
    /// Service charge on what is left after the reduction.
    pub service_charge: Option<Amount>,
    /// What the customer owed.
    pub total: Amount,
    /// How it was paid.
    pub payment: Payment,
}

/// Some of one dish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What.
    pub dish: &'static Dish,
    /// How many.
    pub quantity: u32,
}

impl Line {
    /// Price of one.
    pub fn unit_price(&self) -> Amount {
        hkd(self.dish.cents)
    }

    /// Price of all.
    pub fn amount(&self) -> Amount {
        hkd(self.dish.cents * i64::from(self.quantity))
    }
}

/// A reduction of the whole bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discount {
    /// Words on the receipt.
    pub label: Words,
    /// Below zero.
    pub amount: Amount,
}

/// How a sale was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The means.
    pub tender: &'static Tender,
    /// Cash handed over and given back; absent for everything but cash.
    pub cash: Option<(Amount, Amount)>,
}
