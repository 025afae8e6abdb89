//! What was asked of people and of DingTalk: one row a matter, asked once by its key. Every function
//! runs inside a transaction of the writer thread.
//!
//! It knows nothing of what a matter means; `approve`, `agenda` and `cards` do. What changes a matter
//! is kept in the same transaction as what follows from it: events, notices, findings.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::error::JournalError;
use super::record::{Batch, MatterKind};
use super::shop_rows::{self, NewFinding, Rows};
use super::store;

/// Most matters of one kind that are open. One more is not kept: a shop that leaves a thousand things
/// undecided does not miss the next one.
pub const MAX_OPEN: i64 = 1_000;
/// How long a closed matter is kept, so that it is not asked again: as long as what was sold.
const KEEP_CLOSED_MS: i64 = 400 * 24 * 3_600_000;

/// A matter that comes up. One whose key is known already is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMatter {
    /// What it is asked once by.
    pub key: String,
    /// What it is.
    pub kind: MatterKind,
    /// What it is about and how it stands, JSON.
    pub body: String,
    /// When it is looked at first; nothing: it waits for an answer.
    pub due_ms: Option<i64>,
    /// DingTalk's id of it, where it has one already.
    pub instance: Option<String>,
    /// Wall time in milliseconds.
    pub created_ms: i64,
}

/// A matter as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatterRow {
    /// Its place.
    pub id: i64,
    /// What it is asked once by.
    pub key: String,
    /// What it is.
    pub kind: MatterKind,
    /// Whether anything more is done about it.
    pub open: bool,
    /// DingTalk's id of it, or our own name of its card.
    pub instance: Option<String>,
    /// What it is about and how it stands, JSON.
    pub body: String,
    /// When it is looked at next.
    pub due_ms: Option<i64>,
    /// When it came up, wall time in milliseconds.
    pub created_ms: i64,
}

/// Which matter is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one at this place.
    Id(i64),
    /// The one with this key.
    Key(String),
    /// The one that DingTalk knows by this id.
    Instance(String),
}

/// A matter as it stands from now on, and what follows, all in one transaction.
#[derive(Debug, Default)]
pub struct Change {
    /// Whether anything more is done about it.
    pub open: bool,
    /// DingTalk's id of it.
    pub instance: Option<String>,
    /// How it stands, JSON.
    pub body: String,
    /// When it is looked at next.
    pub due_ms: Option<i64>,
    /// Events and their notices.
    pub batch: Batch,
    /// What is told besides.
    pub findings: Vec<NewFinding>,
}

const COLUMNS: &str = "id, key, kind, open, instance, body, due_ms, created_ms";

fn read(row: &Row<'_>) -> rusqlite::Result<MatterRow> {
    Ok(MatterRow {
        id: row.get(0)?,
        key: row.get(1)?,
        kind: row.get(2)?,
        open: row.get(3)?,
        instance: row.get(4)?,
        body: row.get(5)?,
        due_ms: row.get(6)?,
        created_ms: row.get(7)?,
    })
}

/// Keeps matters that are new; how many were. Closed ones that are old are forgotten.
pub(super) fn add(conn: &Connection, matters: &[NewMatter]) -> Result<usize, JournalError> {
    let mut new = 0;
    for matter in matters {
        let sql = "DELETE FROM matter WHERE open = 0 AND created_ms < ?1";
        conn.prepare_cached(sql)?.execute([matter.created_ms - KEEP_CLOSED_MS])?;
        let sql = "INSERT INTO matter (key, kind, open, instance, body, due_ms, created_ms)
                   SELECT ?1, ?2, 1, ?3, ?4, ?5, ?6
                   WHERE (SELECT count(*) FROM matter WHERE open = 1 AND kind = ?2) < ?7
                   ON CONFLICT DO NOTHING";
        let NewMatter { key, kind, body, due_ms, instance, created_ms } = matter;
        let kept = conn
            .prepare_cached(sql)?
            .execute(params![key, kind, instance, body, due_ms, created_ms, MAX_OPEN])?;
        if kept == 0 && find(conn, &Which::Key(key.clone()))?.is_none() {
            tracing::warn!(%kind, "more than {MAX_OPEN} matters are open: one more is not kept");
        }
        new += kept;
    }
    Ok(new)
}

/// The matter that is meant.
pub(super) fn find(conn: &Connection, which: &Which) -> Result<Option<MatterRow>, JournalError> {
    // DingTalk's ids are its own: should one ever come twice, the newest that is open is meant.
    let one = |column: &str| {
        format!(
            "SELECT {COLUMNS} FROM matter WHERE {column} = ?1 ORDER BY open DESC, id DESC LIMIT 1"
        )
    };
    let found = match which {
        Which::Id(id) => conn.prepare_cached(&one("id"))?.query_row([id], read),
        Which::Key(key) => conn.prepare_cached(&one("key"))?.query_row([key], read),
        Which::Instance(id) => conn.prepare_cached(&one("instance"))?.query_row([id], read),
    };
    Ok(found.optional()?)
}

/// Matters whose time has come, the longest due first.
pub(super) fn due(
    conn: &Connection,
    now_ms: i64,
    most: usize,
) -> Result<Vec<MatterRow>, JournalError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM matter WHERE due_ms IS NOT NULL AND due_ms <= ?1
         ORDER BY due_ms, id LIMIT ?2"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params![now_ms, most as i64], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Open matters of a kind, the oldest first.
pub(super) fn open(conn: &Connection, kind: MatterKind) -> Result<Vec<MatterRow>, JournalError> {
    let sql = format!("SELECT {COLUMNS} FROM matter WHERE open = 1 AND kind = ?1 ORDER BY id");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([kind], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Has `change` decide how the matter stands from now on, and keeps that with what follows from it.
/// Nothing where there is no such matter.
pub(super) fn change<T>(
    conn: &Connection,
    which: &Which,
    change: impl FnOnce(&MatterRow, &dyn Rows) -> Result<(T, Option<Change>), JournalError>,
) -> Result<Option<T>, JournalError> {
    let Some(matter) = find(conn, which)? else { return Ok(None) };
    let (told, change) = change(&matter, &shop_rows::Table::read_only(conn, i64::MAX))?;
    if let Some(Change { open, instance, body, due_ms, batch, findings }) = change {
        let sql =
            "UPDATE matter SET open = ?2, instance = ?3, body = ?4, due_ms = ?5 WHERE id = ?1";
        conn.prepare_cached(sql)?.execute(params![matter.id, open, instance, body, due_ms])?;
        store::append(conn, &batch)?;
        shop_rows::queue(conn, &findings)?;
    }
    Ok(Some(told))
}

#[cfg(test)]
mod tests {
    use super::{Change, KEEP_CLOSED_MS, MAX_OPEN, NewMatter, Which, add, change, due, find, open};
    use crate::journal::schema::open_writer;
    use crate::journal::{JournalError, MatterKind};

    fn new(key: &str, due_ms: Option<i64>) -> NewMatter {
        let (body, instance) = ("{}".to_owned(), None);
        let kind = MatterKind::Approval;
        NewMatter { key: key.into(), kind, body, due_ms, instance, created_ms: 10 }
    }

    #[test]
    fn a_matter_is_asked_once_and_its_change_is_kept_with_what_follows_or_not_at_all() {
        let dir = tempfile::tempdir().expect("a directory");
        let (conn, _) = open_writer(&dir.path().join("j.db")).expect("opens");
        assert_eq!(add(&conn, &[new("a", Some(5)), new("a", Some(6))]).expect("kept"), 1);
        assert_eq!(due(&conn, 4, 9).expect("reads"), []);
        let matter = due(&conn, 5, 9).expect("reads").remove(0);
        assert_eq!((matter.key.as_str(), matter.open, matter.due_ms), ("a", true, Some(5)));
        let placed = Change {
            open: true,
            instance: Some("P1".into()),
            body: "{\"asked\":1}".into(),
            ..Change::default()
        };
        let told = change(&conn, &Which::Key("a".into()), |_, _| Ok(("done", Some(placed))));
        assert_eq!(told.expect("kept"), Some("done"));
        let found = find(&conn, &Which::Instance("P1".into())).expect("reads").expect("there");
        assert_eq!(
            (found.id, found.body.as_str(), found.due_ms),
            (matter.id, "{\"asked\":1}", None)
        );
        let failed: Result<Option<()>, _> =
            change(&conn, &Which::Id(found.id), |_, _| Err(JournalError::Closed));
        assert!(failed.is_err());
        assert_eq!(change(&conn, &Which::Id(99), |_, _| Ok(((), None))).expect("reads"), None);
    }

    #[test]
    fn so_many_are_open_at_once_and_closed_ones_are_forgotten_after_their_time() {
        let dir = tempfile::tempdir().expect("a directory");
        let (conn, _) = open_writer(&dir.path().join("j.db")).expect("opens");
        let many: Vec<NewMatter> = (0..=MAX_OPEN).map(|n| new(&n.to_string(), None)).collect();
        assert_eq!(add(&conn, &many).expect("kept"), MAX_OPEN as usize);
        let close = |key: &str| {
            let closed = Change { open: false, body: "{}".into(), ..Change::default() };
            change(&conn, &Which::Key(key.into()), |_, _| Ok(((), Some(closed)))).expect("kept");
        };
        close("0");
        assert_eq!(open(&conn, MatterKind::Approval).expect("reads").len(), MAX_OPEN as usize - 1);
        assert_eq!(add(&conn, &[new("0", None)]).expect("kept"), 0, "it was asked");
        let later = NewMatter { created_ms: 11 + KEEP_CLOSED_MS, ..new("z", None) };
        assert_eq!(add(&conn, &[later]).expect("kept"), 1);
        assert_eq!(find(&conn, &Which::Key("0".into())).expect("reads"), None);
        assert!(find(&conn, &Which::Key("1".into())).expect("reads").is_some(), "it is open");
    }
}
