//! What a person must know about the bridge itself, as it is kept in the journal until it is told.
//!
//! It says nothing in words (`notice` does) and sends nothing (`deliver` does). Who raises what, and
//! when not, is decided in `admin`.

use serde::{Deserialize, Serialize};

/// The same alarm is told once in this time: a shift's length, so that each shift that does nothing
/// about it hears of it, and a group that is working on it is left in peace.
pub const SAME_EVERY_MS: i64 = 6 * 60 * 60 * 1000;

/// Most alarms an hour, of whatever kind: a robot says 20 messages a minute, and a box on which
/// everything fails at once has told its story with the first ten.
pub const MOST_AN_HOUR: usize = 10;

/// Something about the bridge that needs a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Alarm {
    /// A source that spoke in the last days says nothing although the shop is open.
    SourceSilent {
        /// The source.
        source: String,
        /// When its last byte was heard, in milliseconds of wall time.
        since_ms: i64,
    },
    /// A robot's queue waits for a person.
    QueueParked {
        /// The robot.
        robot: String,
        /// Why, and what to do, in the shop's language.
        reason: String,
    },
    /// The month's calls will not do.
    QuotaNear {
        /// Calls of this month so far.
        used: u32,
        /// Calls that the organisation has.
        quota: u32,
        /// Calls expected by the month's end.
        forecast: u32,
    },
    /// The journal's disk is nearly full.
    DiskLow {
        /// What is left.
        free_mib: u64,
    },
    /// A till prints times that are off.
    TillClock {
        /// The source.
        source: String,
        /// Seconds that it is ahead; negative: behind.
        off_s: i64,
    },
    /// This machine's clock is off DingTalk's.
    OwnClock {
        /// Seconds that it is ahead; negative: behind.
        off_s: i64,
    },
    /// The journal was damaged and replaced; an old file waits to be looked at.
    JournalDamaged {
        /// The name of the file that was set aside, without its directory.
        set_aside: String,
    },
    /// Bytes of a source were lost before anybody could read them.
    BytesMissing {
        /// The source.
        source: String,
    },
    /// Receipts of a source that could not be read.
    ReceiptsUnread {
        /// The source.
        source: String,
        /// How many since the last alarm of this kind.
        count: u32,
    },
    /// A provider's test came through: all is well.
    HookTested {
        /// Who called.
        scheme: String,
    },
    /// Practice is over: receipts count from now on.
    WentLive {
        /// Since when, in milliseconds of wall time.
        since_ms: i64,
    },
    /// Calls of a till that pushes are refused.
    HookRefused {
        /// Who called, or said so.
        scheme: String,
        /// Why.
        fault: HookFault,
    },
}

/// Why pushed calls are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookFault {
    /// Its signature or its credentials are wrong, or its time stamp is.
    Unproved,
    /// Its body cannot be read.
    Malformed,
    /// Its body is too large.
    TooLarge,
}

impl HookFault {
    /// Its word in a key.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unproved => "unproved",
            Self::Malformed => "malformed",
            Self::TooLarge => "too_large",
        }
    }
}

impl Alarm {
    /// Alarms with one key are the same trouble, and are rate-limited together.
    pub fn key(&self) -> String {
        let (kind, which) = match self {
            Self::SourceSilent { source, .. } => ("source_silent", source.as_str()),
            Self::QueueParked { robot, .. } => ("queue_parked", robot.as_str()),
            Self::QuotaNear { .. } => ("quota_near", ""),
            Self::DiskLow { .. } => ("disk_low", ""),
            Self::TillClock { source, .. } => ("till_clock", source.as_str()),
            Self::OwnClock { .. } => ("own_clock", ""),
            // A second file that is set aside is a second damage.
            Self::JournalDamaged { set_aside } => ("journal_damaged", set_aside.as_str()),
            Self::BytesMissing { source } => ("bytes_missing", source.as_str()),
            Self::ReceiptsUnread { source, .. } => ("receipts_unread", source.as_str()),
            Self::HookTested { scheme } => ("hook_tested", scheme.as_str()),
            // A second practice has an end of its own.
            Self::WentLive { since_ms } => return format!("went_live/{since_ms}"),
            Self::HookRefused { scheme, fault } => {
                return format!("hook_refused/{scheme}/{}", fault.as_str());
            }
        };
        if which.is_empty() { kind.to_owned() } else { format!("{kind}/{which}") }
    }
}

/// What the key of a late answer begins with: no alarm's does.
pub const ANSWER_KEY: &str = "answer:";

/// An answer to a question that nobody could be given where it was asked. It goes by the same way as
/// an alarm, at once and once, and is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LateAnswer {
    /// Markdown.
    Answer {
        /// The line in the conversation list.
        title: String,
        /// The message.
        text: String,
    },
}

impl LateAnswer {
    /// What it is told once by: the question, and the words, since one question can be told that its
    /// answer comes later and then be given it.
    pub fn key(&self, question: &str) -> String {
        use sha2::{Digest, Sha256};
        let Self::Answer { text, .. } = self;
        let hash = Sha256::digest(text.as_bytes());
        let words = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
        format!("{ANSWER_KEY}{question}@{words:08x}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Alarm, HookFault};

    fn one_of_each() -> Vec<Alarm> {
        let (source, robot) = ("till".to_owned(), "owner".to_owned());
        vec![
            Alarm::SourceSilent { source: source.clone(), since_ms: 1 },
            Alarm::QueueParked { robot, reason: "the token is gone".into() },
            Alarm::QuotaNear { used: 2_700, quota: 3_000, forecast: 3_400 },
            Alarm::DiskLow { free_mib: 300 },
            Alarm::TillClock { source: source.clone(), off_s: -7_200 },
            Alarm::OwnClock { off_s: 70 },
            Alarm::JournalDamaged { set_aside: "posbridge.db.damaged-20261121-040000".into() },
            Alarm::BytesMissing { source: source.clone() },
            Alarm::ReceiptsUnread { source, count: 3 },
            Alarm::HookTested { scheme: "square".into() },
            Alarm::WentLive { since_ms: 1 },
            Alarm::HookRefused { scheme: "square".into(), fault: HookFault::Unproved },
        ]
    }

    #[test]
    fn an_alarm_is_the_same_after_the_journal() {
        for alarm in one_of_each() {
            let stored = serde_json::to_string(&alarm).expect("plain data");
            let kind = alarm.key().split('/').next().expect("a kind").to_owned();
            assert!(stored.starts_with(&format!("{{\"kind\":\"{kind}\"")), "{stored}");
            assert_eq!(serde_json::from_str::<Alarm>(&stored).expect("as written"), alarm);
        }
    }

    #[test]
    fn one_key_is_one_trouble_whatever_its_numbers_are() {
        let keys: BTreeSet<String> = one_of_each().iter().map(Alarm::key).collect();
        assert_eq!(keys.len(), one_of_each().len(), "{keys:?}");
        let more = Alarm::ReceiptsUnread { source: "till".into(), count: 9 };
        assert!(keys.contains(&more.key()));
        assert!(!keys.contains(&Alarm::BytesMissing { source: "bar".into() }.key()));
    }
}
