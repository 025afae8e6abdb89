//! Tills that push what they sold: webhooks of cloud tills and the push API.
//!
//! A call is believed once its proof holds over the body as received; it is answered with success
//! once it is on disk. What it says becomes events of wire schema 1, from a source of its own
//! (`hooks/square`), and everything after that works as for the wire. No stage of the wire waits for
//! anything here.
//!
//! | module | one job |
//! |---|---|
//! | [`scheme`] | who may call |
//! | [`verify`] | whether a call comes from who it says |
//! | [`json`] | strict JSON |
//! | `square`, `lightspeed_x`, `shopify`, `loyverse`, [`pointers`], `push` | what a call says |
//! | [`draft`] | what was said becomes events |
//! | `admit`, `reception`, `refusals` | who is let in, the one transaction, what is said of the others |
//! | `listener`, `server`, `stage` | bounded connections, HTTP, a thread of its own |

mod admit;
pub mod draft;
mod field;
mod form;
pub mod json;
mod lightspeed_x;
mod listener;
mod loyverse;
mod mac;
#[cfg(test)]
mod mutation_tests;
pub mod pointers;
mod push;
#[cfg(test)]
mod push_tests;
mod read;
mod reception;
mod refusals;
pub mod scheme;
mod server;
#[cfg(test)]
mod server_tests;
mod shopify;
mod square;
mod stage;
mod strict;
pub mod verify;
#[cfg(test)]
mod verify_tests;

pub use reception::Reception;
pub use scheme::Scheme;
pub use stage::run;
