//! What was told lately, for a forecast: kinds, sources and times of the newest events.

use super::error::JournalError;
use super::reader::JournalReader;

/// One event's kind, its source and when it was observed, as the journal writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lately {
    /// Its kind.
    pub kind: String,
    /// Its source.
    pub source: String,
    /// RFC 3339 in UTC.
    pub observed_at: String,
}

impl JournalReader {
    /// The newest `limit` events, the newest first; their bodies stay unread.
    pub fn lately(&self, limit: u32) -> Result<Vec<Lately>, JournalError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT kind, source, observed_at FROM event ORDER BY seq DESC LIMIT {limit}"
        ))?;
        let rows = statement.query_map([], |row| {
            Ok(Lately { kind: row.get(0)?, source: row.get(1)?, observed_at: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
