//! What a mock tells, as it happens, to whoever measures: calls when they are heard and messages when
//! they are shown, by the machine's own clock.
//!
//! The logs of the mock are capped and dated by its own clock; this is neither, and keeps nothing.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::mpsc;

use super::log::ShownMessage;

/// Something that the mock saw.
#[derive(Clone, Debug, PartialEq)]
pub enum Witnessed {
    /// A call was heard.
    Called {
        /// When its last byte had come.
        at: Instant,
        /// The sender's idempotency key, where the body has one.
        msg_uuid: Option<String>,
    },
    /// The group saw a message.
    Shown {
        /// When.
        at: Instant,
        /// The message.
        message: Box<ShownMessage>,
    },
    /// A call was judged.
    Judged {
        /// How long the mock itself took over it; scripted waits do not count.
        took: Duration,
    },
}

/// Where it is told; nobody, unless somebody asked.
#[derive(Debug, Default)]
pub(super) struct Witness(Option<mpsc::UnboundedSender<Witnessed>>);

impl Witness {
    /// From now on everything is told there, and nowhere else.
    pub(super) fn listen(&mut self) -> mpsc::UnboundedReceiver<Witnessed> {
        let (told, heard) = mpsc::unbounded_channel();
        self.0 = Some(told);
        heard
    }

    pub(super) fn called(&self, body: &[u8]) {
        if let Some(told) = &self.0 {
            let at = Instant::now();
            // A witness that has gone away needs to hear nothing.
            let _ = told.send(Witnessed::Called { at, msg_uuid: msg_uuid(body) });
        }
    }

    pub(super) fn shown(&self, message: &ShownMessage) {
        if let Some(told) = &self.0 {
            let message = Box::new(message.clone());
            // As above.
            let _ = told.send(Witnessed::Shown { at: Instant::now(), message });
        }
    }

    pub(super) fn judged(&self, took: Duration) {
        if let Some(told) = &self.0 {
            // As above.
            let _ = told.send(Witnessed::Judged { took });
        }
    }
}

fn msg_uuid(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body["msgUuid"].as_str().filter(|id| !id.is_empty()).map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{Witness, Witnessed};

    #[test]
    fn a_call_is_told_with_its_key_even_where_it_will_be_refused() {
        let mut witness = Witness::default();
        witness.called(b"{}");
        let mut heard = witness.listen();
        witness.called(br#"{"msgUuid":"a","msgtype":"nonsense"}"#);
        witness.called(b"no json");
        let keys: Vec<Option<String>> = std::iter::from_fn(|| heard.try_recv().ok())
            .map(|told| match told {
                Witnessed::Called { msg_uuid, .. } => msg_uuid,
                other => panic!("expected calls, found {other:?}"),
            })
            .collect();
        assert_eq!(keys, [Some("a".to_owned()), None]);
    }
}
