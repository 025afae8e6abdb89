//! Square's webhooks: payments, refunds, orders and counts of stock.
//!
//! A payment counts once it is completed, whichever of its calls says so first. An order carries no
//! amount, so it counts nothing; its payment does.

use pos_protocol::event::{Entry, Kind, Method, Payment, Receipt, Stocked};
use pos_protocol::money::{Amount, currency_digits};
use serde_json::Value;

use super::draft::{Draft, Ground, Meaning, Reading};
use super::field;
use super::mac::fingerprint;

const COMPLETED: &str = "COMPLETED";

/// Reads the body of a call.
pub(super) fn read(value: &Value, body: &[u8], ground: &Ground) -> Reading {
    let topic = field::text(value, "/type").unwrap_or_default();
    let meaning = match topic.as_str() {
        "payment.created" | "payment.updated" => payment(value, ground),
        "refund.created" | "refund.updated" => refund(value, ground),
        "order.created" => order(value, "/data/object/order_created"),
        "order.updated" => order(value, "/data/object/order_updated"),
        "inventory.count.updated" => counts(value),
        "webhooks.test_notification" => Meaning::Test,
        _ => Meaning::Unknown,
    };
    let delivery = field::text(value, "/event_id").unwrap_or_else(|| fingerprint(body));
    Reading { delivery, topic, meaning }
}

fn nothing_yet() -> Meaning {
    Meaning::Says(Vec::new())
}

/// Money of the object at `at`, in the currency that stands beside it.
fn money(value: &Value, at: &str, ground: &Ground) -> Option<(Amount, String)> {
    let code = field::text(value, &format!("{at}/currency"));
    let currency = ground.currency(code.as_deref());
    let amount = field::minor(value, &format!("{at}/amount"), currency_digits(currency))?;
    Some((amount, code.unwrap_or_else(|| currency.code().to_owned())))
}

fn payment(value: &Value, ground: &Ground) -> Meaning {
    let Some(payment) = value.pointer("/data/object/payment") else {
        return Meaning::Unreadable { field: "/data/object/payment" };
    };
    if field::text(payment, "/status").as_deref() != Some(COMPLETED) {
        return nothing_yet();
    }
    let Some(id) = field::text(payment, "/id") else {
        return Meaning::Unreadable { field: "/data/object/payment/id" };
    };
    let total = money(payment, "/total_money", ground);
    let Some((total, currency)) = total.or_else(|| money(payment, "/amount_money", ground)) else {
        return Meaning::Unreadable { field: "/data/object/payment/total_money" };
    };
    let amount = |at: &str| money(payment, at, ground).map(|(amount, _)| amount);
    let (method, label) = means(payment);
    let receipt = Receipt {
        // What the POS program counts by, where it gave that.
        number: field::text(payment, "/receipt_number")
            .or_else(|| field::text(payment, "/reference_id")),
        printed_at: field::local(payment, "/created_at", &ground.zone),
        currency: Some(currency),
        tip: amount("/tip_money").filter(|tip| !tip.is_zero()),
        total: Some(total),
        payments: vec![Payment { method, label, amount: Some(total) }],
        tendered: amount("/cash_details/buyer_supplied_money"),
        change: amount("/cash_details/change_back_money").filter(|change| !change.is_zero()),
        ..Receipt::default()
    };
    Meaning::Says(vec![Draft::receipt(format!("payment/{id}"), Kind::Sale, receipt)])
}

/// How somebody paid, and Square's word for it.
fn means(payment: &Value) -> (Method, Option<String>) {
    let brand = field::text(payment, "/card_details/card/card_brand")
        .or_else(|| field::text(payment, "/wallet_details/brand"));
    let source = field::text(payment, "/source_type");
    let (card, external) =
        (source.as_deref() == Some("CARD"), source.as_deref() == Some("EXTERNAL"));
    // Paid beside Square, by an Octopus reader or a food platform: the shop's own word for it.
    let outside = field::text(payment, "/external_details/source").filter(|_| external);
    let word = brand.or(outside).or(source);
    let known = word.as_deref().map_or(Method::Other, |word| match word {
        "CHINA_UNIONPAY" => Method::Unionpay,
        other => field::method(other),
    });
    (if known == Method::Other && card { Method::Card } else { known }, word)
}

fn refund(value: &Value, ground: &Ground) -> Meaning {
    let Some(refund) = value.pointer("/data/object/refund") else {
        return Meaning::Unreadable { field: "/data/object/refund" };
    };
    if field::text(refund, "/status").as_deref() != Some(COMPLETED) {
        return nothing_yet();
    }
    let Some(id) = field::text(refund, "/id") else {
        return Meaning::Unreadable { field: "/data/object/refund/id" };
    };
    let back = money(refund, "/amount_money", ground)
        .and_then(|(amount, code)| Some((amount.checked_neg()?, code)));
    let Some((total, currency)) = back else {
        return Meaning::Unreadable { field: "/data/object/refund/amount_money" };
    };
    let receipt = Receipt {
        printed_at: field::local(refund, "/created_at", &ground.zone),
        currency: Some(currency),
        total: Some(total),
        ..Receipt::default()
    };
    let mut draft = Draft::receipt(format!("refund/{id}"), Kind::Refund, receipt);
    draft.related = field::text(refund, "/payment_id").map(|id| format!("payment/{id}"));
    Meaning::Says(vec![draft])
}

/// That there is an order, and how far it is: what it costs stands in its payment.
fn order(value: &Value, at: &'static str) -> Meaning {
    let Some(order) = value.pointer(at) else { return Meaning::Unreadable { field: at } };
    let (id, state) = (field::text(order, "/order_id"), field::text(order, "/state"));
    let (Some(id), Some(state)) = (id, state) else { return Meaning::Unreadable { field: at } };
    let object = format!("order/{id}/{state}");
    Meaning::Says(vec![Draft::receipt(object, Kind::Document, Receipt::default())])
}

/// What was counted in stock. Articles are known by their ids: the catalogue has them as aliases.
fn counts(value: &Value) -> Meaning {
    let mut drafts = Vec::new();
    for count in field::list(value, "/data/object/inventory_counts") {
        if field::text(count, "/state").as_deref() != Some("IN_STOCK") {
            continue;
        }
        let (Some(article), Some(quantity)) =
            (field::text(count, "/catalog_object_id"), field::decimal(count, "/quantity"))
        else {
            return Meaning::Unreadable { field: "/data/object/inventory_counts" };
        };
        let at = field::text(count, "/calculated_at");
        let place = field::text(count, "/location_id").unwrap_or_default();
        let object = format!("count/{article}/{place}/{}", at.as_deref().unwrap_or_default());
        let lines = vec![Stocked { article, quantity }];
        drafts.push(Draft::stock(object, Entry::Count { lines, at }));
    }
    Meaning::Says(drafts)
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::{Entry, Kind};
    use serde_json::{Value, json};

    use super::read;
    use crate::inbound::draft::tests::{ground, only, shown};
    use crate::inbound::draft::{Meaning, Reading};

    fn of(value: &Value) -> Reading {
        read(value, b"", &ground())
    }

    fn call(topic: &str, object: &Value) -> Value {
        json!({ "merchant_id": "M", "type": topic, "event_id": "e-1",
            "created_at": "2026-05-20T14:25:28.000Z", "data": { "object": object } })
    }

    fn paid(status: &str) -> Value {
        json!({ "payment": { "id": "p-1", "created_at": "2026-05-20T14:25:27.000Z",
            "amount_money": { "amount": 3600, "currency": "HKD" },
            "tip_money": { "amount": 400, "currency": "HKD" },
            "total_money": { "amount": 4000, "currency": "HKD" },
            "status": status, "source_type": "CARD", "receipt_number": "KkAk",
            "card_details": { "card": { "card_brand": "VISA", "last_4": "1111" } },
            "buyer_email_address": "somebody@example.org" } })
    }

    #[test]
    fn a_payment_counts_once_it_is_completed_whichever_call_says_so() {
        for status in ["APPROVED", "CANCELED", "FAILED"] {
            let early = of(&call("payment.created", &paid(status)));
            assert_eq!(early.meaning, Meaning::Says(Vec::new()), "{status}");
        }
        let created = of(&call("payment.created", &paid("COMPLETED")));
        assert_eq!((created.delivery.as_str(), created.topic.as_str()), ("e-1", "payment.created"));
        let draft = only(created);
        assert_eq!((draft.object.as_str(), draft.kind), ("payment/p-1", Kind::Sale));
        let expected = json!({ "number": "KkAk", "printed_at": "2026-05-20T22:25:27",
            "currency": "HKD", "tip": "4.00", "total": "40.00",
            "payments": [{ "method": "visa", "label": "VISA", "amount": "40.00" }] });
        assert_eq!(shown(&draft), expected, "and nothing about the buyer");
        assert_eq!(only(of(&call("payment.updated", &paid("COMPLETED")))), draft);
    }

    #[test]
    fn what_was_paid_beside_square_is_known_by_the_shops_own_word() {
        let means = |details: Value| {
            let mut object = paid("COMPLETED");
            object["payment"]["source_type"] = "EXTERNAL".into();
            object["payment"]["card_details"] = Value::Null;
            object["payment"]["external_details"] = details;
            let payment = only(of(&call("payment.updated", &object)));
            shown(&payment)["payments"][0].clone()
        };
        let octopus = means(json!({ "type": "OTHER", "source": "Octopus" }));
        assert_eq!((&octopus["method"], &octopus["label"]), (&json!("octopus"), &json!("Octopus")));
        let platform = means(json!({ "type": "SOCIAL", "source": "Foodpanda" }));
        assert_eq!(
            (&platform["method"], &platform["label"]),
            (&json!("other"), &json!("Foodpanda"))
        );
        assert_eq!(means(Value::Null)["label"], "EXTERNAL");
    }

    #[test]
    fn a_payment_that_says_no_amount_is_unreadable_and_not_guessed() {
        let mut object = paid("COMPLETED");
        object["payment"]["total_money"] = Value::Null;
        object["payment"]["amount_money"] = json!({ "amount": "36" });
        let field = "/data/object/payment/total_money";
        let reading = of(&call("payment.updated", &object));
        assert_eq!(reading.meaning, Meaning::Unreadable { field });
    }

    #[test]
    fn a_refund_is_below_zero_and_names_its_payment() {
        let object = json!({ "refund": { "id": "r-1", "created_at": "2020-02-06T21:27:41.836Z",
            "amount_money": { "amount": 1000, "currency": "JPY" }, "status": "COMPLETED",
            "payment_id": "p-1" } });
        let draft = only(of(&call("refund.updated", &object)));
        assert_eq!((draft.kind, draft.related.as_deref()), (Kind::Refund, Some("payment/p-1")));
        assert_eq!(shown(&draft)["total"], "-1000", "no minor unit");
        let mut pending = object;
        pending["refund"]["status"] = "PENDING".into();
        let pending = of(&call("refund.created", &pending));
        assert_eq!(pending.meaning, Meaning::Says(Vec::new()));
    }

    #[test]
    fn a_count_in_stock_is_an_entry_for_the_article_of_that_id() {
        let object = json!({ "inventory_counts": [
            { "calculated_at": "2019-10-29T18:38:45.10296Z", "catalog_object_id": "FGQ5", "location_id": "L",
              "quantity": "10", "state": "IN_STOCK" },
            { "catalog_object_id": "FGQ5", "quantity": "1", "state": "WASTE" }] });
        let draft = only(of(&call("inventory.count.updated", &object)));
        let Some(Entry::Count { lines, at }) = draft.stock else { panic!("a count") };
        assert_eq!((lines[0].article.as_str(), lines[0].quantity), ("FGQ5", 10.into()));
        assert_eq!(at.as_deref(), Some("2019-10-29T18:38:45.10296Z"));
    }

    #[test]
    fn a_test_is_one_and_what_is_not_known_is_said_to_be_unknown() {
        let test = of(&call("webhooks.test_notification", &Value::Null));
        assert_eq!(test.meaning, Meaning::Test);
        assert_eq!(of(&call("loyalty.account.created", &Value::Null)).meaning, Meaning::Unknown);
        let order = json!({ "order_updated": { "order_id": "o", "state": "OPEN", "version": 2 } });
        assert_eq!(only(of(&call("order.updated", &order))).kind, Kind::Document);
        let bare = read(&json!({}), b"{}", &ground());
        assert_eq!((bare.delivery.len(), bare.meaning), (64, Meaning::Unknown));
    }
}
