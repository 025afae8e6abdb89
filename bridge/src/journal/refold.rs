//! Finds the shop's rows again from the journalled events: to check them, to make them anew when the
//! program understands more, and to let old events go without losing what followed from them.
//!
//! `shop_base` holds the rows as they stood after the event `base_seq`; events up to there may be
//! forgotten. The rows are the base and the events after it, read in their order, each under the
//! settings that were in force when it came. It does not know what is in a row.

use pos_protocol::event::Event;
use rusqlite::{Connection, OptionalExtension, params};

use super::error::JournalError;
use super::shop_rows::{Memory, Rows, Table, Understand};

/// Events read at once.
const PAGE: usize = 256;

/// Whether the rows are what the events say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Books {
    /// Rows kept.
    pub rows: usize,
    /// Events that they were made from again.
    pub events: usize,
    /// The first row that differs, as `topic/shop/key`.
    pub differs: Option<String>,
}

/// The settings under which `shop` reads `event`, by their number; `None` where it does not count.
pub(super) fn settings(
    conn: &Connection,
    event: &Event,
    shop: &dyn Understand,
) -> Result<Option<i64>, JournalError> {
    let Some(body) = shop.settings(event) else { return Ok(None) };
    let known = conn
        .prepare_cached("SELECT id FROM fold_setting WHERE body = ?1")?
        .query_row([&body], |row| row.get(0))
        .optional()?;
    if known.is_some() {
        return Ok(known);
    }
    conn.execute("INSERT INTO fold_setting (body) VALUES (?1)", [&body])?;
    Ok(Some(conn.last_insert_rowid()))
}

/// Reads the events after `after` up to `to` into `rows`, as they were read when they came; how many
/// counted.
fn read_again<R: Rows>(
    conn: &Connection,
    (mut after, to): (i64, i64),
    shop: &dyn Understand,
    mut rows: impl FnMut(i64) -> R,
) -> Result<usize, JournalError> {
    let mut count = 0;
    // Settings seldom change from one event to the next.
    let mut reads: Option<(String, Box<dyn Understand>)> = None;
    loop {
        let page: Vec<(i64, String, String)> = conn
            .prepare_cached(
                "SELECT e.seq, e.body, s.body FROM event e JOIN fold_setting s ON s.id = e.fold
                 WHERE e.seq > ?1 AND e.seq <= ?2 ORDER BY e.seq LIMIT ?3",
            )?
            .query_map(params![after, to, PAGE as i64], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?
            .collect::<Result<_, _>>()?;
        let whole = page.len() < PAGE;
        for (seq, body, settings) in page {
            after = seq;
            let same = reads.take().filter(|(under, _)| *under == settings);
            let (_, reader) = reads.insert(same.unwrap_or_else(|| {
                let reader = shop.under(&settings);
                (settings, reader)
            }));
            // One that cannot be read is of a newer version, which is refused at the door.
            if let Ok(event) = serde_json::from_str::<Event>(&body) {
                reader.event(&event, &mut rows(seq))?;
                count += 1;
            }
        }
        if whole {
            return Ok(count);
        }
    }
}

/// The newest event that the base holds.
fn base_seq(conn: &Connection) -> Result<i64, JournalError> {
    let sql = "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'base_seq'";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Whether the event `seq` may be forgotten: the base holds it then, and all that ask for it.
/// Without a `shop` only events that never counted may.
pub(super) fn may_forget(
    conn: &Connection,
    seq: i64,
    shop: Option<&dyn Understand>,
) -> Result<bool, JournalError> {
    let base = base_seq(conn)?;
    let (counted, asked_by): (bool, Option<i64>) = conn
        .prepare_cached("SELECT fold IS NOT NULL, asked_by FROM event WHERE seq = ?1")?
        .query_row([seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Some(shop) = shop else { return Ok(!counted) };
    if seq > base {
        read_again(conn, (base, seq), shop, |seq| Table::base(conn, seq))?;
        conn.prepare_cached(
            "INSERT INTO meta (key, value) VALUES ('base_seq', ?1)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )?
        .execute([seq.to_string()])?;
    }
    Ok(asked_by.is_none_or(|asked_by| asked_by <= seq.max(base)))
}

/// The rows, made again in memory, and from how many events.
fn again(conn: &Connection, shop: &dyn Understand) -> Result<(Memory, usize), JournalError> {
    let mut memory = Memory::default();
    let mut statement = conn.prepare("SELECT topic, shop, key, body FROM shop_base")?;
    let mut base = statement.query([])?;
    while let Some(row) = base.next()? {
        let text = |at| row.get::<_, String>(at);
        memory.write(&text(0)?, &text(1)?, &text(2)?, &text(3)?)?;
    }
    let memory = std::cell::RefCell::new(memory);
    let after = (base_seq(conn)?, i64::MAX);
    let events = read_again(conn, after, shop, |seq| Again { conn, memory: &memory, seq })?;
    Ok((memory.into_inner(), events))
}

/// Makes the rows anew where this program reads events otherwise than the one that made them;
/// whether it did.
pub(super) fn renew(conn: &Connection, shop: &dyn Understand) -> Result<bool, JournalError> {
    let version = shop.version().to_string();
    let sql = "SELECT value FROM meta WHERE key = 'fold_version'";
    let made_by: Option<String> = conn.query_row(sql, [], |row| row.get(0)).optional()?;
    if made_by.as_ref() == Some(&version) {
        return Ok(false);
    }
    let (memory, _) = again(conn, shop)?;
    conn.execute("DELETE FROM shop_row", [])?;
    let mut rows = Table::live(conn, i64::MAX);
    memory.each(|topic, shop, key, body| rows.write(topic, shop, key, body))?;
    conn.execute(
        "INSERT INTO meta (key, value) VALUES ('fold_version', ?1)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [version],
    )?;
    Ok(made_by.is_some())
}

/// Whether the rows are, to the byte, what the base and the events say.
pub(super) fn check(conn: &Connection, shop: &dyn Understand) -> Result<Books, JournalError> {
    let (memory, events) = again(conn, shop)?;
    let mut kept = Memory::default();
    let mut statement = conn.prepare("SELECT topic, shop, key, body FROM shop_row")?;
    let mut found = statement.query([])?;
    let mut rows = 0;
    while let Some(row) = found.next()? {
        let text = |at| row.get::<_, String>(at);
        kept.write(&text(0)?, &text(1)?, &text(2)?, &text(3)?)?;
        rows += 1;
    }
    Ok(Books { rows, events, differs: kept.differs(&memory) })
}

/// Rows in memory whose events are in the journal: those up to the one that is read.
struct Again<'a> {
    conn: &'a Connection,
    memory: &'a std::cell::RefCell<Memory>,
    seq: i64,
}

impl Rows for Again<'_> {
    fn read(&self, topic: &str, shop: &str, key: &str) -> Result<Option<String>, JournalError> {
        self.memory.borrow().read(topic, shop, key)
    }

    fn write(
        &mut self,
        topic: &str,
        shop: &str,
        key: &str,
        body: &str,
    ) -> Result<(), JournalError> {
        self.memory.borrow_mut().write(topic, shop, key, body)
    }

    fn remove(&mut self, topic: &str, shop: &str, key: &str) -> Result<(), JournalError> {
        self.memory.borrow_mut().remove(topic, shop, key)
    }

    fn range(
        &self,
        topic: &str,
        shop: &str,
        from: &str,
        to: &str,
    ) -> Result<Vec<(String, String)>, JournalError> {
        self.memory.borrow().range(topic, shop, from, to)
    }

    fn event(&self, id: &str) -> Result<Option<Event>, JournalError> {
        Table::read_only(self.conn, self.seq).event(id)
    }

    fn told(&self, _key: &str) -> Result<bool, JournalError> {
        Ok(false)
    }
}
