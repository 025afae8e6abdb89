//! What is remembered: the messages the group saw, the calls, the `msgUuid`s.
//!
//! Everything is capped in number and bytes; the oldest goes first, and the running `seq` shows it.

use std::collections::{HashSet, VecDeque};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::app::Speech;
use super::fault::FaultAnswer;
use super::mention::Mention;
use super::message::Card;

/// Most messages kept.
pub const MAX_MESSAGES: usize = 10_000;
/// Most calls kept.
pub const MAX_ATTEMPTS: usize = 10_000;
/// Most bytes of text that the kept messages may have together, and the kept calls.
pub const MAX_LOG_BYTES: usize = 8 * 1024 * 1024;
/// Most `msgUuid`s remembered, 32 bytes each.
pub const MAX_REMEMBERED_UUIDS: usize = 200_000;

/// One message as a person in the group saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownMessage {
    /// 1 for the first; a gap at the front means that older ones were dropped.
    pub seq: u64,
    /// Token of the robot that spoke.
    pub robot: String,
    /// Message type.
    pub msgtype: String,
    /// Title, where the type has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Text.
    pub text: String,
    /// What there is to press and to look at.
    #[serde(flatten)]
    pub card: Card,
    /// Who was to be mentioned, and whether that worked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// The sender's idempotency key.
    #[serde(rename = "msgUuid", skip_serializing_if = "Option::is_none")]
    pub msg_uuid: Option<String>,
    /// How it came, where no custom robot's webhook brought it.
    #[serde(flatten)]
    pub speech: Speech,
    /// When, RFC 3339.
    pub time: String,
}

/// One call and what it was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// 1 for the first; a gap at the front means that older ones were dropped.
    pub seq: u64,
    /// When, RFC 3339.
    pub time: String,
    /// `access_token`, where one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub robot: Option<String>,
    /// The sender's idempotency key, where the message passed.
    #[serde(rename = "msgUuid", skip_serializing_if = "Option::is_none")]
    pub msg_uuid: Option<String>,
    /// Bytes of the body.
    pub bytes: usize,
    /// The error code that was or would have been answered; 0 is success; absent where the answer
    /// has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errcode: Option<i64>,
    /// The text beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errmsg: Option<String>,
    /// Whether the group saw a new message.
    pub shown: bool,
    /// Whether the gateway turned the call away because its address is banned.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub banned: bool,
    /// The scripted fault that struck, where one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<FaultAnswer>,
}

/// A log that forgets its oldest entries.
#[derive(Clone, Debug)]
pub(super) struct Log<T> {
    entries: VecDeque<(usize, T)>,
    bytes: usize,
    most: usize,
}

impl<T> Log<T> {
    /// An empty one for `most` entries.
    pub(super) fn new(most: usize) -> Self {
        Self { entries: VecDeque::new(), bytes: 0, most }
    }

    /// Appends an entry that holds about `bytes`.
    pub(super) fn push(&mut self, entry: T, bytes: usize) {
        self.entries.push_back((bytes, entry));
        self.bytes += bytes;
        while self.entries.len() > self.most || self.bytes > MAX_LOG_BYTES {
            let Some((bytes, _)) = self.entries.pop_front() else { return };
            self.bytes -= bytes;
        }
    }

    /// Oldest first.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.entries.iter().map(|(_, entry)| entry)
    }
}

/// The `msgUuid`s that were shown, per robot, by the first half of a SHA-256 over both.
#[derive(Clone, Debug, Default)]
pub(super) struct Uuids {
    known: HashSet<u128>,
    order: VecDeque<u128>,
}

impl Uuids {
    /// Remembers `id` of `robot`; whether it was new.
    pub(super) fn remember(&mut self, robot: &str, id: &str) -> bool {
        let mut hash = Sha256::new();
        hash.update(robot.len().to_le_bytes());
        hash.update(robot);
        hash.update(id);
        let key = hash.finalize();
        let key = key.iter().take(16).fold(0, |key, byte| key << 8 | u128::from(*byte));
        if !self.known.insert(key) {
            return false;
        }
        self.order.push_back(key);
        if self.order.len() > MAX_REMEMBERED_UUIDS
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Log, MAX_LOG_BYTES, MAX_REMEMBERED_UUIDS, Uuids};

    #[test]
    fn a_log_keeps_the_newest_within_both_caps() {
        let mut log = Log::new(3);
        for n in 0..5 {
            log.push(n, 1);
        }
        assert_eq!(log.iter().copied().collect::<Vec<i32>>(), [2, 3, 4]);
        log.push(5, MAX_LOG_BYTES - 1);
        assert_eq!(log.iter().copied().collect::<Vec<i32>>(), [4, 5]);
        log.push(6, MAX_LOG_BYTES + 1);
        assert_eq!(log.iter().count(), 0, "what alone exceeds the cap is not kept");
    }

    #[test]
    fn a_uuid_is_remembered_per_robot_until_so_many_newer_ones() {
        let mut uuids = Uuids::default();
        assert!(uuids.remember("a", "1") && !uuids.remember("a", "1"));
        assert!(uuids.remember("b", "1"), "another robot's");
        assert!(uuids.remember("a1", ""), "not the same letters cut elsewhere");
        for n in 0..MAX_REMEMBERED_UUIDS - 3 {
            uuids.remember("c", &n.to_string());
        }
        assert!(!uuids.remember("a", "1"));
        uuids.remember("c", "one more");
        assert!(uuids.remember("a", "1"));
    }
}
