//! Plays the scripted afternoon of two shops and prints what the group read, and what is in lists,
//! calendar, processes, journal and stock in the end.
//!
//! `cargo run -p pos-tests --bin afternoon`. The test of the same name holds it against
//! `tests/it/afternoon.txt`.

use std::io::{self, Write};

fn main() -> io::Result<()> {
    io::stdout().lock().write_all(pos_tests::afternoon::play().as_bytes())
}
