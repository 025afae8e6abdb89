//! Brings every queued notice into its group: at least once, at a pace DingTalk takes, in an order
//! people expect, within the minute's and the month's calls.
//!
//! `plan`, `schedule`, `budget` and `quota` decide and are pure; `worker` acts, one task per queue,
//! so that one robot's trouble delays no other. It does not decide who is told of an event: that is
//! in the outbox already; nor in which words: that is `notice`.
//!
//! The order of writing is the promise: the request and the fact that an attempt starts are on disk
//! before a byte is sent, the outcome is on disk before the next attempt. What a crash leaves
//! between the two is an attempt with an unknown outcome, and it is repeated unchanged, by the same
//! robot.
//!
//! A queue belongs to a robot; robots of its `pool` carry for it too, each with a minute and a
//! breaker of its own. Robots that need a person are out until their settings change or a
//! `send-test` arrives ([`Revival`]); when all of a queue's are out, it is parked.

#[cfg(test)]
mod bench;
mod budget;
mod hello;
mod news;
mod pace;
mod plan;
#[cfg(test)]
mod plan_tests;
mod pool;
#[cfg(test)]
mod property;
#[cfg(test)]
mod property_checks;
#[cfg(test)]
mod property_steps;
mod quota;
mod revival;
mod run;
#[cfg(test)]
mod run_tests;
mod say;
mod schedule;
mod stock_left;
mod tell;
mod worker;

pub use budget::{ORDINARY_SENDS, Pace, WINDOW_SENDS, pace};
pub use hello::send_test;
pub use news::News;
pub use quota::{Month, Near, forecast, month, near};
pub use revival::Revival;
pub use run::run;
