//! What a test can do to the Stream: `POST /_control/stream`.

use serde::Deserialize;

/// Largest frame that can be ordered, in bytes.
pub(super) const MAX_FRAME_BYTES: usize = 64 * 1024 * 1024;
/// Longest pause before a frame, in real milliseconds.
pub(super) const MAX_PAUSE_MS: u64 = 600_000;

/// One thing done to it, at once. `connection` is the id of one connection; absent, all of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum StreamFault {
    /// The connection ends without a word.
    Drop {
        /// Which.
        connection: Option<String>,
    },
    /// The documented farewell: a `disconnect` frame, silence, and the end after ten seconds.
    Disconnect {
        /// Which.
        connection: Option<String>,
    },
    /// The connection stays open and is dead: nothing is read, answered or sent any more.
    Silence {
        /// Which.
        connection: Option<String>,
        /// When it ends, in milliseconds of the mock's clock; absent, never.
        for_ms: Option<u64>,
    },
    /// Tickets that are out expire, and the next so many are expired when they are given out.
    ExpireTickets {
        /// How many.
        #[serde(default)]
        next: u32,
    },
    /// The next so many answers to events and callbacks are lost on their way here.
    LoseAcks {
        /// How many.
        count: u32,
    },
    /// The next so many events are sent twice at once.
    RepeatEvents {
        /// How many.
        count: u32,
    },
    /// A frame that is no JSON.
    Garbage {
        /// Which.
        connection: Option<String>,
    },
    /// A frame of at least so many bytes.
    Oversized {
        /// Which.
        connection: Option<String>,
        /// How many.
        bytes: usize,
    },
    /// This text as a frame.
    Send {
        /// Which.
        connection: Option<String>,
        /// The frame.
        text: String,
    },
    /// From now on every frame waits so long before it goes out, in real milliseconds.
    Slow {
        /// Which.
        connection: Option<String>,
        /// How long.
        ms: u64,
    },
}

impl StreamFault {
    /// Whether its numbers are within bounds.
    pub(in crate::dingtalk) fn is_sensible(&self) -> bool {
        match self {
            Self::Oversized { bytes, .. } => *bytes <= MAX_FRAME_BYTES,
            Self::Slow { ms, .. } => *ms <= MAX_PAUSE_MS,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StreamFault;

    #[test]
    fn a_fault_of_the_stream_reads_as_documented() {
        let read = |text: &str| serde_json::from_str::<StreamFault>(text);
        assert_eq!(read(r#"{"do":"drop"}"#).ok(), Some(StreamFault::Drop { connection: None }));
        assert!(read(r#"{"do":"silence","for_ms":5000,"connection":"c"}"#).is_ok());
        assert!(read(r#"{"do":"expire_tickets","next":2}"#).is_ok());
        assert!(read(r#"{"do":"lose_acks"}"#).is_err(), "how many?");
        assert!(read(r#"{"do":"explode"}"#).is_err());
        let huge = read(r#"{"do":"oversized","bytes":67108865}"#).expect("a fault");
        assert!(!huge.is_sensible());
    }
}
