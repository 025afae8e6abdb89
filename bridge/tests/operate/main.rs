//! The verbs for people at the machine and the daemon's own upkeep, with the real program.

mod check;
mod crowd;
mod harness;
mod probe;
mod replay;
mod robot;
mod supervision;
mod units;
