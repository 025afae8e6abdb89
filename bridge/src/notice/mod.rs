//! Says in one message what happened at the till, in the shop's language.
//!
//! Pure: an event and the settings in, a [`Message`](crate::dingtalk::Message) out. It does not
//! decide who is told or when, and it says nothing it does not know: a field that is absent in the
//! event is absent in the message.

mod card;
mod digest;
mod fields;
#[cfg(test)]
mod gallery;
mod layout;
mod printer;
mod render;
mod report;
mod words;

pub use digest::{alarm, digest};
pub use render::{hello, render};
