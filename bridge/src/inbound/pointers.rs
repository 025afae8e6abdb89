//! Any JSON, read by configured pointers: `/hooks/generic`, and `/hooks/lightspeed-k`, whose body its
//! provider does not publish.
//!
//! A pointer that leads nowhere leaves its field out; only the total must be there.

use std::collections::BTreeMap;

use pos_protocol::event::{Item, Kind, Payment, Receipt};
use pos_protocol::money::{Amount, currency_digits};
use rust_decimal::Decimal;
use serde_json::Value;

use super::draft::{Draft, Ground, Meaning, Reading};
use super::field;
use super::mac::fingerprint;

/// Where the fields of a transaction stand, as JSON pointers (RFC 6901).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pointers {
    /// What the transaction is known by. Absent: the whole body.
    pub id: Option<String>,
    /// The word for what happened. Absent: a sale, or a refund below zero.
    pub kind: Option<String>,
    /// That word to the schema's.
    pub kinds: BTreeMap<String, Kind>,
    /// The total.
    pub total: String,
    /// Whether amounts are whole numbers of the minor unit.
    pub minor_units: bool,
    /// The receipt's number.
    pub number: Option<String>,
    /// When it was.
    pub at: Option<String>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// Who served.
    pub cashier: Option<String>,
    /// The till.
    pub terminal: Option<String>,
    /// The table.
    pub table: Option<String>,
    /// The number of the receipt that a refund is of.
    pub original_number: Option<String>,
    /// How it was paid.
    pub method: Option<String>,
    /// The list of goods.
    pub items: Option<String>,
    /// Within an item: its name.
    pub item_name: String,
    /// Within an item: how many.
    pub item_quantity: String,
    /// Within an item: the price of one.
    pub item_price: String,
    /// Within an item: the price of the line.
    pub item_amount: String,
}

impl Pointers {
    /// Reads the body of a call.
    pub(super) fn read(&self, value: &Value, body: &[u8], ground: &Ground) -> Reading {
        let delivery = fingerprint(body);
        let word = self.kind.as_deref().and_then(|at| field::text(value, at));
        let topic = word.clone().unwrap_or_default();
        let known = match word {
            None => Some(None),
            Some(word) => self.kinds.get(&word).copied().or_else(|| Kind::parse(&word)).map(Some),
        };
        let Some(kind) = known else {
            return Reading { delivery, topic, meaning: Meaning::Unknown };
        };
        let meaning = match self.receipt(value, kind, ground) {
            None => Meaning::Unreadable { field: "total" },
            Some((kind, receipt)) => {
                let id = self.id.as_deref().and_then(|at| field::text(value, at));
                // A refund may carry the id of its sale.
                let object = format!("{kind}/{}", id.as_deref().unwrap_or(&delivery));
                Meaning::Says(vec![Draft::receipt(object, kind, receipt)])
            }
        };
        Reading { delivery, topic, meaning }
    }

    fn receipt(
        &self,
        value: &Value,
        kind: Option<Kind>,
        ground: &Ground,
    ) -> Option<(Kind, Receipt)> {
        let text = |at: &Option<String>| field::text(value, at.as_deref()?);
        let code = text(&self.currency);
        let currency = ground.currency(code.as_deref());
        let digits = currency_digits(currency);
        let money = |of: &Value, at: &str| {
            if self.minor_units {
                field::minor(of, at, digits)
            } else {
                field::money(of, at, digits)
            }
        };
        let said = money(value, &self.total)?;
        let negative = if said.is_negative() { Kind::Refund } else { Kind::Sale };
        let kind = kind.unwrap_or(negative);
        let turned = kind == Kind::Refund && !said.is_negative();
        let sign = |amount: Amount| if turned { amount.checked_neg() } else { Some(amount) };
        let total = sign(said)?;
        let item = |line: &Value| {
            let quantity = field::decimal(line, &self.item_quantity);
            Some(Item {
                name: field::text(line, &self.item_name)?,
                quantity: quantity.map(|quantity| if turned { -quantity } else { quantity }),
                unit_price: if self.minor_units {
                    let price = money(line, &self.item_price);
                    price.map(|price| Decimal::new(price.minor(), digits.into()))
                } else {
                    field::decimal(line, &self.item_price)
                },
                amount: money(line, &self.item_amount).and_then(sign),
                ..Item::default()
            })
        };
        let items = self.items.as_deref().map_or(&[][..], |at| field::list(value, at));
        let means = text(&self.method);
        let payment = means.map(|label| Payment {
            method: field::method(&label),
            label: Some(label),
            amount: Some(total),
        });
        let receipt = Receipt {
            number: text(&self.number),
            printed_at: self.at.as_deref().and_then(|at| field::local(value, at, &ground.zone)),
            terminal: text(&self.terminal),
            cashier: text(&self.cashier),
            table: text(&self.table),
            currency: Some(currency.code().to_owned()),
            items: items.iter().filter_map(item).collect(),
            total: Some(total),
            payments: payment.into_iter().collect(),
            original_number: text(&self.original_number),
            ..Receipt::default()
        };
        Some((kind, receipt))
    }
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::Kind;
    use serde_json::{Value, json};

    use super::Pointers;
    use crate::inbound::draft::Meaning;
    use crate::inbound::draft::tests::{ground, only, shown};

    fn pointers() -> Pointers {
        let at = |pointer: &str| Some(pointer.to_owned());
        Pointers {
            id: at("/trans/uuid"),
            kind: at("/trans/type"),
            kinds: [("RETURN".to_owned(), Kind::Refund), ("SALE".to_owned(), Kind::Sale)].into(),
            total: "/trans/sum".into(),
            number: at("/trans/no"),
            at: at("/trans/time"),
            method: at("/trans/tender"),
            items: at("/lines"),
            item_name: "/desc".into(),
            item_quantity: "/qty".into(),
            item_price: "/each".into(),
            item_amount: "/sum".into(),
            ..Pointers::default()
        }
    }

    fn sold() -> Value {
        json!({ "trans": { "uuid": "u-1", "type": "SALE", "sum": 36.0, "no": 1001, "tender": "Cash",
            "time": "2026-05-20T04:05:06Z" },
            "lines": [{ "desc": "Lemon tea", "qty": 2, "each": "18", "sum": 36 }, { "qty": 1 }] })
    }

    #[test]
    fn fields_are_found_where_the_configuration_says() {
        let draft = only(pointers().read(&sold(), b"", &ground()));
        assert_eq!((draft.kind, draft.object.as_str()), (Kind::Sale, "sale/u-1"));
        let expected = json!({ "number": "1001", "printed_at": "2026-05-20T12:05:06",
            "currency": "HKD", "total": "36.00",
            "items": [{ "name": "Lemon tea", "quantity": "2", "unit_price": "18", "amount": "36.00" }],
            "payments": [{ "method": "cash", "label": "Cash", "amount": "36.00" }] });
        assert_eq!(shown(&draft), expected);
    }

    #[test]
    fn a_refund_is_below_zero_however_it_is_written() {
        let mut back = sold();
        back["trans"]["type"] = "RETURN".into();
        let draft = only(pointers().read(&back, b"", &ground()));
        assert_eq!((draft.kind, draft.object.as_str()), (Kind::Refund, "refund/u-1"));
        let shown = shown(&draft);
        assert_eq!(
            (shown["total"].as_str(), shown["items"][0]["amount"].as_str()),
            (Some("-36.00"), Some("-36.00"))
        );
        back["trans"]["sum"] = (-36).into();
        let untyped = Pointers { kind: None, ..pointers() };
        assert_eq!(only(untyped.read(&back, b"", &ground())).kind, Kind::Refund);
    }

    #[test]
    fn an_unknown_word_is_unknown_and_a_missing_total_unreadable() {
        let mut other = sold();
        other["trans"]["type"] = "PARKED".into();
        assert_eq!(pointers().read(&other, b"", &ground()).meaning, Meaning::Unknown);
        let bare = json!({ "trans": { "type": "SALE" } });
        let unreadable = Meaning::Unreadable { field: "total" };
        assert_eq!(pointers().read(&bare, b"", &ground()).meaning, unreadable);
        let minor = Pointers { minor_units: true, ..pointers() };
        let mut cents = sold();
        cents["trans"]["sum"] = 3600.into();
        cents["lines"] = json!([]);
        assert_eq!(shown(&only(minor.read(&cents, b"", &ground())))["total"], "36.00");
    }
}
