//! Looks at a journal without writing, beside a running daemon or without one.

use std::collections::BTreeMap;
use std::path::Path;

use pos_protocol::event::{Event, EventId};
use rusqlite::{Connection, OptionalExtension, params};

use super::error::JournalError;
use super::record::{OutboxState, StoredChunk};
use super::shop_rows::{Rows, Table};
use super::{schema, store};

/// A read-only view.
#[derive(Debug)]
pub struct JournalReader {
    pub(super) conn: Connection,
}

/// Sums over the whole journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Bytes towards the printer that are on disk, by source.
    pub journalled_bytes: BTreeMap<String, u64>,
    /// Events.
    pub events: u64,
    /// Notices by robot and state, digests not among them, since their members are; a pair without
    /// notices is absent.
    pub outbox: Vec<OutboxCount>,
}

/// How many of a robot's notices are in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxCount {
    /// The robot.
    pub robot: String,
    /// The state.
    pub state: OutboxState,
    /// How many.
    pub count: u64,
}

/// An event with its place in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Order of commit, from 1.
    pub seq: i64,
    /// Wire schema JSON, exactly as committed.
    pub body: String,
}

impl StoredEvent {
    /// The event itself.
    pub fn event(&self) -> Result<Event, serde_json::Error> {
        serde_json::from_str(&self.body)
    }
}

impl JournalReader {
    /// Opens the journal at `path`, which must exist.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        Ok(Self { conn: schema::open_reader(path)? })
    }

    /// Writes the journal as it is at this moment to `target`, an empty file; its writer goes on
    /// meanwhile.
    pub fn copy_to(&self, target: &Path) -> Result<(), JournalError> {
        self.conn.execute("VACUUM INTO ?1", [target.to_string_lossy()])?;
        Ok(())
    }

    /// Refuses a file that is damaged.
    pub fn is_whole(&self) -> Result<(), JournalError> {
        let found: String = self.conn.query_one("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if found == "ok" {
            return Ok(());
        }
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
        Err(rusqlite::Error::SqliteFailure(code, Some(found)).into())
    }

    /// The journal's UUID.
    pub fn uuid(&self) -> Result<String, JournalError> {
        let sql = "SELECT value FROM meta WHERE key = 'uuid'";
        Ok(self.conn.query_one(sql, [], |row| row.get(0))?)
    }

    /// Sums over the whole journal, all of one moment.
    pub fn totals(&self) -> Result<Totals, JournalError> {
        let tx = self.conn.unchecked_transaction()?;
        let mut bytes = tx.prepare("SELECT source, journalled_bytes FROM source_total")?;
        let journalled_bytes = bytes
            .query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?
            .collect::<Result<_, _>>()?;
        let events = tx.query_one("SELECT count(*) FROM event", [], |row| row.get::<_, i64>(0))?;
        let mut counts = tx.prepare(
            "SELECT robot, state, count(*) FROM outbox WHERE subject <> 'digest'
             GROUP BY robot, state ORDER BY robot, state",
        )?;
        let outbox = counts
            .query_map([], |row| {
                let count = row.get::<_, i64>(2)? as u64;
                Ok(OutboxCount { robot: row.get(0)?, state: row.get(1)?, count })
            })?
            .collect::<Result<_, _>>()?;
        Ok(Totals { journalled_bytes, events: events as u64, outbox })
    }

    /// Every source's epochs that have chunks, oldest first.
    pub fn epochs(&self) -> Result<Vec<(String, u64)>, JournalError> {
        let sql = "SELECT DISTINCT source, epoch FROM chunk ORDER BY source, epoch";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows =
            statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The next page of an epoch's chunks after `chunk_id`, oldest first; empty at the end.
    pub fn chunks_after(
        &self,
        source: &str,
        epoch: u64,
        chunk_id: i64,
    ) -> Result<Vec<StoredChunk>, JournalError> {
        store::chunks_after(&self.conn, source, epoch, chunk_id)
    }

    /// The shop's rows; nothing can be written through them.
    pub fn books(&self) -> impl Rows + '_ {
        Table::read_only(&self.conn, i64::MAX)
    }

    /// The event with this id.
    pub fn event(&self, id: EventId) -> Result<Option<StoredEvent>, JournalError> {
        let mut statement =
            self.conn.prepare_cached("SELECT seq, body FROM event WHERE id = ?1")?;
        let row = statement.query_row([id.to_string()], |row| {
            Ok(StoredEvent { seq: row.get(0)?, body: row.get(1)? })
        });
        Ok(row.optional()?)
    }

    /// Wall time in milliseconds of the newest chunk.
    pub fn newest_ms(&self) -> Result<Option<i64>, JournalError> {
        let sql = "SELECT wall_ms FROM chunk ORDER BY id DESC LIMIT 1";
        Ok(self.conn.query_row(sql, [], |row| row.get(0)).optional()?)
    }

    /// The newest event's place, also when that event has been forgotten; 0 before the first.
    pub fn newest_seq(&self) -> Result<i64, JournalError> {
        let sql = "SELECT seq FROM sqlite_sequence WHERE name = 'event'";
        let mut statement = self.conn.prepare_cached(sql)?;
        Ok(statement.query_row([], |row| row.get(0)).optional()?.unwrap_or(0))
    }

    /// Up to `limit` events after `after_seq`, oldest first.
    pub fn events(&self, after_seq: i64, limit: usize) -> Result<Vec<StoredEvent>, JournalError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT seq, body FROM event WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map(params![after_seq, limit], |row| {
            Ok(StoredEvent { seq: row.get(0)?, body: row.get(1)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
