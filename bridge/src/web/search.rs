//! Which events somebody looks for: by words, kind and time. Pure; where they are looked for is
//! `events`'s.
//!
//! It matches what may be shown and nothing else: who types a telephone number learns nothing of whose
//! receipts it stands on.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use pos_protocol::event::{Event, Kind};
use rust_decimal::Decimal;

use super::form::Fields;
use crate::journal::StoredEvent;
use crate::privacy::redact_event;

/// Longest text that is looked for, in characters.
const MAX_CHARS: usize = 60;
/// Signs of money that are typed before an amount.
const SIGNS: [&str; 7] = ["hk$", "hkd", "rmb", "$", "¥", "￥", "rp"];

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Search {
    /// In small letters.
    pub(super) text: Option<String>,
    /// The text as an amount, where it is one.
    amount: Option<Decimal>,
    /// What an event's JSON holds wherever it is found, in small letters.
    part: Option<String>,
    /// Only these kinds, where there are any.
    pub(super) kinds: Vec<Kind>,
    /// Observed at this time or later.
    pub(super) from: Option<Timestamp>,
    /// Observed before this.
    pub(super) to: Option<Timestamp>,
}

impl Search {
    /// Reads a query. What cannot be read is as if it were not there: a form shows what it was.
    pub(super) fn parse(fields: &Fields, zone: &TimeZone) -> Self {
        let text: Option<String> =
            fields.text("q").map(|text| text.to_lowercase().chars().take(MAX_CHARS).collect());
        let amount = text.as_deref().and_then(amount);
        let kind = |word| serde_json::from_value::<Kind>(serde_json::Value::from(word)).ok();
        let kinds = fields.all("kind").filter_map(kind).collect();
        let from = fields.text("from").and_then(|text| moment(text, zone, 0));
        let to = fields.text("to").and_then(|text| moment(text, zone, 1));
        let part = match (amount, &text) {
            // However many decimals are printed, and whatever is typed before it.
            (Some(amount), _) => Some(amount.trunc().abs().to_string()),
            // What JSON escapes is looked for in the event itself.
            (None, Some(text)) if !text.contains(['"', '\\']) => Some(text.clone()),
            _ => None,
        };
        Self { text, amount, part, kinds, from, to }
    }

    /// Whether anything is looked for.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether `stored` is one of them.
    pub(super) fn finds(&self, stored: &StoredEvent) -> bool {
        // Most bodies are ruled out without being read.
        if !self.part.as_ref().is_none_or(|part| stored.body.to_lowercase().contains(part)) {
            return false;
        }
        stored.event().is_ok_and(|event| self.takes(event))
    }

    fn takes(&self, event: Event) -> bool {
        if !self.kinds.is_empty() && !self.kinds.contains(&event.kind) {
            return false;
        }
        if self.from.is_some() || self.to.is_some() {
            let Ok(seen) = event.observed_at.parse::<Timestamp>() else { return false };
            let early = self.from.is_some_and(|from| seen < from);
            if early || self.to.is_some_and(|to| seen >= to) {
                return false;
            }
        }
        // Redaction takes longer than all the rest, and only takes away.
        self.text
            .as_deref()
            .is_none_or(|text| self.says(&event, text) && self.says(&redact_event(event), text))
    }

    /// Whether an event says `text` where people look for it: number, amounts, goods, who
    /// served, table, till.
    fn says(&self, event: &Event, text: &str) -> bool {
        let holds = |found: &Option<String>| {
            found.as_ref().is_some_and(|found| found.to_lowercase().contains(text))
        };
        if event.source.to_lowercase().contains(text) || event.id.to_string() == text {
            return true;
        }
        let number = event.report.as_ref().is_some_and(|report| holds(&report.number));
        let Some(receipt) = &event.receipt else { return number };
        let named = [
            &receipt.number,
            &receipt.original_number,
            &receipt.cashier,
            &receipt.table,
            &receipt.terminal,
        ];
        let items = || receipt.items.iter().any(|item| item.name.to_lowercase().contains(text));
        number || named.into_iter().any(holds) || items() || self.is_of(event)
    }

    /// Whether one of its amounts is the one that is looked for.
    fn is_of(&self, event: &Event) -> bool {
        let (Some(wanted), Some(receipt)) = (self.amount, &event.receipt) else { return false };
        let items = receipt.items.iter().filter_map(|item| item.amount);
        let payments = receipt.payments.iter().filter_map(|payment| payment.amount);
        let mut all = items.chain(payments).chain(receipt.total).chain(receipt.subtotal);
        all.any(|amount| {
            amount.to_string().parse::<Decimal>().is_ok_and(|own| own.abs() == wanted.abs())
        })
    }
}

/// `36`, `36.00`, `HK$1,036.00`.
fn amount(text: &str) -> Option<Decimal> {
    let text = SIGNS.iter().find_map(|sign| text.strip_prefix(sign)).unwrap_or(text);
    text.trim().replace(',', "").parse().ok()
}

/// The beginning of a day, or of the day so many days later; or a minute as a browser sends it.
fn moment(text: &str, zone: &TimeZone, days: i64) -> Option<Timestamp> {
    let at: DateTime = match text.parse::<Date>() {
        Ok(day) if !text.contains('T') => day.checked_add(days.days()).ok()?.into(),
        _ => text.parse().ok()?,
    };
    at.to_zoned(zone.clone()).ok().map(|at| at.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::json;

    use super::Search;
    use crate::journal::StoredEvent;
    use crate::web::form::Fields;

    fn stored() -> StoredEvent {
        let event = json!({ "schema": 1, "id": "8bde772f2c5a805140988f20fe9116bb",
            "source": "counter-1", "observed_at": "2026-11-21T04:01:23.120Z", "kind": "sale",
            "receipt": { "number": "A1001", "currency": "HKD", "total": "1299.00", "cashier": "Ming",
                "table": "7", "items": [{ "name": "凍奶茶 for 91234567", "amount": "18.00" },
                    { "name": "Bun \"de luxe\"", "amount": "22.50" }],
                "payments": [{ "method": "cash", "amount": "1299.00" }] },
            "text": "call 61112222" });
        StoredEvent { seq: 1, body: event.to_string() }
    }

    fn finds(query: &str) -> bool {
        let zone = TimeZone::get("Asia/Hong_Kong").expect("a known zone");
        let fields = Fields::parse(query.as_bytes()).expect("a query");
        Search::parse(&fields, &zone).finds(&stored())
    }

    #[test]
    fn a_receipt_is_found_by_what_stands_on_it() {
        for query in [
            "",
            "q=1001",
            "q=a1001",
            "q=1299",
            "q=1,299.00",
            "q=HK$1299",
            "q=18",
            "q=22.5",
            "q=%E5%A5%B6%E8%8C%B6",
            "q=ming",
            "q=bun+%22de",
            "q=counter",
            "kind=sale",
            "kind=refund&kind=sale",
            "from=2026-11-21&to=2026-11-21",
            "from=2026-11-21T12:01",
            "to=2026-11-21T12:02",
            "q=8bde772f2c5a805140988f20fe9116bb",
            "kind=nonsense&from=x",
        ] {
            assert!(finds(query), "{query}");
        }
        for query in [
            "q=1002",
            "q=1298",
            "q=coffee",
            "kind=refund",
            "from=2026-11-22",
            "to=2026-11-20",
            "from=2026-11-21T12:02",
            "to=2026-11-21T12:01",
            "q=schema",
        ] {
            assert!(!finds(query), "{query}");
        }
    }

    #[test]
    fn nobody_learns_whose_receipt_it_is_by_typing_what_is_hidden() {
        for query in ["q=91234567", "q=9123", "q=61112222", "q=call"] {
            assert!(!finds(query), "{query}");
        }
    }
}
