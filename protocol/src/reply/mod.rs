//! What the printer answers: bytes of one connection's way back, paired with what was asked.
//!
//! ```text
//! frame towards the printer -> Request -+
//!                                       v
//! byte from the printer  ----------> Reader -> Answer -> Status -> Condition -> told or not
//! ```
//!
//! Most forms say by their fixed bits what they are. A lone status byte does not: it means what
//! the oldest open [`Request`] asked, and nothing without one.
//!
//! Only bytes that a printer really sent belong here. An answer that the bridge makes up itself,
//! standing in for a printer, is never given to a [`Reader`], so it confirms nothing.
//!
//! Not here: what a drawer's level means, what is told to people.

mod condition;
mod reader;
mod request;
mod status;

pub use condition::{Condition, SETTLE_NS, Settled};
pub use reader::{MAX_PARTIAL_AGE_NS, MAX_REQUEST_AGE_NS, Reader};
pub use request::Request;
pub use status::{Status, drawer_level};

use crate::span::Span;

/// Something that the printer said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its bytes, in the lane from the printer.
    pub span: Span,
    /// What it is.
    pub kind: AnswerKind,
    /// Whether the drawer's changes come by themselves, as far as this answer and those before it
    /// show.
    pub watched: bool,
}

/// The forms of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// To `DLE EOT n`; `n` is absent where nobody was heard asking.
    RealTime {
        /// What was asked.
        n: Option<u8>,
        /// `0xx1xx10`.
        byte: u8,
    },
    /// Automatic status, on change once `GS a` has asked for it.
    Automatic([u8; 4]),
    /// Extended automatic status (ink, options): `39 xx 40 xx`.
    Extended([u8; 4]),
    /// One byte to a request that is answered in printing order.
    Byte {
        /// What was asked.
        request: Request,
        /// `0xx0xxxx`.
        byte: u8,
    },
    /// `GS I` texts, process ids, notices: head to NUL, both included.
    Block(Vec<u8>),
    /// Star automatic status, whole.
    Star(Vec<u8>),
    /// XON or XOFF.
    Flow {
        /// Whether it is XOFF.
        stop: bool,
    },
}
