//! Shopify: an order that is made and then paid; a refund of one.

use serde_json::{Value, json};

use super::Told;
use crate::clock::rfc3339;
use crate::webhooks::notice::Notice;

pub(super) fn notices(told: Told<'_>) -> Vec<Notice> {
    if told.is_refund() {
        return vec![notice(told, "refunds/create", &refund(told))];
    }
    vec![
        notice(told, "orders/create", &order(told, "pending")),
        notice(told, "orders/paid", &order(told, "paid")),
    ]
}

fn notice(told: Told<'_>, topic: &'static str, body: &Value) -> Notice {
    let id = told.names.uuid(topic, &told.sale.number);
    Notice { id, topic, body: body.to_string().into_bytes(), created_ms: told.at_ms() }
}

/// The number with which Shopify would know the order.
fn id(told: Told<'_>, number: &str) -> u64 {
    told.names.number("order", number)
}

fn lines(told: Told<'_>) -> impl Iterator<Item = Value> {
    told.sale.lines.iter().map(|line| {
        json!({
            "title": line.dish.name.en,
            "quantity": line.quantity(),
            "price": line.unit_price.to_string(),
        })
    })
}

fn order(told: Told<'_>, financial: &str) -> Value {
    let sale = told.sale;
    let tax = sale.tax.map(|tax| tax.amount.to_string());
    json!({
        "id": id(told, &sale.number),
        "name": format!("#{}", sale.number),
        "order_number": sale.number,
        "created_at": rfc3339(told.at_ms()),
        "updated_at": rfc3339(told.at_ms()),
        "currency": sale.shop.money.code,
        "financial_status": financial,
        "total_price": sale.total.to_string(),
        "total_tax": tax.unwrap_or_else(|| "0.00".to_owned()),
        "taxes_included": sale.tax.is_none_or(|tax| tax.included),
        "payment_gateway_names": [sale.payment.tender.label.en],
        "line_items": lines(told).collect::<Vec<Value>>(),
    })
}

fn refund(told: Told<'_>) -> Value {
    let sale = told.sale;
    let original = sale.original.as_deref().unwrap_or_default();
    let amount = sale.shop.money.amount(-sale.total.minor()).to_string();
    let back = lines(told)
        .zip(&sale.lines)
        .map(|(item, line)| json!({"quantity": -line.quantity(), "line_item": item}));
    json!({
        "id": told.names.number("refund", &sale.number),
        "order_id": id(told, original),
        "created_at": rfc3339(told.at_ms()),
        "refund_line_items": back.collect::<Vec<Value>>(),
        "transactions": [{
            "kind": "refund",
            "status": "success",
            "gateway": sale.payment.tender.label.en,
            "amount": amount,
            "currency": sale.shop.money.code,
        }],
    })
}
