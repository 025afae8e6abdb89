//! What the shop wants to know: events become notices to robots.
//!
//! Pure: who is told what follows from the event and the configuration alone. What is said, and
//! when, is decided later.

mod rules;

pub use rules::notices;
