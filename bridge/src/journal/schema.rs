//! Opens the file, sets SQLite's switches and brings the tables to the newest schema.

use std::fs::{OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use uuid::Uuid;

use super::error::JournalError;
use super::migrations::MIGRATIONS;

/// "POSB": tells our file from another program's database.
const APPLICATION_ID: i32 = 0x504F_5342;

/// How long a statement waits for a reader's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The WAL is cut back to this many bytes after a checkpoint, so that one burst does not hold the
/// disk for ever.
const JOURNAL_SIZE_LIMIT_BYTES: u32 = 16 * 1024 * 1024;

/// Pages in the log before they are moved into the file: 8 MiB. A page that is written again and
/// again (indexes, sessions) is moved once; twice SQLite's own 1,000 halves those moves. More would
/// be read again at a start after a power cut, when the program should be ready at once.
const CHECKPOINT_PAGES: u32 = 2_000;

/// Page size of new files: SQLite's own default, and a card's and a file system's block.
const PAGE_BYTES: u32 = 4096;

/// The newest schema this program knows.
pub(super) const NEWEST: u32 = MIGRATIONS.len() as u32;

/// Opens `path` for the writer, creating it with mode 0600, and returns the journal's UUID too.
pub(super) fn open_writer(path: &Path) -> Result<(Connection, String), JournalError> {
    let open = |source| JournalError::Open { path: path.into(), source };
    // SQLite would create the file by the umask; its -wal and -shm then take over this mode.
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(open)?;
    file.set_permissions(Permissions::from_mode(0o600)).map_err(open)?;
    drop(file);

    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    if is_fresh(&conn)? {
        // Both are chosen once, before the first table.
        conn.pragma_update(None, "page_size", PAGE_BYTES)?;
        conn.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    check_version(&conn, path)?;
    conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    // What a command's savepoint would take back: kept in memory, at most the pages that one
    // transaction touches. In a file each of them would be written once more.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update_and_check(None, "journal_size_limit", JOURNAL_SIZE_LIMIT_BYTES, |_| Ok(()))?;
    conn.pragma_update_and_check(None, "wal_autocheckpoint", CHECKPOINT_PAGES, |_| Ok(()))?;
    migrate(&mut conn, MIGRATIONS)?;
    let uuid = conn.query_one("SELECT value FROM meta WHERE key = 'uuid'", [], |row| row.get(0))?;
    Ok((conn, uuid))
}

/// Opens `path` read-only.
pub(super) fn open_reader(path: &Path) -> Result<Connection, JournalError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    check_version(&conn, path)?;
    Ok(conn)
}

fn user_version(conn: &Connection) -> rusqlite::Result<u32> {
    conn.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn is_fresh(conn: &Connection) -> rusqlite::Result<bool> {
    let application: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = conn.query_one("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(application == 0 && tables == 0 && user_version(conn)? == 0)
}

/// Where the damaged journal is that this one took the place of.
pub(super) fn set_aside(conn: &Connection) -> Result<Option<PathBuf>, JournalError> {
    let sql = "SELECT value FROM meta WHERE key = 'set_aside'";
    let path: Option<String> = conn.query_row(sql, [], |row| row.get(0)).optional()?;
    Ok(path.map(PathBuf::from))
}

/// Refuses a file that is not ours or too new, before anything is changed in it.
fn check_version(conn: &Connection, path: &Path) -> Result<(), JournalError> {
    let found = user_version(conn)?;
    let application: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if !is_fresh(conn)? && application != APPLICATION_ID {
        return Err(JournalError::Foreign { path: path.into() });
    }
    if found > NEWEST {
        return Err(JournalError::Newer { path: path.into(), known: NEWEST, found });
    }
    Ok(())
}

/// Runs every script that the file has not seen, each in a transaction with its version number.
fn migrate(conn: &mut Connection, migrations: &[&str]) -> Result<(), JournalError> {
    let from = user_version(conn)?;
    // Tables that refer to each other are rebuilt one after the other. SQLite heeds this only
    // outside a transaction.
    conn.pragma_update(None, "foreign_keys", false)?;
    for (to, script) in (1..).zip(migrations).skip(from as usize) {
        step(conn, to, script).map_err(|source| JournalError::Migrate { to, source })?;
    }
    conn.pragma_update(None, "foreign_keys", true)?;
    Ok(())
}

fn step(conn: &mut Connection, to: u32, script: &str) -> rusqlite::Result<()> {
    let tx = conn.transaction()?;
    tx.execute_batch(script)?;
    if to == 1 {
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        let uuid = Uuid::new_v4().to_string();
        tx.execute("INSERT INTO meta (key, value) VALUES ('uuid', ?1)", [uuid])?;
    }
    tx.pragma_update(None, "user_version", to)?;
    tx.commit()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use rusqlite::Connection;

    use super::{NEWEST, migrate, open_writer, user_version};
    use crate::journal::JournalError;
    use crate::journal::migrations::MIGRATIONS;

    #[test]
    fn the_uuid_is_made_once_and_kept() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let (_, first) = open_writer(&path).expect("a new file");
        let (_, again) = open_writer(&path).expect("the same file");
        assert_eq!(first, again);
        let (_, other) = open_writer(&dir.path().join("k.db")).expect("another file");
        assert_ne!(first, other);
    }

    #[test]
    fn nobody_else_may_read_any_file_of_the_journal() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        std::fs::write(&path, "").expect("a file with the umask's mode");
        let (conn, _) = open_writer(&path).expect("opens");
        conn.execute("INSERT INTO meta VALUES ('k', 'v')", []).expect("a row");
        let mut seen = 0;
        for entry in std::fs::read_dir(dir.path()).expect("listing") {
            let entry = entry.expect("an entry");
            let mode = entry.metadata().expect("metadata").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{:?}", entry.file_name());
            seen += 1;
        }
        assert_eq!(seen, 3, "the database, its WAL and its index");
    }

    #[test]
    fn the_switches_are_set() {
        let dir = tempfile::tempdir().expect("a directory");
        let (conn, _) = open_writer(&dir.path().join("j.db")).expect("opens");
        let text = |name| conn.pragma_query_value(None, name, |r| r.get::<_, String>(0));
        let number = |name| conn.pragma_query_value(None, name, |r| r.get::<_, i64>(0));
        assert_eq!(text("journal_mode").as_deref(), Ok("wal"));
        assert_eq!(number("synchronous"), Ok(2), "FULL");
        assert_eq!(number("temp_store"), Ok(2), "MEMORY");
        assert_eq!(number("foreign_keys"), Ok(1));
        assert_eq!(number("trusted_schema"), Ok(0));
        assert_eq!(number("journal_size_limit"), Ok(16 * 1024 * 1024));
        assert_eq!(number("busy_timeout"), Ok(5_000));
    }

    #[test]
    fn a_newer_or_foreign_file_is_refused_untouched() {
        let dir = tempfile::tempdir().expect("a directory");
        let newer = dir.path().join("newer.db");
        open_writer(&newer)
            .expect("a new file")
            .0
            .pragma_update(None, "user_version", 99)
            .expect("set");
        let refused = open_writer(&newer).expect_err("too new");
        assert!(matches!(refused, JournalError::Newer { found: 99, .. }), "{refused}");
        assert!(refused.to_string().contains("hint: a newer posbridge"), "{refused}");

        let foreign = dir.path().join("foreign.db");
        let conn = Connection::open(&foreign).expect("a database");
        conn.execute_batch("CREATE TABLE recipes (name TEXT)").expect("a table");
        drop(conn);
        let before = std::fs::read(&foreign).expect("bytes");
        let refused = open_writer(&foreign).expect_err("not ours");
        assert!(matches!(refused, JournalError::Foreign { .. }), "{refused}");
        assert_eq!(std::fs::read(&foreign).expect("bytes"), before);
    }

    /// Rows as version 1 wrote them, and what each must still say.
    const ROWS_1: &str = "
        INSERT INTO chunk VALUES (7, 'a', 1, 'to_printer', 3, 0, 'data', 5, 6, x'1b40');
        INSERT INTO event VALUES (1, 'e1', 'a', 'sale', 'now', '1', '36.00', 'HKD', 'b', '0.1.0');
        INSERT INTO outbox VALUES (2, 'e1', 'owner', 'delivered', 1, 'u', 'b', 1, 8, 9, NULL);
        INSERT INTO attempt VALUES (3, 2, 10, 11, 'delivered', '', 200, 0, NULL);
        INSERT INTO session VALUES ('a', 1, 'g', x'7b7d', 7);
        INSERT INTO cursor VALUES (1, 'g', 44);
        INSERT INTO source_total VALUES ('a', 2);";

    #[test]
    fn a_journal_of_version_1_reads_back_whole() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let mut conn = Connection::open(&path).expect("a database");
        migrate(&mut conn, &MIGRATIONS[..1]).expect("version 1");
        conn.execute_batch(ROWS_1).expect("rows of version 1");
        drop(conn);

        let journal = crate::journal::Journal::open(&path).expect("migrates");
        assert_eq!(journal.trouble(), None);
        let chunks = journal.chunks_after("a", 1, 0).expect("reads");
        assert_eq!((chunks[0].id, chunks[0].chunk.bytes.as_slice()), (7, &b"\x1b@"[..]));
        let sessions = journal.sessions().expect("reads");
        assert_eq!((sessions[0].checkpoint_chunk, sessions[0].row.printing), (7, false));
        assert_eq!(journal.cursor().expect("reads").map(|c| c.position), Some(44));
        drop(journal);
        let conn = Connection::open(&path).expect("a database");
        assert_eq!(user_version(&conn), Ok(NEWEST));
        let plan = "EXPLAIN QUERY PLAN SELECT id FROM outbox
                    WHERE state IN ('delivered', 'dropped') AND id > 0";
        let plan: String = conn.query_one(plan, [], |row| row.get(3)).expect("a plan");
        assert!(plan.contains("outbox_finished"), "{plan}");
        let kept = "SELECT o.state || a.outcome || t.journalled_bytes || e.number
                    FROM outbox o, attempt a, source_total t, event e";
        assert_eq!(conn.query_one(kept, [], |r| r.get(0)), Ok("delivereddelivered21".to_owned()));
    }

    /// Rows as version 2 wrote them: one waits, one was sent without an answer, one is through.
    const ROWS_2: &str = "
        INSERT INTO event VALUES (1, 'e1', 'a', 'sale', 'now', '1', '36.00', 'HKD', 'b', '0.1.0');
        INSERT INTO event VALUES (2, 'e2', 'a', 'refund', 'now', '2', '9.00', 'HKD', 'b', '0.1.0');
        INSERT INTO outbox VALUES (2, 'e1', 'owner', 'queued', 0, NULL, NULL, 1, 8, 9, 'why');
        INSERT INTO outbox VALUES (5, 'e2', 'owner', 'sending', 1, 'u', 'b', 1, 8, 9, NULL);
        INSERT INTO outbox VALUES (6, 'e2', 'chef', 'delivered', 1, 'v', 'c', 1, 8, 9, NULL);
        INSERT INTO attempt VALUES (3, 2, 10, 11, 'throttled', 'd', 200, 660026, 600011);
        INSERT INTO attempt VALUES (4, 5, 12, NULL, NULL, NULL, NULL, NULL, NULL);
        INSERT INTO attempt VALUES (7, 6, 13, 14, 'delivered', '', 200, 0, NULL);";

    #[test]
    fn a_journal_of_version_2_keeps_its_queue_its_requests_and_its_attempts() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let mut conn = Connection::open(&path).expect("a database");
        migrate(&mut conn, &MIGRATIONS[..2]).expect("version 2");
        conn.execute_batch(ROWS_2).expect("rows of version 2");
        drop(conn);

        let (conn, _) = open_writer(&path).expect("migrates");
        assert_eq!(user_version(&conn), Ok(NEWEST));
        let list = |sql: &str| -> Vec<String> {
            let mut rows = conn.prepare(sql).expect("a statement");
            let rows = rows.query_map([], |row| row.get(0)).expect("rows");
            rows.collect::<Result<_, _>>().expect("text")
        };
        let outbox = "SELECT concat_ws(' ', id, robot, subject, event_id, state, urgent,
            ifnull(carrier, '-'), ifnull(msg_uuid, '-'), ifnull(body, '-'), attempts,
            not_before_ms, created_ms, ifnull(reason, '-')) FROM outbox ORDER BY id";
        assert_eq!(
            list(outbox),
            [
                "2 owner event e1 queued 0 - - - 1 8 9 why",
                "5 owner event e2 sending 1 owner u b 1 8 9 -",
                "6 chef event e2 delivered 1 chef v c 1 8 9 -",
            ]
        );
        let attempts = "SELECT concat_ws(' ', id, outbox_id, carrier, urgent, started_ms,
            ifnull(finished_ms, '-'), ifnull(outcome, '-'), ifnull(errcode, '-'),
            ifnull(pause_until_ms, '-')) FROM attempt ORDER BY id";
        assert_eq!(
            list(attempts),
            [
                "3 2 owner 0 10 11 throttled 660026 600011",
                "4 5 owner 1 12 - - - -",
                "7 6 chef 1 13 14 delivered 0 -",
            ]
        );
        let next = "INSERT INTO outbox (robot, subject, alarm, alarm_key, state, urgent,
                    not_before_ms, created_ms) VALUES ('owner', 'alarm', '{}', 'k', 'queued', 1, 0, 0)";
        conn.execute(next, []).expect("an alarm");
        assert_eq!(conn.last_insert_rowid(), 7, "ids go on where they were");
        let orphan = conn.execute("UPDATE attempt SET outbox_id = 99 WHERE id = 3", []);
        assert!(orphan.is_err(), "references are kept again");
        assert_eq!(list("PRAGMA foreign_key_check"), [""; 0]);
    }

    #[test]
    fn a_migration_goes_forward_once_or_not_at_all() {
        let mut conn = Connection::open_in_memory().expect("a database");
        migrate(&mut conn, MIGRATIONS).expect("the newest version");
        let next = NEWEST + 1;
        let longer = [MIGRATIONS, &["ALTER TABLE event ADD COLUMN note TEXT"]].concat();
        migrate(&mut conn, &longer).expect("one more version");
        migrate(&mut conn, &longer).expect("nothing left to do");
        assert_eq!(user_version(&conn), Ok(next));

        let broken = [&longer[..], &["CREATE TABLE half (a); CREATE TABLE meta (a)"]].concat();
        let refused = migrate(&mut conn, &broken).expect_err("the table exists");
        assert!(matches!(refused, JournalError::Migrate { .. }), "{refused}");
        assert_eq!(user_version(&conn), Ok(next));
        let half = "SELECT count(*) FROM sqlite_schema WHERE name = 'half'";
        assert_eq!(conn.query_one(half, [], |row| row.get::<_, i64>(0)), Ok(0), "rolled back");
    }
}
