//! What delivery asks of the outbox and tells it. Plain data, no SQL.

use std::collections::BTreeMap;

/// The request as it goes out, kept so that a repetition is the same to the byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// Idempotency key.
    pub msg_uuid: String,
    /// The whole JSON body.
    pub body: String,
}

/// What a waiting notice is about, as far as deciding needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// A sale: the only one that may be told in a digest.
    Sale,
    /// Another event.
    Event,
    /// Something about the bridge itself.
    Alarm,
    /// Something that the shop found in its events.
    Finding,
    /// Several sales in one message.
    Digest,
}

/// Whether what is said can still change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing was sent, or what was sent was refused: any carrier may take it, in new words.
    Fresh,
    /// Its request is frozen and it stays with this carrier: what was sent may have arrived.
    Bound {
        /// The robot.
        carrier: String,
    },
}

/// A queued notice, without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its place in the outbox.
    pub id: i64,
    /// What it is about.
    pub topic: Topic,
    /// Whether it goes before ordinary ones.
    pub urgent: bool,
    /// Wall time in milliseconds.
    pub created_ms: i64,
    /// Earliest next attempt.
    pub not_before_ms: i64,
    /// Attempts started so far.
    pub attempts: u32,
    /// Whether it can still change.
    pub stage: Stage,
    /// Most sales in one digest with it: one that held more was refused.
    pub merge_max: Option<u32>,
}

/// What a notice says, read only when its turn has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The event, wire JSON.
    Event(String),
    /// The alarm, JSON.
    Alarm(String),
    /// What the shop found, JSON.
    Finding(String),
    /// A digest; its request is frozen.
    Digest,
}

/// A notice's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its place in the outbox.
    pub id: i64,
    /// What it says.
    pub subject: Subject,
    /// The request of an attempt whose outcome is not known.
    pub frozen: Option<Frozen>,
}

/// What a carrier was asked lately.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// When the attempts of the last minute reached it at the latest, in any order.
    pub recent_ms: Vec<i64>,
    /// It was told too much: silence before this.
    pub pause_until_ms: Option<i64>,
}

/// Calls that count against the organisation's month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// Since the month began, of all robots.
    pub month: u64,
    /// Of the last seven days, of all robots.
    pub week: u64,
    /// Of these, urgent ones.
    pub week_urgent: u64,
    /// When the first of the last seven days started.
    pub first_ms: Option<i64>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Whose queue.
    pub robot: String,
    /// The robots that carry for it, itself among them.
    pub carriers: Vec<String>,
    /// Wall time in milliseconds.
    pub now_ms: i64,
    /// When the month began.
    pub month_ms: i64,
}

/// A robot's queue and what it may be sent by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Urgent first, then oldest first; the first [`MAX_LOOK`](super::MAX_LOOK) of them.
    pub queue: Vec<Waiting>,
    /// By carrier of this queue; one that was not asked lately is absent.
    pub traffic: BTreeMap<String, Traffic>,
    /// This machine's address is banned: silence of every carrier before this.
    pub ban_until_ms: Option<i64>,
    /// Somebody asked for quiet: silence but for what is urgent before this.
    pub muted_until_ms: Option<i64>,
    /// When the ordinary calls of this queue's carriers started, of the last day, oldest first; the
    /// newest [`MAX_ORDINARY`](super::MAX_ORDINARY) of each.
    pub ordinary_ms: Vec<i64>,
    /// The month.
    pub calls: Calls,
}

/// The start of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begin {
    /// The notice.
    pub outbox_id: i64,
    /// The robot that carries it.
    pub carrier: String,
    /// What it is asked. Where the notice is bound, what it was asked before.
    pub frozen: Frozen,
    /// Wall time in milliseconds.
    pub now_ms: i64,
}

/// A digest: its members, in order, and the request that tells them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Fresh queued notices of one robot.
    pub members: Vec<i64>,
    /// The request.
    pub frozen: Frozen,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The attempt.
    pub attempt_id: i64,
    /// Outcome in one word.
    pub outcome: &'static str,
    /// A few words more.
    pub detail: String,
    /// HTTP status, where there was an answer.
    pub http_status: Option<u16>,
    /// `DingTalk`'s code, where there was one.
    pub errcode: Option<i64>,
}

/// Where a notice goes from here. A digest goes nowhere but to `Delivered` and `Queue { same: true }`:
/// anything else is a definite refusal, which takes it apart and sends its members there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settle {
    /// The group has it.
    Delivered,
    /// Again, not before `not_before_ms`.
    Queue {
        /// Earliest next attempt.
        not_before_ms: i64,
        /// Whether the same body and idempotency key go again, by the same carrier.
        same: bool,
        /// Why, for people.
        reason: String,
    },
    /// It waits for a person.
    Park {
        /// Why, for people.
        reason: String,
    },
    /// Never again.
    Dead {
        /// Why, for people.
        reason: String,
    },
}

/// The end of an attempt and what follows, one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finish {
    /// The notice.
    pub outbox_id: i64,
    /// What became of the attempt.
    pub attempt: Attempt,
    /// Wall time in milliseconds.
    pub finished_ms: i64,
    /// Where the notice goes.
    pub settle: Settle,
    /// The carrier says nothing before this; where the outcome is `ip_banned`, every carrier.
    pub pause_until_ms: Option<i64>,
}

/// What a restart found open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Attempts without an end, now recorded as `unknown` and due again as they were.
    pub unknown: usize,
    /// Parked notices, now due once more.
    pub unparked: usize,
}
