//! The group page: `GET /` shows what the group saw as a phone would, live.
//!
//! It has no build step, loads nothing from elsewhere and trusts no message: the page renders by
//! text nodes, and its content security policy lets no other script, style or picture in. It sends
//! nothing.
//!
//! A card is shown in its present state: what changes comes as an event of its own.
//!
//! Live means server-sent events, answered in instalments: an answer waits for the next message, or
//! a quarter of a minute for none, and ends; the browser's `EventSource` comes back with the id of the last
//! message it saw. A viewer thus costs one waiting request and never a stream that grows.

mod live;
mod routes;

pub(crate) use routes::routes;
