//! Forgets what is old, and what is oldest where the file is too large, in small steps.
//!
//! Never touched: a notice that was not delivered and its event; an attempt that the month's quota is
//! counted by; a chunk that a session still needs
//! (after its checkpoint, from the start of a paper being printed, the newest of the open epoch).
//! It does not wait, pace itself or judge the clock: that is the [keeper's](super::keeper).

use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension, params};

use super::error::JournalError;
use super::needed::Needed;
use super::plausible::EARLIEST_MS;
use super::refold::may_forget;
use super::retention_rows::{CALLS, CHUNKS, EVENTS, HOOKS, NOTICES, Rows};
use super::shop_rows::Understand;

/// Rows looked at in one step: what fits [`MAX_STEP_TIME`] on a slow card.
const STEP_ROWS: usize = 256;

/// Longest that one step deletes before it lets other commands through; with the group's own bound
/// this is what a commit may wait for it. Real time: it is about the disk.
const MAX_STEP_TIME: Duration = Duration::from_millis(20);

/// Pages given back to the file system in one step: 1 MiB at 4 KiB.
const STEP_PAGES: u32 = 256;

/// Free pages are reused rather than given back, which costs writes, until they are this share of
/// the file: a quarter.
const FREE_SHARE: u64 = 4;

/// Free space below this is never worth giving back: 16 MiB.
const MIN_FREE_BYTES: u64 = 16 * 1024 * 1024;

/// Delivered notices and told events that the size cap leaves alone: two weeks of a busy shop.
pub(super) const KEPT_FROM_CAP: i64 = 10_000;

/// Days that attempts are kept beyond their notice, which the size cap may take: the month that the
/// quota is counted by, and a second one for a clock that is set right.
const KEEP_CALLS_DAYS: i64 = 62;

/// Days that delivered notices and events are kept.
pub const KEEP_TOLD_DAYS: u32 = 90;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Days that chunks are kept.
    pub days: u32,
    /// Largest size of the file and its log together, in bytes.
    pub max_bytes: u64,
}

/// How far one look over the journal has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pass {
    phase: Phase,
    /// Rows up to this one have been looked at in this phase.
    after: i64,
    /// Rows deleted so far.
    pub(super) forgotten: u64,
    /// Bytes given back to the file system so far.
    pub(super) given_back: u64,
}

/// What a pass looks at, in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Phase {
    #[default]
    OldChunks,
    OldHooks,
    OldNotices,
    OldEvents,
    OldCalls,
    ExcessChunks,
    ExcessHooks,
    ExcessNotices,
    ExcessEvents,
    Pages,
    /// Nothing is left to do; whether the file is still too large.
    Done {
        too_large: bool,
    },
}

impl Pass {
    /// Whether the pass is over, and if so whether the file is too large even so.
    pub(super) fn over(&self) -> Option<bool> {
        match self.phase {
            Phase::Done { too_large } => Some(too_large),
            _ => None,
        }
    }

    fn turn(self, phase: Phase) -> Self {
        Self { phase, after: 0, ..self }
    }
}

/// The wall time of the newest record, by sequence.
pub(super) fn newest_ms(conn: &Connection) -> Result<Option<i64>, JournalError> {
    let sql = "SELECT wall_ms FROM chunk ORDER BY id DESC LIMIT 1";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?)
}

/// One step of a pass. `now_ms` is `None` while the wall clock is not believed: nothing is old then,
/// and only the size cap, which goes by sequence, is kept. `shop` reads events into the base before
/// they go; without one, those that counted stay.
pub(super) fn step(
    conn: &Connection,
    pass: Pass,
    keep: Keep,
    now_ms: Option<i64>,
    shop: Option<&dyn Understand>,
) -> Result<Pass, JournalError> {
    let believed = now_ms.is_some();
    let now_ms = now_ms.unwrap_or(EARLIEST_MS);
    let too_large = || size(conn).map(|size| size.used() > keep.max_bytes);
    let told_ms = now_ms - i64::from(KEEP_TOLD_DAYS) * DAY_MS;
    match pass.phase {
        Phase::OldChunks
        | Phase::OldHooks
        | Phase::OldNotices
        | Phase::OldEvents
        | Phase::OldCalls
            if !believed =>
        {
            Ok(pass.turn(Phase::ExcessChunks))
        }
        Phase::OldChunks => {
            let old = Aged { now_ms, before_ms: now_ms - i64::from(keep.days) * DAY_MS };
            sweep(conn, pass, &CHUNKS, Phase::OldHooks, |row| old.is_old(conn, &CHUNKS, row))
        }
        Phase::OldHooks => {
            let old = Aged { now_ms, before_ms: now_ms - i64::from(keep.days) * DAY_MS };
            sweep(conn, pass, &HOOKS, Phase::OldNotices, |row| old.is_old(conn, &HOOKS, row))
        }
        Phase::OldNotices => {
            let old = Aged { now_ms, before_ms: told_ms };
            sweep(conn, pass, &NOTICES, Phase::OldEvents, |row| old.is_old(conn, &NOTICES, row))
        }
        Phase::OldEvents => {
            let old = Aged { now_ms, before_ms: told_ms };
            sweep(conn, pass, &EVENTS, Phase::OldCalls, |row| {
                Ok(old.is_old(conn, &EVENTS, row)? && may_forget(conn, row.id, shop)?)
            })
        }
        Phase::OldCalls => {
            let old = Aged { now_ms, before_ms: now_ms - KEEP_CALLS_DAYS * DAY_MS };
            sweep(conn, pass, &CALLS, Phase::ExcessChunks, |row| old.is_old(conn, &CALLS, row))
        }
        Phase::ExcessChunks if too_large()? => {
            sweep(conn, pass, &CHUNKS, Phase::ExcessHooks, |_| Ok(true))
        }
        // Its event's id tells a call that comes once more, also when the call is forgotten.
        Phase::ExcessHooks if too_large()? => {
            sweep(conn, pass, &HOOKS, Phase::ExcessNotices, |_| Ok(true))
        }
        Phase::ExcessNotices if too_large()? => {
            let newest = newest_kept(conn, "outbox", "id")?;
            sweep(conn, pass, &NOTICES, Phase::ExcessEvents, |row| Ok(row.id < newest))
        }
        Phase::ExcessEvents if too_large()? => {
            let newest = newest_kept(conn, "event", "seq")?;
            sweep(conn, pass, &EVENTS, Phase::Pages, |row| {
                Ok(row.id < newest && may_forget(conn, row.id, shop)?)
            })
        }
        Phase::ExcessChunks | Phase::ExcessHooks | Phase::ExcessNotices | Phase::ExcessEvents => {
            Ok(pass.turn(Phase::Pages))
        }
        Phase::Pages => {
            let given_back = pass.given_back + give_back(conn, keep)?;
            let done = Phase::Done { too_large: too_large()? };
            let went_on = given_back > pass.given_back;
            Ok(if went_on { Pass { given_back, ..pass } } else { pass.turn(done) })
        }
        Phase::Done { .. } => Ok(pass),
    }
}

struct Row {
    id: i64,
    wall_ms: Option<i64>,
    source: String,
    epoch: i64,
}

/// Looks at the next rows of a phase and deletes those that may go and that `goes` names; on to
/// `next` at the end.
fn sweep(
    conn: &Connection,
    mut pass: Pass,
    rows: &Rows,
    next: Phase,
    mut goes: impl FnMut(&Row) -> Result<bool, JournalError>,
) -> Result<Pass, JournalError> {
    let (begun, start) = (Instant::now(), pass.after);
    let needed = if rows.needs_sessions { Needed::load(conn)? } else { Needed::default() };
    let page: Vec<Row> = conn
        .prepare_cached(rows.page)?
        .query_map(params![pass.after, STEP_ROWS as i64], |row| {
            Ok(Row {
                id: row.get(0)?,
                wall_ms: row.get(1)?,
                source: row.get(2)?,
                epoch: row.get(3)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    let whole = page.len() < STEP_ROWS;
    let mut young = 0;
    for row in &page {
        // Only once a row was looked at: a step that a busy machine makes late still goes on.
        if pass.after != start && begun.elapsed() > MAX_STEP_TIME {
            return Ok(pass);
        }
        pass.after = row.id;
        if !goes(row)? {
            young += 1;
        } else if !needed.holds(&row.source, row.epoch, row.id) {
            for sql in rows.delete {
                conn.prepare_cached(sql)?.execute([row.id])?;
            }
            pass.forgotten += 1;
        }
    }
    // Later rows are younger: a page without an old one is the last that has to be looked at.
    Ok(if whole || young == page.len() { pass.turn(next) } else { pass })
}

/// Judges age. A row of a time that cannot be right (the clock was wrong when it was written) is as
/// old as the next one whose time can.
struct Aged {
    now_ms: i64,
    before_ms: i64,
}

impl Aged {
    fn is_old(&self, conn: &Connection, rows: &Rows, row: &Row) -> Result<bool, JournalError> {
        let own = row.wall_ms.filter(|ms| (EARLIEST_MS..=self.now_ms).contains(ms));
        let known = match own {
            Some(ms) => Some(ms),
            None => conn
                .prepare_cached(rows.next_ms)?
                .query_row(params![row.id, EARLIEST_MS, self.now_ms], |row| row.get(0))
                .optional()?,
        };
        Ok(known.is_some_and(|ms| ms < self.before_ms))
    }
}

/// Rows from this one on are left alone by the size cap.
fn newest_kept(conn: &Connection, table: &str, key: &str) -> Result<i64, JournalError> {
    let sql = format!("SELECT {key} FROM {table} ORDER BY {key} DESC LIMIT 1 OFFSET ?1");
    let first = conn.prepare_cached(&sql)?.query_row([KEPT_FROM_CAP - 1], |row| row.get(0));
    Ok(first.optional()?.unwrap_or(0))
}

/// The file in bytes.
struct Size {
    file: u64,
    free: u64,
    page: u64,
    log: u64,
}

impl Size {
    /// What would be left if every free page were given back.
    fn used(&self) -> u64 {
        self.file - self.free + self.log
    }
}

fn size(conn: &Connection) -> Result<Size, JournalError> {
    let number =
        |name| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0).map(|n| n as u64));
    let page = number("page_size")?;
    let log = conn.path().map(|path| format!("{path}-wal"));
    let log = log.and_then(|log| std::fs::metadata(log).ok()).map_or(0, |log| log.len());
    Ok(Size {
        file: number("page_count")? * page,
        free: number("freelist_count")? * page,
        page,
        log,
    })
}

/// Gives free pages back to the file system where they are many or the file is too large. Files
/// older than schema 2 cannot (`auto_vacuum` is chosen when a file is made): their free pages are
/// reused, and the file keeps its largest size.
fn give_back(conn: &Connection, keep: Keep) -> Result<u64, JournalError> {
    const INCREMENTAL: u32 = 2;
    let mode: u32 = conn.pragma_query_value(None, "auto_vacuum", |row| row.get(0))?;
    let size = size(conn)?;
    let many = size.free >= MIN_FREE_BYTES && size.free >= size.file / FREE_SHARE;
    let too_large = size.free > 0 && size.file + size.log > keep.max_bytes;
    if mode != INCREMENTAL || !(many || too_large) {
        return Ok(0);
    }
    let pages = u64::from(STEP_PAGES).min(size.free / size.page);
    let mut vacuum = conn.prepare(&format!("PRAGMA incremental_vacuum({pages})"))?;
    let mut rows = vacuum.query([])?;
    // One row per page given back, without columns.
    while rows.next()?.is_some() {}
    drop(rows);
    Ok(size.file.saturating_sub(self::size(conn)?.file))
}
