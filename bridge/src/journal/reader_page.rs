//! What the page shows: every question is answered by an index, or looks at a bounded number of rows.

use std::ops::Range;

use jiff::Timestamp;
use pos_protocol::event::Kind;
use rusqlite::{OptionalExtension, params, params_from_iter};

use super::error::JournalError;
use super::outbox::IS_CALL;
use super::reader::{JournalReader, StoredEvent};
use super::record::{ChunkKind, Direction, StoredChunk};
use super::store::{CHUNK_COLUMNS, stored_chunk};

/// Bytes before a paper that are read with it: the till's preparation of its printer.
const LEAD_BYTES: u64 = 2 * 1024;
/// Most chunks that are looked at for one paper. They stand close together, but for what other
/// connections send at the same time.
const MAX_CHUNKS: usize = 2_000;
/// Most bytes of a paper that are read for a look at it: more are images.
const MAX_PAPER_BYTES: usize = 2 * 1024 * 1024;
/// How far the chunk of a paper's last byte may be from the paper's time: a slew of the clock.
const SLACK_MS: i64 = 2_000;

/// What waits for one robot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Notices that go by themselves.
    pub waiting: u64,
    /// Notices that wait for a person.
    pub parked: u64,
    /// Dead letters.
    pub dead: u64,
    /// Why the oldest parked one is.
    pub why: Option<String>,
    /// Calls of the last minute.
    pub minute: u64,
    /// It says nothing before this, wall time in milliseconds.
    pub pause_until_ms: Option<i64>,
}

impl JournalReader {
    /// What waits for `robot`, and what it has just said.
    pub fn queue(&self, robot: &str, now_ms: i64) -> Result<Queue, JournalError> {
        const MINUTE_MS: i64 = 60_000;
        let mut queue = Queue::default();
        let mut counts = self.conn.prepare_cached(
            "SELECT state, count(*) FROM outbox WHERE robot = ?1 AND subject <> 'digest'
               AND state IN ('queued', 'merged', 'sending', 'parked', 'dead') GROUP BY state",
        )?;
        let mut rows = counts.query([robot])?;
        while let Some(row) = rows.next()? {
            let (state, count): (String, i64) = (row.get(0)?, row.get(1)?);
            match state.as_str() {
                "parked" => queue.parked += count as u64,
                "dead" => queue.dead += count as u64,
                _ => queue.waiting += count as u64,
            }
        }
        let mut why = self.conn.prepare_cached(
            "SELECT reason FROM outbox WHERE robot = ?1 AND state = 'parked' ORDER BY id LIMIT 1",
        )?;
        queue.why = why.query_row([robot], |row| row.get(0)).optional()?.flatten();
        let mut calls = self.conn.prepare_cached(&format!(
            "SELECT count(*) FROM attempt
             WHERE carrier = ?1 AND started_ms > ?2 AND started_ms <= ?3 AND {IS_CALL}"
        ))?;
        let span = params![robot, now_ms - MINUTE_MS, now_ms];
        queue.minute = calls.query_row(span, |row| row.get::<_, i64>(0))? as u64;
        let mut pause = self.conn.prepare_cached(
            "SELECT max(pause_until_ms) FROM attempt
             WHERE pause_until_ms > ?2 AND pause_until_ms <= ?2 + ?3 AND carrier = ?1",
        )?;
        let ahead = params![robot, now_ms, super::outbox::MAX_AHEAD_MS];
        queue.pause_until_ms = pause.query_row(ahead, |row| row.get(0))?;
        Ok(queue)
    }

    /// Up to `limit` events before `seq`, the newest first.
    pub fn events_before(&self, seq: i64, limit: usize) -> Result<Vec<StoredEvent>, JournalError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT seq, body FROM event WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map(params![seq, limit], stored)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Up to `limit` events of these kinds among the newest `within`, the newest first.
    pub fn newest_of(
        &self,
        kinds: &[Kind],
        within: u32,
        limit: u32,
    ) -> Result<Vec<StoredEvent>, JournalError> {
        let holes = vec!["?"; kinds.len()].join(", ");
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT seq, body FROM event WHERE kind IN ({holes})
               AND seq > (SELECT coalesce(max(seq), 0) FROM event) - {within}
             ORDER BY seq DESC LIMIT {limit}"
        ))?;
        let words = params_from_iter(kinds.iter().map(|kind| kind.as_str()));
        let rows = statement.query_map(words, stored)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Up to `limit` sales and refunds with this very number, the newest first, however old.
    pub fn of_number(&self, number: &str, limit: u32) -> Result<Vec<StoredEvent>, JournalError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT seq, body FROM event WHERE number = ?1 AND kind IN ('sale', 'refund')
             ORDER BY seq DESC LIMIT {limit}"
        ))?;
        let rows = statement.query_map([number], stored)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The first event that was observed at `at` or later, or the place after the last one. Where the
    /// clock was set back in between, one of several places.
    pub fn seq_at(&self, at: Timestamp) -> Result<i64, JournalError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT seq, observed_at FROM event WHERE seq >= ?1 ORDER BY seq LIMIT 1",
        )?;
        let mut observed = |seq: i64| -> Result<Option<(i64, bool)>, JournalError> {
            let row = statement
                .query_row([seq], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))
                .optional()?;
            let later = |text: &str| text.parse::<Timestamp>().is_ok_and(|seen| seen >= at);
            Ok(row.map(|(seq, text)| (seq, later(&text))))
        };
        let (mut low, mut high) = (1, self.newest_seq()? + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            match observed(middle)? {
                Some((seq, false)) => low = seq + 1,
                _ => high = middle,
            }
        }
        Ok(low)
    }

    /// The chunks of one connection that hold the bytes `paper` of its stream, and a few before them,
    /// oldest first; the last one was heard at `seen`. Nothing where they are forgotten, or where the
    /// clock was set so far that they are not found about that time.
    pub fn chunks_of_paper(
        &self,
        source: &str,
        epoch: u64,
        conn: u64,
        paper: Range<u64>,
        seen: Timestamp,
    ) -> Result<Vec<StoredChunk>, JournalError> {
        let after = self.chunk_after(seen.as_millisecond().saturating_add(SLACK_MS))?;
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {CHUNK_COLUMNS} FROM chunk WHERE source = ?1 AND epoch = ?2 AND id < ?3
             ORDER BY id DESC LIMIT ?4"
        ))?;
        let limits = params![source, epoch as i64, after, MAX_CHUNKS as i64];
        let (mut found, mut bytes): (Vec<StoredChunk>, usize) = (Vec::new(), 0);
        for row in statement.query_map(limits, stored_chunk)? {
            let stored = row?;
            let chunk = &stored.chunk;
            let ours = chunk.conn == conn
                && chunk.kind == ChunkKind::Data
                && chunk.direction == Direction::ToPrinter
                && chunk.start < paper.end;
            if ours {
                bytes += chunk.bytes.len();
                let enough = chunk.start.saturating_add(LEAD_BYTES) < paper.start;
                found.push(stored);
                if enough || bytes > MAX_PAPER_BYTES {
                    break;
                }
            }
        }
        found.reverse();
        let begins = found.first().is_some_and(|first| first.chunk.start <= paper.start);
        let ends = found.last().is_some_and(|last| {
            last.chunk.start.saturating_add(last.chunk.bytes.len() as u64) >= paper.end
        });
        let whole = begins && ends;
        Ok(if whole { found } else { Vec::new() })
    }

    /// The first chunk heard after `wall_ms`, or the place after the last one.
    fn chunk_after(&self, wall_ms: i64) -> Result<i64, JournalError> {
        let (newest, _) = self.newest()?;
        let mut statement = self
            .conn
            .prepare_cached("SELECT id, wall_ms FROM chunk WHERE id >= ?1 ORDER BY id LIMIT 1")?;
        let (mut low, mut high) = (1, newest + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            let row = statement
                .query_row([middle], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
                .optional()?;
            match row {
                Some((id, at)) if at <= wall_ms => low = id + 1,
                _ => high = middle,
            }
        }
        Ok(low)
    }

    /// The alarms of the bridge itself that were raised since, as JSON, the newest first.
    pub fn alarms_raised(
        &self,
        since_ms: i64,
        limit: u32,
    ) -> Result<Vec<(i64, String)>, JournalError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT created_ms, alarm FROM outbox WHERE alarm_key > '' AND created_ms > ?1
               AND substr(alarm_key, 1, length(?2)) <> ?2
             GROUP BY alarm_key ORDER BY created_ms DESC LIMIT {limit}"
        ))?;
        let rows = statement.query_map(params![since_ms, crate::alarm::ANSWER_KEY], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn stored(row: &rusqlite::Row<'_>) -> rusqlite::Result<StoredEvent> {
    Ok(StoredEvent { seq: row.get(0)?, body: row.get(1)? })
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::Kind;

    use pos_protocol::time::Timestamp;

    use crate::journal::samples::{WHEN_MS, chunk, event_at, notice};
    use crate::journal::{Batch, Chunk, Journal, JournalReader, NewAlarm};

    const MINUTE_MS: i64 = 60_000;

    fn journal(dir: &std::path::Path, count: i64) -> (Journal, JournalReader) {
        let path = dir.join("j.db");
        let journal = Journal::open(&path).expect("opens");
        let events = (0..count).map(|n| event_at(n as u64, WHEN_MS + n * MINUTE_MS));
        let mut batch = Batch { events: events.collect(), ..Batch::default() };
        batch.events[1].kind = Kind::Unread;
        batch.notices = batch.events[..2].iter().map(|event| notice(event, "owner")).collect();
        journal.commit(batch).expect("kept");
        let reader = JournalReader::open(&path).expect("beside the writer");
        (journal, reader)
    }

    #[test]
    fn events_are_found_from_the_newest_back_by_kind_by_number_and_by_time() {
        let dir = tempfile::tempdir().expect("a directory");
        let (_journal, reader) = journal(dir.path(), 40);
        let seqs = |found: Vec<crate::journal::StoredEvent>| {
            found.into_iter().map(|event| event.seq).collect::<Vec<_>>()
        };
        assert_eq!(seqs(reader.events_before(i64::MAX, 3).expect("reads")), [40, 39, 38]);
        assert_eq!(seqs(reader.events_before(2, 3).expect("reads")), [1]);
        let unread = |within| seqs(reader.newest_of(&[Kind::Unread], within, 9).expect("reads"));
        assert_eq!((unread(40), unread(30)), (vec![2], vec![]));
        assert_eq!(seqs(reader.of_number("7", 9).expect("reads")), [8]);
        assert_eq!(seqs(reader.of_number("1", 9).expect("reads")), [0; 0], "it is no sale");
        let at = |ms: i64| jiff::Timestamp::from_millisecond(WHEN_MS + ms).expect("a time");
        for (ms, seq) in [
            (-1, 1),
            (0, 1),
            (1, 2),
            (MINUTE_MS, 2),
            (38 * MINUTE_MS + 1, 40),
            (i64::from(u32::MAX), 41),
        ] {
            assert_eq!(reader.seq_at(at(ms)).expect("reads"), seq, "{ms}");
        }
    }

    #[test]
    fn the_chunks_of_one_paper_are_found_among_those_of_others() {
        let dir = tempfile::tempdir().expect("a directory");
        let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
        // Two connections take turns; each chunk has 100 bytes and comes a minute later.
        let one = |n: u64| Chunk {
            conn: n % 2,
            start: n / 2 * 100,
            at: Timestamp::new(n, WHEN_MS + n as i64 * MINUTE_MS),
            ..chunk("till", 3, &[n as u8; 100])
        };
        let chunks = (0..100).map(one).collect();
        journal.commit(Batch { chunks, ..Batch::default() }).expect("kept");
        let reader = JournalReader::open(journal.path()).expect("opens");
        let found = |paper: std::ops::Range<u64>, n: i64| -> Vec<u64> {
            let seen = jiff::Timestamp::from_millisecond(WHEN_MS + n * MINUTE_MS).expect("a time");
            let found = reader.chunks_of_paper("till", 3, 1, paper, seen).expect("reads");
            assert!(found.iter().all(|stored| stored.chunk.conn == 1));
            found.into_iter().map(|stored| stored.chunk.start).collect()
        };
        // Bytes 3,000 to 3,150 came with chunks 61 and 63.
        let starts = found(3_000..3_150, 63);
        assert_eq!((starts.first(), starts.last()), (Some(&900), Some(&3_100)), "and some before");
        assert_eq!(found(0..50, 1), [0]);
        assert_eq!(found(3_000..3_150, 20), [0_u64; 0], "it was seen at another time");
    }

    #[test]
    fn a_queue_is_counted_by_what_has_to_be_done_about_it() {
        let dir = tempfile::tempdir().expect("a directory");
        let (journal, reader) = journal(dir.path(), 3);
        assert_eq!(reader.queue("owner", WHEN_MS).expect("reads").waiting, 2);
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            journal.park("owner", None, "the token is gone").await.expect("parked");
            journal.count_call("owner", "refused", "send-test", WHEN_MS).await.expect("counted");
            let (robot, key) = ("owner".to_owned(), "disk_low@1".to_owned());
            let alarm = NewAlarm { robot, key, body: "{}".into(), created_ms: 9 };
            assert!(journal.raise(alarm).await.expect("kept"));
        });
        let queue = reader.queue("owner", WHEN_MS).expect("reads");
        assert_eq!((queue.waiting, queue.parked, queue.minute), (1, 2, 1));
        assert_eq!(queue.why.as_deref(), Some("the token is gone"));
        assert_eq!(reader.queue("nobody", WHEN_MS).expect("reads"), super::Queue::default());
        assert_eq!(reader.alarms_raised(8, 9).expect("reads"), [(9, "{}".to_owned())]);
        assert_eq!(reader.alarms_raised(9, 9).expect("reads"), []);
    }

    #[test]
    fn no_question_of_the_first_page_looks_at_a_whole_table() {
        let dir = tempfile::tempdir().expect("a directory");
        let (_journal, reader) = journal(dir.path(), 3);
        for (sql, index) in [
            ("SELECT state, count(*) FROM outbox WHERE robot = 'a' AND subject <> 'digest' AND state
              IN ('queued', 'parked') GROUP BY state", "outbox_queue"),
            ("SELECT count(*) FROM attempt WHERE carrier = 'a' AND started_ms > 1", "attempt_by_carrier"),
            ("SELECT max(pause_until_ms) FROM attempt WHERE pause_until_ms > 1 AND carrier = 'a'",
             "attempt_"),
            ("SELECT seq FROM event WHERE number = '1' AND kind IN ('sale', 'refund')", "event_by_number"),
            ("SELECT created_ms FROM outbox WHERE alarm_key > '' GROUP BY alarm_key", "USING INDEX"),
            ("SELECT seq FROM event WHERE kind IN ('unread') AND seq > 5 ORDER BY seq DESC", "rowid>?"),
        ] {
            let plan = format!("EXPLAIN QUERY PLAN {sql}");
            let plan: String = reader.conn.query_one(&plan, [], |row| row.get(3)).expect("a plan");
            assert!(plan.contains(index), "{sql}: {plan}");
        }
    }
}
