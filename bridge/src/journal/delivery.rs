//! What delivery asks of the outbox and tells it. Plain data, no SQL.

/// The request as it goes out, kept so that a repetition is the same to the byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// Idempotency key.
    pub msg_uuid: String,
    /// The whole JSON body.
    pub body: String,
}

/// A notice whose time has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its place in the outbox.
    pub outbox_id: i64,
    /// The event, wire JSON.
    pub event: String,
    /// Attempts started so far.
    pub attempts: u32,
    /// The request of an attempt whose outcome is not known.
    pub frozen: Option<Frozen>,
}

/// What a robot has to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Urgent first, then oldest first.
    pub due: Option<Due>,
    /// When the next notice that is not due yet will be.
    pub next_ms: Option<i64>,
    /// When the robot's attempts of the last minute started, in any order.
    pub recent_ms: Vec<i64>,
    /// The robot says nothing before this.
    pub pause_until_ms: Option<i64>,
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

/// Where a notice goes from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settle {
    /// The group has it.
    Delivered,
    /// Again, not before `not_before_ms`.
    Queue {
        /// Earliest next attempt.
        not_before_ms: i64,
        /// Whether the same body and idempotency key go again.
        same: bool,
        /// Why, for people.
        reason: String,
    },
    /// The robot's whole queue waits for a person.
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
    /// The robot says nothing before this.
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
