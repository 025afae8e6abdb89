//! The world the bridge lives in: tills that sell, printers that answer, and an honest DingTalk
//! robot.
//!
//! Data flows one way:
//!
//! ```text
//! shop (seed -> Sale) -> truth (Event)                        what was really sold
//!                     -> print (bytes) -> wire (pty, TCP)     what the bridge sees
//!                     -> webhooks (signed calls)          what it hears of a cloud till
//! dingtalk (what the group saw), printer (what was printed)   what came out
//! ledger (truth, journal, group -> Account)                   whether they agree
//! scenario -> load (crowd, farm, bridge, books), chaos        all of it at once, for long, in trouble
//! report (Recorded, Account -> report.json, report.html)      what a run is worth
//! ```
//!
//! Of `pos-protocol` only the vocabulary is used (events and money), never the decoder, and nothing
//! of `posbridge`: an oracle that shares code shares bugs.

pub mod bridge;
pub mod chaos;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod dingtalk;
mod hex;
pub mod ledger;
pub mod load;
mod page;
pub mod print;
pub mod printer;
pub mod report;
pub mod scenario;
pub mod shop;
pub mod truth;
pub mod webhooks;
pub mod wire;
