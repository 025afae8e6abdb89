//! The wire process as a whole: real ptys, real TCP, a real ring.

mod file;
mod harness;
mod process;
mod proxy;
mod serial;
mod spill;
