//! The month's calls, counted once for many looks: fifty queues ask for the same number at every
//! turn, and the count goes through every attempt of the month.
//!
//! It is a number to plan by, not a promise: what it lacks for some seconds is the end of the
//! seven-day window, and calls that turn out to have found no way to DingTalk.

use rusqlite::Connection;

use super::delivery::Calls;
use super::error::JournalError;
use super::outbox;

/// A count is made anew after so many milliseconds. Attempts that begin meanwhile are added.
const RECOUNT_AFTER_MS: i64 = 10_000;

/// The latest count.
#[derive(Debug, Default)]
pub(super) struct Counted {
    latest: Option<Count>,
}

#[derive(Debug)]
struct Count {
    month_ms: i64,
    at_ms: i64,
    calls: Calls,
}

impl Counted {
    /// Calls of the month that began at `month_ms`, and of the last seven days.
    pub(super) fn calls(
        &mut self,
        conn: &Connection,
        now_ms: i64,
        month_ms: i64,
    ) -> Result<Calls, JournalError> {
        let fresh = |count: &&Count| {
            count.month_ms == month_ms && (0..RECOUNT_AFTER_MS).contains(&(now_ms - count.at_ms))
        };
        if let Some(count) = self.latest.as_ref().filter(fresh) {
            return Ok(count.calls);
        }
        let calls = outbox::calls(conn, now_ms, month_ms)?;
        self.latest = Some(Count { month_ms, at_ms: now_ms, calls });
        Ok(calls)
    }

    /// An attempt began.
    pub(super) fn began(&mut self) {
        if let Some(count) = &mut self.latest {
            count.calls.month += 1;
            count.calls.week += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::super::migrations::MIGRATIONS;
    use super::{Counted, RECOUNT_AFTER_MS};

    const NOW: i64 = 1_795_233_600_000;

    fn attempt(conn: &Connection, started_ms: i64, outcome: &str) {
        let sql = "INSERT INTO attempt (carrier, urgent, started_ms, finished_ms, outcome)
                   VALUES ('owner', 0, ?1, ?1, ?2)";
        conn.execute(sql, (started_ms, outcome)).expect("a row");
    }

    #[test]
    fn a_count_holds_for_some_seconds_and_goes_on_with_what_begins() {
        let conn = Connection::open_in_memory().expect("a database");
        conn.execute_batch(&MIGRATIONS.concat()).expect("a schema");
        let mut counted = Counted::default();
        let month = |counted: &mut Counted, now_ms, month_ms| {
            counted.calls(&conn, now_ms, month_ms).expect("counts").month
        };
        attempt(&conn, NOW, "delivered");
        counted.began();
        assert_eq!(month(&mut counted, NOW, NOW), 1, "what began before a count is in it");
        attempt(&conn, NOW + 1, "transient");
        counted.began();
        assert_eq!(month(&mut counted, NOW + RECOUNT_AFTER_MS - 1, NOW), 2);
        assert_eq!(month(&mut counted, NOW + RECOUNT_AFTER_MS, NOW), 1, "it found no way");
        assert_eq!(month(&mut counted, NOW + RECOUNT_AFTER_MS, NOW + 1), 0, "another month");
        attempt(&conn, NOW + 2, "delivered");
        assert_eq!(month(&mut counted, NOW - 1, NOW + 1), 1, "a clock that was set back");
    }
}
