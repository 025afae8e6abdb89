//! A till's day as tests write it, and what is told of it.
//!
//! A line is a time, a till, a kind of slip, and what is printed on it; `tick` is the time alone.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::DateTime;
use pos_protocol::event::{Event, Kind, SessionId};
use serde_json::{Map, Value, json};

use crate::config::parse_in;
use crate::journal::{Memory, Rows, Understand};
use crate::shop::{Clerk, Finding, Moment};

const CONFIG: &str = r#"
[shop]
hours = "11:00-22:30"
[[source]]
name = "c1"
kind = "file"
path = "a"
EXTRA
[[source]]
name = "c2"
kind = "file"
path = "b"
[[robot]]
name = "owner"
url = "http://127.0.0.1/?access_token=t"
notices = ["exception"]
[exceptions]
"#;

/// A clerk under `[exceptions]` with these lines; those before `---` belong to the first till.
pub(super) fn clerk(exceptions: &str) -> Clerk {
    let (own, common) = exceptions.split_once("---").unwrap_or(("", exceptions));
    let text = CONFIG.replace("EXTRA", own) + common;
    let parsed = parse_in(&text, Path::new("/etc/posbridge.toml"), &|_| None);
    Clerk::new(Arc::new(parsed.unwrap_or_else(|error| panic!("{error}")).0))
}

/// What a line of a day says.
pub(super) enum Step {
    Tick(Moment),
    Slip(Box<Event>),
}

/// Reads `11:05 c1 sale #1001 120.00 by=Ming table=7 ...`; `+1 11:05` is the day after.
pub(super) fn steps(day: &str) -> Vec<Step> {
    day.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate().map(step).collect()
}

fn step((place, line): (usize, &str)) -> Step {
    let mut words = line.split_whitespace().peekable();
    let days: i8 =
        words.next_if(|word| word.starts_with('+')).map_or(0, |w| w[1..].parse().expect(line));
    let time = words.next().expect(line);
    let at: DateTime = format!("2026-11-{:02}T{time}", 21 + days)
        .parse()
        .unwrap_or_else(|e| panic!("{line}: {e}"));
    let source = words.next().expect(line);
    if source == "tick" {
        return Step::Tick(Moment::at(at, jiff::civil::time(4, 0, 0, 0)));
    }
    let kind = words.next().and_then(Kind::parse).unwrap_or_else(|| panic!("{line}"));
    let session = SessionId { journal: "j".into(), source: source.into(), epoch: 0 };
    let heard = at.to_zoned(jiff::tz::TimeZone::get("Asia/Hong_Kong").expect("a zone"));
    let mut event = json!({
        "schema": 1, "id": session.event(0, place as u64, 0), "source": source, "kind": kind,
        "observed_at": heard.expect("a time").timestamp().to_string(),
    });
    let mut receipt = Map::new();
    for word in words {
        said(word, &mut event, &mut receipt);
    }
    if !receipt.is_empty() {
        if !matches!(kind, Kind::ShiftReport | Kind::NoSale) {
            receipt.insert("printed_at".into(), json!(at));
        }
        event["receipt"] = Value::Object(receipt);
    }
    Step::Slip(Box::new(serde_json::from_value(event).unwrap_or_else(|e| panic!("{line}: {e}"))))
}

fn said(word: &str, event: &mut Value, receipt: &mut Map<String, Value>) {
    let (name, value) = word.split_once('=').unwrap_or((word, ""));
    match name {
        "by" => drop(receipt.insert("cashier".into(), json!(value))),
        "of" => drop(receipt.insert("original_number".into(), json!(value))),
        "off" => drop(receipt.insert("discounts".into(), json!([{"amount": value}]))),
        "paid" => {
            drop(receipt.insert("payments".into(), json!([{"method": value}])));
        }
        "table" | "currency" | "terminal" => drop(receipt.insert(name.into(), json!(value))),
        "items" => {
            let items: Vec<Value> = value.split(',').map(|name| json!({"name": name})).collect();
            receipt.insert("items".into(), json!(items));
        }
        "z" | "x" => event["report"] = json!({"type": name, "number": value, "net": value}),
        "gap" => {
            event["evidence"] = json!({"session": "s", "start": 0, "end": 0, "profile": "auto",
                "dialect": "escpos", "encoding": "ascii",
                "diagnostics": [{"code": "gap-before", "start": 0, "end": 0}]});
        }
        "text" => event["text"] = json!(value),
        "paper" | "cover" | "error" => event["printer"][name] = json!(value),
        "offline" => event["printer"][name] = json!(value == "true"),
        number if number.starts_with('#') => {
            receipt.insert("number".into(), json!(number[1..]));
        }
        total => drop(receipt.insert("total".into(), json!(total))),
    }
}

/// What is told of a day, in the order of telling, each as `word detail`.
pub(super) fn told(clerk: &Clerk, day: &[Step]) -> Vec<String> {
    let mut rows = Memory::default();
    let mut told = Vec::new();
    for step in day {
        let new = match step {
            Step::Tick(now) => clerk.tick(*now, &rows),
            Step::Slip(event) => {
                rows.remember(event).expect("plain data");
                clerk.event(event, &mut rows).map(|new| new.findings)
            }
        }
        .expect("memory");
        // The outbox takes each key once.
        let new: Vec<_> =
            new.into_iter().filter(|finding| !rows.told(&finding.key).expect("memory")).collect();
        rows.tell(&new);
        for finding in new {
            let Ok(Finding::Exception(found)) = serde_json::from_str(&finding.body) else {
                panic!("expected an exception, found {}", finding.body);
            };
            let value = serde_json::to_value(&found).expect("plain data");
            let detail = ["from", "to", "number", "trouble", "day", "found", "percent"]
                .iter()
                .filter_map(|name| {
                    value[*name]
                        .as_str()
                        .map(str::to_owned)
                        .or_else(|| value[*name].as_u64().map(|number| number.to_string()))
                });
            let words: Vec<String> =
                std::iter::once(found.what.word().to_owned()).chain(detail).collect();
            told.push(words.join(" "));
        }
    }
    told
}

/// Sales `from..=to` of a till from noon on, a minute apart.
pub(super) fn sales(source: &str, prefix: &str, numbers: std::ops::RangeInclusive<u32>) -> String {
    let from = *numbers.start();
    numbers
        .map(|n| format!("12:{:02} {source} sale #{prefix}{n} 10.00\n", (n - from) % 60))
        .collect::<Vec<_>>()
        .concat()
}
