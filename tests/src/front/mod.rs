//! A shop whose bridge is killed again and again while three tills print: on a tap, through the
//! network proxy, and in line between till and printer.
//!
//! What the group is told is not looked at here: DingTalk takes every request and answers none.

mod books;
mod shop;
mod till_port;

pub use books::{Books, Verdict};
pub use shop::{Death, Front, Round};
pub use till_port::TillPort;
