//! The journal as the memory of the Stream and the ledger of the interface's calls.
//!
//! A disk that is full or slow silences nobody: what cannot be looked up, or not soon, is taken for
//! new (the Stream itself knows what this process was handed), what cannot be counted is counted for
//! as long as the process lives. The journal itself tells of its trouble.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::clock::Clock;
use crate::dingtalk::openapi::{Counting, Ledger};
use crate::dingtalk::stream::{Memory, Remembering};
use crate::journal::Journal;

/// How long a question waits for the journal's word that it is new: a press is answered in 1.5 s.
const PATIENCE: Duration = Duration::from_millis(800);
/// Most keys that wait to be written down while the journal is busy; beyond that they are not.
const MOST_WAITING: u32 = 256;

/// The journal, for one application.
#[derive(Debug)]
pub(super) struct Recall {
    journal: Journal,
    clock: Clock,
    /// Calls that are not on disk.
    uncounted: AtomicU32,
    /// Keys that the journal has not written down yet though somebody waited for that. While there
    /// are any, nobody waits.
    waiting: Arc<AtomicU32>,
}

impl Recall {
    pub(super) fn new(journal: Journal, clock: Clock) -> Self {
        Self { journal, clock, uncounted: AtomicU32::new(0), waiting: Arc::default() }
    }
}

impl Memory for Recall {
    fn first<'a>(&'a self, key: &'a str) -> Remembering<'a> {
        Box::pin(async move {
            let before = self.waiting.fetch_add(1, Ordering::Relaxed);
            let waits = Waits(Arc::clone(&self.waiting));
            if before >= MOST_WAITING {
                return true;
            }
            let (journal, key) = (self.journal.clone(), key.to_owned());
            let at_ms = self.clock.wall_ms();
            // It goes on when nobody waits for it any more.
            let written = tokio::spawn(async move {
                let first = journal.remember(&key, at_ms).await;
                drop(waits);
                first
            });
            let patience = if before == 0 { PATIENCE } else { PATIENCE / 8 };
            match tokio::time::timeout(patience, written).await {
                Ok(Ok(Ok(first))) => first,
                Ok(Ok(Err(error))) => {
                    tracing::warn!("what was asked cannot be remembered: {error}");
                    true
                }
                Ok(Err(_)) | Err(_) => true,
            }
        })
    }

    fn knows<'a>(&'a self, key: &'a str) -> Remembering<'a> {
        Box::pin(async move { self.journal.remembers(key).await.unwrap_or(false) })
    }
}

/// One more that waits, for as long as it lives.
struct Waits(Arc<AtomicU32>);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Ledger for Recall {
    fn calls(&self, month: i64) -> Counting<'_> {
        Box::pin(async move {
            let kept = self.journal.api_calls(month).await.unwrap_or(0);
            kept.saturating_add(self.uncounted.load(Ordering::Relaxed))
        })
    }

    fn count(&self, month: i64) -> Counting<'_> {
        Box::pin(async move {
            match self.journal.count_api_call(month).await {
                Ok(calls) => calls.saturating_add(self.uncounted.load(Ordering::Relaxed)),
                Err(error) => {
                    tracing::warn!("a call cannot be counted on disk: {error}");
                    self.uncounted.fetch_add(1, Ordering::Relaxed);
                    self.calls(month).await
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::Recall;
    use crate::clock::Clock;
    use crate::dingtalk::stream::Memory;
    use crate::journal::{Journal, Rows};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_journal_that_is_busy_keeps_nobody_waiting_and_remembers_all_the_same() {
        let dir = tempfile::tempdir().expect("a directory");
        let journal = Journal::open(&dir.path().join("j.db")).expect("opens");
        let recall = Recall::new(journal.clone(), Clock::real());
        let (free, let_go) = mpsc::channel::<()>();
        let hold = move |_: &dyn Rows| {
            let_go.recv().expect("it is let go");
            Ok(Vec::new())
        };
        let busy = tokio::spawn(async move { journal.look_for(1_795_240_800_000, hold).await });
        for key in ["bot:1", "bot:2", "bot:3"] {
            assert!(recall.first(key).await, "taken for new, though the writer is held");
        }
        free.send(()).expect("the writer waits");
        busy.await.expect("no panic").expect("a journal");
        for key in ["bot:1", "bot:2", "bot:3"] {
            assert!(!recall.first(key).await, "{key} was written down meanwhile");
        }
        assert!(recall.first("bot:4").await);
    }
}
