//! What the admin's alarms are judged by, and what `status` says of a robot's calls. Read only.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};

use super::delivery::Calls;
use super::error::JournalError;
use super::mute;
use super::outbox;
use super::reader::JournalReader;
use super::record::MatterKind;
use super::refold::{self, Books};
use super::shop_rows::{Rows, Table, Understand};
use crate::alarm::ANSWER_KEY;

/// An alarm that was queued, whatever became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmRow {
    /// Its key and time slot.
    pub key: String,
    /// Wall time in milliseconds.
    pub created_ms: i64,
}

/// A robot's calls, as carrier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CarrierCalls {
    /// Attempts that may have reached it, since the given time.
    pub count: u64,
    /// It says nothing before this, wall time in milliseconds.
    pub pause_until_ms: Option<i64>,
}

impl JournalReader {
    /// Whether the shop's rows are, to the byte, what the journalled events say. All of one moment.
    pub fn check_books(&self, shop: &dyn Understand) -> Result<Books, JournalError> {
        let tx = self.conn.unchecked_transaction()?;
        refold::check(&tx, shop)
    }

    /// Looks at the shop's rows, all of one moment.
    pub fn look_at_books<T>(
        &self,
        look: impl FnOnce(&dyn Rows) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        let tx = self.conn.unchecked_transaction()?;
        look(&Table::read_only(&tx, i64::MAX))
    }

    /// How many matters of `kind` are open, and when the oldest came up; nothing where none is.
    pub fn open_matters(&self, kind: MatterKind) -> Result<Option<(u64, i64)>, JournalError> {
        let sql = "SELECT count(*), min(created_ms) FROM matter WHERE open = 1 AND kind = ?1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let (count, oldest): (i64, Option<i64>) =
            statement.query_row([kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(oldest.map(|oldest| (u64::try_from(count).unwrap_or(0), oldest)))
    }

    /// Until when `robot` was asked to keep ordinary notices, where that holds at `now_ms`.
    pub fn muted_until(&self, robot: &str, now_ms: i64) -> Result<Option<i64>, JournalError> {
        mute::muted_until(&self.conn, robot, now_ms)
    }

    /// Alarms queued after `since_ms`, and not the answers that went by their way.
    pub fn alarms(&self, since_ms: i64) -> Result<Vec<AlarmRow>, JournalError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT alarm_key, created_ms FROM outbox WHERE alarm_key > '' AND created_ms > ?1
               AND substr(alarm_key, 1, length(?2)) <> ?2",
        )?;
        let rows = statement.query_map(params![since_ms, ANSWER_KEY], |row| {
            Ok(AlarmRow { key: row.get(0)?, created_ms: row.get(1)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Bytes towards the printer that are on disk, by source.
    pub fn journalled_bytes(&self) -> Result<BTreeMap<String, u64>, JournalError> {
        let mut statement =
            self.conn.prepare_cached("SELECT source, journalled_bytes FROM source_total")?;
        let rows =
            statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When the newest bytes of a source were heard, wall time in milliseconds.
    pub fn last_heard_ms(&self, source: &str) -> Result<Option<i64>, JournalError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT wall_ms FROM chunk WHERE source = ?1 AND kind = 'data'
             ORDER BY id DESC LIMIT 1",
        )?;
        Ok(statement.query_row([source], |row| row.get(0)).optional()?)
    }

    /// The newest chunk's and the newest event's place.
    pub fn newest(&self) -> Result<(i64, i64), JournalError> {
        let sql = "SELECT (SELECT coalesce(max(id), 0) FROM chunk),
                          (SELECT coalesce(max(seq), 0) FROM event)";
        Ok(self.conn.query_one(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// The sources in whose chunks after `chunk_id` bytes may be missing, and the newest chunk's
    /// place.
    pub fn gaps_after(&self, chunk_id: i64) -> Result<(Vec<String>, i64), JournalError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT source FROM chunk WHERE id > ?1 AND kind = 'gap' ORDER BY source",
        )?;
        let sources = statement
            .query_map([chunk_id], |row| row.get(0))?
            .collect::<Result<Vec<String>, _>>()?;
        let sql = "SELECT coalesce(max(id), 0) FROM chunk";
        Ok((sources, self.conn.query_one(sql, [], |row| row.get(0))?))
    }

    /// Calls since `since_ms` and pauses that last at `now_ms`, by carrier.
    pub fn carriers(
        &self,
        since_ms: i64,
        now_ms: i64,
    ) -> Result<BTreeMap<String, CarrierCalls>, JournalError> {
        let is_call = outbox::IS_CALL;
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT carrier, count(*) FILTER (WHERE started_ms >= ?1 AND {is_call}),
                    max(pause_until_ms) FILTER (WHERE pause_until_ms > ?2
                                                AND pause_until_ms <= ?2 + ?3)
             FROM attempt GROUP BY carrier",
        ))?;
        let ahead_ms = outbox::MAX_AHEAD_MS;
        let rows = statement.query_map(params![since_ms, now_ms, ahead_ms], |row| {
            let count = row.get::<_, i64>(1)? as u64;
            Ok((row.get(0)?, CarrierCalls { count, pause_until_ms: row.get(2)? }))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All calls of the month that began at `month_ms`, and of the last seven days.
    pub fn calls(&self, now_ms: i64, month_ms: i64) -> Result<Calls, JournalError> {
        outbox::calls(&self.conn, now_ms, month_ms)
    }
}

#[cfg(test)]
mod tests {
    use crate::journal::samples::{WHEN_MS, chunk};
    use crate::journal::{Batch, ChunkKind, Journal, JournalReader, NewAlarm};

    #[test]
    fn alarms_gaps_and_the_last_word_of_a_source_are_found_again() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let journal = Journal::open(&path).expect("opens");
        let mut gap = chunk("bar", 1, b"overrun");
        gap.kind = ChunkKind::Gap;
        let chunks = vec![chunk("till", 0, b"x"), chunk("bar", 0, b"y"), gap];
        journal.commit(Batch { chunks, ..Batch::default() }).expect("kept");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        for created_ms in [5, 9] {
            let (robot, key) = ("owner".to_owned(), format!("disk_low@{created_ms}"));
            let alarm = NewAlarm { robot, key, body: "{}".into(), created_ms };
            assert!(runtime.block_on(journal.raise(alarm)).expect("kept"));
        }
        let reader = JournalReader::open(&path).expect("opens");
        let alarms = reader.alarms(5).expect("reads");
        assert_eq!((alarms.len(), alarms[0].key.as_str()), (1, "disk_low@9"));
        assert_eq!(reader.newest().expect("reads"), (3, 0));
        assert_eq!(reader.gaps_after(0).expect("reads"), (vec!["bar".to_owned()], 3));
        assert_eq!(reader.gaps_after(3).expect("reads"), (Vec::new(), 3));
        assert_eq!(reader.last_heard_ms("till").expect("reads"), Some(WHEN_MS));
        assert_eq!(reader.last_heard_ms("nobody").expect("reads"), None);
        assert_eq!(reader.journalled_bytes().expect("reads")["till"], 1);
        assert_eq!(reader.carriers(0, 0).expect("reads").len(), 0);
    }
}
