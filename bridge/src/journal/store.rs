//! The ingest side's statements: one batch in, and what a restart asks for. Every function runs
//! inside a transaction of the writer thread.

use pos_protocol::event::{Event, EventId};
use pos_protocol::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::error::JournalError;
use super::record::{
    Batch, Chunk, ChunkKind, Committed, Cursor, Direction, NewNotice, SessionRow, StoredChunk,
    StoredSession,
};
use super::shop_rows::{Rows as _, Understand, Understood};
use super::{matter, refold, restored, shop_rows, twins};

/// Version of the decoder, as kept beside every event; the workspace has one version.
const DECODER: &str = env!("CARGO_PKG_VERSION");

/// Chunks per page of [`chunks_after`]: at 16 KiB each, 4 MiB.
pub(super) const CHUNKS_PER_PAGE: usize = 256;

/// Stores a batch.
pub(super) fn append(conn: &Connection, batch: &Batch) -> Result<Committed, JournalError> {
    let before = last_chunk_id(conn)?;
    for chunk in &batch.chunks {
        insert_chunk(conn, chunk)?;
    }
    add_totals(conn, &batch.chunks)?;
    let last_chunk_id = if batch.chunks.is_empty() { before } else { last_chunk_id(conn)? };
    let mut new = BTreeSet::new();
    let (mut understood, mut new_events) = (Understood::default(), 0);
    let restored_ms = if batch.events.is_empty() { None } else { restored::restored_ms(conn)? };
    for event in &batch.events {
        let marked = marked(conn, event, batch.shop.as_deref())?;
        let event = &*marked;
        let fold = match &batch.shop {
            Some(shop) => refold::settings(conn, event, &**shop)?,
            None => None,
        };
        let twin = match (&batch.shop, fold) {
            (Some(shop), Some(_)) => twins::find(conn, event, &**shop)?,
            _ => None,
        };
        let event = twin.as_ref().map_or(event, |twin| &twin.event);
        if insert_event(conn, event, fold)? {
            new_events += 1;
            // Nobody is told twice of one sale.
            let told = twin.is_some() || restored::told_elsewhere(event, restored_ms);
            if let Some(twin) = &twin {
                twins::join(conn, twin)?;
            }
            if !told {
                new.insert(event.id);
            }
            if let (Some(shop), Some(_)) = (&batch.shop, fold) {
                let mut rows = shop_rows::Table::live(conn, conn.last_insert_rowid());
                let found = shop.event(event, &mut rows)?;
                if restored::told_elsewhere(event, restored_ms) {
                    continue;
                }
                understood.findings.extend(found.findings);
                understood.matters.extend(found.matters);
            }
        }
    }
    let findings = shop_rows::queue(conn, &understood.findings)?;
    matter::add(conn, &understood.matters)?;
    insert_notices(conn, &batch.notices, &new)?;
    for session in &batch.sessions {
        upsert_session(conn, session, before, last_chunk_id)?;
    }
    if let Some(cursor) = &batch.cursor {
        conn.prepare_cached(
            "INSERT INTO cursor (one, generation, position) VALUES (1, ?1, ?2)
             ON CONFLICT (one) DO UPDATE SET generation = excluded.generation,
                                             position = excluded.position",
        )?
        .execute(params![cursor.generation, cursor.position as i64])?;
    }
    Ok(Committed { last_chunk_id, new_events, findings })
}

/// The event as it is kept: practice says so for ever. What is put right stays what it was.
fn marked<'e>(
    conn: &Connection,
    event: &'e Event,
    shop: Option<&dyn Understand>,
) -> Result<Cow<'e, Event>, JournalError> {
    let original = match event.corrects {
        Some(id) => shop_rows::Table::read_only(conn, i64::MAX).event(&id.to_string())?,
        None => None,
    };
    let test = match original {
        Some(original) => original.test,
        None => event.test || shop.is_some_and(|shop| shop.is_practice(event)),
    };
    if test == event.test {
        return Ok(Cow::Borrowed(event));
    }
    Ok(Cow::Owned(Event { test, ..event.clone() }))
}

fn insert_chunk(conn: &Connection, chunk: &Chunk) -> Result<(), JournalError> {
    conn.prepare_cached(
        "INSERT INTO chunk (source, epoch, direction, conn, start, kind, mono_ns, wall_ms, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        chunk.source,
        chunk.epoch as i64,
        chunk.direction,
        chunk.conn as i64,
        chunk.start as i64,
        chunk.kind,
        chunk.at.mono as i64,
        chunk.at.wall.as_millisecond(),
        chunk.bytes,
    ])?;
    Ok(())
}

/// Bytes towards the printer, once per source and batch.
fn add_totals(conn: &Connection, chunks: &[Chunk]) -> Result<(), JournalError> {
    let mut totals: BTreeMap<&str, i64> = BTreeMap::new();
    for chunk in chunks {
        let counts = chunk.kind == ChunkKind::Data && chunk.direction == Direction::ToPrinter;
        let bytes = if counts { chunk.bytes.len() as i64 } else { 0 };
        *totals.entry(&chunk.source).or_default() += bytes;
    }
    let mut statement = conn.prepare_cached(
        "INSERT INTO source_total (source, journalled_bytes) VALUES (?1, ?2)
         ON CONFLICT (source) DO UPDATE
         SET journalled_bytes = journalled_bytes + excluded.journalled_bytes",
    )?;
    for (source, bytes) in totals {
        statement.execute(params![source, bytes])?;
    }
    Ok(())
}

/// The newest chunk id ever given, also when that chunk has been forgotten.
fn last_chunk_id(conn: &Connection) -> Result<i64, JournalError> {
    let id = conn
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'chunk'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(id.unwrap_or(0))
}

/// Whether the event was not there before. `fold`: the settings under which it counts.
fn insert_event(conn: &Connection, event: &Event, fold: Option<i64>) -> Result<bool, JournalError> {
    let id = event.id.to_string();
    let body = serde_json::to_string(event)
        .map_err(|source| JournalError::Encode { id: id.clone(), source })?;
    let receipt = event.receipt.as_ref();
    let changed = conn
        .prepare_cached(
            "INSERT INTO event
             (id, source, kind, observed_at, number, total, currency, body, decoder, fold)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            id,
            event.source,
            event.kind.as_str(),
            event.observed_at,
            receipt.and_then(|r| r.number.as_deref()),
            receipt.and_then(|r| r.total).map(|total| total.to_string()),
            receipt.and_then(|r| r.currency.as_deref()),
            body,
            DECODER,
            fold,
        ])?;
    Ok(changed == 1)
}

fn insert_notices(
    conn: &Connection,
    notices: &[NewNotice],
    new: &BTreeSet<EventId>,
) -> Result<(), JournalError> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO outbox (subject, event_id, robot, state, urgent, not_before_ms, created_ms)
         VALUES ('event', ?1, ?2, 'queued', ?3, ?4, ?4) ON CONFLICT (event_id, robot) DO NOTHING",
    )?;
    for notice in notices.iter().filter(|notice| new.contains(&notice.event_id)) {
        statement.execute(params![
            notice.event_id.to_string(),
            notice.robot,
            notice.urgent,
            notice.created_ms
        ])?;
    }
    Ok(())
}

/// `before` and `last_chunk` are the newest chunks before and after the batch.
fn upsert_session(
    conn: &Connection,
    session: &SessionRow,
    before: i64,
    last_chunk: i64,
) -> Result<(), JournalError> {
    let covers = if session.checkpoint.is_some() { last_chunk } else { 0 };
    // A paper that is open now began in this batch, unless one was open before it.
    let open_from = session.printing.then_some(before + 1);
    // The state of an older epoch says nothing about a newer one: it is dropped, not carried over.
    conn.prepare_cached(
        "INSERT INTO session (source, epoch, generation, checkpoint, checkpoint_chunk, open_from)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (source) DO UPDATE SET
             checkpoint = CASE
                 WHEN excluded.checkpoint IS NULL AND epoch = excluded.epoch THEN checkpoint
                 ELSE excluded.checkpoint END,
             checkpoint_chunk = CASE
                 WHEN excluded.checkpoint IS NULL AND epoch = excluded.epoch THEN checkpoint_chunk
                 ELSE excluded.checkpoint_chunk END,
             open_from = CASE
                 WHEN excluded.open_from IS NOT NULL AND epoch = excluded.epoch
                 THEN ifnull(open_from, excluded.open_from)
                 ELSE excluded.open_from END,
             epoch = excluded.epoch,
             generation = excluded.generation",
    )?
    .execute(params![
        session.source,
        session.epoch as i64,
        session.generation,
        session.checkpoint,
        covers,
        open_from
    ])?;
    Ok(())
}

/// Where the ring was left.
pub(super) fn cursor(conn: &Connection) -> Result<Option<Cursor>, JournalError> {
    let found = conn
        .query_row("SELECT generation, position FROM cursor", [], |row| {
            Ok(Cursor { generation: row.get(0)?, position: row.get::<_, i64>(1)? as u64 })
        })
        .optional()?;
    Ok(found)
}

/// Every source's session, by name.
pub(super) fn sessions(conn: &Connection) -> Result<Vec<StoredSession>, JournalError> {
    let mut statement = conn.prepare_cached(
        "SELECT source, epoch, generation, checkpoint, checkpoint_chunk, open_from IS NOT NULL
         FROM session ORDER BY source",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(StoredSession {
            row: SessionRow {
                source: row.get(0)?,
                epoch: row.get::<_, i64>(1)? as u64,
                generation: row.get(2)?,
                checkpoint: row.get(3)?,
                printing: row.get(5)?,
            },
            checkpoint_chunk: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What [`stored_chunk`] reads.
pub(super) const CHUNK_COLUMNS: &str =
    "id, source, epoch, direction, conn, start, kind, mono_ns, wall_ms, bytes";

/// The next page of a session's chunks after `after`, oldest first; empty at the end.
pub(super) fn chunks_after(
    conn: &Connection,
    source: &str,
    epoch: u64,
    after: i64,
) -> Result<Vec<StoredChunk>, JournalError> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {CHUNK_COLUMNS} FROM chunk
             WHERE source = ?1 AND epoch = ?2 AND id > ?3 ORDER BY id LIMIT ?4"
    ))?;
    let rows = statement
        .query_map(params![source, epoch as i64, after, CHUNKS_PER_PAGE as i64], stored_chunk)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn stored_chunk(row: &Row<'_>) -> rusqlite::Result<StoredChunk> {
    Ok(StoredChunk {
        id: row.get(0)?,
        chunk: Chunk {
            source: row.get(1)?,
            epoch: row.get::<_, i64>(2)? as u64,
            direction: row.get(3)?,
            conn: row.get::<_, i64>(4)? as u64,
            start: row.get::<_, i64>(5)? as u64,
            kind: row.get(6)?,
            at: Timestamp::new(row.get::<_, i64>(7)? as u64, row.get(8)?),
            bytes: row.get(9)?,
        },
    })
}
