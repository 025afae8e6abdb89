//! The Stream: what people ask, press and approve comes to a shop without a public address.
//!
//! A connection is asked for with the application's secret, answered with a host and a ticket that
//! is good once and for 90 s, and is a websocket of JSON frames from then on. This module keeps one
//! up for ever, acknowledges, and hands over typed [`Callback`]s, each once. It does not understand
//! questions and decides nothing about cards and approvals.
//!
//! # What is kept
//! | sent by the gateway | sent again? | here |
//! |---|---|---|
//! | bot message | never | acknowledged at once; handed over at most once, over restarts too |
//! | card action | not documented | answered within two seconds, with nothing where nobody answered; at most once |
//! | event | until acknowledged, and sometimes after | acknowledged once its work is done; handed over until then, not after |
//!
//! # Bounds
//! A frame is at most [`MAX_FRAME_BYTES`]; [`MAX_WAITING`] callbacks of [`MAX_WAITING_BYTES`] wait to
//! be taken and [`MAX_OPEN`] for their answer; beyond that an event is put off (`LATER`), a message is lost and
//! counted. Connections are opened no faster than `backoff` allows, whatever the gateway does.
//!
//! Documents: the Stream protocol of DingTalk's developer site (`docs/learn/stream/protocol`),
//! 接收消息 (`receive-message`), 卡片回调 (`event-callback-card`).

mod action;
mod backoff;
mod callback;
mod crypto;
mod error;
mod frame;
mod gateway;
mod inbox;
mod link;
mod memory;
mod protocol;
mod run;
mod seen;
mod session_webhook;
mod socket;
#[cfg(test)]
pub(crate) mod tests;
mod verify;

pub use callback::{BotMessage, CardAction, CardReply, Event};
pub use crypto::{CryptoError, EventCrypto, Sealed};
pub use error::StreamError;
pub use inbox::{Callback, CardAnswer, EventAck, Inbox};
pub use link::Link;
pub use memory::{Memory, Remembered, Remembering};
pub use run::{Stream, open};
pub use session_webhook::{ReplyError, SessionWebhook, SessionWebhookClient};
pub use verify::{card_callback_is_signed, robot_callback_is_signed};

/// Largest frame that is read, in bytes: a question is a few hundred, an event a few thousand.
pub const MAX_FRAME_BYTES: usize = 1024 * 1024;
/// Most callbacks that wait to be taken: a busy group asks one a second.
pub const MAX_WAITING: usize = 64;
/// Most bytes of frames that wait to be taken.
pub const MAX_WAITING_BYTES: usize = MAX_FRAME_BYTES;
/// Most events and card actions that wait for their answer.
pub const MAX_OPEN: usize = 256;
