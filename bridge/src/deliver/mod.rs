//! Brings every queued notice into its group: at least once, at a pace DingTalk takes, in an order
//! people expect.
//!
//! `schedule` and `budget` decide and are pure; `worker` acts, one task per robot, so that one
//! robot's trouble delays no other. It does not decide who is told: that is in the outbox already.
//!
//! The order of writing is the promise: the request and the fact that an attempt starts are on disk
//! before a byte is sent, the outcome is on disk before the next attempt. What a crash leaves
//! between the two is an attempt with an unknown outcome, and it is repeated unchanged.

#[cfg(test)]
mod bench;
mod budget;
mod hello;
mod run;
mod schedule;
mod worker;

pub use budget::{Pace, WINDOW_SENDS, pace};
pub use hello::send_test;
pub use run::run;
pub use schedule::{Next, next};
