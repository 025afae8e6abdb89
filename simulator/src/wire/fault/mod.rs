//! Faults of a cable, by seed: what will go wrong is decided before a byte is sent.
//!
//! A plan is a pure function of specification, seed, receipt and its place in the row, and never of
//! time, so that a paced line and a fast one carry the same bytes. It does no IO itself.

mod damage;
mod plan;
mod record;
mod spec;

pub use plan::{Damaged, FaultPlan};
pub use record::{Damage, Fault};
pub use spec::BadFaults;
