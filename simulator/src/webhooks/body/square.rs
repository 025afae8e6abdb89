//! Square: a payment that is approved and then completed; a refund that is pending and then completed.

use pos_protocol::event::Method;
use serde_json::{Value, json};

use super::Told;
use crate::clock::rfc3339;
use crate::webhooks::notice::Notice;

/// How long after one step the next follows, in milliseconds.
const STEP_MS: i64 = 900;

pub(super) fn notices(told: Told<'_>) -> Vec<Notice> {
    let steps = if told.is_refund() {
        [("refund.created", "PENDING"), ("refund.updated", "COMPLETED")]
    } else {
        [("payment.created", "APPROVED"), ("payment.updated", "COMPLETED")]
    };
    let numbered = (0_i64..).zip(steps);
    numbered.map(|(n, (topic, status))| notice(told, topic, status, n * STEP_MS)).collect()
}

fn notice(told: Told<'_>, topic: &'static str, status: &str, after_ms: i64) -> Notice {
    let number = &told.sale.number;
    let created_ms = told.at_ms() + after_ms;
    let id = told.names.uuid(topic, number);
    let (kind, object) = if told.is_refund() {
        ("refund", refund(told, status, created_ms))
    } else {
        ("payment", payment(told, status, created_ms))
    };
    let body = json!({
        "merchant_id": told.names.of("merchant", "").to_uppercase(),
        "type": topic,
        "event_id": id,
        "created_at": rfc3339(created_ms),
        "data": {"type": kind, "id": object["id"], "object": {kind: object}},
    });
    Notice { id, topic, body: body.to_string().into_bytes(), created_ms }
}

fn money(told: Told<'_>, minor: i64) -> Value {
    json!({"amount": minor, "currency": told.sale.shop.money.code})
}

fn payment(told: Told<'_>, status: &str, updated_ms: i64) -> Value {
    let sale = told.sale;
    let total = money(told, sale.total.minor());
    let mut payment = json!({
        "id": told.names.of("payment", &sale.number),
        "created_at": rfc3339(told.at_ms()),
        "updated_at": rfc3339(updated_ms),
        "amount_money": total,
        "total_money": total,
        "approved_money": total,
        "status": status,
        "location_id": told.names.of("location", "").to_uppercase(),
        "order_id": told.names.of("order", &sale.number),
        "receipt_number": sale.number,
        "version_token": told.names.of(status, &sale.number),
    });
    let label = sale.payment.tender.label.en;
    match sale.payment.tender.method {
        Method::Cash => {
            payment["source_type"] = json!("CASH");
            if let Some((given, back)) = sale.payment.cash {
                payment["cash_details"] = json!({
                    "buyer_supplied_money": money(told, given.minor()),
                    "change_back_money": money(told, back.minor()),
                });
            }
        }
        Method::Visa | Method::Mastercard | Method::Amex | Method::Jcb | Method::Unionpay => {
            payment["source_type"] = json!("CARD");
            payment["card_details"] = json!({"card": {"card_brand": label.to_uppercase()}});
        }
        _ => {
            payment["source_type"] = json!("EXTERNAL");
            payment["external_details"] = json!({"type": "OTHER", "source": label});
        }
    }
    payment
}

fn refund(told: Told<'_>, status: &str, updated_ms: i64) -> Value {
    let sale = told.sale;
    let original = sale.original.as_deref().unwrap_or_default();
    let payment = told.names.of("payment", original);
    json!({
        "id": format!("{payment}_{}", told.names.of("refund", &sale.number)),
        "created_at": rfc3339(told.at_ms()),
        "updated_at": rfc3339(updated_ms),
        "amount_money": money(told, -sale.total.minor()),
        "status": status,
        "location_id": told.names.of("location", "").to_uppercase(),
        "order_id": told.names.of("order", &sale.number),
        "payment_id": payment,
    })
}
