//! What the rest of the program holds of the journal.
//!
//! Methods without `async` block and are for plain threads (ingest, command line); calling them
//! inside an async runtime panics. The `async` ones are for delivery.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::{mpsc, watch};

use super::check;
use super::counted::Counted;
use super::error::JournalError;
use super::file::JournalFile;
use super::keeper::{Duty, Keeper};
use super::lock::Lock;
use super::record::{Batch, Committed, Cursor, StoredChunk, StoredSession};
use super::retention::Keep;
use super::shop_rows::Understand;
use super::standing::Standing;
use super::store;
use super::writer::{self, Job, Task};
use crate::clock::Clock;

/// Commands that may wait; a caller beyond that waits for room.
const MAX_WAITING: usize = 256;

/// A journal that this process writes. Clones share the one writer; dropping the last one closes
/// the file and frees the lock before the drop returns.
#[derive(Clone, Debug)]
pub struct Journal {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    /// The last stop was not clean.
    unclean: bool,
    standing: Arc<Standing>,
    keeper: Mutex<Option<Keeper>>,
    counted: Arc<Mutex<Counted>>,
    /// Changes whenever new events are on disk.
    grown: watch::Sender<()>,
    jobs: Option<mpsc::Sender<Box<dyn Job>>>,
    writer: Option<JoinHandle<()>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        // First, since it reads the file: the last connection to close removes the log.
        drop(self.keeper.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        self.jobs = None;
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the journal's writer thread panicked");
        }
    }
}

impl Journal {
    /// Opens or creates the journal at `path` and starts its writer. A damaged one is set aside and
    /// a fresh one started in its place: see [`Journal::trouble`].
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let lock = Lock::take(path)?;
        let unclean = check::stopped_uncleanly(path);
        let standing = Arc::new(Standing::default());
        let file = JournalFile::open(path, Arc::clone(&standing))?;
        let (jobs, waiting) = mpsc::channel(MAX_WAITING);
        let writer = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || {
                crate::priority::give_way();
                writer::run(file, waiting, lock);
            })
            .map_err(JournalError::Thread)?;
        let inner = Inner {
            path: path.into(),
            unclean,
            standing,
            keeper: Mutex::default(),
            counted: Arc::default(),
            grown: watch::Sender::new(()),
            jobs: Some(jobs),
            writer: Some(writer),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Looks the file over for damage and forgets what is old, from now on and as long as the
    /// journal is open. Old events go only where `shop` has read them into its base rows.
    pub fn look_after(
        &self,
        keep: Keep,
        clock: Clock,
        shop: Option<Arc<dyn Understand>>,
    ) -> Result<(), JournalError> {
        let duty = Duty {
            path: self.inner.path.clone(),
            unclean: self.inner.unclean,
            keep,
            clock,
            shop,
            standing: Arc::clone(&self.inner.standing),
            jobs: self.jobs()?.downgrade(),
        };
        let mut keeper = self.inner.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        *keeper = Some(Keeper::start(duty)?);
        Ok(())
    }

    /// Tells `told` what is wrong with the journal, at once and each time that changes: a full
    /// disk, a damaged file that was set aside. `None` when nothing is. The first caller is told.
    pub fn on_trouble(&self, told: impl Fn(Option<String>) + Send + Sync + 'static) {
        self.inner.standing.tell(Box::new(told));
    }

    pub(super) fn counted(&self) -> Arc<Mutex<Counted>> {
        Arc::clone(&self.inner.counted)
    }

    pub(super) fn standing(&self) -> &Standing {
        &self.inner.standing
    }

    /// What is wrong with the journal, in words.
    pub fn trouble(&self) -> Option<String> {
        self.inner.standing.words()
    }

    /// The journal's UUID, part of every event id. It changes when a damaged file is replaced
    /// while the journal is open.
    pub fn uuid(&self) -> String {
        self.inner.standing.state().uuid
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Commits a batch in one transaction and returns once it is on disk.
    /// A batch behind an [`Arc`] can be tried again without a copy.
    pub fn commit(&self, batch: impl Into<Arc<Batch>>) -> Result<Committed, JournalError> {
        let batch = batch.into();
        let committed = self.wait(move |conn| store::append(conn, &batch))?;
        if committed.new_events > 0 {
            self.has_grown();
        }
        Ok(committed)
    }

    /// Hears that new events are on disk, and not which: a reader knows where it was.
    pub fn growth(&self) -> watch::Receiver<()> {
        self.inner.grown.subscribe()
    }

    pub(super) fn has_grown(&self) {
        self.inner.grown.send_replace(());
    }

    /// Ring position up to which everything is journalled; `None` in a new journal.
    pub fn cursor(&self) -> Result<Option<Cursor>, JournalError> {
        self.wait(store::cursor)
    }

    /// Every source's session.
    pub fn sessions(&self) -> Result<Vec<StoredSession>, JournalError> {
        self.wait(store::sessions)
    }

    /// The next page of a session's chunks after `chunk_id`, oldest first. An empty page is the end;
    /// ask for the next one with the last id of this one.
    pub fn chunks_after(
        &self,
        source: &str,
        epoch: u64,
        chunk_id: i64,
    ) -> Result<Vec<StoredChunk>, JournalError> {
        let source = source.to_owned();
        self.wait(move |conn| store::chunks_after(conn, &source, epoch, chunk_id))
    }

    /// Done once the writer has taken this question: it lives, and has come so far.
    pub async fn answers(&self) -> Result<(), JournalError> {
        self.ask(|_| Ok(())).await
    }

    pub(super) fn wait<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (task, answer) = Task::new(work);
        self.jobs()?.blocking_send(Box::new(task)).map_err(|_| JournalError::Closed)?;
        answer.blocking_recv().map_err(|_| JournalError::Closed)?
    }

    pub(super) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (task, answer) = Task::new(work);
        self.jobs()?.send(Box::new(task)).await.map_err(|_| JournalError::Closed)?;
        answer.await.map_err(|_| JournalError::Closed)?
    }

    /// Most pages that the file may have: a full disk, as far as SQLite can tell. Test only.
    #[cfg(test)]
    pub(crate) fn limit_pages(&self, pages: u32) -> u32 {
        let sql = format!("PRAGMA max_page_count = {pages}");
        self.wait(move |conn| Ok(conn.query_one(&sql, [], |row| row.get(0))?)).expect("a number")
    }

    /// Runs statements on the writer's connection. Test only.
    #[cfg(test)]
    pub(super) fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.wait(work)
    }

    fn jobs(&self) -> Result<&mpsc::Sender<Box<dyn Job>>, JournalError> {
        self.inner.jobs.as_ref().ok_or(JournalError::Closed)
    }
}

#[cfg(test)]
mod tests {
    use super::Journal;
    use crate::journal::samples::{chunk, event, notice};
    use crate::journal::{
        About, Batch, Chunk, ChunkKind, Cursor, Direction, JournalError, JournalReader,
        OutboxState, SessionRow, StoredChunk,
    };

    fn session(epoch: u64, checkpoint: Option<&str>) -> SessionRow {
        let checkpoint = checkpoint.map(|text| text.as_bytes().to_vec());
        let (source, generation) = ("a".into(), format!("g{epoch}"));
        SessionRow { source, epoch, generation, checkpoint, printing: false }
    }

    fn chunks(list: Vec<Chunk>) -> Batch {
        Batch { chunks: list, ..Batch::default() }
    }

    #[test]
    fn a_batch_reads_back_whole_also_after_a_restart() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let journal = Journal::open(&path).expect("opens");
        let from_printer = Chunk { direction: Direction::FromPrinter, ..chunk("a", 1, b"\x12") };
        let closed = Chunk { kind: ChunkKind::Closed, ..chunk("a", 1, b"reset") };
        let list = vec![chunk("a", 1, b"\x1b@"), from_printer, closed, chunk("b", 0, b"")];
        let cursor = Cursor { generation: "g1".into(), position: u64::MAX };
        let batch = Batch {
            chunks: list.clone(),
            events: vec![event(1)],
            notices: vec![notice(&event(1), "owner")],
            sessions: vec![session(1, Some("{}"))],
            cursor: Some(cursor.clone()),
            shop: None,
        };
        let done = journal.commit(batch).expect("commits");
        assert_eq!((done.last_chunk_id, done.new_events), (4, 1));
        let uuid = journal.uuid();
        drop(journal);

        let journal = Journal::open(&path).expect("opens again");
        assert_eq!(journal.uuid(), uuid);
        assert_eq!(journal.cursor().expect("reads"), Some(cursor));
        let stored = journal.chunks_after("a", 1, 0).expect("reads");
        assert_eq!(stored.into_iter().map(|s| s.chunk).collect::<Vec<_>>(), list[..3]);
        let sessions = journal.sessions().expect("reads");
        assert_eq!(
            (sessions[0].row.clone(), sessions[0].checkpoint_chunk),
            (session(1, Some("{}")), 4)
        );

        let reader = JournalReader::open(&path).expect("beside the writer");
        let totals = reader.totals().expect("reads");
        let bytes: Vec<_> = totals.journalled_bytes.into_iter().collect();
        assert_eq!(bytes, [("a".to_owned(), 2), ("b".to_owned(), 0)], "data to the printer only");
        assert_eq!((totals.events, totals.outbox[0].count), (1, 1));
        let events = reader.events(0, 10).expect("reads");
        assert_eq!(events[0].event().expect("the wire schema"), event(1));
        assert_eq!(reader.events(1, 10).expect("reads"), []);
        let queued = reader.outbox(OutboxState::Queued, 10).expect("reads");
        let About::Event { number, .. } = &queued[0].about else { panic!("an event") };
        assert_eq!((number.as_deref(), queued[0].robot.as_str()), (Some("1"), "owner"));
        assert_eq!(reader.uuid().expect("reads"), uuid);
    }

    #[test]
    fn whoever_waits_for_events_hears_of_new_ones_and_of_nothing_else() {
        let dir = tempfile::tempdir().expect("a directory");
        let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
        let mut growth = journal.growth();
        let mut heard = |batch| {
            journal.commit(batch).expect("commits");
            let heard = growth.has_changed().expect("alive");
            growth.mark_unchanged();
            heard
        };
        assert!(!heard(chunks(vec![chunk("a", 0, b"x")])), "bytes alone");
        let batch = || Batch { events: vec![event(1)], ..Batch::default() };
        assert!(heard(batch()));
        assert!(!heard(batch()), "it was known");
    }

    #[test]
    fn an_event_that_is_known_tells_nobody_again() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let journal = Journal::open(&path).expect("opens");
        let told = |robots: &[&str]| Batch {
            events: vec![event(1)],
            notices: robots.iter().map(|robot| notice(&event(1), robot)).collect(),
            ..Batch::default()
        };
        assert_eq!(journal.commit(told(&["owner"])).expect("commits").new_events, 1);
        assert_eq!(journal.commit(told(&["owner", "late"])).expect("commits").new_events, 0);
        let totals = JournalReader::open(&path).and_then(|r| r.totals()).expect("reads");
        assert_eq!((totals.events, totals.outbox.len(), totals.outbox[0].count), (1, 1, 1));
    }

    #[test]
    fn a_checkpoint_stays_until_a_newer_one_or_a_newer_epoch() {
        let dir = tempfile::tempdir().expect("a directory");
        let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
        let after = |row: SessionRow| {
            let batch = Batch { sessions: vec![row], ..chunks(vec![chunk("a", 0, b"x")]) };
            journal.commit(batch).expect("commits");
            let mut found = journal.sessions().expect("reads");
            let found = found.pop().expect("one source");
            let text = found.row.checkpoint.map(|json| String::from_utf8(json).expect("JSON"));
            (found.row.epoch, text, found.checkpoint_chunk)
        };
        assert_eq!(after(session(0, None)), (0, None, 0));
        assert_eq!(after(session(0, Some("1"))), (0, Some("1".into()), 2));
        assert_eq!(after(session(0, None)), (0, Some("1".into()), 2));
        assert_eq!(after(session(0, Some("2"))), (0, Some("2".into()), 4));
        assert_eq!(after(session(1, None)), (1, None, 0), "the old state says nothing here");
    }

    #[test]
    fn pages_of_chunks_join_without_a_hole() {
        let dir = tempfile::tempdir().expect("a directory");
        let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
        let many = (0..1_000_u32).map(|n| chunk("a", u64::from(n % 2), &n.to_be_bytes())).collect();
        journal.commit(chunks(many)).expect("commits");
        let (mut after, mut seen) = (0, Vec::new());
        while let page @ [.., StoredChunk { id, .. }] =
            journal.chunks_after("a", 1, after).expect("reads").as_slice()
        {
            after = *id;
            seen.extend(page.iter().map(|stored| stored.chunk.bytes.clone()));
        }
        let odd: Vec<_> =
            (0..1_000_u32).filter(|n| n % 2 == 1).map(|n| n.to_be_bytes().to_vec()).collect();
        assert_eq!(seen, odd);
    }

    #[test]
    fn a_command_that_fails_takes_back_its_own_changes_only() {
        let dir = tempfile::tempdir().expect("a directory");
        let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
        std::thread::scope(|scope| {
            for n in 0..100_u32 {
                let journal = &journal;
                scope.spawn(move || {
                    let insert = format!("INSERT INTO meta VALUES ('k{n}', 'v')");
                    let result = journal.wait(move |conn| {
                        conn.execute(&insert, [])?;
                        if n % 2 == 1 { Err(JournalError::Closed) } else { Ok(()) }
                    });
                    assert_eq!(result.is_ok(), n % 2 == 0);
                });
            }
        });
        let count = "SELECT count(*) FROM meta WHERE key LIKE 'k%'";
        let kept = journal.wait(|conn| Ok(conn.query_one(count, [], |row| row.get::<_, i64>(0))?));
        assert_eq!(kept.expect("reads"), 50);
    }

    #[test]
    fn one_writer_at_a_time() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("j.db");
        let journal = Journal::open(&path).expect("opens");
        let clone = journal.clone();
        drop(journal);
        let refused = Journal::open(&path).expect_err("a clone lives");
        let pid = std::process::id().to_string();
        assert!(refused.to_string().contains(&pid), "{refused}");
        drop(clone);
        Journal::open(&path).expect("free at once");
    }
}
