//! The whole line on one machine: three shops, their printers, a real bridge, a group, and a ledger.
//!
//! It starts the `posbridge` that lies beside this program and treats it as any shop would: through
//! its configuration file, its ports and its command line. Nothing of it is linked in.

mod error;
mod place;
mod plan;
mod show;
mod street;
mod tills;
mod trade;
mod world;

pub use crate::bridge::posbridge_beside_us;
pub use error::DemoError;
pub use trade::{DemoOptions, run};
