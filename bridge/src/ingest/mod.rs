//! From the ring to the journal: the only caller of the decoder.
//!
//! One thread reads records off the ring, feeds each to its source's session, and commits chunks,
//! events, notices, session state and ring position in one transaction. Only then is the ring told
//! that it may forget. A crash anywhere means that the same records are read again from the last
//! committed position, by sessions in the state of that same commit.
//!
//! A panic of the decoder costs one paper (`quarantine`), never the thread.
//!
//! It does not own a port, render a message or know what an event means.

mod again;
mod chunk;
#[cfg(test)]
mod disk_tests;
mod join;
mod paper;
mod quarantine;
#[cfg(test)]
mod quarantine_tests;
mod reader;
mod run;
#[cfg(feature = "sabotage")]
mod sabotage;
mod source;
mod sources;
#[cfg(test)]
mod sources_tests;
#[cfg(test)]
mod spilled;
#[cfg(test)]
mod turn_over_tests;

pub use again::Again;
pub use paper::{Place, paper};
pub use run::{Ingest, IngestError, Signal};
#[cfg(feature = "sabotage")]
pub use sabotage::{BadSabotage, Sabotage, order};
