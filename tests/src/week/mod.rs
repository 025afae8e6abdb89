//! A simulated week of a bubble tea shop, a dim sum restaurant and a fashion shop on one bridge: what
//! their tills print is read, counted and watched by the bridge, and beside it counted anew by hand
//! from what was really sold.
//!
//! The script is a pure function of its seed, quiet but for the exceptions that are put into it on
//! purpose. Nothing is sent: what the outbox would tell is what is judged.

mod check;
mod counted;
mod forge;
mod inject;
mod outcome;
mod planted;
mod play;
mod roll;
mod script;
mod shelf;
mod stand;
mod told;

pub(crate) use forge::refund_of;
pub use outcome::Outcome;
pub use planted::{Planted, planted};
pub use play::play;
