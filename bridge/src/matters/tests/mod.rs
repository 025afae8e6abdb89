//! Matters against a server that answers as DingTalk's interface does.

mod agenda;
mod cards;
mod processes;
mod property;
mod typed;
mod world;
