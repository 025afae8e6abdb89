//! The wire process as a whole: real ptys, real TCP, a real ring.

mod cable;
mod file;
mod harness;
mod inline;
mod process;
mod proxy;
mod serial;
