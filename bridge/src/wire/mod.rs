//! The wire process: owns the ports and sockets, keeps every byte in the ring and, where it stands
//! in the line, passes it on at once.
//!
//! It understands nothing of what it carries, speaks to no network of its own, and needs no brain: it
//! goes on while the brain is dead or being upgraded. Only one thread of it touches a disk, and
//! nothing waits for that thread: it spills what a filling ring cannot hold for long.
//!
//! ```text
//! serial / tcp / fifo / file -> Recorder -> ring -> a wake byte to every attached brain
//!                                  |
//!                                  +-> forwarded, after it is in the ring
//!
//!                        ring, more than half full -> spill thread -> disk
//! ```
//!
//! | kind | module | forwards | a connection is |
//! |---|---|---|---|
//! | `serial-tap`, `serial-drawer` | `serial` | nothing, ever | one opening of a port |
//! | `serial-inline` | `inline`, `modem` | both ways | one opening of both ports |
//! | `tcp-proxy` | `proxy`, `pump` | both ways | one TCP connection |
//! | `tcp-printer` | `tcp_printer`, `stand_in`, `answers` | to `paper`, if there is any | one TCP connection |
//! | `fifo` | `fifo`, `spool` | to `paper`, if there is any | from a writer's first byte to the last close |
//! | `lp` | `lp`, `spool` | to `paper`, if there is any | one opening of the device |
//! | `file` | `file` | nothing | one file |
//!
//! # The wake socket
//!
//! `wire.sock` in the runtime directory. On connecting, a peer gets one line of JSON, [`Hello`].
//! After a record it gets one newline byte: at once after a silence, else within 40 ms, one for all
//! records of that time. When its buffer is full the byte is dropped. So a wake means "look at the
//! ring", never "one record". A peer that sends the line `status` gets one
//! line of JSON, [`WireStatus`]; no wake byte falls inside it. Blank lines mean nothing but a wake.
//!
//! # What the records of a source mean
//!
//! `started` comes first after each start of the wire process: connections from before it are over
//! even where their `closed` is missing. A `gap` follows where bytes may be missing: when a serial
//! port or an `lp` device vanishes (`unplugged`), when it is back (`reopened`), and after a start
//! that continues an older ring (`restarted`). A TCP source or a FIFO that was down took nothing
//! and passed nothing on, so it has no gap; nor has the loss of a tap's second port, which hears
//! no print. What a `tcp-printer` answers is not recorded: no printer said it.

mod answers;
mod attach;
mod backoff;
mod device;
mod error;
mod fifo;
mod file;
mod file_mark;
mod inline;
mod keepalive;
mod line;
mod listener;
mod lock;
mod lp;
mod modem;
mod open_files;
mod paper;
mod port_trouble;
mod proxy;
mod pump;
mod recorder;
mod run;
mod serial;
mod serial_port;
mod socket;
mod spawn;
mod spilling;
mod spool;
mod stand_in;
mod status;
mod stop;
mod tcp_printer;
mod vigil;

pub use attach::{AttachError, Attached, Wake, attach, status};
pub use error::WireError;
pub use open_files::{TooFew, enough_for};
pub use run::run;
pub use spawn::spawn;
pub use status::{Hello, SourceState, SourceStatus, WireStatus};
