//! The wire process: owns the ports and sockets, keeps every byte in the ring and, where it stands
//! in the line, passes it on at once.
//!
//! It understands nothing of what it carries, speaks to no disk and no network of its own, and
//! needs no brain: it goes on while the brain is dead or being upgraded.
//!
//! ```text
//! serial / tcp / file -> Recorder -> ring -> one wake byte to every attached brain
//!                           |
//!                           +-> forwarded (tcp-proxy), after it is in the ring
//! ```
//!
//! # The wake socket
//!
//! `wire.sock` in the runtime directory. On connecting, a peer gets one line of JSON, [`Hello`].
//! After each record it gets one newline byte; when its buffer is full the byte is dropped, so a
//! wake means "look at the ring", never "one record". A peer that sends the line `status` gets one
//! line of JSON, [`WireStatus`]; no wake byte falls inside it. Blank lines mean nothing but a wake.
//!
//! # What the records of a source mean
//!
//! `started` comes first after each start of the wire process: connections from before it are over
//! even where their `closed` is missing. A serial port has one connection per opening. A `gap`
//! follows where bytes may be missing: when a serial port vanishes (`unplugged`), when it is back
//! (`reopened`), and after a start that continues an older ring (`restarted`). A TCP proxy that
//! was down forwarded nothing, so it has no gap.

mod attach;
mod backoff;
mod error;
mod file;
mod file_mark;
mod lock;
mod proxy;
mod pump;
mod recorder;
mod run;
mod serial;
mod serial_port;
mod socket;
mod spawn;
mod status;
mod vigil;

pub use attach::{AttachError, Attached, Wake, attach, status};
pub use error::WireError;
pub use run::run;
pub use spawn::spawn;
pub use status::{Hello, SourceState, SourceStatus, WireStatus};
