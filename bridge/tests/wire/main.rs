//! The wire process as a whole: real ptys, real TCP, a real ring.

mod cable;
mod fifo;
mod file;
mod flood;
mod harness;
mod hotplug;
mod inline;
mod lp;
mod process;
mod proxy;
mod serial;
mod spill;
mod tcp_printer;
