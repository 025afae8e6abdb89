//! One scripted trading day, sold once and told by two senders side by side: a naive one and the
//! bridge, each in a group of its own behind its own mock DingTalk with the same faults.
//!
//! Time is virtual and shared by everybody. The script is a pure function of its seed; the verdict is
//! a pure function of what was printed and what the two groups saw. It measures and judges; how the
//! bridge does it is not its business.

mod budget;
mod group;
mod naive;
mod run;
mod script;
mod shop;
mod table;
mod tills;
mod verdict;

pub use budget::daily_share;
pub use run::{Outcome, Senders, run};
pub use script::{Act, Scale, Script};
pub use table::Table;
pub use verdict::{Lateness, Row, URGENT_WITHIN_MS};
