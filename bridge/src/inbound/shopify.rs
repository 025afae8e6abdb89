//! Shopify: orders once they are paid, refunds, cancelled orders, stock.
//!
//! The topic and the id of a call stand in headers, which the signature does not cover: what an order
//! counts as follows from its body, and its event's id from the order's.

use axum::http::HeaderMap;
use pos_protocol::event::{Entry, Item, Kind, Method, Payment, Receipt, Stocked, Tax};
use pos_protocol::money::{Amount, currency_digits};
use serde_json::Value;

use super::draft::{Draft, Ground, Meaning, Reading};
use super::field;
use super::mac::fingerprint;
use super::verify::single;

/// What a call is known by.
const WEBHOOK_ID: &str = "x-shopify-webhook-id";
const TOPIC: &str = "x-shopify-topic";
const TEST: &str = "x-shopify-test";

/// Reads a call.
pub(super) fn read(value: &Value, body: &[u8], headers: &HeaderMap, ground: &Ground) -> Reading {
    let topic = single(headers, TOPIC).unwrap_or_default().to_owned();
    let test = single(headers, TEST) == Some("true") || value["test"] == true;
    let meaning = match topic.as_str() {
        _ if test => Meaning::Test,
        "orders/create" | "orders/paid" | "orders/updated" => order(value, ground),
        "orders/cancelled" => cancelled(value, ground),
        "refunds/create" => refund(value, ground),
        "inventory_levels/update" => stock(value),
        _ => Meaning::Unknown,
    };
    // One with another id that says the same is another delivery of it, and its events are the same.
    let delivery = single(headers, WEBHOOK_ID).map_or_else(|| fingerprint(body), str::to_owned);
    Reading { delivery, topic, meaning }
}

/// The receipt of an order, or the field that is missing.
fn receipt(value: &Value, ground: &Ground) -> Result<(String, Receipt), Meaning> {
    let id = field::text(value, "/id").ok_or(Meaning::Unreadable { field: "/id" })?;
    let code = field::text(value, "/currency");
    let currency = ground.currency(code.as_deref());
    let digits = currency_digits(currency);
    let total = field::money(value, "/total_price", digits);
    let total = total.ok_or(Meaning::Unreadable { field: "/total_price" })?;
    let number = field::text(value, "/name").or_else(|| field::text(value, "/order_number"));
    let item = |line: &Value| {
        Some(Item {
            name: field::text(line, "/title").or_else(|| field::text(line, "/name"))?,
            quantity: field::decimal(line, "/quantity"),
            unit_price: field::decimal(line, "/price"),
            ..Item::default()
        })
    };
    let tax = field::money(value, "/total_tax", digits).filter(|tax| !tax.is_zero());
    let included = value.pointer("/taxes_included").and_then(Value::as_bool);
    let means = |name: &Value| {
        let label = name.as_str()?.trim().to_owned();
        Some(Payment { method: field::method(&label), label: Some(label), amount: None })
    };
    let mut payments: Vec<Payment> =
        field::list(value, "/payment_gateway_names").iter().filter_map(means).collect();
    if let [only] = payments.as_mut_slice() {
        only.amount = Some(total);
    }
    let receipt = Receipt {
        number: number.map(|number| number.trim_start_matches('#').to_owned()),
        printed_at: field::local(value, "/created_at", &ground.zone),
        currency: Some(code.unwrap_or_else(|| currency.code().to_owned())),
        items: field::list(value, "/line_items").iter().filter_map(item).collect(),
        taxes: tax.into_iter().map(|amount| Tax { label: None, amount, included }).collect(),
        total: Some(total),
        payments,
        ..Receipt::default()
    };
    Ok((id, receipt))
}

fn order(value: &Value, ground: &Ground) -> Meaning {
    let paid = field::text(value, "/financial_status");
    if paid.as_deref() != Some("paid") {
        return Meaning::Says(Vec::new());
    }
    match receipt(value, ground) {
        Err(missing) => missing,
        Ok((id, receipt)) => {
            let mut draft = Draft::receipt(format!("order/{id}"), Kind::Sale, receipt);
            draft.unless = Some(format!("cancelled/{id}"));
            Meaning::Says(vec![draft])
        }
    }
}

fn cancelled(value: &Value, ground: &Ground) -> Meaning {
    match receipt(value, ground) {
        Err(missing) => missing,
        Ok((id, receipt)) => {
            let mut draft = Draft::receipt(format!("cancelled/{id}"), Kind::Void, receipt);
            draft.related = Some(format!("order/{id}"));
            Meaning::Says(vec![draft])
        }
    }
}

fn refund(value: &Value, ground: &Ground) -> Meaning {
    let Some(id) = field::text(value, "/id") else { return Meaning::Unreadable { field: "/id" } };
    let paid = |one: &&Value| field::text(one, "/status").as_deref() == Some("success");
    let back: Vec<&Value> = field::list(value, "/transactions").iter().filter(paid).collect();
    let Some(first) = back.first() else { return Meaning::Says(Vec::new()) };
    let code = field::text(first, "/currency");
    let currency = ground.currency(code.as_deref());
    let digits = currency_digits(currency);
    let payment = |one: &&Value| {
        let label = field::text(one, "/gateway");
        let method = label.as_deref().map_or(Method::Other, field::method);
        let amount = field::money(one, "/amount", digits).and_then(Amount::checked_neg);
        Payment { method, label, amount }
    };
    let payments: Vec<Payment> = back.iter().map(payment).collect();
    let total = payments
        .iter()
        .try_fold(Amount::zero(digits), |sum, payment| sum.checked_add(payment.amount?));
    let Some(total) = total else { return Meaning::Unreadable { field: "/transactions" } };
    let item = |line: &Value| {
        Some(Item {
            name: field::text(line, "/line_item/title")?,
            quantity: field::decimal(line, "/quantity").map(|quantity| -quantity),
            unit_price: field::decimal(line, "/line_item/price"),
            ..Item::default()
        })
    };
    let receipt = Receipt {
        printed_at: field::local(value, "/created_at", &ground.zone),
        currency: Some(code.unwrap_or_else(|| currency.code().to_owned())),
        items: field::list(value, "/refund_line_items").iter().filter_map(item).collect(),
        total: Some(total),
        payments,
        ..Receipt::default()
    };
    let mut draft = Draft::receipt(format!("refund/{id}"), Kind::Refund, receipt);
    draft.related = field::text(value, "/order_id").map(|order| format!("order/{order}"));
    Meaning::Says(vec![draft])
}

/// Articles are known by their inventory item's id: the catalogue has it as an alias.
fn stock(value: &Value) -> Meaning {
    let Some(article) = field::text(value, "/inventory_item_id") else {
        return Meaning::Unreadable { field: "/inventory_item_id" };
    };
    let Some(quantity) = field::decimal(value, "/available") else {
        return Meaning::Unreadable { field: "/available" };
    };
    let place = field::text(value, "/location_id").unwrap_or_default();
    let at = field::text(value, "/updated_at").unwrap_or_else(|| quantity.to_string());
    let lines = vec![Stocked { article: article.clone(), quantity }];
    Meaning::Says(vec![Draft::stock(format!("count/{article}/{place}/{at}"), Entry::Set { lines })])
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::Kind;
    use serde_json::{Value, json};

    use super::read;
    use crate::inbound::draft::tests::{ground, only, shown};
    use crate::inbound::draft::{Meaning, Reading};
    use crate::inbound::verify_tests::headers;

    fn of(topic: &str, value: &Value) -> Reading {
        let given = headers(&[("X-Shopify-Topic", topic), ("X-Shopify-Webhook-Id", "w-1")]);
        read(value, b"", &given, &ground())
    }

    fn paid() -> Value {
        json!({ "id": 450_789_469, "name": "#1001", "created_at": "2026-05-20T12:05:06+08:00",
            "currency": "HKD", "financial_status": "paid", "total_price": "36.00",
            "total_tax": "0.00", "payment_gateway_names": ["cash"], "email": "x@example.org",
            "line_items": [{ "title": "Lemon tea", "quantity": 2, "price": "18.00" }] })
    }

    #[test]
    fn an_order_is_one_sale_whichever_of_its_topics_says_that_it_is_paid() {
        let mut pending = paid();
        pending["financial_status"] = "pending".into();
        assert_eq!(of("orders/create", &pending).meaning, Meaning::Says(Vec::new()));
        let reading = of("orders/paid", &paid());
        assert_eq!(reading.delivery, "w-1");
        let draft = only(reading);
        let expected = json!({ "number": "1001", "printed_at": "2026-05-20T12:05:06",
            "currency": "HKD", "total": "36.00",
            "items": [{ "name": "Lemon tea", "quantity": "2", "unit_price": "18.00" }],
            "payments": [{ "method": "cash", "label": "cash", "amount": "36.00" }] });
        assert_eq!(shown(&draft), expected);
        assert_eq!(only(of("orders/updated", &paid())), draft);
        let taken_back = only(of("orders/cancelled", &paid()));
        assert_eq!(taken_back.kind, Kind::Void);
        assert_eq!(draft.unless.as_ref(), Some(&taken_back.object), "in any order");
    }

    #[test]
    fn a_refund_is_what_was_paid_back() {
        let value = json!({ "id": 5, "order_id": 450_789_469, "created_at": "2026-05-21T01:00:00Z",
            "transactions": [
                { "amount": "10.00", "status": "success", "gateway": "visa", "currency": "HKD" },
                { "amount": "99.00", "status": "failure", "gateway": "visa", "currency": "HKD" }],
            "refund_line_items": [{ "quantity": 1, "line_item": { "title": "Lemon tea", "price": "18.00" } }] });
        let draft = only(of("refunds/create", &value));
        assert_eq!(draft.related.as_deref(), Some("order/450789469"));
        let shown = shown(&draft);
        assert_eq!(
            (shown["total"].as_str(), shown["items"][0]["quantity"].as_str()),
            (Some("-10.00"), Some("-1"))
        );
    }

    #[test]
    fn a_test_counts_nothing() {
        let given = headers(&[("X-Shopify-Topic", "orders/paid"), ("X-Shopify-Test", "true")]);
        assert_eq!(read(&paid(), b"x", &given, &ground()).meaning, Meaning::Test);
        assert_eq!(of("carts/update", &paid()).meaning, Meaning::Unknown);
        let stock = json!({ "inventory_item_id": 1, "location_id": 2, "available": -1 });
        assert!(only(of("inventory_levels/update", &stock)).stock.is_some());
    }
}
