//! What the shop keeps of its events: rows of JSON by topic, shop and key, changed only in the
//! transaction that keeps the event.
//!
//! It knows nothing of what is in them; `shop` does. Rows are small and few are touched by an event:
//! nothing here reads a whole topic but where it is asked to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use pos_protocol::event::Event;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::JournalError;
use super::matter::NewMatter;
use super::restored;
use super::retention::newest_ms;
use crate::clock::implausible;

/// Most rows of one [`Rows::range`]: a year of days, or a large catalogue.
pub const MAX_RANGE: usize = 20_000;

/// The rows, whoever keeps them.
pub trait Rows {
    /// One row.
    fn read(&self, topic: &str, shop: &str, key: &str) -> Result<Option<String>, JournalError>;
    /// Makes or replaces a row.
    fn write(&mut self, topic: &str, shop: &str, key: &str, body: &str)
    -> Result<(), JournalError>;
    /// Removes a row that may be there.
    fn remove(&mut self, topic: &str, shop: &str, key: &str) -> Result<(), JournalError>;
    /// Keys and rows with `from <= key < to` in the order of their keys, at most [`MAX_RANGE`].
    fn range(
        &self,
        topic: &str,
        shop: &str,
        from: &str,
        to: &str,
    ) -> Result<Vec<(String, String)>, JournalError>;
    /// An event that the journal still has.
    fn event(&self, id: &str) -> Result<Option<Event>, JournalError>;
    /// Whether a finding with this key is or was in the outbox. For what the time brings alone: what
    /// an event does to the rows must not follow from it.
    fn told(&self, key: &str) -> Result<bool, JournalError>;
}

impl dyn Rows + '_ {
    /// A row as a value; one that this program cannot read counts as absent, and is made anew.
    pub fn load<T: DeserializeOwned>(
        &self,
        topic: &str,
        shop: &str,
        key: &str,
    ) -> Result<Option<T>, JournalError> {
        Ok(self.read(topic, shop, key)?.and_then(|body| serde_json::from_str(&body).ok()))
    }

    /// Makes or replaces a row by a value. Maps must be ordered ones: the same value must always be
    /// the same text.
    pub fn save<T: Serialize>(
        &mut self,
        topic: &str,
        shop: &str,
        key: &str,
        value: &T,
    ) -> Result<(), JournalError> {
        let body = serde_json::to_string(value)
            .map_err(|source| JournalError::Encode { id: format!("{topic}/{key}"), source })?;
        self.write(topic, shop, key, &body)
    }
}

/// Something that the shop found in its events and that a robot's group is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFinding {
    /// The robot's configured name.
    pub robot: String,
    /// What is told once per robot: a second finding with this key is left out.
    pub key: String,
    /// The finding, JSON.
    pub body: String,
    /// Whether it goes before ordinary notices.
    pub urgent: bool,
    /// Wall time in milliseconds.
    pub created_ms: i64,
}

/// What follows from an event besides rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Understood {
    /// What is to be told.
    pub findings: Vec<NewFinding>,
    /// What is to be asked.
    pub matters: Vec<NewMatter>,
}

/// What the shop makes of an event that was not known before. It must follow from the event, the
/// rows and its own settings alone.
pub trait Understand: Send + Sync + Debug {
    /// Changes the rows and says what is to be told and asked.
    fn event(&self, event: &Event, rows: &mut dyn Rows) -> Result<Understood, JournalError>;
    /// Whether an event that comes now is practice: it is marked, and counts nowhere for ever.
    fn is_practice(&self, event: &Event) -> bool;
    /// The settings that rows follow from besides `event`, as text; `None` where it does not count.
    /// They are kept with each event, so that it can be read again as it was.
    fn settings(&self, event: &Event) -> Option<String>;
    /// The same under settings of an earlier time.
    fn under(&self, settings: &str) -> Box<dyn Understand>;
    /// Which rows it makes of events: another number means that they are made anew.
    fn version(&self) -> u32;
    /// Whether the same sale may be heard of in two ways.
    fn hears_twice(&self) -> bool;
    /// What `event` is where `known` tells of the same sale, from elsewhere: one of a kind that leaves
    /// the sale counted once. `None` where they are two.
    fn second(&self, event: &Event, known: &Event) -> Option<Event>;
}

/// The rows in the journal's transaction.
pub(super) struct Table<'a> {
    conn: &'a Connection,
    sql: &'static Sql,
    /// The event that is being read; later ones are not known yet.
    seq: i64,
    /// Whether an event that is asked for is kept until the base holds the one that asked.
    marks: bool,
}

/// The statements on one of the two tables of rows.
struct Sql {
    read: &'static str,
    write: &'static str,
    remove: &'static str,
    range: &'static str,
}

macro_rules! sql {
    ($table:literal) => {
        Sql {
            read: concat!(
                "SELECT body FROM ", $table, " WHERE topic = ?1 AND shop = ?2 AND key = ?3"
            ),
            write: concat!(
                "INSERT INTO ", $table, " (topic, shop, key, body) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (topic, shop, key) DO UPDATE SET body = excluded.body"
            ),
            remove: concat!("DELETE FROM ", $table, " WHERE topic = ?1 AND shop = ?2 AND key = ?3"),
            range: concat!(
                "SELECT key, body FROM ", $table, "
                 WHERE topic = ?1 AND shop = ?2 AND key >= ?3 AND key < ?4 ORDER BY key LIMIT ?5"
            ),
        }
    };
}

const LIVE: Sql = sql!("shop_row");
const BASE: Sql = sql!("shop_base");

impl<'a> Table<'a> {
    /// The rows that are in force, while the event `seq` is read.
    pub(super) fn live(conn: &'a Connection, seq: i64) -> Self {
        Self { conn, sql: &LIVE, seq, marks: true }
    }

    /// The rows that are in force, to look at.
    pub(super) fn read_only(conn: &'a Connection, seq: i64) -> Self {
        Self { conn, sql: &LIVE, seq, marks: false }
    }

    /// The rows of events that may be forgotten, while the event `seq` is read.
    pub(super) fn base(conn: &'a Connection, seq: i64) -> Self {
        Self { conn, sql: &BASE, seq, marks: false }
    }
}

impl Rows for Table<'_> {
    fn read(&self, topic: &str, shop: &str, key: &str) -> Result<Option<String>, JournalError> {
        let mut statement = self.conn.prepare_cached(self.sql.read)?;
        Ok(statement.query_row(params![topic, shop, key], |row| row.get(0)).optional()?)
    }

    fn write(
        &mut self,
        topic: &str,
        shop: &str,
        key: &str,
        body: &str,
    ) -> Result<(), JournalError> {
        self.conn.prepare_cached(self.sql.write)?.execute(params![topic, shop, key, body])?;
        Ok(())
    }

    fn remove(&mut self, topic: &str, shop: &str, key: &str) -> Result<(), JournalError> {
        self.conn.prepare_cached(self.sql.remove)?.execute(params![topic, shop, key])?;
        Ok(())
    }

    fn range(
        &self,
        topic: &str,
        shop: &str,
        from: &str,
        to: &str,
    ) -> Result<Vec<(String, String)>, JournalError> {
        let mut statement = self.conn.prepare_cached(self.sql.range)?;
        let rows = statement
            .query_map(params![topic, shop, from, to, MAX_RANGE as i64], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn event(&self, id: &str) -> Result<Option<Event>, JournalError> {
        let sql = "SELECT body FROM event WHERE id = ?1 AND seq <= ?2";
        let mut statement = self.conn.prepare_cached(sql)?;
        let body: Option<String> =
            statement.query_row(params![id, self.seq], |row| row.get(0)).optional()?;
        if self.marks && body.is_some() {
            let sql = "UPDATE event SET asked_by = ?2 WHERE id = ?1";
            self.conn.prepare_cached(sql)?.execute(params![id, self.seq])?;
        }
        Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
    }

    fn told(&self, key: &str) -> Result<bool, JournalError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE finding_key = ?1)";
        Ok(self.conn.prepare_cached(sql)?.query_row([key], |row| row.get(0))?)
    }
}

/// The rows in memory: for rebuilding beside the journal, and for tests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    rows: BTreeMap<(String, String, String), String>,
    events: BTreeMap<String, String>,
    told: BTreeSet<String>,
}

impl Memory {
    /// Keeps an event for those that refer to it later.
    pub fn remember(&mut self, event: &Event) -> Result<(), JournalError> {
        let id = event.id.to_string();
        let body = serde_json::to_string(event)
            .map_err(|source| JournalError::Encode { id: id.clone(), source })?;
        self.events.insert(id, body);
        Ok(())
    }

    /// Hands out every row in order: topic, shop, key, body.
    pub fn each(
        &self,
        mut row: impl FnMut(&str, &str, &str, &str) -> Result<(), JournalError>,
    ) -> Result<(), JournalError> {
        self.rows.iter().try_for_each(|((topic, shop, key), body)| row(topic, shop, key, body))
    }

    /// The first row that `other` has not, or has otherwise, or has and this one has not: its topic,
    /// shop and key.
    pub fn differs(&self, other: &Self) -> Option<String> {
        let all = self.rows.keys().chain(other.rows.keys());
        let first = all.filter(|key| self.rows.get(*key) != other.rows.get(*key)).min()?;
        Some(format!("{}/{}/{}", first.0, first.1, first.2.replace('\t', "/")))
    }

    /// As if these findings had been put into the outbox.
    pub fn tell(&mut self, findings: &[NewFinding]) {
        self.told.extend(findings.iter().map(|finding| finding.key.clone()));
    }

    /// Every row in order, as the journal would dump them.
    pub fn dump(&self) -> String {
        let line = |((topic, shop, key), body): (&(String, String, String), &String)| {
            format!("{topic}\t{shop}\t{key}\t{body}\n")
        };
        self.rows.iter().map(line).collect()
    }
}

impl Rows for Memory {
    fn read(&self, topic: &str, shop: &str, key: &str) -> Result<Option<String>, JournalError> {
        Ok(self.rows.get(&(topic.to_owned(), shop.to_owned(), key.to_owned())).cloned())
    }

    fn write(
        &mut self,
        topic: &str,
        shop: &str,
        key: &str,
        body: &str,
    ) -> Result<(), JournalError> {
        self.rows.insert((topic.to_owned(), shop.to_owned(), key.to_owned()), body.to_owned());
        Ok(())
    }

    fn remove(&mut self, topic: &str, shop: &str, key: &str) -> Result<(), JournalError> {
        self.rows.remove(&(topic.to_owned(), shop.to_owned(), key.to_owned()));
        Ok(())
    }

    fn range(
        &self,
        topic: &str,
        shop: &str,
        from: &str,
        to: &str,
    ) -> Result<Vec<(String, String)>, JournalError> {
        let first = (topic.to_owned(), shop.to_owned(), from.to_owned());
        let own = self.rows.range(first..).take_while(|((t, s, key), _)| {
            (t.as_str(), s.as_str()) == (topic, shop) && key.as_str() < to
        });
        Ok(own.take(MAX_RANGE).map(|((_, _, key), body)| (key.clone(), body.clone())).collect())
    }

    fn event(&self, id: &str) -> Result<Option<Event>, JournalError> {
        Ok(self.events.get(id).and_then(|body| serde_json::from_str(body).ok()))
    }

    fn told(&self, key: &str) -> Result<bool, JournalError> {
        Ok(self.told.contains(key))
    }
}

/// What `find` makes of the rows at the wall time `now_ms` goes into the outbox; how many that were.
/// Nothing is looked for while `now_ms` cannot be right.
pub(super) fn look_for(
    conn: &Connection,
    now_ms: i64,
    find: impl FnOnce(&dyn Rows) -> Result<Vec<NewFinding>, JournalError>,
) -> Result<usize, JournalError> {
    if implausible(now_ms, newest_ms(conn)?).is_some() {
        return Ok(0);
    }
    let found = find(&Table::read_only(conn, i64::MAX))?;
    if !restored::is_first_look(conn)? {
        return queue(conn, &found);
    }
    let newest = conn.query_one("SELECT coalesce(max(id), 0) FROM outbox", [], |row| row.get(0))?;
    queue(conn, &found)?;
    restored::hold_findings(conn, newest)?;
    Ok(0)
}

/// Queues findings, once per key and robot.
pub(super) fn queue(conn: &Connection, findings: &[NewFinding]) -> Result<usize, JournalError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO outbox (robot, subject, finding, finding_key, state, urgent, not_before_ms,
                             created_ms)
         VALUES (?1, 'finding', ?2, ?3, 'queued', ?4, ?5, ?5)
         ON CONFLICT (finding_key, robot) DO NOTHING",
    )?;
    let mut queued = 0;
    for NewFinding { robot, key, body, urgent, created_ms } in findings {
        queued += statement.execute(params![robot, body, key, urgent, created_ms])?;
    }
    Ok(queued)
}
