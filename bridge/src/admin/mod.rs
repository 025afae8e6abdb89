//! Tells the person who looks after the bridge what needs one: a silent port, a full disk, a clock
//! that is wrong, bytes that were lost, receipts that nobody can read.
//!
//! `silence`, `till_clock`, `unread` and `limit` judge, are pure and know no clock but the one they
//! are given; `gather` looks at the journal and the disk; `run` does both again and again and puts
//! the alarms into the outbox. What delivery notices by itself (a parked queue, the month's calls)
//! it raises by itself. It says nothing in words, and mends nothing.

mod gather;
mod limit;
mod policy;
mod run;
mod silence;
mod till_clock;
mod unread;

pub(crate) use gather::free_mib;
pub use limit::may_raise;
pub(crate) use policy::DISK_LOW_MIB;
pub use policy::{Look, Policy};
pub use run::{AdminError, run};
