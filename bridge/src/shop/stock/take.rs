//! What a receipt takes from the stock: its lines, and what is printed under them, by the names of the
//! catalogue.
//!
//! It changes nothing. A name that no article has is handed back as it stands.

use pos_protocol::event::{Item, Kind, Receipt};
use rust_decimal::Decimal;

use super::books::{self, Amounts};
use crate::journal::{JournalError, Rows};

/// Marks that tills print before a modifier.
const MARKS: [char; 12] = ['+', '＋', '-', '－', '*', '＊', '•', '·', '>', '＞', '#', '・'];

/// What a receipt takes.
#[derive(Debug, Default)]
pub(super) struct Taken<'r> {
    /// By article; below zero where it comes back.
    pub(super) amounts: Amounts,
    /// Sold lines whose name no article has, and how many.
    pub(super) unknown: Vec<(&'r Item, Decimal)>,
}

/// What `receipt`, of this kind, takes.
pub(super) fn taken<'r>(
    rows: &dyn Rows,
    shop: &str,
    kind: Kind,
    receipt: &'r Receipt,
) -> Result<Taken<'r>, JournalError> {
    let mut taken = Taken::default();
    for item in &receipt.items {
        let quantity = quantity(kind, item);
        match books::key_of(rows, shop, &item.name)? {
            Some(key) => books::expand(rows, shop, &key, quantity, &mut taken.amounts)?,
            None if quantity > Decimal::ZERO => taken.unknown.push((item, quantity)),
            None => {}
        }
        for modifier in &item.modifiers {
            // Most are remarks; those that name an article take it.
            let name =
                modifier.trim_start_matches(|c: char| MARKS.contains(&c) || c.is_whitespace());
            if let Some(key) = books::key_of(rows, shop, name)? {
                books::expand(rows, shop, &key, quantity, &mut taken.amounts)?;
            }
        }
    }
    Ok(taken)
}

/// How many leave the shop; below zero where they come back. What is printed below zero comes back;
/// on a refund so does what is printed without a sign.
fn quantity(kind: Kind, item: &Item) -> Decimal {
    let printed = item.quantity.unwrap_or(Decimal::ONE);
    let money = item.amount.filter(|amount| !amount.is_zero());
    let back = match money {
        Some(amount) => amount.is_negative(),
        None => printed.is_sign_negative() || kind == Kind::Refund,
    };
    if back { -printed.abs() } else { printed.abs() }
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::{Item, Kind};
    use rust_decimal::Decimal;

    use super::quantity;

    #[test]
    fn what_is_printed_below_zero_comes_back() {
        let of = |kind, quantity_: Option<i64>, amount: Option<&str>| {
            let amount = amount.and_then(pos_protocol::money::Amount::parse);
            let item = Item { quantity: quantity_.map(Decimal::from), amount, ..Item::default() };
            quantity(kind, &item)
        };
        assert_eq!(of(Kind::Sale, Some(2), Some("36.00")), Decimal::TWO);
        assert_eq!(of(Kind::Sale, None, None), Decimal::ONE);
        assert_eq!(of(Kind::Sale, Some(2), Some("0.00")), Decimal::TWO, "given away");
        assert_eq!(of(Kind::Sale, Some(1), Some("-18.00")), -Decimal::ONE, "exchanged");
        assert_eq!(of(Kind::Refund, Some(2), Some("-36.00")), -Decimal::TWO);
        assert_eq!(of(Kind::Refund, Some(-2), Some("-36.00")), -Decimal::TWO);
        assert_eq!(of(Kind::Refund, Some(2), None), -Decimal::TWO);
        assert_eq!(of(Kind::Refund, Some(1), Some("18.00")), Decimal::ONE, "exchanged");
    }
}
