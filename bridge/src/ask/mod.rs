//! What people say to the bridge: keeps the application's Stream up, takes what comes by it, and
//! answers where it came from.
//!
//! It understands no question yet: whoever asks is told so, in the shop's language, since silence
//! would be taken for a fault. A press changes nothing, and an event is acknowledged.

mod recall;
mod say;
mod stage;
mod take;
#[cfg(test)]
mod tests;

pub(crate) use stage::run;
