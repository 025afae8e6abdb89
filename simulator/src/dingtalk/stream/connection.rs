//! One connection of the gateway: how it lives, what waits for it, what it has yet to answer.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

use super::fault::StreamFault;
use super::frame::Headers;
use crate::clock::rfc3339;
use crate::dingtalk::app::{AppRules, Shelf};

/// How long a connection stays after its farewell, in milliseconds of the mock's clock.
const FAREWELL_MS: i64 = 10_000;

/// What a connection's task is told.
#[derive(Debug)]
pub(in crate::dingtalk) enum Push {
    Text(String),
    Slow(Duration),
    Silence,
    Drop,
}

/// The answer to the press of a button: its code and its data.
pub(in crate::dingtalk) type Answer = (i64, Value);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Open,
    /// Farewell was said; the end comes at that time.
    Leaving(i64),
    /// Dead without a word, until that time.
    Silent(Option<i64>),
}

#[derive(Debug)]
pub(super) struct Connection {
    pub(super) id: String,
    pub(super) topics: Vec<String>,
    pub(super) outbox: mpsc::Sender<Push>,
    pub(super) life: Life,
    pub(super) awaited: Shelf<Awaited>,
    pub(super) since_ms: i64,
    pub(super) next_ping_ms: i64,
    pub(super) pings: u64,
    pub(super) pongs: u64,
    pub(super) odd_frames: u64,
}

/// What a frame was that waits for its answer.
#[derive(Debug)]
pub(super) enum Awaited {
    Ping(String),
    Once(u64, Option<oneshot::Sender<Answer>>),
    Event(u64, String),
}

impl Connection {
    /// A connection that lives from now on.
    pub(super) fn open(
        id: String,
        topics: Vec<String>,
        outbox: mpsc::Sender<Push>,
        rules: &AppRules,
        now_ms: i64,
    ) -> Self {
        Self {
            id,
            topics,
            outbox,
            life: Life::Open,
            awaited: Shelf::default(),
            since_ms: now_ms,
            next_ping_ms: now_ms + i64::from(rules.ping_seconds) * 1_000,
            pings: 0,
            pongs: 0,
            odd_frames: 0,
        }
    }

    /// Queues a frame; why it cannot arrive, if so.
    pub(super) fn push(&mut self, text: String) -> Option<&'static str> {
        if matches!(self.life, Life::Silent(_)) {
            return Some("silent");
        }
        self.outbox.try_send(Push::Text(text)).is_err().then_some("full")
    }

    /// Tells the task something that is no frame. A queue that is full belongs to a peer that does
    /// not read, and it will be told at the next tick.
    pub(super) fn tell(&self, push: Push) {
        let _ = self.outbox.try_send(push);
    }

    pub(super) fn farewell(&mut self, message: &str, app: &str, now_ms: i64) {
        let text = headers(message, &self.id, app, now_ms).disconnect("connection is expired");
        self.push(text);
        self.life = Life::Leaving(now_ms + FAREWELL_MS);
    }

    pub(super) fn strike(&mut self, fault: &StreamFault, message: &str, app: &str, now_ms: i64) {
        match fault {
            StreamFault::Drop { .. } => self.tell(Push::Drop),
            StreamFault::Disconnect { .. } => self.farewell(message, app, now_ms),
            StreamFault::Silence { for_ms, .. } => {
                self.tell(Push::Silence);
                self.life = Life::Silent(for_ms.map(|ms| now_ms.saturating_add_unsigned(ms)));
            }
            StreamFault::Garbage { .. } => {
                self.push("}{ no JSON".to_owned());
            }
            StreamFault::Oversized { bytes, .. } => {
                let text = headers(message, &self.id, app, now_ms).oversized(*bytes);
                self.push(text);
            }
            StreamFault::Send { text, .. } => {
                self.push(text.clone());
            }
            StreamFault::Slow { ms, .. } => self.tell(Push::Slow(Duration::from_millis(*ms))),
            StreamFault::ExpireTickets { .. }
            | StreamFault::LoseAcks { .. }
            | StreamFault::RepeatEvents { .. } => {}
        }
    }

    pub(super) fn describe(&self) -> Value {
        let life = match self.life {
            Life::Open => "open",
            Life::Leaving(_) => "leaving",
            Life::Silent(_) => "silent",
        };
        json!({
            "id": self.id, "state": life, "since": rfc3339(self.since_ms), "topics": self.topics,
            "pings": self.pings, "pongs": self.pongs, "odd_frames": self.odd_frames,
            "unanswered": self.awaited.iter().count(),
        })
    }
}

pub(super) fn headers<'a>(
    message: &'a str,
    connection: &'a str,
    app: &'a str,
    now_ms: i64,
) -> Headers<'a> {
    Headers { message, connection, app, now_ms }
}
