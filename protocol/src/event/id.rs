//! Names of sessions and events.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// Marks the lane from the printer; the one towards it has no mark.
const FROM_PRINTER: &[u8] = b"from-printer";

/// Which printer's stream is being read, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionId {
    /// The journal's UUID; `decode` uses the source's name in its place.
    pub journal: String,
    /// The source's configured name.
    pub source: String,
    /// Counts the times the stream could not be continued (a new ring, a reboot).
    pub epoch: u64,
}

impl SessionId {
    /// The id of the `ordinal`-th event of the document that starts at `start` of connection
    /// `conn`. Kind and content take no part, so that a better reading keeps the id.
    pub fn event(&self, conn: u64, start: u64, ordinal: u32) -> EventId {
        self.hashed(&[], conn, start, ordinal)
    }

    /// As [`event`](Self::event), of the answer that starts at `start` of the lane from the
    /// printer, which counts its bytes anew.
    pub fn answer(&self, conn: u64, start: u64, ordinal: u32) -> EventId {
        self.hashed(FROM_PRINTER, conn, start, ordinal)
    }

    fn hashed(&self, lane: &[u8], conn: u64, start: u64, ordinal: u32) -> EventId {
        let mut hash = Sha256::new();
        for name in [&self.journal, &self.source] {
            hash.update((name.len() as u64).to_be_bytes());
            hash.update(name.as_bytes());
        }
        hash.update(self.epoch.to_be_bytes());
        hash.update(conn.to_be_bytes());
        hash.update(start.to_be_bytes());
        hash.update(ordinal.to_be_bytes());
        hash.update(lane);
        let digest = hash.finalize();
        let mut id = [0; EventId::BYTES];
        id.copy_from_slice(&digest[..EventId::BYTES]);
        EventId(id)
    }

    /// Source, epoch and connection, as evidence shows them.
    pub fn label(&self, conn: u64) -> String {
        format!("{}/{}/{conn}", self.source, self.epoch)
    }

    /// As [`label`](Self::label), of the lane from the printer.
    pub fn answer_label(&self, conn: u64) -> String {
        format!("{}/from-printer", self.label(conn))
    }
}

/// 128 bits of SHA-256, shown as 32 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId([u8; Self::BYTES]);

impl EventId {
    const BYTES: usize = 16;

    /// Reads 32 hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 2 * Self::BYTES || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let value = u128::from_str_radix(text, 16).ok()?;
        Some(Self(value.to_be_bytes()))
    }

    /// The first eight digits, enough to find it again by hand.
    pub fn short(self) -> String {
        self.to_string().chars().take(8).collect()
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for EventId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EventId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("expected 32 hex digits, found {text:?}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{EventId, SessionId};

    fn session(journal: &str, source: &str) -> SessionId {
        SessionId { journal: journal.into(), source: source.into(), epoch: 0 }
    }

    #[test]
    fn ids_depend_on_every_part_and_on_nothing_else() {
        let base = session("a", "b").event(1, 2, 3);
        assert_eq!(base, session("a", "b").event(1, 2, 3));
        let others = [
            session("ab", "").event(1, 2, 3),
            session("", "ab").event(1, 2, 3),
            SessionId { epoch: 1, ..session("a", "b") }.event(1, 2, 3),
            session("a", "b").event(2, 2, 3),
            session("a", "b").event(1, 3, 3),
            session("a", "b").event(1, 2, 4),
            session("a", "b").answer(1, 2, 3),
        ];
        assert!(others.iter().all(|id| *id != base), "{others:?}");
    }

    #[test]
    fn ids_read_back() {
        let id = session("a", "b").event(0, 0, 0);
        assert_eq!(EventId::parse(&id.to_string()), Some(id));
        assert_eq!(EventId::parse("+0000000000000000000000000000000"), None);
        assert_eq!(id.short().len(), 8);
    }
}
