//! What became of one request, with what a person may want to know about the way.

use super::obstacle::Obstacle;
use super::outcome::Outcome;

/// What became of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What it means.
    pub outcome: Outcome,
    /// HTTP status, where there was one.
    pub http_status: Option<u16>,
    /// What stood in the way, where it was not DingTalk that answered.
    pub obstacle: Option<Obstacle>,
    /// How far this machine's clock is ahead of the server's, in seconds, where it said its time.
    pub skew_s: Option<i64>,
    /// Calls made: two where the first one's time was refused, for the budget.
    pub calls: u32,
}

impl Answer {
    /// What became of a message that was never given to the network.
    pub fn unsent(outcome: Outcome) -> Self {
        Self { outcome, http_status: None, obstacle: None, skew_s: None, calls: 0 }
    }
}
