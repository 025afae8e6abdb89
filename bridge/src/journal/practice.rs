//! Whether the bridge was practising when it was last looked, so that the end of practice is told once
//! whichever way it came: by the verb, by hand, while the bridge ran or while it did not. Runs inside a
//! transaction of the writer thread.

use rusqlite::{Connection, OptionalExtension};

use super::error::JournalError;
use super::record::NewAlarm;
use super::verbs;

const KEY: &str = "practice";

/// Notes whether the bridge practises now. Where that has just ended, `ended` is queued; how many
/// notices that were.
pub(super) fn note(
    conn: &Connection,
    practises: bool,
    ended: &[NewAlarm],
) -> Result<usize, JournalError> {
    let sql = "SELECT value FROM meta WHERE key = ?1";
    let was: Option<String> =
        conn.prepare_cached(sql)?.query_row([KEY], |row| row.get(0)).optional()?;
    if was.is_some() == practises {
        return Ok(0);
    }
    if practises {
        conn.execute("INSERT INTO meta (key, value) VALUES (?1, 'yes')", [KEY])?;
        return Ok(0);
    }
    conn.execute("DELETE FROM meta WHERE key = ?1", [KEY])?;
    let mut told = 0;
    for alarm in ended {
        told += usize::from(verbs::raise(conn, alarm)?);
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::note;
    use crate::journal::NewAlarm;
    use crate::journal::schema::open_writer;

    #[test]
    fn the_end_of_practice_is_told_once_and_each_time_it_ends() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let ended = |at: i64| NewAlarm {
            robot: "owner".into(),
            key: format!("went_live/{at}"),
            body: "{}".into(),
            created_ms: at,
        };
        let noted = |practises, at| {
            let (conn, _) = open_writer(&path).expect("opens");
            note(&conn, practises, &[ended(at)]).expect("a journal")
        };
        assert_eq!(noted(false, 1), 0, "live from the first day");
        assert_eq!((noted(true, 2), noted(true, 3)), (0, 0));
        assert_eq!((noted(false, 4), noted(false, 5)), (1, 0));
        assert_eq!((noted(true, 6), noted(false, 7)), (0, 1));
    }
}
