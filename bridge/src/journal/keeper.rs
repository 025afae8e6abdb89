//! Looks after the journal between receipts: one look for damage after the start, then retention in
//! small steps with pauses between them.
//!
//! It owns no connection that writes: each step is a command like any other, so a receipt never
//! waits for more than one.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::mpsc;

use super::check::{self, Found};
use super::error::JournalError;
use super::plausible::Trust;
use super::retention::{self, Keep, Pass};
use super::shop_rows::Understand;
use super::standing::Standing;
use super::writer::{Job, Task};
use crate::clock::Clock;

/// How often it is looked whether something is old. A day's receipts grow old within a day.
const PASS_EVERY: Duration = Duration::from_mins(1);

/// Pause between two steps of a pass; in it receipts and notices have the writer to themselves.
/// Real time: it is about the disk.
const STEP_PAUSE: Duration = Duration::from_millis(100);

/// What a keeper works with.
pub(super) struct Duty {
    pub(super) path: PathBuf,
    /// The last stop was not clean.
    pub(super) unclean: bool,
    pub(super) keep: Keep,
    pub(super) clock: Clock,
    pub(super) standing: Arc<Standing>,
    /// Reads events into the shop's base rows before they go.
    pub(super) shop: Option<Arc<dyn Understand>>,
    /// Weak, so that the keeper keeps no journal open.
    pub(super) jobs: mpsc::WeakSender<Box<dyn Job>>,
}

/// The keeper's thread; ends when this is dropped.
#[derive(Debug)]
pub(super) struct Keeper {
    stop: Arc<AtomicBool>,
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    pub(super) fn start(duty: Duty) -> Result<Self, JournalError> {
        let stop = Arc::new(AtomicBool::new(false));
        let (wake, stopped) = sync_channel(0);
        let own = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("journal-keeper".to_owned())
            .spawn(move || duty.run(&own, &stopped))
            .map_err(JournalError::Thread)?;
        Ok(Self { stop, wake: Some(wake), thread: Some(thread) })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.wake = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the journal's keeper panicked");
        }
    }
}

impl Duty {
    fn run(&self, stop: &Arc<AtomicBool>, stopped: &Receiver<()>) {
        self.look_over(stop);
        let mut trust = Trust::default();
        loop {
            if let Err(error) = self.pass(&mut trust, stopped) {
                if matches!(error, JournalError::Closed) {
                    return;
                }
                tracing::debug!("retention is tried again later: {error}");
            }
            if ended(stopped, self.clock.real_duration(PASS_EVERY)) {
                return;
            }
        }
    }

    fn look_over(&self, stop: &Arc<AtomicBool>) {
        match check::quick_check(&self.path, self.unclean, stop) {
            Ok(Found::Sound) => tracing::debug!("the journal is sound"),
            Ok(Found::Skipped(why)) => tracing::info!("the journal was not looked over: {why}"),
            Ok(Found::Damaged(what)) => {
                // The writer acts on it as on damage that it finds itself.
                let told = self.ask(move |_| -> Result<(), _> {
                    Err(JournalError::Damaged { what: what.clone() })
                });
                tracing::debug!("damage was reported: {told:?}");
            }
            Err(error) => tracing::warn!("the journal cannot be looked over: {error}"),
        }
    }

    /// Steps until nothing is left to forget.
    fn pass(&self, trust: &mut Trust, stopped: &Receiver<()>) -> Result<(), JournalError> {
        let newest_ms = self.ask(retention::newest_ms)?;
        let now = self.clock.now();
        let now_ms = trust.judge(now, newest_ms).then(|| now.wall.as_millisecond());
        let (keep, mut pass) = (self.keep, Pass::default());
        while pass.over().is_none() {
            let before = pass;
            let shop = self.shop.clone();
            pass =
                self.ask(move |conn| retention::step(conn, before, keep, now_ms, shop.as_deref()))?;
            // A step that found nothing cost nothing.
            let pause =
                if pass.forgotten == before.forgotten { Duration::ZERO } else { STEP_PAUSE };
            if ended(stopped, pause) {
                return Err(JournalError::Closed);
            }
        }
        if pass.forgotten > 0 {
            tracing::info!(rows = pass.forgotten, "forgot what was old or too much");
        }
        let over_cap = pass.over() == Some(true);
        self.standing.change(|state| {
            state.over_cap = over_cap.then(|| {
                format!(
                    "the journal is larger than its {} MiB, and all of it is still needed (hint: \
                     see what `posbridge status` lists as not delivered, or raise [journal] max_mib)",
                    keep.max_bytes / (1024 * 1024)
                )
            });
        });
        Ok(())
    }

    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&rusqlite::Connection) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (task, answer) = Task::new(work);
        let jobs = self.jobs.upgrade().ok_or(JournalError::Closed)?;
        jobs.blocking_send(Box::new(task)).map_err(|_| JournalError::Closed)?;
        drop(jobs);
        answer.blocking_recv().map_err(|_| JournalError::Closed)?
    }
}

/// Whether the journal is being closed; waits `span` for that.
fn ended(stopped: &Receiver<()>, span: Duration) -> bool {
    stopped.recv_timeout(span) != Err(RecvTimeoutError::Timeout)
}
