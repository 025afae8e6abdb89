//! Teaching by pointing: on a receipt that was read wrongly somebody points at printed words and says
//! what they are; out of it comes a rule of the till's profile.
//!
//! `propose` is pure: a paper, what was pointed at and the profile in, the profile with one rule more
//! out, or why there is none. Nothing is proposed that was not tried: the paper is read again by the
//! profile that would be saved, and what was pointed at must come out of it. `trial` says what the
//! rule would change on the till's last receipts, `save` writes it.
//!
//! Not here: pages and forms (`web`), and what a profile's rules do (the decoder).
//!
//! A proposed rule holds the till's words and never a customer's: values stand in it by their shape.

mod base;
mod candidates;
mod dates;
mod meaning;
mod propose;
#[cfg(test)]
mod propose_tests;
mod rule;
mod save;
mod split;
mod trial;
mod words;

pub use base::Base;
pub use meaning::Meaning;
pub use propose::{Paper, Proposal, Refused, propose, read};
pub use rule::{Rule, RuleError};
pub use save::{SaveError, Saved, save};
pub use trial::{Changed, Tally, Trial, trial};
pub use words::{Line, lines};
