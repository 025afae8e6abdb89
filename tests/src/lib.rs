//! What the tests of `it/` share: generated streams, sessions driven by records, a shop of real
//! processes, and the places outside the repository that some of them read.

pub mod afternoon;
pub mod binaries;
pub mod bridge;
pub mod browser;
pub mod day;
pub mod drive;
pub mod front;
pub mod hooks;
pub mod install;
pub mod journal;
pub mod person;
pub mod receipts;
pub mod recovery;
pub mod repeat;
pub mod row;
pub mod shared;
pub mod shopfront;
pub mod soak;
pub mod sroie;
pub mod stream;
pub mod street;
pub mod uart;
pub mod wait;
pub mod walk;
pub mod week;
pub mod world;
