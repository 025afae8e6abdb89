//! What people at the machine ask for: which ports are there, how a line is to be read, and what
//! the journal would say today.
//!
//! Everything here looks and judges, but for `robot` and `go_live`, which change the configuration, `backup`, which writes files, and `stock`, which
//! keeps an entry, and `transfer`, which keeps a question. It opens no
//! port that is in use, sends no message, and prints nothing (that is `cli`).

pub mod backup;
pub mod compare;
pub mod doctor;
pub mod go_live;
mod holders;
pub mod ports;
pub mod probe;
pub mod replay;
pub mod robot;
pub mod stock;
pub mod transfer;

pub use holders::{Holder, Holders, holders};
