//! Cloud tills that tell of their sales by webhooks: signed as the provider signs, tried again as the
//! provider tries, now and then twice or in another order.
//!
//! The bodies are like the providers'; what they say of a sale is what the shop sold. Nothing here
//! listens, and nothing is sent to a host that is not this machine unless its owner says so.

mod body;
mod host;
mod line_up;
mod notice;
mod policy;
mod report;
mod scheme;
mod send;
mod sign;

pub use host::HostError;
pub use line_up::{LineUp, Sold};
pub use notice::Notice;
pub use policy::Policy;
pub use report::Report;
pub use scheme::Scheme;
pub use send::{Order, SendError, send};
pub use sign::{Key, KeyError};
