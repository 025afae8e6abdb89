//! Looks at a journal without writing, beside a running daemon or without one.

use std::collections::BTreeMap;
use std::path::Path;

use pos_protocol::event::{Event, EventId};
use rusqlite::{Connection, OptionalExtension, params};

use super::error::JournalError;
use super::record::{OutboxState, StoredChunk};
use super::{schema, store};

/// A read-only view.
#[derive(Debug)]
pub struct JournalReader {
    conn: Connection,
}

/// Sums over the whole journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Bytes towards the printer that are on disk, by source.
    pub journalled_bytes: BTreeMap<String, u64>,
    /// Events.
    pub events: u64,
    /// Notices by robot and state; a pair without notices is absent.
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

/// A notice as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its place.
    pub id: i64,
    /// The event's id.
    pub event_id: String,
    /// The event's kind.
    pub kind: String,
    /// Receipt number.
    pub number: Option<String>,
    /// The robot.
    pub robot: String,
    /// Where it stands.
    pub state: OutboxState,
    /// Whether it goes before ordinary notices.
    pub urgent: bool,
    /// Attempts started.
    pub attempts: u32,
    /// Earliest next attempt, wall time in milliseconds.
    pub not_before_ms: i64,
    /// When it was queued, wall time in milliseconds.
    pub created_ms: i64,
    /// Why it is not delivered.
    pub reason: Option<String>,
}

impl JournalReader {
    /// Opens the journal at `path`, which must exist.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        Ok(Self { conn: schema::open_reader(path)? })
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
            "SELECT robot, state, count(*) FROM outbox GROUP BY robot, state ORDER BY robot, state",
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

    /// Up to `limit` notices in `state`, oldest first.
    pub fn outbox(&self, state: OutboxState, limit: usize) -> Result<Vec<OutboxRow>, JournalError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT o.id, o.event_id, e.kind, e.number, o.robot, o.state, o.urgent, o.attempts,
                    o.not_before_ms, o.created_ms, o.reason
             FROM outbox o JOIN event e ON e.id = o.event_id
             WHERE o.state = ?1 ORDER BY o.id LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map(params![state, limit], |row| {
            Ok(OutboxRow {
                id: row.get(0)?,
                event_id: row.get(1)?,
                kind: row.get(2)?,
                number: row.get(3)?,
                robot: row.get(4)?,
                state: row.get(5)?,
                urgent: row.get(6)?,
                attempts: row.get(7)?,
                not_before_ms: row.get(8)?,
                created_ms: row.get(9)?,
                reason: row.get(10)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
