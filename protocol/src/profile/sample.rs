//! A profile's samples: short receipts and what must be read on them.
//!
//! A profile without samples is a guess; with them, an update of the reader or of the profile that
//! breaks it is told when it is loaded.

use core::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use super::loader::{Loader, quoted};
use super::mistake::Mistake;
use super::raw::RawSample;
use super::{Encoding, Profile, Timing, words};
use crate::event::{Event, SessionId};
use crate::limits::Limits;
use crate::money::Currency;
use crate::session::{EndReason, Lane, Session};
use crate::time::Timestamp;

/// Longest sample, in bytes: a receipt of two metres.
const MAX_SAMPLE_BYTES: usize = 16 * 1024;
/// What can be expected beside the receipt's fields.
const BESIDE: [&str; 2] = ["kind", "verdict"];

/// The fields of a receipt.
const FIELDS: &[&str] = &[
    "merchant",
    "address",
    "number",
    "printed_at",
    "terminal",
    "cashier",
    "table",
    "guests",
    "currency",
    "items",
    "subtotal",
    "discounts",
    "service_charge",
    "taxes",
    "rounding",
    "tip",
    "total",
    "payments",
    "tendered",
    "change",
    "original_number",
];

/// A receipt and its truth.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    name: String,
    bytes: Vec<u8>,
    /// Its text is UTF-8, whatever the till sends.
    is_text: bool,
    currency: Option<Currency>,
    expect: toml::Table,
    absent: Vec<String>,
    at: Range<usize>,
}

/// Judges one `[[sample]]`.
pub(super) fn of(raw: &toml::Spanned<RawSample>, loader: &mut Loader<'_>) -> Option<Sample> {
    let (place, raw) = (raw.span(), raw.get_ref());
    let name = loader.needed(&raw.name, "name", place.clone())?;
    let hex = words::hex(&raw.hex);
    let (bytes, is_text) = match (&raw.text, hex) {
        (Some(text), None) => (text.get_ref().clone().into_bytes(), true),
        (None, Some(Ok(bytes))) => (bytes, false),
        (None, Some(Err(()))) => {
            let at = raw.hex.as_ref().map_or(place, toml::Spanned::span);
            loader.wrong(at, "bytes in hex, two digits each", "something else", HEX_HINT);
            return None;
        }
        _ => {
            loader.wrong(place, "either `text` or `hex`", "both or none", HEX_HINT);
            return None;
        }
    };
    if bytes.len() > MAX_SAMPLE_BYTES {
        let expected = format!("a sample of at most {MAX_SAMPLE_BYTES} bytes");
        loader.wrong(place, expected, format!("{} bytes", bytes.len()), "cut items out of it");
        return None;
    }
    let Some(expect) = &raw.expect else {
        let hint = "expect = { kind = \"sale\", total = \"36.00\" }";
        loader.wrong(place, "an `expect`", "none", hint);
        return None;
    };
    let currency = raw.currency.as_ref().and_then(|typed| {
        let currency = Currency::from_code(typed.get_ref());
        if currency.is_none() {
            let found = quoted(typed.get_ref());
            loader.wrong(typed.span(), "an ISO 4217 currency", found, "such as \"HKD\"");
        }
        currency
    });
    let expected = expect.get_ref().keys().map(|key| (key.as_str(), expect.span()));
    let absent = raw.absent.iter().map(|one| (one.get_ref().as_str(), one.span()));
    let known: Vec<&str> = BESIDE.iter().chain(FIELDS).copied().collect();
    let unknown: Vec<_> =
        expected.chain(absent).filter(|(name, _)| !known.contains(name)).collect();
    for (name, at) in &unknown {
        let hint = words::hint(name, &known);
        loader.wrong(at.clone(), "a field of the event", format!("`{name}`"), hint);
    }
    unknown.is_empty().then(|| Sample {
        name: name.get_ref().clone(),
        bytes,
        is_text,
        currency,
        expect: expect.get_ref().clone(),
        absent: raw.absent.iter().map(|one| one.get_ref().clone()).collect(),
        at: place,
    })
}

const HEX_HINT: &str = "text = '''...''' as printed, or hex = \"1B 40 ...\" as sent";

/// Reads every sample of `profile`, whose text is `text`, and says what is read otherwise than
/// expected.
pub fn check(profile: &Profile, text: &str) -> Result<(), Vec<Mistake>> {
    let Some(rules) = &profile.rules else { return Ok(()) };
    let mut out = Vec::new();
    for sample in &rules.samples {
        let events = read(profile, sample);
        if let Err((field, expected, found)) = compare(sample, &events, rules.label()) {
            let place = format!("{expected} as {field} of sample \"{}\"", sample.name);
            let hint = "`posbridge decode --profile FILE --explain` shows how it is read";
            out.push(Mistake::new(text, sample.at.clone(), place, found, hint));
        }
    }
    if out.is_empty() { Ok(()) } else { Err(out) }
}

/// The events of a sample's bytes.
fn read(profile: &Profile, sample: &Sample) -> Vec<Event> {
    let encoding = if sample.is_text { Encoding::Utf8 } else { profile.encoding };
    let currency = sample.currency;
    let profile = Profile { timing: Timing::File, encoding, currency, ..profile.clone() };
    let id = SessionId { journal: "sample".into(), source: "sample".into(), epoch: 0 };
    let mut session = Session::new(id, Arc::new(profile), Limits::default());
    let now = Timestamp::new(0, 0);
    session.receive(Lane::ToPrinter(0), now, &sample.bytes);
    session.finish(now, EndReason::EndOfFile);
    core::iter::from_fn(|| session.poll_event()).collect()
}

/// A field, what it should be, and what it is.
type Difference = (String, String, String);

fn compare(sample: &Sample, events: &[Event], label: &str) -> Result<(), Difference> {
    let [event] = events else {
        let found = events.len().to_string();
        return Err(("number of events".into(), "1".into(), found));
    };
    let applied = event.evidence.as_ref().map_or("", |evidence| &evidence.profile);
    if applied != label {
        return Err(("profile".into(), label.into(), format!("{applied} (`match` does not hold)")));
    }
    let value = serde_json::to_value(event).unwrap_or_default();
    let found = |key: &str| {
        let beside = BESIDE.contains(&key);
        if beside { value.get(key) } else { value.get("receipt").and_then(|r| r.get(key)) }
    };
    for (key, expected) in &sample.expect {
        differ(key, expected, found(key))?;
    }
    for key in &sample.absent {
        if let Some(found) = found(key) {
            return Err((key.clone(), "nothing".into(), found.to_string()));
        }
    }
    Ok(())
}

/// Tables may leave fields out, lists may not leave entries out.
fn differ(path: &str, expected: &toml::Value, found: Option<&Value>) -> Result<(), Difference> {
    match (expected, found) {
        (toml::Value::Table(table), Some(Value::Object(object))) => table
            .iter()
            .try_for_each(|(key, one)| differ(&format!("{path}.{key}"), one, object.get(key))),
        (toml::Value::Array(list), Some(Value::Array(all))) if list.len() == all.len() => list
            .iter()
            .zip(all)
            .enumerate()
            .try_for_each(|(i, (one, found))| differ(&format!("{path}.{i}"), one, Some(found))),
        (toml::Value::String(text), Some(Value::String(found))) if text == found => Ok(()),
        (toml::Value::Integer(number), Some(found)) if found.as_i64() == Some(*number) => Ok(()),
        (toml::Value::Boolean(one), Some(Value::Bool(found))) if one == found => Ok(()),
        _ => {
            let found = found.map_or_else(|| "nothing".to_owned(), ToString::to_string);
            Err((path.to_owned(), shown(expected), found))
        }
    }
}

/// A value for people; of a table its size, since what differs in it is told by itself.
fn shown(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => quoted(text),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Boolean(one) => one.to_string(),
        toml::Value::Array(list) => format!("a list of {}", list.len()),
        other => format!("a {}", other.type_str()),
    }
}
