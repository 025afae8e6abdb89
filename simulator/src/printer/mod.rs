//! A receipt printer with a drawer, and a drawer on a port of its own.
//!
//! It takes whatever comes, answers what a printer is asked, runs out of paper, opens its cover and
//! moves its drawer when it is told to, and counts. Inside is a pure [`Mechanism`] that knows
//! neither ports nor sockets; TCP and ptys are laid around it.
//!
//! It renders nothing, and frames only what it must to tell a command from picture data, so that its
//! count of receipts is its own and not a decoder's. Of the dialects it speaks Epson's.

mod act;
mod condition;
mod counts;
mod device;
mod grammar;
mod handle;
mod lane;
mod mechanism;
mod port;
mod serial_drawer;
mod status;
mod tcp;

pub use act::{Act, BadAct};
pub use condition::{Condition, Paper, Pin, Polarity, Setup};
pub use counts::{Connection, Counts, Happening, MAX_CONNECTIONS, MAX_HAPPENINGS, MAX_LOG_BYTES};
pub use device::PrinterError;
pub use handle::Printer;
pub use mechanism::Mechanism;
pub use serial_drawer::{DrawerSetup, SerialDrawer};
