//! The cables between till and bridge: a pty, a serial port, TCP.
//!
//! A cable carries whole receipts in the portions and at the pace of a driver. It understands none
//! of the bytes. Its time is real time: nobody can hurry a UART.

mod destination;
mod line;
mod pace;
mod pty;
mod serial;
mod tcp;
mod tty;

pub use destination::{BadDestination, Destination};
pub use line::{Line, Printed, WireError};
pub use pace::Pace;
pub use pty::PtyLine;
pub use serial::SerialLine;
pub use tcp::{StatusCheck, TcpLine};
