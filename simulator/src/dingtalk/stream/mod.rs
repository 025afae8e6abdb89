//! The Stream gateway: tickets, websockets, and what goes over them.
//!
//! A ticket is good for one connection and a minute and a half. A message of a person and the press of
//! a button are sent once, over one connection chosen at random, and never again; an event is sent
//! until it is answered. The gateway never knows that a peer cannot hear it: what it sends there is
//! lost.
//!
//! Here is no business of any interface: whoever wants something sent hands over its data.

mod connection;
mod fault;
mod frame;
mod log;
mod socket;
mod state;
#[cfg(test)]
mod state_tests;
mod tickets;

pub(super) use connection::{Answer, Push};
pub use fault::StreamFault;
pub(super) use frame::{BOT, CARD, topics};
pub use log::{Delivery, Opening};
pub(super) use socket::connect;
pub(super) use state::{Sending, Stream};
pub(super) use tickets::Untaken;
