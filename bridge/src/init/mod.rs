//! The first half hour: questions to whoever installs the bridge, and the configuration that follows
//! from the answers.
//!
//! `interview` is a pure machine: facts and answers in, the next question or deed out; it opens no
//! port, sends no message and writes no file (`cli` does, and `write` the last). Whoever answers, a
//! person or a file, walks the same way. What an answer may be is judged by the configuration's own
//! rules, so a finished interview always gives a file that is right.

mod answer;
mod choices;
mod file;
mod forecast;
mod interview;
mod key;
#[cfg(test)]
mod properties;
mod question;
pub mod said;
mod script;
mod words;
mod write;

pub use file::Names;
pub use forecast::{Forecast, forecast};
pub use interview::{Facts, Found, Heard, Interview, Step, Wrong};
pub use key::{Choice, Key, Question};
pub use script::{Script, ScriptError};
pub use words::{Said, Tongue};
pub use write::{WriteError, Written, write};
