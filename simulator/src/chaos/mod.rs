//! A schedule of troubles from a seed, and what it takes to do them to a running world.
//!
//! It judges nothing: what became of the sales is the ledger's business.

mod cable;
mod choice;
mod death;
mod disk;
mod draw;
mod error;
mod fault;
mod ground;
mod hunt;
mod kind;
mod perform;
mod plan;
mod shrink;
mod troubles;

pub use choice::{BadChoice, Choice, up_to};
pub use error::ChaosError;
pub use fault::{Fault, Planned};
pub use ground::Ground;
pub use hunt::{Hunt, MAX_SEARCH, MAX_TRIES, Trial};
pub use kind::Kind;
pub use perform::{FaultRunning, begin, end};
pub use plan::plan;
pub use shrink::{Shrunk, shrink};
pub use troubles::Troubles;
