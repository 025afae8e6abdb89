//! Slips and a clerk for the tests of what the shop keeps.

use std::sync::Arc;

use pos_protocol::event::{Event, Kind, SessionId};
use serde_json::{Value, json};

use super::clerk::Clerk;
use crate::config::{Config, Language, Shop};

/// A clerk of a shop in Hong Kong.
pub(crate) fn clerk() -> Clerk {
    let dir = std::path::Path::new("unused");
    Clerk::new(Arc::new(Config::for_tests(dir, Shop::for_tests(Language::ZhHk), Vec::new())))
}

/// Two iced milk teas by Octopus, 21 November at noon.
pub(crate) fn sale(number: &str) -> Event {
    slip(Kind::Sale, number, "36.00", json!({}))
}

/// The same paper as another kind, with another total and further fields.
pub(crate) fn slip(kind: Kind, number: &str, total: &str, further: Value) -> Event {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let session = SessionId { journal: "j".into(), source: "counter-1".into(), epoch: 0 };
    let ordinal = Kind::ALL.iter().position(|known| *known == kind).unwrap_or_default();
    let id = session.event(0, digits.parse().unwrap_or_default(), ordinal as u32);
    let mut event = json!({
        "schema": 1, "id": id, "source": "counter-1", "kind": kind,
        "observed_at": "2026-11-21T04:01:25.120Z",
        "receipt": {
            "number": number, "printed_at": "2026-11-21T12:01:22", "cashier": "Ming",
            "currency": "HKD", "total": total,
            "items": [{"name": "凍奶茶", "quantity": "2", "unit_price": "18.00", "amount": total}],
            "payments": [{"method": "octopus", "amount": total}],
        },
    });
    if let (Some(receipt), Value::Object(further)) = (event["receipt"].as_object_mut(), further) {
        receipt.extend(further);
    }
    serde_json::from_value(event).expect("the wire schema")
}
