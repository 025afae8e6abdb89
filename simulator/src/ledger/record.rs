//! The lines of a ledger's files: a slip, an event that was seen in the journal, a message that was
//! seen in the group.
//!
//! Times are microseconds since the run began, on the run's own clock. Nothing is judged here.

use pos_protocol::event::Event;
use serde::{Deserialize, Serialize};

/// A slip, and what happened at the till.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slip {
    /// Counts the slips of a run, from 1.
    pub n: u64,
    /// Which till of the run, from 0.
    pub till: u32,
    /// When the customer paid.
    pub intended_us: u64,
    /// When the till began to print.
    pub began_us: u64,
    /// When the last byte was taken; over TCP, when the printer had answered that it printed.
    pub printed_us: u64,
    /// Prints of it that broke off and may have left a piece on paper.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub torn: u32,
    /// Whether bytes of it were damaged on the wire, on purpose.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub damaged: bool,
    /// Where its bytes are in [`WIRE_FILE`](super::WIRE_FILE).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Span>,
    /// What a perfect reader makes of it.
    pub event: Event,
}

impl Slip {
    /// A slip of which only this is known.
    pub fn untimed(n: u64, event: Event) -> Self {
        Self {
            n,
            till: 0,
            intended_us: 0,
            began_us: 0,
            printed_us: 0,
            torn: 0,
            damaged: false,
            bytes: None,
            event,
        }
    }
}

/// Bytes in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Offset of the first.
    pub at: u64,
    /// How many.
    pub len: u64,
}

/// An event of the bridge's journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Journalled {
    /// When it was first seen there.
    pub at_us: u64,
    /// The event.
    pub event: Event,
}

/// A message that the group saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// When the first attempt to send it was heard.
    pub sent_us: u64,
    /// When the group saw it.
    pub shown_us: u64,
    /// Who said it.
    pub robot: String,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its text, as it was sent.
    pub text: String,
}

impl Shown {
    /// A message of which only this is known.
    pub fn untimed(robot: String, title: Option<String>, text: String) -> Self {
        Self { sent_us: 0, shown_us: 0, robot, title, text }
    }
}

/// A time in which nobody could have told the group: network away, DingTalk away, sender dead. It
/// does not count as lateness of what waited meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excused {
    /// Its beginning.
    pub from_us: u64,
    /// Its end.
    pub until_us: u64,
    /// The one robot it is about (as [`Shown::robot`]); all of them unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robot: Option<String>,
    /// Why.
    pub why: String,
}

/// A time in which a source that only listens could not hear: its process was dead, its cable
/// pulled. Never of a till that is told whether it printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deaf {
    /// Name of the source.
    pub source: String,
    /// Its beginning.
    pub from_us: u64,
    /// Its end.
    pub until_us: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}
