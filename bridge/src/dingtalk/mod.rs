//! Talks to DingTalk's custom group robot: signs, sends one request, says what the answer means.
//!
//! It does not decide when to send, how often or what: that is `deliver` and `notice`. One call is
//! one request; nothing here retries.

mod body;
mod check;
mod error;
mod explain;
mod message;
mod reply;
mod robot;
mod sign;
mod tls;
mod webhook;
mod wording;

pub use error::RobotError;
pub use message::{
    At, Button, Content, FeedLink, MAX_BODY_BYTES, MAX_MENTIONED, Message, MessageError,
};
pub use reply::{ConfigTrouble, Outcome, Reply};
pub use robot::{Answer, RobotClient};
pub use sign::{Signature, sign};
