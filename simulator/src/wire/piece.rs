//! What goes over a cable, in order: bytes, silence, a pulled plug.
//!
//! A receipt without faults is one piece of bytes.

use std::time::Duration;

/// One thing that happens on a cable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Bytes, handed to the driver together.
    Bytes(Vec<u8>),
    /// Nothing, for so long.
    Silence(Duration),
    /// The plug is pulled, and put in again after so long. What follows in the same receipt is never
    /// carried: a serial till does not notice, a network till prints the receipt again.
    Unplug(Duration),
}
