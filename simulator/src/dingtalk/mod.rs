//! A DingTalk custom robot that answers as the real one does, and a group that remembers what it
//! was shown.
//!
//! It serves `POST /robot/send` and, under `/_control/`, what a test needs: what the group saw, every
//! call with its answer, scripted faults, a clock that can be moved. It shows nothing to anybody and
//! talks to no other host.
//!
//! A call is judged in this order: method (43002), token present (40035), rate (660026), token known
//! (300005), signature (310000), body is JSON (40035), keyword (310000), size (460101), message type
//! (400105), required fields (40035). Every answer is HTTP 200 and JSON.
//!
//! What DingTalk documents nowhere and this mock had to choose:
//! - the rate window slides; every call that is not itself refused for its rate counts, whatever
//!   becomes of it; calls during the penalty do not prolong it; after it the window is empty;
//! - a body that is no JSON is refused after the signature and before the keyword, which can only be
//!   looked for in a message that can be read;
//! - keywords are looked for in the title and the text a person reads, case-sensitively;
//! - the size counts the whole request body in bytes;
//! - a `msgUuid` that was accepted before is answered `ok` and shown once; it is remembered per
//!   robot, until [`MAX_REMEMBERED_UUIDS`] newer ones;
//! - the newest wording for an expired signature is unknown: the one before it is used.

mod answer;
mod config;
mod control;
mod door;
mod fault;
mod group;
mod judge;
mod message;
mod server;
mod sign;
mod window;

pub use answer::{Refusal, Wording};
pub use config::{MockConfig, RobotConfig};
pub use fault::{Fault, FaultAnswer};
pub use group::{
    Attempt, MAX_ATTEMPTS, MAX_FAULTS, MAX_MESSAGES, MAX_REMEMBERED_UUIDS, ShownMessage,
};
pub use server::{MockError, MockRobot};
