//! The outbox as people see it: `outbox list`, `outbox show`, `status`.

use rusqlite::{OptionalExtension, Row, ToSql, params};

use super::error::JournalError;
use super::reader::JournalReader;
use super::record::OutboxState;

/// What a notice is about, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// An event.
    Event {
        /// Its id.
        id: String,
        /// Its kind.
        kind: String,
        /// Receipt number.
        number: Option<String>,
    },
    /// An alarm: its JSON.
    Alarm(String),
    /// What the shop found: its JSON.
    Finding(String),
    /// A digest: how many sales it tells.
    Digest(u64),
}

/// A notice as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its place.
    pub id: i64,
    /// What it is about.
    pub about: About,
    /// The robot.
    pub robot: String,
    /// The robot that carries it, where it is bound to one.
    pub carrier: Option<String>,
    /// The digest that tells it.
    pub digest: Option<i64>,
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

/// One attempt, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// The robot that was asked.
    pub carrier: String,
    /// Wall time in milliseconds.
    pub started_ms: i64,
    /// Wall time in milliseconds; `None` while it is under way.
    pub finished_ms: Option<i64>,
    /// Outcome in one word.
    pub outcome: Option<String>,
    /// A few words more.
    pub detail: Option<String>,
    /// HTTP status, where there was an answer.
    pub http_status: Option<u16>,
    /// `DingTalk`'s code, where there was one.
    pub errcode: Option<i64>,
}

const COLUMNS: &str = "o.id, o.event_id, e.kind, e.number, o.alarm, o.finding,
    (SELECT count(*) FROM outbox m WHERE m.digest_id = o.id), o.robot, o.carrier, o.digest_id,
    o.state, o.urgent, o.attempts, o.not_before_ms, o.created_ms, o.reason
    FROM outbox o LEFT JOIN event e ON e.id = o.event_id";

impl JournalReader {
    /// Up to `limit` notices in `state`, oldest first.
    pub fn outbox(&self, state: OutboxState, limit: usize) -> Result<Vec<OutboxRow>, JournalError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.rows("o.state = ?1 ORDER BY o.id LIMIT ?2", &[&state, &limit])
    }

    /// Up to `limit` notices that are neither delivered nor dropped, of one robot or of all, oldest
    /// first.
    pub fn undelivered(
        &self,
        robot: Option<&str>,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, JournalError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let which = "o.state NOT IN ('delivered', 'dropped') AND (?1 IS NULL OR o.robot = ?1)
                     ORDER BY o.id LIMIT ?2";
        self.rows(which, &[&robot, &limit])
    }

    /// One notice.
    pub fn notice(&self, id: i64) -> Result<Option<OutboxRow>, JournalError> {
        Ok(self.rows("o.id = ?1", &[&id])?.pop())
    }

    /// The notices that a digest tells, oldest first.
    pub fn members(&self, digest: i64) -> Result<Vec<OutboxRow>, JournalError> {
        self.rows("o.digest_id = ?1 ORDER BY o.id", &[&digest])
    }

    /// A notice's frozen request, where it has one. Raw: it is for the shop's own eyes.
    pub fn request(&self, id: i64) -> Result<Option<String>, JournalError> {
        let mut statement = self.conn.prepare_cached("SELECT body FROM outbox WHERE id = ?1")?;
        let body: Option<Option<String>> =
            statement.query_row([id], |row| row.get(0)).optional()?;
        Ok(body.flatten())
    }

    /// A notice's attempts, oldest first.
    pub fn attempts(&self, id: i64) -> Result<Vec<AttemptRow>, JournalError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT carrier, started_ms, finished_ms, outcome, detail, http_status, errcode
             FROM attempt WHERE outbox_id = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map(params![id], |row| {
            Ok(AttemptRow {
                carrier: row.get(0)?,
                started_ms: row.get(1)?,
                finished_ms: row.get(2)?,
                outcome: row.get(3)?,
                detail: row.get(4)?,
                http_status: row.get(5)?,
                errcode: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn rows(&self, which: &str, with: &[&dyn ToSql]) -> Result<Vec<OutboxRow>, JournalError> {
        let mut statement = self.conn.prepare_cached(&format!("SELECT {COLUMNS} WHERE {which}"))?;
        let rows = statement.query_map(with, outbox_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn outbox_row(row: &Row<'_>) -> rusqlite::Result<OutboxRow> {
    let about = match (row.get(1)?, row.get(4)?, row.get(5)?) {
        (Some(id), _, _) => About::Event { id, kind: row.get(2)?, number: row.get(3)? },
        (None, Some(alarm), _) => About::Alarm(alarm),
        (None, None, Some(finding)) => About::Finding(finding),
        (None, None, None) => About::Digest(row.get::<_, i64>(6)? as u64),
    };
    Ok(OutboxRow {
        id: row.get(0)?,
        about,
        robot: row.get(7)?,
        carrier: row.get(8)?,
        digest: row.get(9)?,
        state: row.get(10)?,
        urgent: row.get(11)?,
        attempts: row.get(12)?,
        not_before_ms: row.get(13)?,
        created_ms: row.get(14)?,
        reason: row.get(15)?,
    })
}
