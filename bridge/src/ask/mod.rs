//! Questions to the bridge: what somebody asked, what the books say to it, and the answer.
//!
//! `question` reads the text, `scope` says what the group may hear, `look` looks into the books,
//! `change` does what a listed person asked for, and `run` brings one message from its arrival to
//! the reply. How an answer reads is `notice`'s. It guesses nothing: a name that the catalogue has
//! not is answered with names like it.

mod answer;
mod change;
#[cfg(test)]
mod golden;
mod look;
mod names;
mod number;
mod papers;
#[cfg(test)]
mod properties;
mod question;
#[cfg(test)]
mod question_tests;
mod run;
#[cfg(test)]
mod samples;
mod scope;
mod text;
mod vocabulary;
#[cfg(test)]
mod way_tests;

pub(crate) use answer::{Answer, Line, OnShift, Stocked};
pub(crate) use run::{take, worded};
