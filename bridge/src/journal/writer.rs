//! The one thread that writes: takes what is waiting, commits it together, then answers.
//!
//! It never waits for more work before a commit: a lone command pays one `fsync`, and what arrives
//! meanwhile shares the next one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::error::JournalError;
use super::lock::Lock;

/// Most commands in one transaction: beyond that, throughput no longer grows.
const MAX_GROUP: usize = 64;

/// Longest time that a transaction takes in further commands; bounds how late the first is answered.
/// Real time, whatever the clock: it is about the disk.
const MAX_GROUP_TIME: Duration = Duration::from_millis(50);

/// A command: run inside the transaction, answered after it.
pub(super) trait Job: Send {
    /// Does the work, keeping the result.
    fn run(&mut self, conn: &Connection);
    /// Tells the caller, once it is known whether the transaction was committed.
    fn answer(self: Box<Self>, committed: Result<(), Arc<rusqlite::Error>>);
}

/// A closure as a [`Job`].
pub(super) struct Task<F, T> {
    work: Option<F>,
    result: Option<Result<T, JournalError>>,
    reply: oneshot::Sender<Result<T, JournalError>>,
}

impl<F, T> Task<F, T> {
    /// The task and where its answer arrives.
    pub(super) fn new(work: F) -> (Self, oneshot::Receiver<Result<T, JournalError>>) {
        let (reply, answer) = oneshot::channel();
        (Self { work: Some(work), result: None, reply }, answer)
    }
}

impl<F, T> Job for Task<F, T>
where
    F: FnOnce(&Connection) -> Result<T, JournalError> + Send,
    T: Send,
{
    fn run(&mut self, conn: &Connection) {
        if let Some(work) = self.work.take() {
            self.result = Some(alone(conn, work));
        }
    }

    fn answer(self: Box<Self>, committed: Result<(), Arc<rusqlite::Error>>) {
        let result = match (committed, self.result) {
            (Err(source), _) => Err(JournalError::Commit { source }),
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(JournalError::Closed),
        };
        // A caller that went away (an aborted task) does not undo what was committed.
        let _ = self.reply.send(result);
    }
}

/// Runs `work` in a savepoint: its failure takes back its own changes and nobody else's.
fn alone<T>(
    conn: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, JournalError>,
) -> Result<T, JournalError> {
    conn.execute_batch("SAVEPOINT job")?;
    let result = work(conn);
    if result.is_err() {
        conn.execute_batch("ROLLBACK TO job")?;
    }
    conn.execute_batch("RELEASE job")?;
    result
}

/// Serves until every sender is gone; then closes the file and frees the lock, in this order.
pub(super) fn run(conn: Connection, mut jobs: mpsc::Receiver<Box<dyn Job>>, lock: Lock) {
    while let Some(first) = jobs.blocking_recv() {
        serve_group(&conn, first, &mut jobs);
    }
    if let Err((_, error)) = conn.close() {
        tracing::warn!(%error, "the journal did not close cleanly; SQLite mends it when next opened");
    }
    drop(lock);
}

fn serve_group(conn: &Connection, first: Box<dyn Job>, jobs: &mut mpsc::Receiver<Box<dyn Job>>) {
    let mut group = vec![first];
    let committed = begin_run_commit(conn, &mut group, jobs).map_err(Arc::new);
    if committed.is_err() && !conn.is_autocommit() {
        // The answer is an error either way; the next BEGIN tells if this failed too.
        let _ = conn.execute_batch("ROLLBACK");
    }
    for job in group {
        job.answer(committed.clone());
    }
}

fn begin_run_commit(
    conn: &Connection,
    group: &mut Vec<Box<dyn Job>>,
    jobs: &mut mpsc::Receiver<Box<dyn Job>>,
) -> rusqlite::Result<()> {
    conn.execute_batch("BEGIN IMMEDIATE")?;
    let begun = Instant::now();
    let mut done = 0;
    while let Some(job) = group.get_mut(done) {
        job.run(conn);
        done += 1;
        if done < MAX_GROUP
            && begun.elapsed() < MAX_GROUP_TIME
            && let Ok(next) = jobs.try_recv()
        {
            group.push(next);
        }
    }
    conn.execute_batch("COMMIT")
}
