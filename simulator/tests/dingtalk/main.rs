//! The mock robot as a client on the network sees it: real HTTP, one test per stated fact.

mod command_line;
mod control;
mod faults;
mod limits;
mod mentions;
mod messages;
mod security;
mod support;
