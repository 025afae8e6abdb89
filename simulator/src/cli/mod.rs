//! The command line: one file per verb. Data goes to stdout, talk to stderr.
//!
//! Exit codes: 0 for success, 1 when what was asked for failed, 2 for a mistake in the command.

mod chaos;
mod command;
mod compare;
mod demo;
mod dingtalk;
mod list;
mod load;
mod names;
mod pos;
mod print;
mod printer;
mod verify;
mod webhooks;

pub use command::run;
