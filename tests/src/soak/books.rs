//! What the soak itself did, and what the mock's logs say of it, in the shop's time.

use std::collections::BTreeMap;

use pos_protocol::event::{Approval, Kind, Ruling};
use serde_json::Value;

use super::scene::Scene;
use super::script::Ill;

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum About {
    /// A receipt of this number.
    Receipt(u32),
    /// So many cups from one shop to the other: no two transfers move as many.
    Transfer(u32),
}

/// A question, as somebody asked it.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) about: About,
    /// Number of the message that shows it in the group.
    pub(super) seq: u64,
    /// DingTalk's id of it.
    pub(super) message: String,
    pub(super) at_ms: i64,
}

/// A frame that was to be answered.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) connection: Option<String>,
    pub(super) at_ms: i64,
    pub(super) attempt: u64,
    pub(super) lost: Option<String>,
    pub(super) code: Option<i64>,
    pub(super) ack_lost: bool,
}

/// Something that was said in answer, by whatever way.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// Number of the question's message, where it went to its address.
    pub(super) answers: Option<u64>,
    pub(super) text: String,
    pub(super) at_ms: i64,
}

/// A connection that was made to end.
#[derive(Clone, Debug)]
pub(super) struct Strike {
    pub(super) at_ms: i64,
    pub(super) connection: String,
    pub(super) ill: Ill,
}

/// One call for a ticket and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Try {
    pub(super) at_ms: i64,
    /// The application was refused.
    pub(super) refused: bool,
    /// The connection: its id, when it stood, and when the mock saw its end.
    pub(super) stood: Option<(String, i64, Option<i64>)>,
}

/// A process that staff began.
#[derive(Clone, Debug)]
pub(super) struct Process {
    pub(super) id: String,
    pub(super) decided: Option<Ruling>,
}

/// A press and what the person's phone was told.
#[derive(Clone, Debug)]
pub(super) struct Pressed {
    pub(super) card: String,
    /// Whether whoever pressed may decide.
    pub(super) may: bool,
    pub(super) ruling: Ruling,
    pub(super) answer: Value,
}

/// A life of the brain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Life {
    pub(super) from_ms: i64,
    /// When it was killed; none for the last one.
    pub(super) to_ms: Option<i64>,
}

/// Everything.
#[derive(Clone, Debug, Default)]
pub(super) struct Books {
    pub(super) asked: Vec<Asked>,
    pub(super) strikes: Vec<Strike>,
    pub(super) processes: Vec<Process>,
    pub(super) pressed: Vec<Pressed>,
    pub(super) lives: Vec<Life>,
    pub(super) sent: Vec<Sent>,
    pub(super) said: Vec<Said>,
    pub(super) tries: Vec<Try>,
    /// Cards there are, and whether they can still be decided.
    pub(super) cards: BTreeMap<String, bool>,
    /// Events that nobody has acknowledged.
    pub(super) waiting_events: usize,
    /// Matters that are closed, from the journal.
    pub(super) closed: Vec<Approval>,
    pub(super) left: [i64; 2],
    /// Logs of the mock that have lost their beginning: then nothing can be judged.
    pub(super) shortened: Vec<&'static str>,
}

impl Books {
    /// Reads the logs.
    pub(super) fn read(&mut self, scene: &Scene) {
        let deliveries = rows(&scene.look("deliveries"));
        let calls = rows(&scene.look("calls"));
        let stream = scene.look("stream");
        for (log, rows) in [("deliveries", &deliveries), ("calls", &calls)] {
            if rows.first().is_some_and(|first| first["seq"] != 1) {
                self.shortened.push(log);
            }
        }
        self.sent = deliveries.iter().map(|row| sent(scene, row)).collect();
        let openings = rows(&stream["openings"]);
        if openings.len() >= 10_000 {
            self.shortened.push("openings");
        }
        self.tries = tries(scene, &calls, &openings);
        self.waiting_events = rows(&stream["waiting_events"]).len();
        self.said = said(scene);
        self.cards = cards(scene);
        let events = scene.bridge.events().into_iter();
        let approvals = events.filter(|event| event.kind == Kind::Approval);
        self.closed = approvals.filter_map(|event| event.approval).collect();
        self.left = scene.left();
    }

    /// When the connection ended, as the mock saw it; none while it stands.
    pub(super) fn end_of(&self, connection: &str) -> Option<i64> {
        let stood = self.tries.iter().filter_map(|one| one.stood.as_ref());
        stood.filter(|(id, ..)| id == connection).find_map(|(.., end)| *end)
    }

    /// What made the connection end, if we did.
    pub(super) fn strike_of(&self, connection: &str) -> Option<&Strike> {
        self.strikes.iter().find(|strike| strike.connection == connection)
    }
}

/// What somebody said who is no person: by the address of a question, or by the robot.
pub(super) fn said(scene: &Scene) -> Vec<Said> {
    let answers =
        |row: &&Value| matches!(row["via"].as_str(), Some("session" | "group" | "one_to_one"));
    rows(&scene.look("messages"))
        .iter()
        .filter(answers)
        .map(|row| Said {
            answers: row["answers"].as_u64(),
            text: text(row, "text"),
            at_ms: scene.at_ms(&text(row, "time")),
        })
        .collect()
}

/// The cards, and whether each can still be decided.
pub(super) fn cards(scene: &Scene) -> BTreeMap<String, bool> {
    let all = rows(&scene.look("cards")).into_iter();
    all.map(|card| (text(&card, "outTrackId"), card["data"]["open"] == "true")).collect()
}

fn sent(scene: &Scene, row: &Value) -> Sent {
    let optional = |key: &str| row[key].as_str().map(str::to_owned);
    Sent {
        kind: text(row, "kind"),
        id: text(row, "id"),
        connection: optional("connection"),
        at_ms: scene.at_ms(&text(row, "time")),
        attempt: row["attempt"].as_u64().unwrap_or(1),
        lost: optional("lost"),
        code: row["code"].as_i64(),
        ack_lost: row["ackLost"] == true,
    }
}

/// Each call for a ticket with the connection that stood before the next call.
fn tries(scene: &Scene, calls: &[Value], openings: &[Value]) -> Vec<Try> {
    let time = |row: &Value| scene.at_ms(&text(row, "time"));
    let of = |what: &str| -> Vec<(i64, String)> {
        let rows = openings.iter().filter(|row| row["what"] == what);
        rows.map(|row| (time(row), text(row, "connection"))).collect()
    };
    let (connected, closed) = (of("connected"), of("closed"));
    let opens: Vec<&Value> =
        calls.iter().filter(|row| row["path"] == super::scene::GATEWAY).collect();
    let try_of = |(n, row): (usize, &&Value)| {
        let (at_ms, next) = (time(row), opens.get(n + 1).map_or(i64::MAX, |row| time(row)));
        let within = |at: i64| (at_ms..next).contains(&at);
        let stood = connected.iter().find(|(at, _)| within(*at));
        let stood = stood.map(|(at, id)| {
            let end = closed.iter().find(|(_, closed)| closed == id).map(|(at, _)| *at);
            (id.clone(), *at, end)
        });
        Try { at_ms, refused: row["status"] == 401, stood }
    };
    opens.iter().enumerate().map(try_of).collect()
}

fn rows(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap_or_default().to_owned()
}
