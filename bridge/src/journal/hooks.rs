//! Calls of tills that push: each kept once, as received, in the transaction that keeps its events.
//!
//! Whether a call is believed is decided before it comes here.

use std::fmt;

use pos_protocol::event::{EventId, Kind};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, params};

use super::error::JournalError;
use super::record::{Batch, Committed, NewAlarm, column_words};
use super::{store, verbs};

column_words! {
    /// What became of a call.
    Became {
        /// Events, or nothing that counts yet.
        Events = "events",
        /// A test of the provider's.
        Test = "test",
        /// Kept: this program does not know its topic.
        Unknown = "unknown",
        /// Kept: it tells of a transaction that could not be read.
        Unreadable = "unreadable",
    }
}

/// A call as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Who called.
    pub scheme: &'static str,
    /// What the call is known by: the same with every try.
    pub id: String,
    /// The provider's word for what happened.
    pub topic: String,
    /// What became of it.
    pub became: Became,
    /// Wall time in milliseconds.
    pub received_ms: i64,
    /// Its body.
    pub body: Vec<u8>,
    /// Events that count nothing where another one is known: a sale that was taken back already.
    pub unless: Vec<(EventId, EventId)>,
    /// What is told of the call itself.
    pub alarm: Option<NewAlarm>,
}

/// What a commit did with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is kept.
    New(Committed),
    /// It was kept before: nothing has changed.
    Known,
}

/// Keeps a call and what it says.
pub(super) fn receive(
    conn: &Connection,
    delivery: &Delivery,
    mut batch: Batch,
) -> Result<Received, JournalError> {
    let Delivery { scheme, id, topic, became, received_ms, body, unless, alarm } = delivery;
    let added = conn
        .prepare_cached(
            "INSERT INTO hook (scheme, delivery, topic, became, received_ms, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (scheme, delivery) DO NOTHING",
        )?
        .execute(params![scheme, id, topic, became, received_ms, body])?;
    if added == 0 {
        return Ok(Received::Known);
    }
    let mut known = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM event WHERE id = ?1)")?;
    for (event_id, other) in unless {
        if known.query_row([other.to_string()], |row| row.get(0))? {
            let said = batch.events.iter_mut().filter(|event| event.id == *event_id);
            said.for_each(|event| (event.kind, event.related) = (Kind::Document, Some(*other)));
            batch.notices.retain(|notice| notice.event_id != *event_id);
        }
    }
    if let Some(alarm) = alarm {
        verbs::raise(conn, alarm)?;
    }
    store::append(conn, &batch).map(Received::New)
}
