//! An event as it was read beside what is read today: the fields that differ, and the correction
//! that puts the first right. Pure.

use pos_protocol::event::{Event, EventId, FieldEvidence, Kind};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What of an event is a reading. The rest (ids, times, evidence, what the drawer did) is not
/// changed by reading it again.
const READ: [&str; 5] = ["kind", "receipt", "report", "verdict", "text"];

/// One field that is read otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Where in the event: `receipt.items[1].amount`.
    pub field: String,
    /// As it was read; absent where it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Value>,
    /// As it is read today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<Value>,
}

/// Every field that differs.
pub fn changes(was: &Event, now: &Event) -> Vec<Change> {
    let (was, now) = (whole(was), whole(now));
    let mut found = Vec::new();
    for field in READ {
        differ(field, was.get(field), now.get(field), &mut found);
    }
    found
}

fn whole(event: &Event) -> Value {
    serde_json::to_value(event).expect("an event has text keys only")
}

fn differ(field: &str, was: Option<&Value>, now: Option<&Value>, found: &mut Vec<Change>) {
    match (was, now) {
        _ if was == now => {}
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let mut keys: Vec<&String> =
                a.keys().chain(b.keys().filter(|k| !a.contains_key(*k))).collect();
            keys.sort();
            for key in keys {
                differ(&format!("{field}.{key}"), a.get(key), b.get(key), found);
            }
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) => {
            for at in 0..a.len().max(b.len()) {
                differ(&format!("{field}[{at}]"), a.get(at), b.get(at), found);
            }
        }
        _ => found.push(Change { field: field.to_owned(), was: was.cloned(), now: now.cloned() }),
    }
}

/// The event that puts `was` right by what is read today. The kind that the paper is now read as
/// stands in the evidence, as the rule of the field `kind`.
///
/// Its id follows from what it corrects and what it says, so that accepting it twice is once.
pub fn correction(was: EventId, now: &Event, observed_at: String) -> Event {
    let mut event = now.clone();
    event.kind = Kind::Correction;
    event.corrects = Some(was);
    event.related = None;
    event.observed_at = observed_at;
    let (kind, place) = (now.kind.as_str().to_owned(), &mut event.evidence);
    if let Some(evidence) = place {
        let (start, end) = (evidence.start, evidence.end);
        evidence.fields.insert("kind".to_owned(), FieldEvidence { start, end, rule: kind });
    }
    event.id = id_of(was, now);
    event
}

fn id_of(was: EventId, now: &Event) -> EventId {
    let read = whole(now);
    let mut hash = Sha256::new();
    hash.update(b"correction\0");
    hash.update(was.to_string());
    for field in READ {
        // JSON text holds no NUL, so parts cannot run into one another.
        hash.update(b"\0");
        hash.update(read.get(field).map(Value::to_string).unwrap_or_default());
    }
    let digest = hash.finalize();
    let mut first = [0; 16];
    first.copy_from_slice(&digest[..16]);
    EventId::parse(&format!("{:032x}", u128::from_be_bytes(first))).expect("32 hex digits")
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::Kind;

    use super::{Change, changes, correction};
    use crate::journal::event_for_tests as event;

    #[test]
    fn only_what_is_read_otherwise_is_a_change() {
        let was = event(1);
        assert_eq!(changes(&was, &was), []);
        let mut now = was.clone();
        now.kind = Kind::Refund;
        now.observed_at = "2027-01-01T00:00:00.000Z".into();
        let receipt = now.receipt.as_mut().expect("a receipt");
        receipt.number = None;
        receipt.cashier = Some("May".into());
        let found = changes(&was, &now);
        let fields: Vec<&str> = found.iter().map(|change| change.field.as_str()).collect();
        assert_eq!(fields, ["kind", "receipt.cashier", "receipt.number"]);
        assert_eq!(
            found[1],
            Change { field: "receipt.cashier".into(), was: None, now: Some("May".into()) }
        );
    }

    #[test]
    fn the_same_correction_has_one_id_and_another_reading_has_its_own() {
        let (was, mut now) = (event(1), event(1));
        now.kind = Kind::Refund;
        let first = correction(was.id, &now, "2027-01-01T00:00:00.000Z".into());
        let again = correction(was.id, &now, "2028-01-01T00:00:00.000Z".into());
        assert_eq!(
            (first.id, first.corrects, first.kind),
            (again.id, Some(was.id), Kind::Correction)
        );
        assert_ne!(first.id, was.id);
        now.kind = Kind::Void;
        assert_ne!(correction(was.id, &now, String::new()).id, first.id);
        assert_ne!(correction(event(2).id, &event(1), String::new()).id, first.id);
    }
}
