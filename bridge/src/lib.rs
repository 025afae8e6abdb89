//! The bridge: keeps what the till sends, understands it, and tells the shop's people.
//!
//! See `docs/ARCHITECTURE.md` for the line from byte to message.

pub mod admin;
mod agenda;
pub mod alarm;
mod app;
pub mod approve;
mod ask;
pub mod brain;
mod cards;
pub mod cli;
pub mod clock;
pub mod config;
pub mod control;
pub mod deliver;
pub mod dingtalk;
pub mod health;
mod hex;
pub mod inbound;
pub mod ingest;
pub mod init;
pub mod journal;
pub mod link;
pub mod live;
mod matters;
pub mod notice;
pub mod notify;
pub mod operate;
mod priority;
pub mod privacy;
pub mod ring;
mod rounds;
pub mod runtime_dir;
pub mod secret;
pub mod shop;
pub mod supervise;
pub mod teach;
pub mod watch;
pub mod web;
pub mod wire;
mod wording;
