//! Talks to DingTalk: to its custom group robot (signs, sends one request, says what the answer
//! means), and for an application to its interface (`openapi`) and its Stream (`stream`).
//!
//! It does not decide when to send, how often or what: that is `deliver` and `notice`. One call is
//! one request; only a refused time stamp is mended on the spot.

mod answer;
mod body;
mod check;
mod dns;
mod error;
mod exchange;
mod explain;
mod issuer;
mod message;
mod obstacle;
pub mod openapi;
mod outcome;
mod page;
mod proxy;
mod reply;
mod robot;
mod sign;
mod skew;
pub mod stream;
mod tls;
mod webhook;
mod wording;

#[cfg(test)]
mod tests;

pub use answer::Answer;
pub use error::RobotError;
pub use message::{
    At, Button, Content, FeedLink, MAX_BODY_BYTES, MAX_MENTIONED, Message, MessageError,
};
pub use obstacle::Obstacle;
pub use outcome::{ConfigTrouble, Outcome};
pub use reply::Reply;
pub use robot::RobotClient;
pub use sign::{Signature, sign};
pub use skew::WARN_SKEW_S;
