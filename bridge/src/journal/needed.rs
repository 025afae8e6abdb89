//! Which chunks sessions still need, so that retention leaves them alone.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::error::JournalError;

/// Newest chunks of each open epoch that are kept however old they are: what a person looks at when
/// a printer has been silent for a month. At 16 KiB each, 4 MiB.
const NEWEST_CHUNKS: i64 = 256;

/// By source: the open epoch, and the first chunk in it that must stay.
#[derive(Debug, Default)]
pub(super) struct Needed {
    from: BTreeMap<String, (i64, i64)>,
}

impl Needed {
    pub(super) fn load(conn: &Connection) -> Result<Self, JournalError> {
        let mut sessions = conn.prepare_cached(
            "SELECT source, epoch, checkpoint IS NULL, checkpoint_chunk, open_from FROM session",
        )?;
        let mut newest = conn.prepare_cached(
            "SELECT id FROM chunk WHERE source = ?1 AND epoch = ?2
             ORDER BY id DESC LIMIT 1 OFFSET ?3",
        )?;
        let mut from = BTreeMap::new();
        let mut rows = sessions.query([])?;
        while let Some(row) = rows.next()? {
            let (source, epoch): (String, i64) = (row.get(0)?, row.get(1)?);
            let replayed_whole: bool = row.get(2)?;
            let after_checkpoint = row.get::<_, i64>(3)?.saturating_add(1);
            let open_from = row.get::<_, Option<i64>>(4)?.unwrap_or(i64::MAX);
            let newest: Option<i64> = newest
                .query_row(params![source, epoch, NEWEST_CHUNKS - 1], |row| row.get(0))
                .optional()?;
            let first = match newest {
                Some(newest) if !replayed_whole => newest.min(after_checkpoint).min(open_from),
                // Fewer than that, or no state to start from: all of the epoch.
                _ => 0,
            };
            from.insert(source, (epoch, first));
        }
        Ok(Self { from })
    }

    /// Whether this chunk must stay.
    pub(super) fn holds(&self, source: &str, epoch: i64, id: i64) -> bool {
        self.from
            .get(source)
            .is_some_and(|(open, first)| epoch > *open || (epoch == *open && id >= *first))
    }
}
