//! The one thread that writes: takes what is waiting, commits it together, then answers.
//!
//! It never waits for more work before a commit: a lone command pays one `fsync`, and what arrives
//! meanwhile shares the next one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::error::JournalError;
use super::fault::Fault;
use super::file::JournalFile;
use super::lock::Lock;

/// Most commands in one transaction: beyond that, throughput no longer grows.
const MAX_GROUP: usize = 64;

/// Longest time that a transaction takes in further commands; bounds how late the first is answered.
/// Real time, whatever the clock: it is about the disk.
const MAX_GROUP_TIME: Duration = Duration::from_millis(50);

/// A command: run inside the transaction, answered after it.
pub(super) trait Job: Send {
    /// Does the work, keeping the result. An error is one that ends the whole transaction.
    fn run(&mut self, conn: &Connection) -> Result<(), JournalError>;
    /// Tells the caller, once it is known whether the transaction was committed.
    fn answer(self: Box<Self>, committed: Result<(), Arc<JournalError>>);
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
    fn run(&mut self, conn: &Connection) -> Result<(), JournalError> {
        if let Some(work) = self.work.take() {
            self.result = Some(alone(conn, work)?);
        }
        Ok(())
    }

    fn answer(self: Box<Self>, committed: Result<(), Arc<JournalError>>) {
        let result = match (committed, self.result) {
            (Err(source), _) => Err(JournalError::Commit { source }),
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(JournalError::Closed),
        };
        // A caller that went away (an aborted task) does not undo what was committed.
        let _ = self.reply.send(result);
    }
}

/// Runs `work` in a savepoint: its failure takes back its own changes and nobody else's. The outer
/// error is one of the disk or the file. SQLite may have rolled everything back by itself then, and
/// a command that ran on would be a transaction of its own.
fn alone<T>(
    conn: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, JournalError>,
) -> Result<Result<T, JournalError>, JournalError> {
    conn.execute_batch("SAVEPOINT job")?;
    let result = work(conn);
    match result {
        Err(error) if Fault::of(&error).is_some() || conn.is_autocommit() => return Err(error),
        Err(_) => conn.execute_batch("ROLLBACK TO job")?,
        Ok(_) => {}
    }
    conn.execute_batch("RELEASE job")?;
    Ok(result)
}

/// Serves until every sender is gone; then closes the file and frees the lock, in this order.
pub(super) fn run(mut file: JournalFile, mut jobs: mpsc::Receiver<Box<dyn Job>>, lock: Lock) {
    while let Some(first) = jobs.blocking_recv() {
        serve_group(&mut file, first, &mut jobs);
    }
    file.close();
    drop(lock);
}

fn serve_group(
    file: &mut JournalFile,
    first: Box<dyn Job>,
    jobs: &mut mpsc::Receiver<Box<dyn Job>>,
) {
    let mut group = vec![first];
    let committed = begin_run_commit(file, &mut group, jobs).map_err(Arc::new);
    match &committed {
        Ok(wrote) => file.committed(*wrote),
        Err(error) => file.failed(error),
    }
    let committed = committed.map(|_| ());
    for job in group {
        job.answer(committed.clone());
    }
}

/// Whether anything was written.
fn begin_run_commit(
    file: &mut JournalFile,
    group: &mut Vec<Box<dyn Job>>,
    jobs: &mut mpsc::Receiver<Box<dyn Job>>,
) -> Result<bool, JournalError> {
    let conn = file.conn()?;
    conn.execute_batch("BEGIN IMMEDIATE")?;
    let (begun, changes) = (Instant::now(), conn.total_changes());
    let mut done = 0;
    while let Some(job) = group.get_mut(done) {
        job.run(conn)?;
        done += 1;
        if done < MAX_GROUP
            && begun.elapsed() < MAX_GROUP_TIME
            && let Ok(next) = jobs.try_recv()
        {
            group.push(next);
        }
    }
    conn.execute_batch("COMMIT")?;
    Ok(conn.total_changes() != changes)
}
