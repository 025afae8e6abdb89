//! The journal as the memory of the Stream and the ledger of the interface's calls.
//!
//! A disk that is full silences nobody: what cannot be looked up is taken for new, what cannot be
//! counted is counted for as long as the process lives. The journal itself tells of its trouble.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::dingtalk::openapi::{Counting, Ledger};
use crate::dingtalk::stream::{Memory, Remembering};
use crate::journal::Journal;

/// The journal, for one application.
#[derive(Debug)]
pub(super) struct Recall {
    journal: Journal,
    /// Calls that are not on disk.
    uncounted: AtomicU32,
}

impl Recall {
    pub(super) fn new(journal: Journal) -> Self {
        Self { journal, uncounted: AtomicU32::new(0) }
    }
}

impl Memory for Recall {
    fn first<'a>(&'a self, key: &'a str) -> Remembering<'a> {
        Box::pin(async move {
            self.journal.remember(key).await.unwrap_or_else(|error| {
                tracing::warn!("what was asked cannot be remembered: {error}");
                true
            })
        })
    }

    fn knows<'a>(&'a self, key: &'a str) -> Remembering<'a> {
        Box::pin(async move { self.journal.remembers(key).await.unwrap_or(false) })
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
