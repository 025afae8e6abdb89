//! From what the journal holds to the request that goes out.
//!
//! The words are `notice`'s; here they get the carrier's keyword and an idempotency key.

use pos_protocol::event::Event;
use uuid::Uuid;

use super::plan::Why;
use crate::alarm::{Alarm, LateAnswer};
use crate::config::{Config, Robot};
use crate::dingtalk::Message;
use crate::journal::{Content, Frozen, Part, Subject};
use crate::notice::{self, Context, DigestReason};
use crate::shop::Finding;
use crate::shop::stock::Left;

/// What speaking needs.
#[derive(Clone, Copy)]
pub(super) struct Voice<'a> {
    /// The shop.
    pub(super) config: &'a Config,
    /// The robot whose group is told.
    pub(super) head: &'a Robot,
    /// The robot that carries it.
    pub(super) carrier: &'a Robot,
    /// Randomness, for idempotency keys.
    pub(super) dice: fn() -> Uuid,
}

impl Voice<'_> {
    /// The request that tells one notice.
    ///
    /// `left` is what is left of each line of a sale.
    pub(super) fn say(&self, content: &Content, left: &[Option<Left>]) -> Result<Frozen, String> {
        match &content.subject {
            Subject::Event(json) => {
                let event = event(json)?;
                self.freeze(notice::render(&event, &Context { left, ..self.context() }))
            }
            Subject::Alarm(json) => {
                if let Ok(LateAnswer::Answer { title, text }) = serde_json::from_str(json) {
                    return self.freeze(Message::markdown(title, text));
                }
                let alarm: Alarm = serde_json::from_str(json).map_err(|error| {
                    format!("expected an alarm that this program knows, found: {error}")
                })?;
                self.freeze(notice::alarm(&alarm, &self.context()))
            }
            Subject::Finding(json) => {
                let finding: Finding = serde_json::from_str(json).map_err(|error| {
                    format!("expected a finding that this program knows, found: {error}")
                })?;
                self.freeze(notice::finding(&finding, &self.context()))
            }
            Subject::Digest => Err("expected the frozen request of a digest, found none".into()),
        }
    }

    /// The requests that tell these notices together, in order. `Err` names one that cannot be told.
    pub(super) fn merge(&self, contents: &[Content], why: Why) -> Result<Vec<Part>, Unsaid> {
        let mut events = Vec::with_capacity(contents.len());
        for content in contents {
            let id = content.id;
            let unsaid = |reason| Unsaid::One { id, reason };
            let Subject::Event(json) = &content.subject else {
                return Err(unsaid("expected an event in a digest, found something else".into()));
            };
            events.push(event(json).map_err(unsaid)?);
        }
        let (mut parts, mut rest) = (Vec::new(), contents);
        let why = match why {
            Why::Budget => DigestReason::Budget,
            Why::Late { since_ms } => DigestReason::Late { since_ms },
        };
        for (count, message) in notice::digest(&events, why, &self.context()) {
            let (told, later) = rest.split_at(count.min(rest.len()));
            rest = later;
            let frozen = self.freeze(message).map_err(|reason| Unsaid::Together { reason })?;
            parts.push(Part { members: told.iter().map(|content| content.id).collect(), frozen });
        }
        Ok(parts)
    }

    fn context(&self) -> Context<'_> {
        Context::new(self.config, self.head)
    }

    fn freeze(&self, message: Message) -> Result<Frozen, String> {
        let msg_uuid = (self.dice)().to_string();
        let body = message.with_keyword(&self.carrier.keywords).body(&msg_uuid);
        body.map(|body| Frozen { msg_uuid, body }).map_err(|error| error.to_string())
    }
}

/// Why there is no digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unsaid {
    /// This notice cannot be said at all.
    One {
        /// Its place in the outbox.
        id: i64,
        /// Why.
        reason: String,
    },
    /// The message cannot be sent as it is.
    Together {
        /// Why.
        reason: String,
    },
}

pub(super) fn event(json: &str) -> Result<Event, String> {
    serde_json::from_str(json)
        .map_err(|error| format!("expected an event of schema 1 in the journal, found: {error}"))
}
