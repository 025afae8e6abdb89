//! Books from files that others write: the truth of `possim pos`, events of schema v1, and what the
//! mock robot says that its group saw.
//!
//! The tills of `possim pos` live in a day of their own, so that a wait begins where the journal says
//! that the slip was heard.

use std::fs;
use std::path::{Path, PathBuf};

use pos_protocol::event::{Event, SCHEMA};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::books::{Books, Timing};
use super::files::{FileError, failed, read_lines, wrong};
use super::record::{Journalled, Shown, Slip};

const AN_EVENT: &str = "an event of schema v1, or a slip with its event";
const A_MESSAGE: &str = "a message of the mock robot's /_control/messages";

/// An event, or a record around one.
enum Line<T> {
    Record(Box<T>),
    Event(Box<Event>),
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Line<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if value.get("event").is_some() {
            return serde_json::from_value(value).map(Self::Record).map_err(D::Error::custom);
        }
        let event: Event = serde_json::from_value(value).map_err(D::Error::custom)?;
        if event.schema == SCHEMA {
            return Ok(Self::Event(Box::new(event)));
        }
        Err(D::Error::custom(format!("schema {}", event.schema)))
    }
}

/// A message: as the mock tells it, or with a run's times.
#[derive(Deserialize)]
struct Message {
    robot: String,
    #[serde(default)]
    title: Option<String>,
    text: String,
    #[serde(default)]
    time: Option<String>,
}

impl Books {
    /// Reads the truth of some tills, and a journal and a group where there are files of them.
    pub fn of_files(
        truth: &[PathBuf],
        journal: Option<&Path>,
        group: Option<&Path>,
    ) -> Result<Self, FileError> {
        let mut slips = Vec::new();
        for (till, path) in (0..).zip(truth) {
            for line in read_lines::<Line<Slip>>(path, AN_EVENT)? {
                let n = slips.len() as u64 + 1;
                slips.push(match line {
                    Line::Record(slip) => *slip,
                    Line::Event(event) => Slip { till, ..Slip::untimed(n, *event) },
                });
            }
        }
        let timing = if journal.is_some() { Timing::Journalled } else { Timing::Unknown };
        Ok(Self {
            slips,
            journal: journal.map(read_journal).transpose()?,
            group: group.map_or(Ok(Vec::new()), read_group)?,
            timing,
            ..Self::default()
        })
    }
}

fn read_journal(path: &Path) -> Result<Vec<Journalled>, FileError> {
    let lines = read_lines::<Line<Journalled>>(path, AN_EVENT)?.into_iter();
    let events = lines.map(|line| match line {
        Line::Record(seen) => seen.event,
        Line::Event(event) => *event,
    });
    let seen = (1..).zip(events).map(|(line, event)| {
        let at_us = epoch_us(&event.observed_at)
            .ok_or_else(|| wrong(path, line, "observed_at in RFC 3339", &event.observed_at))?;
        Ok(Journalled { at_us, event })
    });
    seen.collect()
}

/// One JSON array, as the mock answers, or one message a line.
fn read_group(path: &Path) -> Result<Vec<Shown>, FileError> {
    let text = fs::read_to_string(path).map_err(|error| failed(path, error))?;
    let messages: Vec<Message> = if text.trim_start().starts_with('[') {
        serde_json::from_str(&text)
            .map_err(|bad| wrong(path, bad.line(), A_MESSAGE, &bad.to_string()))?
    } else {
        read_lines(path, A_MESSAGE)?
    };
    let shown = (1..).zip(messages).map(|(line, message)| {
        let time = message.time.unwrap_or_default();
        let shown_us =
            epoch_us(&time).ok_or_else(|| wrong(path, line, "its time in RFC 3339", &time))?;
        let Message { robot, title, text, .. } = message;
        Ok(Shown { sent_us: shown_us, shown_us, robot, title, text })
    });
    shown.collect()
}

fn epoch_us(time: &str) -> Option<u64> {
    let time = time.parse::<jiff::Timestamp>().ok()?;
    u64::try_from(time.as_microsecond()).ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::{Bounds, What};
    use super::{Books, Event};
    use crate::shop::{Language, OPENING, Shop, Till};
    use crate::truth;

    fn sold() -> Vec<Event> {
        let mut till = Till::open(&Shop::ALL[0], 1, "counter-1", 1001, OPENING);
        (0..2).map(|_| truth::event(&till.sell(), Language::En, "counter-1")).collect()
    }

    fn lines<T: serde::Serialize>(records: &[T]) -> String {
        let line = |record| serde_json::to_string(record).expect("plain data") + "\n";
        records.iter().map(line).collect()
    }

    fn message(event: &Event, time: &str) -> serde_json::Value {
        let receipt = event.receipt.as_ref().expect("a receipt");
        let (number, total) = (receipt.number.as_deref(), receipt.total);
        let text = format!(
            "Sale #{} HK${} at counter-1",
            number.expect("a number"),
            total.expect("a total")
        );
        serde_json::json!({"seq": 1, "robot": "t", "msgtype": "text", "text": text, "time": time})
    }

    #[test]
    fn files_of_others_are_settled_and_a_wait_begins_in_the_journal() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = |name: &str| dir.path().join(name);
        let sold = sold();
        fs::write(path("truth"), lines(&sold)).expect("room");
        let heard = |event: &Event, at: &str| Event { observed_at: at.to_owned(), ..event.clone() };
        let journal =
            [heard(&sold[0], "2026-01-01T00:00:00Z"), heard(&sold[1], "2026-01-01T00:01:00Z")];
        fs::write(path("journal"), lines(&journal)).expect("room");
        let told = [
            message(&sold[0], "2026-01-01T00:10:00.001Z"),
            message(&sold[1], "2026-01-01T00:10:00.001Z"),
        ];
        fs::write(path("array"), serde_json::to_string(&told).expect("plain")).expect("room");
        fs::write(path("lines"), lines(&told)).expect("room");
        for group in ["array", "lines"] {
            let books =
                Books::of_files(&[path("truth")], Some(&path("journal")), Some(&path(group)));
            let account = books.expect("good files").settle(&Bounds::default());
            let found: Vec<_> = account.troubles.iter().map(|trouble| &trouble.what).collect();
            assert!(matches!(found[..], [What::Late { took_us: 600_001_000, .. }]), "{found:?}");
        }
    }

    #[test]
    fn without_a_journal_only_the_group_is_judged() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = |name: &str| dir.path().join(name);
        let sold = sold();
        fs::write(path("truth"), lines(&sold)).expect("room");
        fs::write(path("group"), lines(&[message(&sold[0], "2026-01-01T00:00:00Z")]))
            .expect("room");
        let books = Books::of_files(&[path("truth")], None, Some(&path("group"))).expect("files");
        let account = books.settle(&Bounds::default());
        let found: Vec<_> = account.troubles.iter().map(|trouble| &trouble.what).collect();
        assert_eq!(found, [&What::NotTold]);
    }

    #[test]
    fn a_file_that_is_something_else_is_named_with_its_line() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("truth");
        fs::write(&path, lines(&sold()[..1]) + "{\"schema\":2}\n").expect("room");
        let said = Books::of_files(&[path], None, None).expect_err("no event").to_string();
        assert!(said.contains("truth, line 2: expected an event of schema v1"), "{said}");
    }
}
