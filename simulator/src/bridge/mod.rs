//! The real bridge as a simulator sees it: a program that is run, asked, listened to, measured and
//! killed.
//!
//! Nothing of it is linked in, and nothing here knows what is sold or told.

mod error;
mod follow;
mod process;
mod program;
mod usage;

pub use error::BridgeError;
pub use follow::{Followed, Follower};
pub use process::{Bridge, Vitals};
pub use program::{Program, Status, posbridge_beside_us};
pub use usage::{Usage, own_cpu, usage_of};
