//! Loyverse: receipts and stock levels.
//!
//! Its calls have no id; a receipt is known by its number, which the shop's receipts carry too.

use pos_protocol::event::{Discount, Entry, Item, Kind, Method, Payment, Receipt, Stocked};
use pos_protocol::money::{Amount, currency_digits};
use serde_json::Value;

use super::draft::{Draft, Ground, Meaning, Reading};
use super::field;
use super::mac::fingerprint;

/// Reads the body of a call.
pub(super) fn read(value: &Value, body: &[u8], ground: &Ground) -> Reading {
    let topic = field::text(value, "/type").unwrap_or_default();
    let drafts = match topic.as_str() {
        "receipts.update" => each(field::list(value, "/receipts"), |one| receipt(one, ground)),
        "inventory_levels.update" => each(field::list(value, "/inventory_levels"), level),
        _ => return Reading { delivery: fingerprint(body), topic, meaning: Meaning::Unknown },
    };
    let meaning = drafts.map_or_else(|field| Meaning::Unreadable { field }, Meaning::Says);
    Reading { delivery: fingerprint(body), topic, meaning }
}

fn each(
    list: &[Value],
    read: impl Fn(&Value) -> Result<Vec<Draft>, &'static str>,
) -> Result<Vec<Draft>, &'static str> {
    let drafts: Result<Vec<_>, _> = list.iter().map(read).collect();
    Ok(drafts?.into_iter().flatten().collect())
}

fn receipt(value: &Value, ground: &Ground) -> Result<Vec<Draft>, &'static str> {
    let number = field::text(value, "/receipt_number").ok_or("/receipts/0/receipt_number")?;
    let digits = currency_digits(ground.currency);
    let refund = field::text(value, "/receipt_type").as_deref() == Some("REFUND");
    // Loyverse writes refunds above zero.
    let signed = |amount: Amount| {
        if refund && !amount.is_negative() { amount.checked_neg() } else { Some(amount) }
    };
    let money = |of: &Value, pointer| field::money(of, pointer, digits).and_then(signed);
    let total = money(value, "/total_money").ok_or("/receipts/0/total_money")?;
    let item = |line: &Value| {
        let amount = money(line, "/total_money");
        let quantity = field::decimal(line, "/quantity");
        Some(Item {
            name: field::text(line, "/item_name")?,
            quantity: quantity.map(|quantity| if refund { -quantity.abs() } else { quantity }),
            unit_price: field::decimal(line, "/price"),
            amount,
            modifiers: field::text(line, "/variant_name").into_iter().collect(),
        })
    };
    let payment = |paid: &Value| {
        let label = field::text(paid, "/name").or_else(|| field::text(paid, "/type"));
        let method = label.as_deref().map_or(Method::Other, field::method);
        Payment { method, label, amount: money(paid, "/money_amount") }
    };
    let reduced = field::money(value, "/total_discount", digits).filter(|sum| !sum.is_zero());
    let reduced = reduced.and_then(|sum| if refund { Some(sum) } else { sum.checked_neg() });
    let at = field::local(value, "/receipt_date", &ground.zone);
    let receipt = Receipt {
        printed_at: at.or_else(|| field::local(value, "/created_at", &ground.zone)),
        currency: Some(ground.currency.code().to_owned()),
        items: field::list(value, "/line_items").iter().filter_map(item).collect(),
        discounts: reduced.into_iter().map(|amount| Discount { label: None, amount }).collect(),
        tip: money(value, "/tip").filter(|tip| !tip.is_zero()),
        total: Some(total),
        payments: field::list(value, "/payments").iter().map(payment).collect(),
        original_number: field::text(value, "/refund_for"),
        number: Some(number.clone()),
        ..Receipt::default()
    };
    let voided = format!("cancelled/{number}");
    if value.pointer("/cancelled_at").is_some_and(Value::is_string) {
        return Ok(vec![Draft::receipt(voided, Kind::Void, receipt)]);
    }
    let kind = if refund { Kind::Refund } else { Kind::Sale };
    let mut draft = Draft::receipt(format!("receipt/{number}"), kind, receipt);
    draft.unless = Some(voided);
    Ok(vec![draft])
}

/// Articles are known by their variant's id: the catalogue has it as an alias.
fn level(value: &Value) -> Result<Vec<Draft>, &'static str> {
    let article = field::text(value, "/variant_id").ok_or("/inventory_levels/0/variant_id")?;
    let quantity = field::decimal(value, "/in_stock").ok_or("/inventory_levels/0/in_stock")?;
    let store = field::text(value, "/store_id").unwrap_or_default();
    let at = field::text(value, "/updated_at").unwrap_or_else(|| quantity.to_string());
    let lines = vec![Stocked { article: article.clone(), quantity }];
    Ok(vec![Draft::stock(format!("count/{article}/{store}/{at}"), Entry::Set { lines })])
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::Kind;
    use serde_json::{Value, json};

    use super::read;
    use crate::inbound::draft::Meaning;
    use crate::inbound::draft::tests::{ground, only, shown};

    fn call(receipt: &Value) -> Value {
        json!({ "merchant_id": "m", "type": "receipts.update", "receipts": [receipt] })
    }

    fn sold() -> Value {
        json!({ "receipt_number": "2-1008", "receipt_type": "SALE", "refund_for": null,
            "receipt_date": "2026-05-20T04:05:06.000Z", "total_money": 32.0, "total_discount": 4,
            "tip": 0, "cancelled_at": null,
            "line_items": [{ "item_name": "Lemon tea", "variant_name": "Less ice", "quantity": 2,
                "price": 18, "total_money": 32 }],
            "payments": [{ "name": "Octopus", "type": "OTHER", "money_amount": 32 }] })
    }

    #[test]
    fn a_receipt_is_a_sale_and_a_refund_is_below_zero() {
        let draft = only(read(&call(&sold()), b"", &ground()));
        let expected = json!({ "number": "2-1008", "printed_at": "2026-05-20T12:05:06",
            "currency": "HKD", "discounts": [{ "amount": "-4.00" }], "total": "32.00",
            "items": [{ "name": "Lemon tea", "quantity": "2", "unit_price": "18", "amount": "32.00",
                "modifiers": ["Less ice"] }],
            "payments": [{ "method": "octopus", "label": "Octopus", "amount": "32.00" }] });
        assert_eq!((draft.kind, shown(&draft)), (Kind::Sale, expected));
        let mut back = sold();
        (back["receipt_type"], back["refund_for"]) = ("REFUND".into(), "2-1008".into());
        let draft = only(read(&call(&back), b"", &ground()));
        let shown = shown(&draft);
        assert_eq!((draft.kind, shown["total"].as_str()), (Kind::Refund, Some("-32.00")));
        assert_eq!(shown["items"][0]["quantity"], "-2");
        assert_eq!(shown["original_number"], "2-1008");
    }

    #[test]
    fn a_cancelled_receipt_takes_back_and_what_lacks_its_total_is_unreadable() {
        let mut gone = sold();
        gone["cancelled_at"] = "2026-05-20T04:06:00.000Z".into();
        let draft = only(read(&call(&gone), b"", &ground()));
        assert_eq!((draft.kind, draft.object.as_str()), (Kind::Void, "cancelled/2-1008"));
        gone["total_money"] = Value::Null;
        let field = "/receipts/0/total_money";
        let reading = read(&call(&gone), b"", &ground());
        assert_eq!(reading.meaning, Meaning::Unreadable { field });
        let unknown = read(&json!({ "type": "items.update" }), b"", &ground());
        assert_eq!(unknown.meaning, Meaning::Unknown);
    }
}
