//! Hours of the Stream's ill will: a real bridge, the mock as its gateway, people who ask, press and
//! decide meanwhile, and a ledger of what became of all of it.
//!
//! It replaces no test of a part: what a frame means and how long a wait is are properties of the
//! bridge's own modules. Nothing of the bridge is linked in; it is judged by the mock's logs, its own
//! journal and the group.
//!
//! # What the protocol lets be kept
//! DingTalk sends a question once and never again. What becomes of it here:
//!
//! | question | then |
//! |---|---|
//! | no connection stood, or the gateway's chosen one was dead (`no_connection`, `silent`) | lost by the protocol; an answer would be a miracle, and is an error |
//! | acknowledged by the bridge, whether or not that was lost on its way | **kept**: answered exactly once |
//! | written to a connection that was cut, said farewell or fell silent after that, and never acknowledged | it arrived before the end: **kept** as well |
//! | written to a connection that the bridge had given up for what the gateway sent by it (nonsense, a frame too large), and never acknowledged | it may lie behind that: at most once |
//! | taken within three seconds before a `kill -9` of the brain, or never acknowledged because of it | at most once |
//! | refused by the bridge, or not acknowledged by a connection that went on | an error |
//!
//! Written is what was queued for a connection before the mock was told to end it: one queue carries
//! both, so "before" is no matter of milliseconds. Answers that fail at the question's address fail before anybody sees them:
//! an HTTP error after the group has seen the answer cannot be told from that, and is not played.
//!
//! An event comes until it is acknowledged: each is handled exactly once, over kills too. So is each
//! matter that a card asks about, however often its buttons are pressed.
//!
//! # Time
//! [`Plan::span`] is time of the machine, at the plan's rate: 30 minutes at a rate of 10 are five hours
//! of the shop. The bridge opens ten connections at once and one more a minute, so 200 connections that
//! end take at least three hours and ten minutes of the shop; a plan that wants more is refused.

mod books;
mod matters;
mod memory;
mod outcome;
mod people;
mod play;
mod questions;
mod reconnect;
mod scene;
mod script;

use std::time::Duration;

pub use outcome::Outcome;
pub use play::play;

/// What is played.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How long, in time of the machine.
    pub span: Duration,
    /// How many times as fast the shop's time runs.
    pub rate: u32,
    /// Chance.
    pub seed: u64,
    /// Connections that end.
    pub disconnects: u32,
    /// Times that the brain is killed.
    pub kills: u32,
}

/// Connections that the bridge opens at once, and one more in each of these; `docs/APPLICATION.md`.
const BURST: i64 = 10;
const REFILL_MS: i64 = 60_000;

impl Plan {
    /// How long, in the shop's time, in milliseconds.
    fn span_ms(&self) -> i64 {
        i64::try_from(self.span.as_millis()).unwrap_or(i64::MAX) * i64::from(self.rate)
    }

    /// So much of the machine's time, in milliseconds of the shop's.
    fn real(&self, real: Duration) -> i64 {
        i64::try_from(real.as_millis()).unwrap_or(i64::MAX) * i64::from(self.rate)
    }

    /// Why it cannot be played, if so: the bridge opens no connection for what ends too often.
    pub fn refused(&self) -> Option<String> {
        let most = BURST + self.span_ms() / REFILL_MS;
        (i64::from(self.disconnects) > most).then(|| {
            format!(
                "expected at most {most} disconnects within {} min of the shop's time, found {} \
                 (hint: the bridge opens {BURST} connections at once and one more a minute)",
                self.span_ms() / 60_000,
                self.disconnects
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Plan;

    #[test]
    fn a_plan_that_the_back_off_cannot_keep_up_with_is_refused() {
        let plan = |minutes, disconnects| Plan {
            span: Duration::from_mins(minutes),
            rate: 10,
            seed: 1,
            disconnects,
            kills: 0,
        };
        assert_eq!(plan(30, 200).refused(), None);
        let refused = plan(3, 200).refused().expect("too many");
        assert!(refused.contains("at most 40 disconnects within 30 min"), "{refused}");
    }
}
