//! Reads what a till sends to its receipt printer and says what it meant.
//!
//! The line through this crate is straight:
//!
//! ```text
//! bytes -> Frame -> Command -> Document -> Reading -> Event
//!          escpos   escpos     document    reading    event
//! ```
//!
//! [`session::Session`] is the facade over all of it. Nothing here does IO, asks for the time,
//! spawns a thread or keeps a global: whatever is said follows from the bytes and the time stamps
//! that came with them, so the same input always gives the same events.
//!
//! Nothing in the data path returns a `Result`. Odd bytes become diagnostics, and a receipt that
//! cannot be read becomes an event that says so.

pub mod diagnostic;
pub mod document;
pub mod drawer;
pub mod escpos;
pub mod event;
mod hex;
pub mod limits;
pub mod money;
pub mod profile;
pub mod reading;
pub mod reply;
pub mod session;
pub mod span;
pub mod star;
pub mod text;
pub mod time;
