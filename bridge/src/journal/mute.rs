//! Which robots were asked to be quiet, and until when: a row each beside the journal's own, so that
//! a restart does not break the silence. Every function runs inside a transaction of the writer
//! thread. What is urgent knows nothing of it.

use rusqlite::{Connection, OptionalExtension};

use super::error::JournalError;

/// How long ordinary notices wait once they are asked to, in milliseconds. A time further ahead than
/// this was set by a clock that has since jumped back, and holds no longer.
pub const MUTE_MS: i64 = 60 * 60 * 1000;

fn key(robot: &str) -> String {
    format!("muted:{robot}")
}

pub(super) fn mute(
    conn: &Connection,
    robots: &[String],
    until_ms: i64,
) -> Result<(), JournalError> {
    let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2)
               ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    let mut statement = conn.prepare_cached(sql)?;
    for robot in robots {
        statement.execute([key(robot), until_ms.to_string()])?;
    }
    Ok(())
}

pub(super) fn unmute(conn: &Connection, robots: &[String]) -> Result<(), JournalError> {
    let mut statement = conn.prepare_cached("DELETE FROM meta WHERE key = ?1")?;
    for robot in robots {
        statement.execute([key(robot)])?;
    }
    Ok(())
}

/// Until when `robot` is quiet, where it is at `now_ms`.
pub(super) fn muted_until(
    conn: &Connection,
    robot: &str,
    now_ms: i64,
) -> Result<Option<i64>, JournalError> {
    let sql = "SELECT value FROM meta WHERE key = ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let kept: Option<String> = statement.query_row([key(robot)], |row| row.get(0)).optional()?;
    let until_ms = kept.and_then(|text| text.parse::<i64>().ok());
    Ok(until_ms.filter(|until_ms| (1..=MUTE_MS).contains(&until_ms.saturating_sub(now_ms))))
}

#[cfg(test)]
mod tests {
    use super::{MUTE_MS, mute, muted_until, unmute};
    use crate::journal::schema::open_writer;

    #[test]
    fn a_robot_is_quiet_for_its_time_over_a_restart_and_the_others_are_not() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let (conn, _) = open_writer(&path).expect("opens");
        mute(&conn, &["owner".to_owned()], 1_000 + MUTE_MS).expect("a journal");
        drop(conn);
        let (conn, _) = open_writer(&path).expect("opens");
        let at = |robot: &str, now_ms| muted_until(&conn, robot, now_ms).expect("a journal");
        assert_eq!(at("owner", 1_000), Some(1_000 + MUTE_MS));
        assert_eq!(at("owner", 1_000 + MUTE_MS), None, "its time has passed");
        assert_eq!(at("owner", 999), None, "the clock was set back");
        assert_eq!(at("chef", 1_000), None);
        unmute(&conn, &["owner".to_owned()]).expect("a journal");
        assert_eq!(at("owner", 1_000), None);
    }
}
