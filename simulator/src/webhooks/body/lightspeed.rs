//! Lightspeed: a sale of X-Series as a form; an account of K-Series that is closed, in words of our
//! own, because its body is documented nowhere.

use serde_json::{Value, json};

use super::Told;
use crate::clock::rfc3339;
use crate::webhooks::notice::Notice;

/// A sale in this many is told before it is paid too.
const SAVED_ONE_IN: u64 = 4;

/// The sale, now and then first as it was parked.
pub(super) fn x(told: Told<'_>) -> Vec<Notice> {
    let number = &told.sale.number;
    let parked = told.names.number("parked", number).is_multiple_of(SAVED_ONE_IN);
    let saved = (parked && !told.is_refund()).then_some("SAVED");
    saved.into_iter().chain(["CLOSED"]).map(|status| form(told, status)).collect()
}

fn form(told: Told<'_>, status: &str) -> Notice {
    let payload = sale(told, status).to_string();
    let fields = [
        ("payload", payload.as_str()),
        ("domain_prefix", "possim"),
        ("environment", "prod"),
        ("type", "sale.update"),
    ];
    let pairs = fields.map(|(name, value)| format!("{name}={}", escaped(value)));
    Notice {
        id: told.names.uuid(status, &told.sale.number),
        topic: "sale.update",
        body: pairs.join("&").into_bytes(),
        created_ms: told.at_ms(),
    }
}

/// `total_price` is without the tax.
fn sale(told: Told<'_>, status: &str) -> Value {
    let sale = told.sale;
    let tax = sale.tax.map_or(0, |tax| tax.amount.minor());
    let amount = |minor: i64| sale.shop.money.amount(minor).to_string();
    let at = rfc3339(told.at_ms());
    let utc = at[..19].replace('T', " ");
    let lines = sale.lines.iter().map(|line| {
        json!({
            "product_id": told.names.uuid("product", line.dish.name.en),
            "name": line.dish.name.en,
            "quantity": line.quantity(),
            "price": amount(line.unit_price.minor()),
            "tax": "0",
            "discount": "0",
        })
    });
    let paid = json!({
        "id": told.names.uuid("payment", &sale.number),
        "label": sale.payment.tender.label.en,
        "amount": amount(sale.total.minor()),
        "payment_date": utc,
    });
    let payments = if status == "CLOSED" { vec![paid] } else { Vec::new() };
    json!({
        "id": told.names.uuid("sale", &sale.number),
        "source": "USER",
        "register_id": told.names.uuid("register", &sale.terminal),
        "sale_date": utc,
        "created_at": utc,
        "updated_at": utc,
        "total_price": amount(sale.total.minor() - tax),
        "total_tax": amount(tax),
        "status": status,
        "invoice_number": sale.number,
        "register_sale_products": lines.collect::<Vec<Value>>(),
        "register_sale_payments": payments,
    })
}

/// An account that is closed.
pub(super) fn k(told: Told<'_>) -> Vec<Notice> {
    let sale = told.sale;
    let id = told.names.uuid("account", &sale.number);
    let body = json!({
        "resource": "account",
        "name": "CLOSED",
        "endpointId": "possim",
        "id": id,
        "receiptNumber": sale.number,
        "closedAt": rfc3339(told.at_ms()),
        "type": if told.is_refund() { "REFUND" } else { "SALE" },
        "currency": sale.shop.money.code,
        "totalAmount": sale.total.to_string(),
        "payments": [{"method": sale.payment.tender.label.en, "amount": sale.total.to_string()}],
    });
    let created_ms = told.at_ms();
    let body = body.to_string().into_bytes();
    vec![Notice { id, topic: "account", body, created_ms }]
}

/// `text` as a value of a form.
fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut form, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => {
                form.push(char::from(byte));
            }
            b' ' => form.push('+'),
            // Memory takes every byte.
            _ => drop(write!(form, "%{byte:02X}")),
        }
        form
    })
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_form_escapes_what_is_not_a_letter_or_a_digit() {
        assert_eq!(escaped("a b&c=\"茶\"+"), "a+b%26c%3D%22%E8%8C%B6%22%2B");
    }
}
