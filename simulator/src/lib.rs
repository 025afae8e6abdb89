//! The world the bridge lives in: tills that sell, printers that answer, and an honest DingTalk
//! robot.
//!
//! Data flows one way:
//!
//! ```text
//! shop (seed -> Sale) -> truth (Event)                        what was really sold
//!                     -> print (bytes) -> wire (pty, TCP)     what the bridge sees
//! dingtalk (what the group saw), printer (what was printed)   what came out
//! ledger (truth, journal, group -> Account)                   whether they agree
//! ```
//!
//! Of `pos-protocol` only the vocabulary is used (events and money), never the decoder, and nothing
//! of `posbridge`: an oracle that shares code shares bugs.

pub mod cli;
pub mod clock;
pub mod demo;
pub mod dingtalk;
pub mod ledger;
mod page;
pub mod print;
pub mod printer;
pub mod shop;
pub mod truth;
pub mod wire;
