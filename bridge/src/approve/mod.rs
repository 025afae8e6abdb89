//! What somebody has to decide before it counts, or should know that nobody did: refunds over the
//! limit, stock that goes to another shop, a drawer that is short.
//!
//! Pure: `asks` makes a [`Matter`] of what the shop found, `step` says what becomes of one,
//! `close` what a closed one leads to. No clock, no IO, no call: `matters` does those. It does not
//! move stock (the shop's clerk reads the closed matter's event and does), and it never asks twice
//! what may have been asked.

mod close;
mod decide;
mod form;
mod matter;
mod returns;
mod state;
#[cfg(test)]
mod state_tests;
mod transfer;

pub(crate) use close::{close, robots};
pub(crate) use decide::{asks, short};
pub(crate) use form::filled;
pub use matter::Matter;
pub(crate) use matter::short_name;
pub(crate) use returns::returned;
pub(crate) use state::{Input, State, Told, step};
pub use transfer::{Transfer, TransferError, ask_transfer};
