//! The cables between till and bridge: a pty, a serial port, TCP.
//!
//! A cable carries whole receipts in the portions and at the pace of a driver, or breaks them as its
//! fault plan says. It understands none of the bytes. Its time is real time: nobody can hurry a UART.

mod destination;
mod error;
mod fault;
mod faulty;
mod line;
mod pace;
mod piece;
mod pty;
mod serial;
mod tcp;
mod tty;

pub use destination::{BadDestination, Destination};
pub use error::WireError;
pub use fault::{BadFaults, Damage, Damaged, Fault, FaultPlan};
pub use faulty::FaultyLine;
pub use line::{Line, Printed};
pub use pace::{Pace, USUAL_BAUD};
pub use piece::Piece;
pub use pty::PtyLine;
pub(crate) use pty::linked_pty;
pub use serial::SerialLine;
pub use tcp::{StatusCheck, TcpLine};
