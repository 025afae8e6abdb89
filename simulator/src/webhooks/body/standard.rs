//! Standard Webhooks: an event of schema 1, as a POS program would push it.

use serde_json::json;

use super::Told;
use crate::shop::Language;
use crate::truth;
use crate::webhooks::notice::Notice;

pub(super) fn notices(told: Told<'_>) -> Vec<Notice> {
    let receipt = truth::receipt(told.sale, Language::En);
    let body = json!({"schema": 1, "kind": told.kind.as_str(), "receipt": receipt});
    let id = format!("msg_{}", told.names.of("message", &told.sale.number));
    let body = body.to_string().into_bytes();
    vec![Notice { id, topic: "event", body, created_ms: told.at_ms() }]
}
