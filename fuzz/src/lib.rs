//! What the fuzz targets share: how an input is laid out, how it becomes timed records, and how a
//! session is driven by them.
//!
//! An input is a head of [`HEAD_BYTES`] and a stream. The head chooses profile, caps and schedule,
//! so that a mutation of the stream changes nothing else and a captured receipt with any head
//! before it is a good seed.

mod drive;
mod input;
mod schedule;

pub use drive::{Resume, apply, drain, end, fresh, id, receive_cut, resume, run};
pub use input::{HEAD_BYTES, Input, SMALL_CAPS};
pub use schedule::{Random, Record, Step, steps};
