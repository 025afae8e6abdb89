//! Lightspeed Retail X-Series: sales and stock, as the `payload` field of a form.
//!
//! The provider sends a sale again with every change of it, without an id of the call; what it counts
//! as follows from its status alone.

use pos_protocol::event::{Entry, Item, Kind, Payment, Receipt, Stocked};
use pos_protocol::money::{Amount, currency_digits};
use serde_json::Value;

use super::draft::{Draft, Ground, Meaning, Reading};
use super::field;
use super::form;
use super::json::{self, Malformed};
use super::mac::fingerprint;

/// Reads the body of a call: a form, or the payload alone.
pub(super) fn read(body: &[u8], ground: &Ground) -> Result<Reading, Malformed> {
    let delivery = fingerprint(body);
    let bare = body.first().is_some_and(|byte| *byte == b'{');
    let payload = if bare { None } else { form::field(body, b"payload")? };
    let value = json::parse(payload.as_deref().unwrap_or(body))?;
    let named = if bare { None } else { form::field(body, b"type")? };
    let named = named.and_then(|name| String::from_utf8(name).ok());
    let topic = named.or_else(|| field::text(&value, "/type")).unwrap_or_else(|| guessed(&value));
    let meaning = match topic.as_str() {
        "sale.update" => sale(&value, ground),
        "inventory.update" => stock(&value),
        _ => Meaning::Unknown,
    };
    Ok(Reading { delivery, topic, meaning })
}

/// The type is not guaranteed to be named; a sale shows by its lines.
fn guessed(value: &Value) -> String {
    let has = |pointer| value.pointer(pointer).is_some();
    let word = match () {
        () if has("/register_sale_products") || has("/invoice_number") => "sale.update",
        () if has("/product_id") && (has("/count") || has("/inventory_level")) => {
            "inventory.update"
        }
        () => "",
    };
    word.to_owned()
}

fn sale(value: &Value, ground: &Ground) -> Meaning {
    let Some(id) = field::text(value, "/id") else { return Meaning::Unreadable { field: "/id" } };
    let Some(status) = field::text(value, "/status") else {
        return Meaning::Unreadable { field: "/status" };
    };
    let status = status.to_uppercase();
    let voided = status == "VOIDED";
    // Goods on account are sold, whenever they are paid; a parked sale or a lay-by is not yet.
    let counts = ["CLOSED", "ONACCOUNT", "ON_ACCOUNT"].contains(&status.as_str())
        || status.ends_with("_CLOSED");
    if !counts && !voided {
        return Meaning::Says(Vec::new());
    }
    let digits = currency_digits(ground.currency);
    let payments = payments(value, digits);
    let Some(total) = total(value, &payments, digits) else {
        return Meaning::Unreadable { field: "/total_price" };
    };
    let receipt = Receipt {
        number: field::text(value, "/invoice_number"),
        printed_at: field::local(value, "/sale_date", &ground.zone),
        currency: Some(ground.currency.code().to_owned()),
        items: items(value),
        total: Some(total),
        payments,
        ..Receipt::default()
    };
    if voided {
        return Meaning::Says(vec![Draft::receipt(format!("void/{id}"), Kind::Void, receipt)]);
    }
    let kind = if total.is_negative() { Kind::Refund } else { Kind::Sale };
    let mut draft = Draft::receipt(format!("sale/{id}"), kind, receipt);
    draft.unless = Some(format!("void/{id}"));
    Meaning::Says(vec![draft])
}

/// `total_price` is without tax, unless what was paid says otherwise.
fn total(value: &Value, payments: &[Payment], digits: u8) -> Option<Amount> {
    if let Some(whole) = field::money(value, "/total_price_incl", digits) {
        return Some(whole);
    }
    let price = field::money(value, "/total_price", digits)?;
    let Some(tax) = field::money(value, "/total_tax", digits) else { return Some(price) };
    let amounts = payments.iter().filter_map(|payment| payment.amount);
    let paid = amounts.reduce(|sum, amount| sum.checked_add(amount).unwrap_or(sum));
    if paid == Some(price) { Some(price) } else { price.checked_add(tax) }
}

fn payments(value: &Value, digits: u8) -> Vec<Payment> {
    let payment = |payment: &Value| {
        let label = field::text(payment, "/label").or_else(|| field::text(payment, "/name"));
        Payment {
            method: label.as_deref().map_or(pos_protocol::event::Method::Other, field::method),
            label,
            amount: field::money(payment, "/amount", digits),
        }
    };
    field::list(value, "/register_sale_payments").iter().map(payment).collect()
}

/// Lines name their product by id where they carry no name: the catalogue has it as an alias.
fn items(value: &Value) -> Vec<Item> {
    let item = |line: &Value| {
        let named = ["/name", "/product_name", "/product/name", "/sku", "/product_id"];
        Some(Item {
            name: named.into_iter().find_map(|pointer| field::text(line, pointer))?,
            quantity: field::decimal(line, "/quantity"),
            unit_price: field::decimal(line, "/price"),
            ..Item::default()
        })
    };
    field::list(value, "/register_sale_products").iter().filter_map(item).collect()
}

fn stock(value: &Value) -> Meaning {
    let named = ["/product/name", "/product/sku", "/product_id"];
    let article = named.into_iter().find_map(|pointer| field::text(value, pointer));
    let Some(article) = article else { return Meaning::Unreadable { field: "/product_id" } };
    let quantity =
        field::decimal(value, "/count").or_else(|| field::decimal(value, "/inventory_level"));
    let Some(quantity) = quantity else { return Meaning::Unreadable { field: "/count" } };
    let outlet = field::text(value, "/outlet_id").unwrap_or_default();
    let version = field::text(value, "/version").or_else(|| field::text(value, "/updated_at"));
    let object =
        format!("count/{article}/{outlet}/{}", version.unwrap_or_else(|| quantity.to_string()));
    Meaning::Says(vec![Draft::stock(
        object,
        Entry::Set { lines: vec![Stocked { article, quantity }] },
    )])
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use pos_protocol::event::{Entry, Kind};
    use serde_json::{Value, json};

    use super::read;
    use crate::inbound::draft::Meaning;
    use crate::inbound::draft::tests::{ground, only, shown};

    fn form(value: &Value) -> Vec<u8> {
        let mut escaped = String::new();
        for byte in value.to_string().bytes() {
            let _ = write!(escaped, "%{byte:02X}");
        }
        format!("domain_prefix=tea&environment=prod&payload={escaped}&type=sale.update")
            .into_bytes()
    }

    fn sale(status: &str) -> Value {
        json!({ "id": "s-1", "status": status, "invoice_number": "MR-1484",
            "sale_date": "2026-05-20 04:05:06", "total_price": "31.30", "total_tax": 4.70,
            "register_sale_products": [
                { "product_id": "b1d8", "quantity": 2, "price": 15.65, "tax": 2.35 }],
            "register_sale_payments": [{ "label": "Cash", "amount": "36.00" }] })
    }

    #[test]
    fn a_sale_counts_by_its_status_with_the_tax_that_was_paid() {
        for status in ["SAVED", "LAYBY"] {
            let parked = read(&form(&sale(status)), &ground()).expect("a form");
            assert_eq!(parked.meaning, Meaning::Says(Vec::new()), "{status}");
        }
        for status in ["CLOSED", "ONACCOUNT", "LAYBY_CLOSED", "ON_ACCOUNT_CLOSED"] {
            let draft = only(read(&form(&sale(status)), &ground()).expect("a form"));
            assert_eq!((draft.kind, draft.unless.as_deref()), (Kind::Sale, Some("void/s-1")));
            let expected = json!({ "number": "MR-1484", "printed_at": "2026-05-20T12:05:06",
                "currency": "HKD", "total": "36.00",
                "items": [{ "name": "b1d8", "quantity": "2", "unit_price": "15.65" }],
                "payments": [{ "method": "cash", "label": "Cash", "amount": "36.00" }] });
            assert_eq!(shown(&draft), expected, "{status}");
        }
        let mut inclusive = sale("CLOSED");
        inclusive["total_price"] = 36.into();
        let draft = only(read(&form(&inclusive), &ground()).expect("a form"));
        assert_eq!(shown(&draft)["total"], "36.00", "what was paid says that tax is in it");
    }

    #[test]
    fn a_return_is_a_refund_and_a_void_takes_its_sale_back_in_any_order() {
        let mut back = sale("CLOSED");
        (back["total_price"], back["total_tax"]) = ((-31.3).into(), (-4.7).into());
        back["register_sale_payments"][0]["amount"] = (-36).into();
        let draft = only(read(back.to_string().as_bytes(), &ground()).expect("the payload alone"));
        assert_eq!((draft.kind, shown(&draft)["total"].as_str()), (Kind::Refund, Some("-36.00")));
        let draft = only(read(&form(&sale("VOIDED")), &ground()).expect("a form"));
        assert_eq!((draft.kind, draft.object.as_str()), (Kind::Void, "void/s-1"));
    }

    #[test]
    fn stock_is_set_and_a_broken_form_is_refused() {
        let value = json!({ "product_id": "b1d8", "count": "12", "outlet_id": "o", "version": 7 });
        let draft = only(read(value.to_string().as_bytes(), &ground()).expect("JSON"));
        let Some(Entry::Set { lines }) = draft.stock else { panic!("a level") };
        assert_eq!((lines[0].article.as_str(), lines[0].quantity), ("b1d8", 12.into()));
        for body in [&b"payload=%7B"[..], b"payload=%7", b"other=1", b""] {
            assert!(read(body, &ground()).is_err(), "{body:?}");
        }
        let unknown = read(b"payload={}&type=customer.update", &ground()).expect("a form");
        assert_eq!(unknown.meaning, Meaning::Unknown);
    }
}
