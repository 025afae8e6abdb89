//! What a push must have, and what it is told where it has it not.

use pos_protocol::event::Kind;
use serde_json::{Value, json};

use super::push::{Pushed, read};
use crate::inbound::draft::tests::{ground, only, shown};
use crate::inbound::draft::{Draft, Meaning};

fn good(value: &Value) -> (Draft, Vec<String>) {
    let Pushed { reading, ignored, .. } = read(value, Some("k"), &ground()).expect("good");
    (only(reading), ignored)
}

fn refused(value: &Value) -> String {
    read(value, Some("k"), &ground()).expect_err("refused").to_string()
}

#[test]
fn a_kind_a_total_and_a_key_are_enough() {
    let value = json!({ "kind": "sale", "receipt": { "total": "36" } });
    let (draft, ignored) = good(&value);
    assert_eq!((draft.kind, draft.object.as_str()), (Kind::Sale, "k"));
    assert_eq!(shown(&draft), json!({ "currency": "HKD", "total": "36.00" }));
    assert!(ignored.is_empty());
    let keyed = json!({ "kind": "sale", "id": "t-1", "receipt": { "total": 36.5 } });
    let pushed = read(&keyed, Some("k"), &ground()).expect("good");
    assert_eq!(pushed.reading.delivery, "t-1", "the sender's own goes first");
    let refused = read(&value, None, &ground()).expect_err("no key");
    assert_eq!(refused.path, "$.id");
}

#[test]
fn every_field_of_the_schema_is_taken_over() {
    let receipt = json!({ "merchant": "Tea", "number": "1001", "printed_at": "2026-11-21T12:01:22",
        "terminal": "2", "cashier": "May", "table": "7", "guests": 2, "currency": "HKD",
        "items": [{ "name": "Tea", "quantity": "2", "unit_price": "18.00", "amount": "36.00",
            "modifiers": ["Less ice"] }],
        "subtotal": "36.00", "discounts": [{ "label": "VIP", "amount": "-6.00" }],
        "service_charge": "3.00", "taxes": [{ "label": "GST", "amount": "1.00", "included": true }],
        "rounding": "0.00", "tip": "2.00", "total": "33.00",
        "payments": [{ "method": "cash", "label": "CASH", "amount": "33.00" }],
        "tendered": "40.00", "change": "7.00", "address": "1 Nathan Road", "original_number": "1000" });
    let value = json!({ "schema": 1, "kind": "sale", "verdict": "balanced", "receipt": receipt });
    let (draft, ignored) = good(&value);
    assert_eq!((shown(&draft), ignored), (receipt, Vec::<String>::new()));
}

#[test]
fn what_is_wrong_is_told_by_its_path_and_never_by_its_value() {
    let total = "a decimal of at most 2 digits after the point, such as \"36.00\"";
    for (value, said) in [
        (json!({ "receipt": { "total": "1" } }), "$.kind: expected one of sale, refund".to_owned()),
        (json!({ "kind": "correction" }), "$.kind: expected one of sale, refund".to_owned()),
        (
            json!({ "kind": "sale" }),
            "$.receipt: expected an object with a total, found nothing".to_owned(),
        ),
        (
            json!({ "kind": "sale", "receipt": [] }),
            "$.receipt: expected an object, found a list".to_owned(),
        ),
        (
            json!({ "kind": "sale", "receipt": {} }),
            format!("$.receipt.total: expected {total}, found nothing"),
        ),
        (
            json!({ "kind": "sale", "receipt": { "total": "s3cret" } }),
            format!("$.receipt.total: expected {total}, found another string"),
        ),
        (
            json!({ "kind": "sale", "receipt": { "total": "1.005" } }),
            format!("$.receipt.total: expected {total}, found another string"),
        ),
        (
            json!({ "kind": "refund", "receipt": { "total": "5.00" } }),
            "$.receipt.total: expected a decimal below zero, of".to_owned(),
        ),
        (
            json!({ "kind": "sale", "receipt": { "total": "5", "items": [{ "name": "a" }, { "quantity": 1 }] } }),
            "$.receipt.items[1].name: expected words, found nothing".to_owned(),
        ),
        (
            json!({ "kind": "sale", "receipt": { "total": "5", "payments": [{ "method": "shells" }] } }),
            "$.receipt.payments[0].method: expected one of cash".to_owned(),
        ),
        (
            json!({ "kind": "sale", "receipt": { "total": "5", "printed_at": "noon" } }),
            "$.receipt.printed_at: expected a local time".to_owned(),
        ),
        (
            json!({ "kind": "sale", "schema": 2, "receipt": { "total": "5" } }),
            "$.schema: expected 1".to_owned(),
        ),
        (json!({ "kind": "inventory" }), "$.inventory: expected an entry".to_owned()),
        (json!([]), "$: expected an object, found a list".to_owned()),
    ] {
        let told = refused(&value);
        assert!(told.starts_with(&said), "{told}\nis not\n{said}");
        assert!(!told.contains("s3cret"), "{told}");
    }
}

#[test]
fn unknown_fields_are_named_and_change_nothing() {
    let value = json!({ "kind": "sale", "shop": "x", "receipt": { "total": "1.00", "totl": 1,
        "items": [{ "name": "a", "sku": 1 }] } });
    let (_, ignored) = good(&value);
    assert_eq!(ignored, ["$.receipt.items[0].sku", "$.receipt.totl", "$.shop"]);
}

#[test]
fn an_envelope_is_opened_and_a_test_is_one() {
    let value = json!({ "type": "sale.made", "timestamp": "x",
        "data": { "kind": "sale", "receipt": { "total": "1.00" } } });
    assert_eq!(good(&value).0.kind, Kind::Sale);
    let broken = json!({ "type": "a", "data": { "kind": "sale", "receipt": { "total": 0.001 } } });
    assert!(refused(&broken).starts_with("$.data.receipt.total"), "{}", refused(&broken));
    for test in [json!({ "kind": "test" }), json!({ "type": "webhook.test", "data": {} })] {
        let pushed = read(&test, Some("k"), &ground()).expect("good");
        assert_eq!(pushed.reading.meaning, Meaning::Test, "{test}");
    }
    let zoned = json!({ "kind": "sale", "receipt": { "total": "1", "printed_at": "2026-05-20T04:05:06Z" } });
    assert_eq!(shown(&good(&zoned).0)["printed_at"], "2026-05-20T12:05:06");
}
