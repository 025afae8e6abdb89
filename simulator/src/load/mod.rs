//! A load run: a crowd of tills prints on time whatever happens, and everything that the journal and
//! the group saw of it is written down.
//!
//! Arrivals are drawn in advance, so that a slow bridge makes no customer come later. Whether the
//! books agree is the ledger's business, and what a report says of them the report's.

mod arrivals;
mod awaited;
mod clerk;
mod clock;
mod counts;
mod crowd;
mod descriptors;
mod error;
mod farm;
mod limit;
#[cfg(test)]
mod limit_tests;
mod place;
mod probe;
mod record;
mod run;
#[cfg(test)]
mod run_tests;
mod seller;
mod stage;
mod watch;
mod world;

pub use clock::RunClock;
pub use crowd::Crowd;
pub use error::LoadError;
pub use farm::{Condition, Farm};
pub use limit::{Broke, Limit, Step, Took, Tried, find_limit};
pub use record::{FaultDone, Machine, Recorded, Reproach, Sample};
pub use run::{Options, run};
pub use world::World;
