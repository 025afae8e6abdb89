//! What the protocol decides, and by which bounds. Types alone.

use std::time::Duration;

use super::callback::{BotMessage, CardAction, CardReply, Event};
use crate::clock::Clock;

/// How long what may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Nothing was heard for this long: the other end is asked for a sign of life.
    pub(super) quiet: Duration,
    /// How long that sign may take.
    pub(super) pong: Duration,
    /// No frame for this long, where the gateway was never heard to ask for a sign of life twice. A
    /// machine between may answer for a gateway that is gone.
    pub(super) silence: Duration,
    /// As `silence`, at least, where it was: then it is four times its longest pause.
    pub(super) least_silence: Duration,
    /// How long the answer to a press may take: DingTalk waits two seconds, some of which are the
    /// network's.
    pub(super) card: Duration,
}

impl Limits {
    /// In `clock`'s time. What the network or a person's phone waits for stays real.
    pub(super) fn new(clock: &Clock) -> Self {
        let second = Duration::from_secs(1);
        let rate = second.as_secs_f64() / clock.real_duration(second).as_secs_f64();
        Self {
            quiet: Duration::from_mins(1),
            pong: Duration::from_secs(10).mul_f64(rate),
            silence: Duration::from_mins(30),
            least_silence: Duration::from_mins(2),
            card: Duration::from_millis(1_500).mul_f64(rate),
        }
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "two or three at a time, each for a moment")]
pub(super) enum Action {
    /// Send this text.
    Send(String),
    /// Ask the other end for a sign of life.
    Probe,
    /// Hand this over.
    Deliver(Delivery),
    /// Close the connection; another one is to be opened.
    Leave(Leave),
}

/// Something to be handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    Bot(BotMessage),
    Card(CardAction, Ticket),
    Event(Event, Ticket),
}

/// What an answer belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ticket {
    /// What identifies it in the long memory.
    pub(super) key: String,
}

/// The answer to a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// A card's.
    Card(CardReply),
    /// An event's work is done.
    Done,
    /// It is not: the event is to come again.
    Later,
}

/// Why a connection is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// The gateway said that it will close.
    Asked,
    /// No sign of life.
    Dead,
    /// Signs of life, and no frame for too long.
    Silent,
    /// Nothing that can be read.
    Garbage,
}

/// What went wrong since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Messages and presses that nobody had room for.
    pub(super) lost: u64,
    /// Frames that could not be read.
    pub(super) garbage: u64,
    /// Callbacks that had come before.
    pub(super) again: u64,
}

/// What identifies a callback of `kind`, here and in the long memory.
pub(super) fn key(kind: &str, id: &str) -> String {
    format!("{kind}:{id}")
}

impl BotMessage {
    /// What identifies it in the long memory.
    pub(super) fn key(&self) -> String {
        key("bot", &self.id)
    }
}
